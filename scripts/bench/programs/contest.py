# Cheapest ways from the first town to all others, and how many towns each distance has: sixty lines as people write them.
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from heapq import heappop, heappush


@dataclass
class Road:
    to: int
    cost: int


@dataclass
class Country:
    towns: int
    roads: defaultdict = field(default_factory=lambda: defaultdict(list))
    names: dict = field(default_factory=dict)

    def number(self, name):
        return self.names.setdefault(name, len(self.names))

    def build(self, start, end, cost):
        a = self.number(start)
        b = self.number(end)
        self.roads[a].append(Road(b, cost))
        self.roads[b].append(Road(a, cost))

    def cheapest(self, start):
        best = {start: 0}
        waiting = [(0, start)]
        while waiting:
            cost, town = heappop(waiting)
            if cost > best[town]:
                continue
            for road in self.roads[town]:
                total = cost + road.cost
                if total < best.get(road.to, float("inf")):
                    best[road.to] = total
                    heappush(waiting, (total, road.to))
        return best


def read():
    lines = sys.stdin.read().splitlines()
    towns, count = map(int, lines[0].split())
    country = Country(towns)
    for line in lines[1 : count + 1]:
        start, end, cost = line.split()
        country.build(start, end, int(cost))
    return country


def main():
    country = read()
    by_cost = Counter(country.cheapest(0).values())
    for cost, many in sorted(by_cost.items()):
        print(f"{cost}: {many}")


if __name__ == "__main__":
    main()
