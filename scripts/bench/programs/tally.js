// Counts n numbers by a hash table, and sorts what was counted by how often it came.
const n = Number(require("fs").readFileSync(0, "utf8"));
let state = 12345;
const counts = new Map();
for (let i = 0; i < n; i++) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  const key = ((state >>> 8) % 500000) + 1;
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
const entries = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
let check = 0;
for (const [key] of entries) check = (Math.imul(check, 31) + key) >>> 0;
console.log(`${entries.length} ${check}`);
