# Forgets that the last tray may be exactly full.
breads, places = map(int, input().split())
print(breads // places + 1, places - breads % places)
