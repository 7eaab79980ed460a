const [first, word] = require('fs').readFileSync(0, 'utf8').split('\n');
const k = Number(first.split(' ')[0]);

const counts = new Array(k).fill(0);
const key = () => counts.map((count) => count - counts[k - 1]).join();
const firstPlace = new Map([[key(), 0]]);
let best = 0;
let place = 0;
for (const letter of word.trim()) {
  counts[letter.charCodeAt(0) - 97]++;
  place++;
  const now = key();
  if (firstPlace.has(now)) best = Math.max(best, place - firstPlace.get(now));
  else firstPlace.set(now, place);
}
console.log(best);
