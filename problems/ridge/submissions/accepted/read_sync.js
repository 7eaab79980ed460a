// Reads line by line without events: one byte at a time from the file descriptor.
const fs = require('fs');

function readLine() {
  const byte = Buffer.alloc(1);
  let line = '';
  while (fs.readSync(0, byte, 0, 1, null) === 1) {
    if (byte[0] === 10) return line;
    line += String.fromCharCode(byte[0]);
  }
  return line;
}

function altitude(pole) {
  fs.writeSync(1, `? ${pole}\n`);
  return Number(readLine());
}

let low = 1;
let high = Number(readLine());
while (low < high) {
  const middle = Math.floor((low + high) / 2);
  if (altitude(middle) < altitude(middle + 1)) low = middle + 1;
  else high = middle;
}
fs.writeSync(1, `! ${low}\n`);
