import sys

rows, columns, *yard = sys.stdin.read().split()
columns = int(columns)
# A border column and row of walls spare the question whether a neighbour exists.
squares = "".join(row + "#" for row in yard) + "#" * (columns + 1)
width = columns + 1
steps = (-width, width, -1, 1)
inside = [square % width < columns and square < width * int(rows) for square in range(len(squares))]

distance = [-1] * len(squares)
queue = [square for square, what in enumerate(squares) if what == "D"]
for square in queue:
    distance[square] = 0
for square in queue:
    for step in steps:
        neighbour = square + step
        if neighbour >= 0 and inside[neighbour] and distance[neighbour] < 0:
            distance[neighbour] = distance[square] + 1
            queue.append(neighbour)

cat, fish = squares.index("C"), squares.index("F")
buckets = [[] for _ in range(max(distance) + 1)]
seen = [what == "#" for what in squares]
seen[cat] = True
level = worst = distance[cat]
buckets[level].append(cat)
while level >= 0:
    if not buckets[level]:
        level -= 1
        continue
    square = buckets[level].pop()
    worst = min(worst, level)
    if square == fish:
        print(worst)
        break
    for step in steps:
        neighbour = square + step
        if neighbour >= 0 and not seen[neighbour]:
            seen[neighbour] = True
            buckets[distance[neighbour]].append(neighbour)
            level = max(level, distance[neighbour])
else:
    print(-1)
