// Looks at the beginnings of the string only. No points.
const [first, word] = require('fs').readFileSync(0, 'utf8').split('\n');
const k = Number(first.split(' ')[0]);
const counts = new Array(k).fill(0);
let best = 0;
[...word.trim()].forEach((letter, index) => {
  counts[letter.charCodeAt(0) - 97]++;
  if (counts.every((count) => count === counts[0])) best = index + 1;
});
console.log(best);
