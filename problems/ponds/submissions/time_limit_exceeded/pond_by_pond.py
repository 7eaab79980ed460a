# For every pond, works out from scratch how much water reaches its bottom.
import sys

n, water, *numbers = map(int, sys.stdin.buffer.read().split())
ponds = list(zip(numbers[0::2], numbers[1::2]))


def held(height):
    return sum(area * (height - bottom) for area, bottom in ponds if bottom < height)


height = max(bottom for _, bottom in ponds if held(bottom) <= water)
wet = sum(area for area, bottom in ponds if bottom <= height)
print(height + (water - held(height)) / wet)
