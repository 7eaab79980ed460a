breads, places = map(int, input().split())
trays, rest = divmod(breads, places)
if rest == 0:
    print(trays, 0)
else:
    print(trays + 1, places - rest)
