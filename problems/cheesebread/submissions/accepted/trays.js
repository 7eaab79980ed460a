const [breads, places] = require('fs').readFileSync(0, 'utf8').trim().split(/\s+/).map(Number);
const rest = breads % places;
const fullTrays = (breads - rest) / places;
console.log(rest === 0 ? `${fullTrays} 0` : `${fullTrays + 1} ${places - rest}`);
