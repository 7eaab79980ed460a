# Counts every stretch anew. Group 1: 10 points.
k, n = map(int, input().split())
word = input()
best = 0
for start in range(n):
    for end in range(start + k, n + 1, k):
        counts = [0] * k
        for letter in word[start:end]:
            counts[ord(letter) - ord("a")] += 1
        if min(counts) == max(counts):
            best = max(best, end - start)
print(best)
