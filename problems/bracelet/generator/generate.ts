import { agree, invalidInputs, testFiles, writeData, type DataFile } from "../../generator/data.ts";
import { randomFrom } from "../../generator/random.ts";

interface Beads {
  colours: number;
  /** A letter for each bead. */
  word: string;
}

const LETTERS: readonly string[] = ["a", "b", "c", "d", "e"];
const SHORT = 100;
const MEDIUM = 1000;
const LONG = 150_000;
const random = randomFrom("bracelet");

/** The longest stretch between two places where every colour leads the last one by the same count. */
function longest({ colours, word }: Beads): number {
  const leads = Array<number>(colours).fill(0);
  const firstPlace = new Map([[leads.join(), 0]]);
  let best = 0;
  [...word].forEach((letter, index) => {
    const colour = LETTERS.indexOf(letter);
    if (colour < colours - 1) leads[colour] = (leads[colour] ?? 0) + 1;
    else for (let other = 0; other < colours - 1; other++) leads[other] = (leads[other] ?? 0) - 1;
    const first = firstPlace.get(leads.join());
    if (first === undefined) firstPlace.set(leads.join(), index + 1);
    else best = Math.max(best, index + 1 - first);
  });
  return best;
}

function longestByTryingAll({ colours, word }: Beads): number {
  const letters = LETTERS.slice(0, colours);
  for (let length = word.length; length > 0; length--) {
    for (let start = 0; start + length <= word.length; start++) {
      const stretch = word.slice(start, start + length);
      const counts = letters.map((letter) => stretch.split(letter).length - 1);
      if (counts.every((count) => count === counts[0])) return length;
    }
  }
  return 0;
}

function randomBeads(colours: number, count: number, from = LETTERS.slice(0, colours)): Beads {
  return { colours, word: Array.from({ length: count }, () => random.pick(from)).join("") };
}

/** Every colour equally often in a random order: the whole string is fair. */
function fair(colours: number, count: number): Beads {
  const word = LETTERS.slice(0, colours).flatMap((letter) => Array<string>(count / colours).fill(letter));
  return { colours, word: random.shuffled(word).join("") };
}

/** All beads of one colour, then all of the next, and so on. */
function blocks(colours: number, size: number): Beads {
  const runs = LETTERS.slice(0, colours).map((letter) => letter.repeat(size));
  return { colours, word: runs.join("") };
}

/** Colour `a` is `rare` times as seldom as each of the others, so that fair stretches are short. */
function withRareColour(colours: number, count: number, rare: number): Beads {
  const common = LETTERS.slice(1, colours).flatMap((letter) => Array<string>(rare).fill(letter));
  return randomBeads(colours, count, ["a", ...common]);
}

/** A fair stretch of `size` beads with `before` beads of one colour in front and `after` of another behind. */
function framed(colours: number, before: number, size: number, after: number): Beads {
  const last = LETTERS[colours - 1] ?? "";
  return { colours, word: "a".repeat(before) + fair(colours, size).word + last.repeat(after) };
}

for (let round = 0; round < 400; round++) {
  const small = randomBeads(random.integer(2, 5), random.integer(1, 30));
  agree(`${small.colours} ${small.word}`, longest(small), longestByTryingAll(small));
}

/** The statement's table. */
const groups = [
  { name: "1-two-colours-short", points: 10, colours: 2, beads: SHORT, requires: [] },
  { name: "2-two-colours-long", points: 30, colours: 2, beads: LONG, requires: ["1-two-colours-short"] },
  { name: "3-any-colours-short", points: 25, colours: 5, beads: MEDIUM, requires: ["1-two-colours-short"] },
  {
    name: "4-any-colours-long",
    points: 35,
    colours: 5,
    beads: LONG,
    requires: ["2-two-colours-long", "3-any-colours-short"],
  },
];

const settings: DataFile[] = groups.map(({ name, points, colours, beads, requires }) => ({
  path: `secret/${name}/test_group.yaml`,
  text: [
    `max_score: ${points}`,
    "score_aggregation: pass-fail",
    ...(requires.length > 0 ? ["require_pass:", ...requires.map((group) => `  - secret/${group}`)] : []),
    `input_validator_args: ["${colours}", "${beads}"]\n`,
  ].join("\n"),
}));

