# Fills the trays one bread at a time.
breads, places = map(int, input().split())
trays = 0
room = 0
while breads > 0:
    if room == 0:
        trays += 1
        room = places
    breads -= 1
    room -= 1
print(trays, room)
