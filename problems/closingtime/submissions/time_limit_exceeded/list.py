# Searches a list from its start at every beep.
n = int(input())
inside = []
peak = 0
for _ in range(n):
    card = int(input())
    if card in inside:
        inside.remove(card)
    else:
        inside.append(card)
    peak = max(peak, len(inside))
print(peak, len(inside))
print(*sorted(inside))
