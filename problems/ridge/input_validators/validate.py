"""Accepts exactly one line: n, summit, altitude of the summit, slopes to the left and right, seed."""
import re
import sys

BOUNDS = [
    ("n", 1, 10**9),
    ("summit", 1, 10**9),
    ("altitude", 1, 10**13),
    ("left slope", 1, 1000),
    ("right slope", 1, 1000),
    ("seed", 0, 2**32 - 1),
]

NUMBER = rb"(0|[1-9][0-9]{0,13})"
match = re.fullmatch(rb" ".join([NUMBER] * len(BOUNDS)) + rb"\n", sys.stdin.buffer.read())
if not match:
    sys.exit("expected one line with six integers")
values = list(map(int, match.groups()))
for value, (name, low, high) in zip(values, BOUNDS):
    if not low <= value <= high:
        sys.exit(f"{name} = {value} is not from {low} to {high}")
n, summit, altitude, left, right, _ = values
if summit > n:
    sys.exit(f"the summit {summit} is not one of {n} poles")
# A pole at distance d from the summit lies less than (d + 1) * slope below it.
if altitude - summit * left < 1 or altitude - (n - summit + 1) * right < 1:
    sys.exit("the ends of the track may lie below an altitude of 1")
sys.exit(42)
