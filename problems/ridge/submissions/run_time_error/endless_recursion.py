# Bisects recursively and calls itself with the same range when two poles are left.
known = {}


def altitude(pole):
    if pole not in known:
        print("?", pole, flush=True)
        known[pole] = int(input())
    return known[pole]


def summit(low, high):
    if low == high:
        return low
    middle = (low + high) // 2
    if altitude(middle) < altitude(middle + 1):
        return summit(middle, high)
    return summit(low, middle)


print("!", summit(1, int(input())), flush=True)
