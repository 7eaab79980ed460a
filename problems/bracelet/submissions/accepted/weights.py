# One whole number instead of a vector: colour i weighs B^i, the last one the negative of all others.
k, n = map(int, input().split())
word = input()

weights = [(1 << 20) ** colour for colour in range(k - 1)]
weights.append(-sum(weights))
weight_of = dict(zip("abcde", weights))

balance = 0
first_place = {0: 0}
best = 0
for place, letter in enumerate(word, 1):
    balance += weight_of[letter]
    length = place - first_place.setdefault(balance, place)
    if length > best:
        best = length
print(best)
