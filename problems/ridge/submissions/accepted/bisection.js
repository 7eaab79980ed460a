const lines = require('readline').createInterface({ input: process.stdin })[Symbol.asyncIterator]();

async function readNumber() {
  return Number((await lines.next()).value);
}

async function altitude(pole) {
  console.log(`? ${pole}`);
  return readNumber();
}

async function main() {
  let low = 1;
  let high = await readNumber();
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((await altitude(middle)) < (await altitude(middle + 1))) low = middle + 1;
    else high = middle;
  }
  console.log(`! ${low}`);
  process.exit();
}

main();
