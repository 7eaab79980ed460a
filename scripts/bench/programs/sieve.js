// The number of primes up to n, and the last of them.
const n = Number(require("fs").readFileSync(0, "utf8"));
const composite = new Uint8Array(n + 1);
let count = 0;
let last = 0;
for (let p = 2; p <= n; p++) {
  if (composite[p]) continue;
  count++;
  last = p;
  for (let m = p * p; m <= n; m += p) composite[m] = 1;
}
console.log(`${count} ${last}`);
