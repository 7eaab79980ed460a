n = int(input())
inside = set()
peak = 0
for _ in range(n):
    inside ^= {int(input())}
    peak = max(peak, len(inside))
print(peak, len(inside))
print(*sorted(inside))
