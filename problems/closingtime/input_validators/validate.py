"""Accepts exactly: n from 1 to 30000, then n lines with a card from 1 to 99999."""
import re
import sys

MOST_BEEPS = 30_000

text = sys.stdin.buffer.read()
if not re.fullmatch(rb"(?:[1-9][0-9]{0,4}\n)+", text):
    sys.exit("expected one integer from 1 to 99999 on each line")
n, *cards = map(int, text.split())
if n > MOST_BEEPS:
    sys.exit(f"n = {n} is more than {MOST_BEEPS}")
if len(cards) != n:
    sys.exit(f"{len(cards)} beeps instead of {n}")
sys.exit(42)
