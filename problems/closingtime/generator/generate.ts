import { agree, invalidInputs, testFiles, writeData } from "../../generator/data.ts";
import { randomFrom } from "../../generator/random.ts";

/** The card numbers in the order of their beeps. */
type Beeps = readonly number[];

const MOST_BEEPS = 30_000;
const LARGEST_CARD = 99_999;
const random = randomFrom("closingtime");

function evening(beeps: Beeps): { peak: number; inside: number[] } {
  const inside = new Set<number>();
  let peak = 0;
  for (const card of beeps) {
    if (!inside.delete(card)) inside.add(card);
    peak = Math.max(peak, inside.size);
  }
  return { peak, inside: [...inside].sort((a, b) => a - b) };
}

/** By the definition: a card is inside after a beep if it has beeped an odd number of times so far. */
function eveningByCounting(beeps: Beeps): { peak: number; inside: number[] } {
  function insideAfter(time: number): number[] {
    const heard = beeps.slice(0, time);
    const cards = [...new Set(heard)].sort((a, b) => a - b);
    return cards.filter((card) => heard.filter((other) => other === card).length % 2 === 1);
  }
  const counts = beeps.map((_, time) => insideAfter(time + 1).length);
  return { peak: Math.max(...counts), inside: insideAfter(beeps.length) };
}

function cards(count: number, smallest = 1, largest = LARGEST_CARD): number[] {
  const all = Array.from({ length: largest - smallest + 1 }, (_, i) => smallest + i);
  return random.shuffled(all).slice(0, count);
}

/** Everybody comes and goes at random; `people` different cards at most. */
function busyDay(count: number, people: readonly number[]): Beeps {
  return Array.from({ length: count }, () => random.pick(people));
}

/** All come before the first one leaves. */
function inAndOut(people: readonly number[]): Beeps {
  return [...people, ...random.shuffled(people)];
}

for (let round = 0; round < 300; round++) {
  const small = busyDay(random.integer(1, 30), cards(random.integer(1, 12), 1, 40));
  agree(small.join(" "), evening(small), eveningByCounting(small));
}

const half = cards(MOST_BEEPS / 2);
writeData(import.meta.dirname, [
  ...testFiles<Beeps>({
    samples: [
      [52, 7, 310, 7, 52, 52],
      [8, 8],
      [300, 20, 1000, 9, 20, 20],
    ],
    secret: [
      ["smallest", [1]],
      ["largest-card", [LARGEST_CARD]],
      ["one-in-one-out", [42, 42]],
      ["same-card-odd-times", Array<number>(9).fill(5)],
      ["same-card-even-times", Array<number>(10).fill(5)],
      ["peak-at-the-start", [1, 2, 3, 4, 4, 3, 2, 1, 5]],
      ["peak-at-the-end", [1, 1, 2, 2, 3, 4, 5]],
      ["peak-in-the-middle", [10, 20, 10, 30, 40, 20, 30]],
      ["first-in-last-out", [1, 2, 3, 4, 5, 5, 4, 3, 2, 1]],
      ["order-of-numbers-not-of-text", [100, 20, 3, 99_999, 1000]],
      ["already-increasing", [1, 2, 3, 10, 11, 12, 100]],
      ["decreasing", [900, 800, 70, 60, 5]],
      ["random-quiet-day", busyDay(60, cards(20))],
      ["random-two-regulars", busyDay(101, cards(2))],
      ["random-club-of-fifty", busyDay(1000, cards(50))],
      ["random-thousand-visitors", busyDay(3000, cards(1000))],
      ["small-card-numbers", busyDay(2000, cards(300, 1, 300))],
      ["large-card-numbers", busyDay(2000, cards(300, 99_000))],
      ["everybody-goes-home", inAndOut(cards(900))],
      ["everybody-stays", cards(2500)],
      ["largest-everybody-stays", cards(MOST_BEEPS)],
      ["largest-everybody-goes-home", inAndOut(half)],
      ["largest-one-restless-card", Array<number>(MOST_BEEPS).fill(7)],
      ["largest-random-few-visitors", busyDay(MOST_BEEPS, cards(40))],
      ["largest-random-many-visitors", busyDay(MOST_BEEPS, half)],
    ],
    print: (beeps) => `${[beeps.length, ...beeps].join("\n")}\n`,
    answer: (beeps) => {
      const { peak, inside } = evening(beeps);
      return `${peak} ${inside.length}\n${inside.join(" ")}\n`;
    },
  }),
  ...invalidInputs({
    empty: "",
    "no-beeps": "0\n",
    "card-zero": "2\n1\n0\n",
    "card-too-large": "1\n100000\n",
    "one-beep-missing": "3\n1\n2\n",
    "one-beep-too-many": "1\n1\n2\n",
    "on-one-line": "2\n1 2\n",
    "leading-zero": "1\n007\n",
    "empty-line-at-the-end": "1\n7\n\n",
    "carriage-returns": "1\r\n7\r\n",
    "too-many-beeps": `${MOST_BEEPS + 1}\n${"1\n".repeat(MOST_BEEPS + 1)}`,
  }),
]);
