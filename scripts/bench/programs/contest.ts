// Cheapest ways from the first town to all others, and how many towns each distance has: sixty lines as people write them.
import { readFileSync } from "node:fs";

interface Road {
  to: number;
  cost: number;
}

class Heap<T> {
  private items: T[] = [];
  private readonly before: (a: T, b: T) => boolean;

  constructor(before: (a: T, b: T) => boolean) {
    this.before = before;
  }

  push(item: T): void {
    const at = this.items.findIndex((other) => this.before(item, other));
    this.items.splice(at < 0 ? this.items.length : at, 0, item);
  }

  pop(): T | undefined {
    return this.items.shift();
  }
}

function cheapest(roads: Road[][], start: number): number[] {
  const best = roads.map(() => Infinity);
  const waiting = new Heap<Road>((a, b) => a.cost < b.cost);
  best[start] = 0;
  waiting.push({ to: start, cost: 0 });
  for (let here = waiting.pop(); here !== undefined; here = waiting.pop()) {
    if (here.cost > (best[here.to] ?? 0)) continue;
    for (const { to, cost } of roads[here.to] ?? []) {
      const total = here.cost + cost;
      if (total < (best[to] ?? 0)) {
        best[to] = total;
        waiting.push({ to, cost: total });
      }
    }
  }
  return best;
}

const lines = readFileSync(0, "utf8").trim().split("\n");
const [towns = 0, count = 0] = (lines[0] ?? "").split(" ").map(Number);
const roads: Road[][] = Array.from({ length: towns }, () => []);
const names = new Map<string, number>();
const number = (name: string): number => {
  if (!names.has(name)) names.set(name, names.size);
  return names.get(name) ?? 0;
};
for (const line of lines.slice(1, count + 1)) {
  const [from = "", to = "", cost = ""] = line.split(" ");
  const [a, b] = [number(from), number(to)];
  roads[a]?.push({ to: b, cost: Number(cost) });
  roads[b]?.push({ to: a, cost: Number(cost) });
}
const byCost = new Map<number, number>();
for (const cost of cheapest(roads, 0)) byCost.set(cost, (byCost.get(cost) ?? 0) + 1);
for (const [cost, many] of [...byCost].sort(([a], [b]) => a - b)) console.log(`${cost}: ${many}`);
