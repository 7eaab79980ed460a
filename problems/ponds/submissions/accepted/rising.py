import sys

n, water, *numbers = map(int, sys.stdin.buffer.read().split())
ponds = sorted(zip(numbers[1::2], numbers[0::2]))

height = 0
area = 0
for bottom, pond_area in ponds:
    needed = area * (bottom - height)
    if needed > water:
        break
    water -= needed
    height = bottom
    area += pond_area
print(height + water / area)
