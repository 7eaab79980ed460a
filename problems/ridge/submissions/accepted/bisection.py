def altitude(pole):
    print("?", pole, flush=True)
    return int(input())


n = int(input())
low, high = 1, n
while low < high:
    middle = (low + high) // 2
    if altitude(middle) < altitude(middle + 1):
        low = middle + 1
    else:
        high = middle
print("!", low, flush=True)
