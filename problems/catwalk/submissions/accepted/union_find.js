const [size, ...yard] = require('fs').readFileSync(0, 'utf8').trim().split('\n');
const [rows, columns] = size.split(' ').map(Number);
const squares = yard.map((row) => row.trim()).join('');

function* neighbours(square) {
  if (square >= columns) yield square - columns;
  if (square + columns < rows * columns) yield square + columns;
  if (square % columns > 0) yield square - 1;
  if (square % columns + 1 < columns) yield square + 1;
}

const distance = new Array(squares.length).fill(-1);
const queue = [];
for (let square = 0; square < squares.length; square++) {
  if (squares[square] !== 'D') continue;
  distance[square] = 0;
  queue.push(square);
}
for (const square of queue) {
  for (const next of neighbours(square)) {
    if (distance[next] >= 0) continue;
    distance[next] = distance[square] + 1;
    queue.push(next);
  }
}

const parent = squares.split('').map((_, square) => square);
function find(square) {
  while (parent[square] !== square) {
    parent[square] = parent[parent[square]];
    square = parent[square];
  }
  return square;
}

const cat = squares.indexOf('C');
const fish = squares.indexOf('F');
const open = new Array(squares.length).fill(false);
let answer = -1;
// The queue holds the squares by rising distance.
for (const square of queue.reverse()) {
  if (squares[square] === '#') continue;
  open[square] = true;
  for (const next of neighbours(square)) {
    if (open[next]) parent[find(next)] = find(square);
  }
  if (open[cat] && open[fish] && find(cat) === find(fish)) {
    answer = distance[square];
    break;
  }
}
console.log(answer);
