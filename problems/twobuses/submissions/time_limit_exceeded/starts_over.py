# After every change, looks for the next student from the first one on.
import sys

n, m, *numbers = map(int, sys.stdin.buffer.read().split())
enemies = [[] for _ in range(n + 1)]
for one, other in zip(numbers[0::2], numbers[1::2]):
    enemies[one].append(other)
    enemies[other].append(one)

bus = ["A"] * (n + 1)


def somebody_unhappy():
    for student in range(1, n + 1):
        if sum(bus[enemy] == bus[student] for enemy in enemies[student]) >= 2:
            return student
    return None


student = somebody_unhappy()
while student:
    bus[student] = "B" if bus[student] == "A" else "A"
    student = somebody_unhappy()
print("".join(bus[1:]))
