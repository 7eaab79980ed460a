# The product of two matrices of n by n numbers, as the sum of what is on its diagonal.
def main():
    n = int(input())
    a = [[float((i * n + j) % 7) for j in range(n)] for i in range(n)]
    b = [[float((i * n + j) % 11) for j in range(n)] for i in range(n)]
    columns = list(zip(*b))
    c = [[sum(x * y for x, y in zip(row, column)) for column in columns] for row in a]
    print(f"{sum(c[i][i] for i in range(n)):.0f}")


main()
