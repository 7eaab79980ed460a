// The product of two matrices of n by n numbers, as the sum of what is on its diagonal.
const n = Number(require("fs").readFileSync(0, "utf8"));
const a = Float64Array.from({ length: n * n }, (_, i) => i % 7);
const b = Float64Array.from({ length: n * n }, (_, i) => i % 11);
const c = new Float64Array(n * n);
for (let i = 0; i < n; i++) {
  for (let k = 0; k < n; k++) {
    const factor = a[i * n + k];
    for (let j = 0; j < n; j++) c[i * n + j] += factor * b[k * n + j];
  }
}
let trace = 0;
for (let i = 0; i < n; i++) trace += c[i * n + i];
console.log(trace.toFixed(0));
