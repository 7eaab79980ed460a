import sys

n, water, *numbers = map(int, sys.stdin.buffer.read().split())
ponds = sorted(zip(numbers[1::2], numbers[0::2]))


def held(height):
    total = 0
    for bottom, area in ponds:
        if bottom >= height:
            break
        total += area * (height - bottom)
    return total


low, high = 0.0, 10.0**4 + water
while high - low > 1e-7 * max(1, low):
    middle = (low + high) / 2
    if held(middle) < water:
        low = middle
    else:
        high = middle
print(f"{high:.9f}")
