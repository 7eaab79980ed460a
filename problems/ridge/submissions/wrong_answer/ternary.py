# Ternary search: the right pole in the end, but two flights for each third that it drops are too many.
def altitude(pole):
    print("?", pole, flush=True)
    return int(input())


n = int(input())
low, high = 1, n
while high - low >= 3:
    third = (high - low) // 3
    if altitude(low + third) < altitude(high - third):
        low += third
    else:
        high -= third
print("!", max(range(low, high + 1), key=altitude) if low < high else low, flush=True)
