"""Accepts exactly: n and m, then m different pairs, no student in more than three."""
import re
import sys
from collections import Counter

MOST_STUDENTS = 10_000
MOST_ENEMIES = 3

text = sys.stdin.buffer.read()
if not re.fullmatch(rb"[1-9][0-9]{0,4} (0|[1-9][0-9]{0,4})\n([1-9][0-9]{0,4} [1-9][0-9]{0,4}\n)*", text):
    sys.exit("expected lines with two integers")
n, m, *numbers = map(int, text.split())
if n > MOST_STUDENTS:
    sys.exit(f"n = {n} is more than {MOST_STUDENTS}")
pairs = list(zip(numbers[0::2], numbers[1::2]))
if len(pairs) != m:
    sys.exit(f"{len(pairs)} pairs instead of {m}")
if any(student > n for student in numbers):
    sys.exit(f"student {max(numbers)} is not one of {n}")
if any(one == other for one, other in pairs):
    sys.exit("a student cannot stand herself")
if len({frozenset(pair) for pair in pairs}) != m:
    sys.exit("a pair is given twice")
if any(count > MOST_ENEMIES for count in Counter(numbers).values()):
    sys.exit(f"a student has more than {MOST_ENEMIES} enemies")
sys.exit(42)
