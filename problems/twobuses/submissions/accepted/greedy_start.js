// Starts with a good distribution: everybody boards the bus with fewer enemies. Then repairs what is left.
const [n, m, ...numbers] = require('fs').readFileSync(0, 'utf8').trim().split(/\s+/).map(Number);
const enemies = Array.from({ length: n + 1 }, () => []);
for (let i = 0; i < m; i++) {
  const [one, other] = [numbers[2 * i], numbers[2 * i + 1]];
  enemies[one].push(other);
  enemies[other].push(one);
}

const bus = new Array(n + 1).fill('');
const count = (student, letter) => enemies[student].filter((enemy) => bus[enemy] === letter).length;
const better = (student) => (count(student, 'A') <= count(student, 'B') ? 'A' : 'B');
for (let student = 1; student <= n; student++) bus[student] = better(student);

const toLookAt = Array.from({ length: n }, (_, index) => index + 1);
while (toLookAt.length > 0) {
  const student = toLookAt.pop();
  if (count(student, bus[student]) < 2) continue;
  bus[student] = better(student);
  toLookAt.push(...enemies[student]);
}
console.log(bus.join(''));
