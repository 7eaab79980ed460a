"""Accepts exactly: n and v, then n lines with an area and the height of a bottom."""
import re
import sys

NUMBER = r"(0|[1-9][0-9]{0,12})"
LINE = re.compile(f"{NUMBER} {NUMBER}")


def pair(line, bounds):
    match = LINE.fullmatch(line)
    if not match:
        sys.exit(f"expected two integers: {line[:40]!r}")
    for value, (name, low, high) in zip(map(int, match.groups()), bounds):
        if not low <= value <= high:
            sys.exit(f"{name} = {value} is not from {low} to {high}")
    return map(int, match.groups())


text = sys.stdin.buffer.read().decode("ascii")
if not text.endswith("\n"):
    sys.exit("the last line does not end")
first, *ponds = text[:-1].split("\n")
n, v = pair(first, [("n", 1, 15_000), ("v", 1, 10**12)])
if len(ponds) != n:
    sys.exit(f"{len(ponds)} ponds instead of {n}")
for pond in ponds:
    pair(pond, [("a", 1, 10**6), ("b", 0, 10**4)])
sys.exit(42)
