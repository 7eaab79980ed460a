import sys

n, m, *numbers = map(int, sys.stdin.buffer.read().split())
enemies = [[] for _ in range(n + 1)]
for one, other in zip(numbers[0::2], numbers[1::2]):
    enemies[one].append(other)
    enemies[other].append(one)

on_b = [False] * (n + 1)
to_look_at = list(range(1, n + 1))
while to_look_at:
    student = to_look_at.pop()
    together = [enemy for enemy in enemies[student] if on_b[enemy] == on_b[student]]
    if len(together) >= 2:
        on_b[student] = not on_b[student]
        to_look_at.extend(enemies[student])
print("".join("B" if b else "A" for b in on_b[1:]))
