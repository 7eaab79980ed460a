# The number of primes up to n, and the last of them.
def main():
    n = int(input())
    composite = bytearray(n + 1)
    count = last = 0
    for p in range(2, n + 1):
        if composite[p]:
            continue
        count += 1
        last = p
        for multiple in range(p * p, n + 1, p):
            composite[multiple] = 1
    print(count, last)


main()
