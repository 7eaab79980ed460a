# Compares the first two colours only. Groups 1 and 2: 40 points.
k, n = map(int, input().split())
word = input()
lead = 0
first_place = {0: 0}
best = 0
for place, letter in enumerate(word, 1):
    lead += (letter == "a") - (letter == "b")
    best = max(best, place - first_place.setdefault(lead, place))
print(best)
