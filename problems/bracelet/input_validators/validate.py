"""Accepts exactly: k and n, then a word of n of the first k letters.

Arguments of a test group: the most colours and the most beads that it may have.
"""
import re
import sys

most_colours, most_beads = map(int, sys.argv[1:]) if sys.argv[1:] else (5, 150_000)

match = re.fullmatch(rb"([1-9]) ([1-9][0-9]{0,5})\n([a-e]+)\n", sys.stdin.buffer.read())
if not match:
    sys.exit("expected a line with two integers and a line with a word")
k, n, word = int(match[1]), int(match[2]), match[3]
if not 2 <= k <= most_colours:
    sys.exit(f"k = {k} is not from 2 to {most_colours}")
if n > most_beads:
    sys.exit(f"n = {n} is more than {most_beads}")
if len(word) != n:
    sys.exit(f"{len(word)} beads instead of {n}")
if max(word) >= ord("a") + k:
    sys.exit(f"the colour {chr(max(word))} is not one of {k}")
sys.exit(42)
