"""Accepts exactly: r and c, then r lines of c squares with one cat, one fish and at least one dog."""
import re
import sys

MOST = 250

text = sys.stdin.buffer.read()
match = re.fullmatch(rb"([1-9][0-9]{0,2}) ([1-9][0-9]{0,2})\n((?:[.#DCF]+\n)+)", text)
if not match:
    sys.exit("expected a line with two integers and lines of .#DCF")
rows, columns = int(match[1]), int(match[2])
grid = match[3].split()
if rows > MOST or columns > MOST:
    sys.exit(f"{rows} x {columns} is larger than {MOST} x {MOST}")
if len(grid) != rows:
    sys.exit(f"{len(grid)} rows instead of {rows}")
if any(len(row) != columns for row in grid):
    sys.exit(f"a row has not {columns} columns")
for what, least, most in ((b"C", 1, 1), (b"F", 1, 1), (b"D", 1, MOST * MOST)):
    count = match[3].count(what)
    if not least <= count <= most:
        sys.exit(f"{count} times {what.decode()}")
sys.exit(42)
