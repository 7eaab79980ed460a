const [n, water, ...numbers] = require('fs').readFileSync(0, 'utf8').trim().split(/\s+/).map(Number);

function held(height) {
  let total = 0;
  for (let i = 0; i < n; i++) {
    total += numbers[2 * i] * Math.max(0, height - numbers[2 * i + 1]);
  }
  return total;
}

let low = 0;
let high = 1e4 + water;
for (let round = 0; round < 100; round++) {
  const middle = (low + high) / 2;
  if (held(middle) < water) low = middle;
  else high = middle;
}
console.log(high.toFixed(9));
