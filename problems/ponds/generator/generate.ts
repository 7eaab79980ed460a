import { invalidInputs, testFiles, writeData } from "../../generator/data.ts";
import { randomFrom } from "../../generator/random.ts";

interface Pond {
  area: number;
  bottom: number;
}

interface Garden {
  water: number;
  ponds: readonly Pond[];
}

const MOST_PONDS = 15_000;
const MOST_WATER = 10 ** 12;
const LARGEST_AREA = 10 ** 6;
const HIGHEST = 10 ** 4;
const random = randomFrom("ponds");

function garden(water: number, ...ponds: readonly (readonly [area: number, bottom: number])[]): Garden {
  return { water, ponds: ponds.map(([area, bottom]) => ({ area, bottom })) };
}

/** Lets the water rise from one bottom to the next; every number but the last quotient is a whole one. */
function surface({ water, ponds }: Garden): number {
  let [height, area, rest] = [0, 0, water];
  for (const pond of [...ponds].sort((a, b) => a.bottom - b.bottom)) {
    const needed = area * (pond.bottom - height);
    if (needed > rest) break;
    rest -= needed;
    height = pond.bottom;
    area += pond.area;
  }
  return height + rest / area;
}

function held({ ponds }: Garden, height: number): number {
  return ponds.reduce((sum, { area, bottom }) => sum + area * Math.max(0, height - bottom), 0);
}

/** The answer, checked against the statement: water at this height is all there is. */
function checkedSurface(given: Garden): number {
  const height = surface(given);
  const error = Math.abs(held(given, height) - given.water);
  if (error > 1e-9 * given.water + 1e-9)
    throw new Error(`at ${height} the ponds hold ${held(given, height)}`);
  return height;
}

function randomPonds(count: number, largestArea: number, highest: number): Pond[] {
  return Array.from({ length: count }, () => ({
    area: random.integer(1, largestArea),
    bottom: random.integer(0, highest),
  }));
}

/** As much water as reaches `part` of the way from the lowest to the highest bottom. */
function filled(ponds: readonly Pond[], part: number): Garden {
  const bottoms = ponds.map((pond) => pond.bottom);
  const [low, high] = [Math.min(...bottoms), Math.max(...bottoms)];
  const water = Math.floor(held({ water: 0, ponds }, low + (high - low) * part));
  return { water: Math.min(MOST_WATER, Math.max(1, water)), ponds };
}

function steps(count: number, area: number, rise: number): Pond[] {
  return Array.from({ length: count }, (_, i) => ({ area, bottom: i * rise }));
}

writeData(import.meta.dirname, [
  ...testFiles<Garden>({
    samples: [
      garden(200, [10, 0], [20, 5]),
      garden(30, [10, 0], [20, 5]),
      garden(70, [6, 12], [4, 9], [5, 2], [9, 9]),
    ],
    secret: [
      ["smallest", garden(1, [1, 0])],
      ["one-pond", garden(1000, [30, 17])],
      ["all-bottoms-at-zero", garden(100, [3, 0], [4, 0], [5, 0])],
      ["all-bottoms-equal", garden(5000, [100, 40], [250, 40], [7, 40])],
      ["surface-exactly-at-a-bottom", garden(60, [10, 4], [20, 10])],
      ["upper-pond-stays-dry", garden(59, [10, 4], [20, 10])],
      ["upper-pond-just-wet", garden(61, [10, 4], [20, 10])],
      ["lowest-pond-comes-last", garden(90, [50, 9], [20, 7], [10, 1])],
      ["lowest-bottom-is-not-zero", garden(12, [5, 1000], [6, 1002], [7, 1003])],
      ["drop-in-an-ocean", garden(1, [LARGEST_AREA, 0])],
      ["deep-shaft", garden(MOST_WATER, [1, HIGHEST])],
      ["deep-shaft-beside-a-lake", garden(MOST_WATER - 1, [1, 0], [LARGEST_AREA, HIGHEST])],
      ["thirds", garden(10, [3, 0], [3, 1], [1, 2])],
      ["stairs", filled(steps(50, 7, 3), 0.63)],
      ["stairs-all-wet", { water: 10 ** 9, ponds: random.shuffled(steps(100, 11, 2)) }],
      ["random-few", filled(randomPonds(7, 40, 30), 0.5)],
      ["random-few-all-wet", filled(randomPonds(7, 40, 30), 1.8)],
      ["random-hundred", filled(randomPonds(100, 1000, 500), 0.3)],
      ["random-hundred-small-areas", filled(randomPonds(100, 3, HIGHEST), 0.8)],
      ["random-thousand", filled(randomPonds(1000, LARGEST_AREA, HIGHEST), 0.05)],
      ["random-little-water", { water: 3, ponds: randomPonds(1000, 5, HIGHEST) }],
      ["large-numbers-need-double-precision", { water: MOST_WATER, ponds: randomPonds(2000, 900, HIGHEST) }],
      ["large-stairs", filled(random.shuffled(steps(10_000, 1, 1)), 0.5)],
      ["largest-shallow", filled(randomPonds(MOST_PONDS, 20, HIGHEST), 0.02)],
      ["largest-half", filled(randomPonds(MOST_PONDS, 1000, HIGHEST), 0.5)],
      [
        "largest-all-alike",
        { water: 123_456_789, ponds: Array.from({ length: MOST_PONDS }, () => ({ area: 7, bottom: 3 })) },
      ],
      ["largest-all-wet", { water: MOST_WATER, ponds: randomPonds(MOST_PONDS, 5000, 9999) }],
    ],
    print: ({ water, ponds }) =>
      `${ponds.length} ${water}\n${ponds.map(({ area, bottom }) => `${area} ${bottom}\n`).join("")}`,
    answer: (given) => `${checkedSurface(given).toFixed(9)}\n`,
  }),
  ...["sample", "secret"].map((folder) => ({
    path: `${folder}/test_group.yaml`,
    text: 'output_validator_args: ["float_tolerance", "1e-6"]\n',
  })),
  ...invalidInputs({
    "no-ponds": "0 5\n",
    "no-water": "1 0\n3 4\n",
    "too-much-water": "1 1000000000001\n3 4\n",
    "area-zero": "1 5\n0 4\n",
    "area-too-large": "1 5\n1000001 4\n",
    "bottom-too-high": "1 5\n3 10001\n",
    "bottom-negative": "1 5\n3 -1\n",
    fraction: "1 5\n3 1.5\n",
    "pond-missing": "2 5\n3 4\n",
    "pond-too-many": "1 5\n3 4\n3 4\n",
    "two-spaces": "1 5\n3  4\n",
    "leading-zero": "1 5\n03 4\n",
    "no-line-end": "1 5\n3 4",
    "too-many-ponds": `${MOST_PONDS + 1} 5\n${"1 0\n".repeat(MOST_PONDS + 1)}`,
  }),
]);
