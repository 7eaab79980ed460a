// Fills one tray after the other: too many of them when the trays are small.
let [breads, places] = require('fs').readFileSync(0, 'utf8').trim().split(/\s+/).map(Number);
let trays = 0;
while (breads > 0) {
  breads -= places;
  trays++;
}
console.log(trays, 0 - breads);
