// Takes the breads that are left over for the empty places.
const [breads, places] = require('fs').readFileSync(0, 'utf8').trim().split(/\s+/).map(Number);
console.log(Math.ceil(breads / places), breads % places);
