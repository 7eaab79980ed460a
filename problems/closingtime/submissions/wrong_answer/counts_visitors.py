# Takes the number of different visitors for the largest number at one time.
n = int(input())
visitors = set()
inside = set()
for _ in range(n):
    card = int(input())
    visitors.add(card)
    inside ^= {card}
print(len(visitors), len(inside))
print(*sorted(inside))
