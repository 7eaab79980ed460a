# Measures the distance from every square to every dog.
import sys

rows, columns, *yard = sys.stdin.read().split()
rows, columns = int(rows), int(columns)
dogs = [(r, c) for r in range(rows) for c in range(columns) if yard[r][c] == "D"]
distance = [[min(abs(r - x) + abs(c - y) for x, y in dogs) for c in range(columns)] for r in range(rows)]


def find(what):
    return next((r, row.index(what)) for r, row in enumerate(yard) if what in row)


def reachable(d):
    row, column = find("C")
    if distance[row][column] < d:
        return False
    seen = {(row, column)}
    queue = [(row, column)]
    for r, c in queue:
        for x, y in ((r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)):
            if not (0 <= x < rows and 0 <= y < columns) or (x, y) in seen:
                continue
            if yard[x][y] != "#" and distance[x][y] >= d:
                seen.add((x, y))
                queue.append((x, y))
    return find("F") in seen


low, high = -1, rows + columns
while high - low > 1:
    middle = (low + high) // 2
    if reachable(middle):
        low = middle
    else:
        high = middle
print(low)
