# Floods the yard recursively: too deep for Python on larger yards.
import sys

rows, columns, *yard = sys.stdin.read().split()
rows, columns = int(rows), int(columns)
squares = [(r, c) for r in range(rows) for c in range(columns)]

distance = {(r, c): 0 for r, c in squares if yard[r][c] == "D"}
queue = list(distance)
for r, c in queue:
    for x, y in ((r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)):
        if 0 <= x < rows and 0 <= y < columns and (x, y) not in distance:
            distance[x, y] = distance[r, c] + 1
            queue.append((x, y))


def flood(r, c, d, seen):
    if not (0 <= r < rows and 0 <= c < columns) or (r, c) in seen:
        return
    if yard[r][c] == "#" or distance[r, c] < d:
        return
    seen.add((r, c))
    flood(r - 1, c, d, seen)
    flood(r + 1, c, d, seen)
    flood(r, c - 1, d, seen)
    flood(r, c + 1, d, seen)


cat = next((r, c) for r, c in squares if yard[r][c] == "C")
fish = next((r, c) for r, c in squares if yard[r][c] == "F")
low, high = -1, rows + columns
while high - low > 1:
    middle = (low + high) // 2
    seen = set()
    flood(*cat, middle, seen)
    if fish in seen:
        low = middle
    else:
        high = middle
print(low)
