# Takes memory for ever.
taken = []
while True:
    taken.append(bytearray(1 << 20))
