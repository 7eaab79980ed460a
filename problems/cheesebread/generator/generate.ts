import { agree, invalidInputs, testFiles, writeData } from "../../generator/data.ts";
import { randomFrom } from "../../generator/random.ts";

interface Order {
  breads: number;
  places: number;
}

const MOST = 10 ** 12;
const random = randomFrom("cheesebread");

function order(breads: number, places: number): Order {
  return { breads, places };
}

function trays({ breads, places }: Order): { used: number; empty: number } {
  // Exact in doubles: a quotient that is no whole number misses the next one by a relative 1/n, and n < 2^40.
  const used = Math.ceil(breads / places);
  return { used, empty: used * places - breads };
}

function traysOneByOne({ breads, places }: Order): { used: number; empty: number } {
  let [used, room] = [0, 0];
  for (let bread = 0; bread < breads; bread++) {
    if (room === 0) [used, room] = [used + 1, places];
    room--;
  }
  return { used, empty: room };
}

for (let breads = 1; breads <= 40; breads++) {
  for (let places = 1; places <= 40; places++) {
    const small = order(breads, places);
    agree(`${breads} breads, ${places} places`, trays(small), traysOneByOne(small));
  }
}

function randomOrder(mostBreads: number, mostPlaces: number): Order {
  return order(random.integer(1, mostBreads), random.integer(1, mostPlaces));
}

writeData(import.meta.dirname, [
  ...testFiles<Order>({
    samples: [order(30, 12), order(24, 12), order(5, 8)],
    secret: [
      ["smallest", order(1, 1)],
      ["one-bread-in-a-row-of-two", order(1, 2)],
      ["one-tray-exactly-full", order(12, 12)],
      ["one-more-than-a-tray", order(13, 12)],
      ["one-less-than-a-tray", order(11, 12)],
      ["places-for-one", order(7, 1)],
      ["several-trays-exactly-full", order(96, 8)],
      ["last-tray-with-one-bread", order(97, 8)],
      ["last-tray-with-one-place", order(95, 8)],
      ["random-kitchen", randomOrder(500, 40)],
      ["random-bakery", randomOrder(100_000, 300)],
      ["random-more-places-than-breads", order(random.integer(1, 1000), random.integer(2000, 9000))],
      ["last-that-fits-31-bits", order(2 ** 31 - 1, 2)],
      ["first-beyond-31-bits", order(2 ** 31, 3)],
      ["beyond-32-bits", order(2 ** 32 + 1, 7)],
      ["one-bread-on-the-largest-tray", order(1, MOST)],
      ["largest-exactly-full", order(MOST, MOST)],
      ["largest-missing-one", order(MOST - 1, MOST)],
      ["largest-one-too-many", order(MOST, MOST - 1)],
      ["largest-without-remainder", order(MOST, 10 ** 6)],
      ["largest-with-small-trays", order(MOST, 3)],
      ["largest-with-places-for-one", order(MOST, 1)],
      ["random-factory", randomOrder(MOST, 10 ** 6)],
      ["random-largest", randomOrder(MOST, MOST)],
    ],
    print: ({ breads, places }) => `${breads} ${places}\n`,
    answer: (given) => {
      const { used, empty } = trays(given);
      return `${used} ${empty}\n`;
    },
  }),
  ...invalidInputs({
    "no-breads": "0 5\n",
    "no-places": "5 0\n",
    "too-large": "1000000000001 5\n",
    negative: "-3 5\n",
    "leading-zero": "07 5\n",
    "two-lines": "7\n5\n",
    "three-numbers": "7 5 3\n",
    "no-line-end": "7 5",
    "trailing-space": "7 5 \n",
  }),
]);
