# Expects each number on a line of its own.
breads = int(input())
places = int(input())
trays = -(-breads // places)
print(trays, trays * places - breads)
