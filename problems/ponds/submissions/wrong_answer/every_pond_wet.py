# Believes that the water reaches every pond.
import sys

n, water, *numbers = map(int, sys.stdin.buffer.read().split())
areas, bottoms = numbers[0::2], numbers[1::2]
print((water + sum(a * b for a, b in zip(areas, bottoms))) / sum(areas))
