// Cheapest ways from the first town to all others, and how many towns each distance has: sixty lines as people write them.
const fs = require("fs");

class Heap {
  constructor(before) {
    this.items = [];
    this.before = before;
  }

  push(item) {
    const at = this.items.findIndex((other) => this.before(item, other));
    this.items.splice(at < 0 ? this.items.length : at, 0, item);
  }

  pop() {
    return this.items.shift();
  }
}

function cheapest(roads, start) {
  const best = roads.map(() => Infinity);
  const waiting = new Heap((a, b) => a.cost < b.cost);
  best[start] = 0;
  waiting.push({ to: start, cost: 0 });
  for (let here = waiting.pop(); here !== undefined; here = waiting.pop()) {
    if (here.cost > best[here.to]) continue;
    for (const { to, cost } of roads[here.to]) {
      const total = here.cost + cost;
      if (total < best[to]) {
        best[to] = total;
        waiting.push({ to, cost: total });
      }
    }
  }
  return best;
}

const lines = fs.readFileSync(0, "utf8").trim().split("\n");
const [towns, count] = lines[0].split(" ").map(Number);
const roads = Array.from({ length: towns }, () => []);
const names = new Map();

function number(name) {
  if (!names.has(name)) names.set(name, names.size);
  return names.get(name);
}

for (const line of lines.slice(1, count + 1)) {
  const [from, to, cost] = line.split(" ");
  const a = number(from);
  const b = number(to);
  roads[a].push({ to: b, cost: Number(cost) });
  roads[b].push({ to: a, cost: Number(cost) });
}

const byCost = new Map();
for (const cost of cheapest(roads, 0)) byCost.set(cost, (byCost.get(cost) ?? 0) + 1);
for (const [cost, many] of [...byCost].sort((a, b) => a[0] - b[0])) {
  console.log(`${cost}: ${many}`);
}
