# Asks for the pond above the highest one when the water reaches them all.
import sys

n, water, *numbers = map(int, sys.stdin.buffer.read().split())
ponds = sorted(zip(numbers[1::2], numbers[0::2]))
i = 0
height, area = ponds[0]
while area * (ponds[i + 1][0] - height) <= water:
    water -= area * (ponds[i + 1][0] - height)
    height = ponds[i + 1][0]
    area += ponds[i + 1][1]
    i += 1
print(height + water / area)
