import { invalidInputs, testFiles, writeData, type DataFile } from "../../generator/data.ts";
import { randomFrom } from "../../generator/random.ts";

/** What the interactor knows; see `output_validator/interactor.cpp`, which computes the altitudes from it. */
interface Ridge {
  poles: number;
  summit: number;
  altitude: number;
  left: number;
  right: number;
  seed: number;
}

const MOST_POLES = 10 ** 9;
const HIGHEST = 10 ** 13;
const STEEPEST = 1000;
const MOST_FLIGHTS = 64;
const random = randomFrom("ridge");

function altitudeAt(ridge: Ridge, pole: number): number {
  if (pole === ridge.summit) return ridge.altitude;
  const distance = Math.abs(pole - ridge.summit);
  const slope = pole < ridge.summit ? ridge.left : ridge.right;
  const mixed = Number((BigInt(distance) * 2654435761n + BigInt(ridge.seed)) & 0xffffffffn);
  return ridge.altitude - distance * slope - ((mixed >>> 8) % slope);
}

/** A ridge with random slopes up to `steepest`, high enough that it ends above the sea. */
function ridge(poles: number, summit: number, steepest = 30): Ridge {
  const left = random.integer(1, steepest);
  const right = random.integer(1, steepest);
  const lowest = Math.max(summit * left, (poles - summit + 1) * right) + 1;
  const altitude = Math.min(HIGHEST, lowest + random.integer(0, 3000));
  return { poles, summit, altitude, left, right, seed: random.integer(0, 2 ** 32 - 1) };
}

function randomRidge(mostPoles: number, steepest = 30): Ridge {
  const poles = random.integer(Math.ceil(mostPoles / 2), mostPoles);
  return ridge(poles, random.integer(1, poles), steepest);
}

/** Finds the summit as a team would; throws if the ridge is not one or the flights do not suffice. */
function summitByFlying(given: Ridge): number {
  let flights = 0;
  function fly(pole: number): number {
    if (++flights > MOST_FLIGHTS) throw new Error("the flights do not suffice");
    const altitude = altitudeAt(given, pole);
    if (altitude < 1 || altitude > HIGHEST) throw new Error(`an altitude of ${altitude}`);
    return altitude;
  }
  let [low, high] = [1, given.poles];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (fly(middle) < fly(middle + 1)) low = middle + 1;
    else high = middle;
  }
  if (low !== given.summit) throw new Error(`found ${low} instead of ${given.summit}`);
  return low;
}

for (let round = 0; round < 200; round++) {
  const small = randomRidge(60, 1 + (round % 9));
  for (let pole = 1; pole < small.poles; pole++) {
    const climbs = altitudeAt(small, pole) < altitudeAt(small, pole + 1);
    if (climbs !== pole < small.summit) throw new Error(`pole ${pole} of ${JSON.stringify(small)}`);
  }
}

const samples: readonly Ridge[] = [
  { poles: 5, summit: 3, altitude: 1200, left: 7, right: 9, seed: 14671 },
  { poles: 1, summit: 1, altitude: 871, left: 1, right: 1, seed: 0 },
];

/** A dialogue that the statement's reader sees: flights to some poles, then the answer. */
function dialogue(name: string, given: Ridge, flights: readonly number[]): DataFile {
  const lines = [
    `<${given.poles}`,
    ...flights.flatMap((pole) => [`>? ${pole}`, `<${altitudeAt(given, pole)}`]),
    `>! ${given.summit}`,
  ];
  return { path: `sample/${name}.interaction`, text: `${lines.join("\n")}\n` };
}

const dialogues = samples.map((given, index) =>
  dialogue(`${index + 1}`, given, index === 0 ? [2, 3, 4] : []),
);

writeData(import.meta.dirname, [
  ...testFiles<Ridge>({
    samples,
    secret: [
      ["one-pole", ridge(1, 1)],
      ["two-poles-falling", ridge(2, 1)],
      ["two-poles-climbing", ridge(2, 2)],
      ["three-poles-falling", ridge(3, 1)],
      ["three-poles-summit-in-the-middle", ridge(3, 2)],
      ["three-poles-climbing", ridge(3, 3)],
      ["four-poles", ridge(4, 3)],
      ["gentlest-slopes", ridge(20, 13, 1)],
      ["steep-beside-gentle", { poles: 40, summit: 9, altitude: 20_000, left: STEEPEST, right: 1, seed: 11 }],
      [
        "gentle-beside-steep",
        { poles: 40, summit: 31, altitude: 20_000, left: 1, right: STEEPEST, seed: 12 },
      ],
      ["first-of-hundred", ridge(100, 1)],
      ["last-of-hundred", ridge(100, 100)],
      ["power-of-two", ridge(1024, 512)],
      ["after-a-power-of-two", ridge(1025, 513)],
      ["before-a-power-of-two", ridge(1023, 1023)],
      ["random-hundred", randomRidge(100)],
      ["random-thousand", randomRidge(1000)],
      ["random-million", randomRidge(10 ** 6)],
      ["largest-falling", ridge(MOST_POLES, 1)],
      ["largest-climbing", ridge(MOST_POLES, MOST_POLES)],
      ["largest-second-pole", ridge(MOST_POLES, 2)],
      ["largest-last-but-one", ridge(MOST_POLES, MOST_POLES - 1)],
      ["largest-middle", ridge(MOST_POLES, MOST_POLES / 2)],
      ["largest-after-the-middle", ridge(MOST_POLES, MOST_POLES / 2 + 1)],
      ["largest-one-third", ridge(MOST_POLES, 333_333_333)],
      ["largest-steepest", ridge(MOST_POLES, 271_828_182, STEEPEST)],
      [
        "largest-altitude",
        { poles: MOST_POLES, summit: 7, altitude: HIGHEST, left: 3, right: STEEPEST, seed: 7 },
      ],
      ["random-largest-gentle", randomRidge(MOST_POLES, 1)],
      ["random-largest", randomRidge(MOST_POLES)],
      ["random-largest-steep", randomRidge(MOST_POLES, STEEPEST)],
    ],
    print: ({ poles, summit, altitude, left, right, seed }) =>
      `${[poles, summit, altitude, left, right, seed].join(" ")}\n`,
    answer: (given) => `${summitByFlying(given)}\n`,
  }),
  ...dialogues,
  ...invalidInputs({
    "no-poles": "0 0 100 1 1 0\n",
    "summit-beyond-the-last-pole": "5 6 100 1 1 0\n",
    "below-the-sea": "5 3 20 7 9 2\n",
    "too-high": "5 3 10000000000001 7 9 2\n",
    flat: "5 3 1200 0 9 2\n",
    "too-steep": "5 3 9999 7 1001 2\n",
    "seed-missing": "5 3 1200 7 9\n",
    "too-many-poles": "1000000001 3 9999999999999 7 9 2\n",
    "two-lines": "5\n3 1200 7 9 2\n",
  }),
]);
