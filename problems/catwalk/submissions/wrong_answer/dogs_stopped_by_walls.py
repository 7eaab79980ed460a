# Lets the dogs hear around walls only: distances are lengths of walks.
import sys

rows, columns, *yard = sys.stdin.read().split()
rows, columns = int(rows), int(columns)
squares = "".join(yard)


def neighbours(square):
    if square >= columns:
        yield square - columns
    if square + columns < rows * columns:
        yield square + columns
    if square % columns > 0:
        yield square - 1
    if square % columns + 1 < columns:
        yield square + 1


distance = [rows * columns] * len(squares)
queue = [square for square, what in enumerate(squares) if what == "D"]
for square in queue:
    distance[square] = 0
for square in queue:
    for next in neighbours(square):
        if squares[next] != "#" and distance[next] > distance[square] + 1:
            distance[next] = distance[square] + 1
            queue.append(next)

cat, fish = squares.index("C"), squares.index("F")


def reachable(level):
    seen = {cat}
    queue = [cat] if distance[cat] >= level else []
    for square in queue:
        for next in neighbours(square):
            if next not in seen and squares[next] != "#" and distance[next] >= level:
                seen.add(next)
                queue.append(next)
    return fish in queue


low, high = -1, rows * columns + 1
while high - low > 1:
    middle = (low + high) // 2
    if reachable(middle):
        low = middle
    else:
        high = middle
print(low)