writeData(import.meta.dirname, [
  ...testFiles<Beads>({
    samples: [
      { colours: 2, word: "aababbbbab" },
      { colours: 3, word: "abaccbacab" },
      { colours: 4, word: "abcabcabc" },
    ],
    secret: [
      ["1-two-colours-short/one-bead", { colours: 2, word: "a" }],
      ["1-two-colours-short/two-beads-fair", { colours: 2, word: "ba" }],
      ["1-two-colours-short/two-beads-alike", { colours: 2, word: "bb" }],
      ["1-two-colours-short/one-colour-only", { colours: 2, word: "a".repeat(SHORT) }],
      ["1-two-colours-short/alternating", { colours: 2, word: "ab".repeat(SHORT / 2) }],
      ["1-two-colours-short/alternating-odd", { colours: 2, word: `${"ba".repeat(49)}b` }],
      ["1-two-colours-short/two-blocks", blocks(2, SHORT / 2)],
      ["1-two-colours-short/fair-in-the-middle", framed(2, 17, 40, 20)],
      ["1-two-colours-short/fair-at-the-end", framed(2, 30, 60, 0)],
      ["1-two-colours-short/random", randomBeads(2, 73)],
      ["1-two-colours-short/random-mostly-one", withRareColour(2, SHORT, 6)],
      ["2-two-colours-long/random-thousands", randomBeads(2, 20_000)],
      ["2-two-colours-long/largest-one-colour-only", { colours: 2, word: "b".repeat(LONG) }],
      ["2-two-colours-long/largest-fair", fair(2, LONG)],
      ["2-two-colours-long/largest-fair-in-the-middle", framed(2, 40_000, 70_000, 40_000)],
      ["2-two-colours-long/largest-mostly-one", withRareColour(2, LONG, 3)],
      ["3-any-colours-short/one-bead", { colours: 5, word: "e" }],
      ["3-any-colours-short/one-of-each", { colours: 5, word: "cadbe" }],
      ["3-any-colours-short/one-colour-missing", randomBeads(5, 200, LETTERS.slice(0, 4))],
      ["3-any-colours-short/three-blocks", blocks(3, 20)],
      ["3-any-colours-short/five-blocks", blocks(5, 200)],
      ["3-any-colours-short/periodic", { colours: 4, word: "abcd".repeat(250) }],
      [
        "3-any-colours-short/pairs-balance-but-not-all",
        { colours: 4, word: "ab".repeat(300) + "cd".repeat(200) },
      ],
      ["3-any-colours-short/fair-at-the-start", framed(3, 0, 300, 200)],
      ["3-any-colours-short/random-three", randomBeads(3, MEDIUM)],
      ["3-any-colours-short/random-five", randomBeads(5, MEDIUM)],
      ["3-any-colours-short/largest-fair", fair(5, MEDIUM)],
      ["4-any-colours-long/random-thousands", randomBeads(3, 20_000)],
      ["4-any-colours-long/largest-one-colour-missing", randomBeads(5, LONG, LETTERS.slice(1))],
      ["4-any-colours-long/largest-rare-colour", withRareColour(4, LONG, 4)],
      ["4-any-colours-long/largest-fair-in-the-middle", framed(5, 30_000, 100_000, 20_000)],
      ["4-any-colours-long/largest-random-three", randomBeads(3, LONG)],
    ],
    print: ({ colours, word }) => `${colours} ${word.length}\n${word}\n`,
    answer: (beads) => `${longest(beads)}\n`,
  }),
  { path: "secret/test_group.yaml", text: "max_score: 100\nscore_aggregation: sum\n" },
  ...settings,
  ...invalidInputs({
    "one-colour": "1 3\naaa\n",
    "six-colours": "6 3\nabc\n",
    "no-beads": "2 0\n\n",
    "too-few-beads": "2 3\nab\n",
    "too-many-beads": "2 3\nabab\n",
    "unknown-colour": "2 3\nabc\n",
    capital: "2 3\naBb\n",
    "space-in-the-word": "2 3\na b\n",
    "no-line-end": "2 3\naba",
    "too-long": `2 ${LONG + 1}\n${"a".repeat(LONG + 1)}\n`,
  }),
]);
