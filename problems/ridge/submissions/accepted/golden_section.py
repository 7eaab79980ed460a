# Splits the range at the golden ratio, so that one altitude of each round serves the next round too.
def altitude(pole):
    if not 1 <= pole <= n:
        return -pole  # beyond the ends the track goes on falling
    if pole not in known:
        print("?", pole, flush=True)
        known[pole] = int(input())
    return known[pole]


n = int(input())
known = {}
smaller, larger = 1, 1
while larger < n + 1:
    smaller, larger = larger, smaller + larger
# The summit is among the poles low + 1 .. low + larger - 1.
low = 0
while larger > 2:
    # low + larger - smaller and low + smaller are the two inner poles, in this order.
    if altitude(low + larger - smaller) < altitude(low + smaller):
        low += larger - smaller
    smaller, larger = larger - smaller, smaller
print("!", low + 1, flush=True)
