// Believes that the bus may be chosen without a look at the quarrels.
const [n] = require('fs').readFileSync(0, 'utf8').trim().split(/\s+/).map(Number);
console.log('AB'.repeat(n).slice(0, n));
