# Counts n numbers by a hash table, and sorts what was counted by how often it came.
def main():
    n = int(input())
    state = 12345
    counts = {}
    for _ in range(n):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        key = (state >> 8) % 500000 + 1
        counts[key] = counts.get(key, 0) + 1
    entries = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    check = 0
    for key, _ in entries:
        check = (check * 31 + key) & 0xFFFFFFFF
    print(len(entries), check)


main()
