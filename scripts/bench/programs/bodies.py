# Five bodies that attract each other, for n steps; what is left of their energy.
from itertools import combinations
from math import sqrt


class Body:
    def __init__(self, i):
        self.mass = 1.0 + i
        self.x, self.y, self.z = ((i * 7 + k * 3) % 11 - 5.0 for k in range(3))
        self.vx, self.vy, self.vz = ((i * 5 + k * 2) % 7 / 10.0 - 0.3 for k in range(3))


def step(bodies, pairs, dt):
    for a, b in pairs:
        dx, dy, dz = a.x - b.x, a.y - b.y, a.z - b.z
        square = dx * dx + dy * dy + dz * dz + 0.01
        pull = dt / (square * sqrt(square))
        a.vx -= dx * b.mass * pull
        a.vy -= dy * b.mass * pull
        a.vz -= dz * b.mass * pull
        b.vx += dx * a.mass * pull
        b.vy += dy * a.mass * pull
        b.vz += dz * a.mass * pull
    for body in bodies:
        body.x += dt * body.vx
        body.y += dt * body.vy
        body.z += dt * body.vz


def main():
    n = int(input())
    bodies = [Body(i) for i in range(5)]
    pairs = list(combinations(bodies, 2))
    for _ in range(n):
        step(bodies, pairs, 0.001)
    energy = sum(0.5 * body.mass * (body.vx**2 + body.vy**2 + body.vz**2) for body in bodies)
    print(f"{energy:.6f}")


main()
