"""Accepts exactly: one line with n and k, both from 1 to 10^12."""
import re
import sys

LIMIT = 10**12
NUMBER = rb"(0|[1-9][0-9]{0,12})"

match = re.fullmatch(NUMBER + rb" " + NUMBER + rb"\n", sys.stdin.buffer.read())
if not match:
    sys.exit("expected one line with two integers")
for name, value in zip("nk", map(int, match.groups())):
    if not 1 <= value <= LIMIT:
        sys.exit(f"{name} = {value} is not from 1 to {LIMIT}")
sys.exit(42)
