import { invalidInputs, testFiles, writeData, type DataFile } from "../../generator/data.ts";
import { randomFrom } from "../../generator/random.ts";

type Pair = readonly [number, number];

interface Trip {
  students: number;
  pairs: readonly Pair[];
}

const MOST_STUDENTS = 10_000;
const MOST_ENEMIES = 3;
const random = randomFrom("twobuses");

function enemiesOf({ students, pairs }: Trip): number[][] {
  const enemies: number[][] = Array.from({ length: students + 1 }, () => []);
  for (const [one, other] of pairs) {
    enemies[one]?.push(other);
    enemies[other]?.push(one);
  }
  return enemies;
}

/** Lets students change over until nobody has two enemies on their bus, and checks the result. */
function buses(trip: Trip): string {
  const enemies = enemiesOf(trip);
  const bus = Array<string>(trip.students + 1).fill("A");
  const onOwnBus = (student: number): number[] =>
    (enemies[student] ?? []).filter((enemy) => bus[enemy] === bus[student]);
  const toLookAt = Array.from({ length: trip.students }, (_, index) => index + 1);
  for (const student of toLookAt) {
    if (onOwnBus(student).length < 2) continue;
    bus[student] = bus[student] === "A" ? "B" : "A";
    toLookAt.push(...onOwnBus(student));
  }
  const spoilt = toLookAt.find((student) => onOwnBus(student).length > 1);
  if (spoilt !== undefined) throw new Error(`the trip is spoilt for ${spoilt}`);
  return bus.slice(1).join("");
}

/** The same quarrels under other numbers, in another order. */
function disguised({ students, pairs }: Trip): Trip {
  const name = random.shuffled(Array.from({ length: students }, (_, index) => index + 1));
  const rename = (student: number): number => name[student - 1] ?? student;
  const renamed = pairs.map(([one, other]): Pair => {
    const pair: Pair = [rename(one), rename(other)];
    return random.integer(0, 1) === 0 ? pair : [pair[1], pair[0]];
  });
  return { students, pairs: random.shuffled(renamed) };
}

/** Pairs drawn at random as long as nobody has too many enemies; at most `most` pairs. */
function randomTrip(students: number, most: number): Trip {
  const enemies = Array<number>(students + 1).fill(0);
  const seen = new Set<string>();
  const pairs: Pair[] = [];
  for (let attempt = 0; attempt < 20 * students && pairs.length < most; attempt++) {
    const pair: Pair = [random.integer(1, students), random.integer(1, students)];
    const [one, other] = pair;
    const full = [one, other].some((student) => (enemies[student] ?? 0) >= MOST_ENEMIES);
    const key = `${Math.min(...pair)} ${Math.max(...pair)}`;
    if (one === other || full || seen.has(key)) continue;
    seen.add(key);
    pairs.push(pair);
    for (const student of pair) enemies[student] = (enemies[student] ?? 0) + 1;
  }
  return { students, pairs };
}

function cycle(students: number): Pair[] {
  return Array.from({ length: students }, (_, index): Pair => [index + 1, ((index + 1) % students) + 1]);
}

/** A ring in which everybody also quarrels with the student straight across (an even number of students). */
function ringWithDiameters(students: number): Trip {
  const half = students / 2;
  return {
    students,
    pairs: [...cycle(students), ...Array.from({ length: half }, (_, i): Pair => [i + 1, i + 1 + half])],
  };
}

/** Two rings, one inside the other, each student quarrelling with the one beside (an even number of students). */
function prism(students: number): Trip {
  const half = students / 2;
  const inner = cycle(half);
  const outer = inner.map(([one, other]): Pair => [one + half, other + half]);
  return { students, pairs: [...inner, ...outer, ...inner.map(([one]): Pair => [one, one + half])] };
}

/** Four students of whom everybody quarrels with everybody. */
const QUARTET: Trip = {
  students: 4,
  pairs: [
    [1, 2],
    [1, 3],
    [1, 4],
    [2, 3],
    [2, 4],
    [3, 4],
  ],
};

/** Two groups of three; everybody quarrels with those of the other group. */
const K33: Trip = {
  students: 6,
  pairs: [1, 2, 3].flatMap((one) => [4, 5, 6].map((other): Pair => [one, other])),
};

/** Many schools in one: the same quarrels again and again among other students. */
function copies({ students, pairs }: Trip, count: number): Trip {
  const shifted = (by: number): Pair[] => pairs.map(([one, other]): Pair => [one + by, other + by]);
  return {
    students: students * count,
    pairs: Array.from({ length: count }, (_, index) => shifted(index * students)).flat(),
  };
}

/** A tree: student s quarrels with 2s and 2s + 1. */
function tree(students: number): Trip {
  return {
    students,
    pairs: Array.from({ length: students - 1 }, (_, i): Pair => [Math.floor((i + 2) / 2), i + 2]),
  };
}

const PETERSEN: Trip = {
  students: 10,
  pairs: [0, 1, 2, 3, 4].flatMap((i): Pair[] => [
    [i + 1, ((i + 1) % 5) + 1],
    [i + 1, i + 6],
    [i + 6, ((i + 2) % 5) + 6],
  ]),
};

function print({ students, pairs }: Trip): string {
  return `${students} ${pairs.length}\n${pairs.map((pair) => `${pair.join(" ")}\n`).join("")}`;
}

/** An output for a quartet, and whether the output validator must accept it. */
function outputTest(folder: "valid_output" | "invalid_output", name: string, output: string): DataFile[] {
  return [
    { path: `${folder}/${name}.in`, text: print(QUARTET) },
    { path: `${folder}/${name}.ans`, text: `${buses(QUARTET)}\n` },
    { path: `${folder}/${name}.out`, text: output },
  ];
}

writeData(import.meta.dirname, [
  ...testFiles<Trip>({
    samples: [
      QUARTET,
      {
        students: 5,
        pairs: [
          [1, 3],
          [3, 2],
          [3, 5],
        ],
      },
      { students: 2, pairs: [[2, 1]] },
    ],
    secret: [
      ["one-student", { students: 1, pairs: [] }],
      ["two-friends", { students: 2, pairs: [] }],
      ["triangle", { students: 3, pairs: cycle(3) }],
      [
        "star",
        {
          students: 4,
          pairs: [
            [2, 1],
            [2, 3],
            [2, 4],
          ],
        },
      ],
      ["ring-of-four", { students: 4, pairs: cycle(4) }],
      ["ring-of-five", { students: 5, pairs: cycle(5) }],
      ["three-against-three", disguised(K33)],
      ["petersen", disguised(PETERSEN)],
      ["ring-with-diameters", ringWithDiameters(8)],
      ["small-prism", prism(6)],
      ["quartets", disguised(copies(QUARTET, 5))],
      ["hundred-friends", { students: 100, pairs: [] }],
      ["chain", { students: 50, pairs: cycle(50).slice(0, 49) }],
      ["small-tree", tree(31)],
      ["random-ten", randomTrip(10, 15)],
      ["random-thirty", randomTrip(30, 45)],
      ["random-hundred-few-pairs", randomTrip(100, 60)],
      ["random-thousand", randomTrip(1000, 1500)],
      ["random-thousand-few-pairs", randomTrip(1000, 700)],
      ["prism-in-order", prism(600)],
      ["tree-in-order", tree(2000)],
      ["large-tree", disguised(tree(3000))],
      ["large-three-against-three", disguised(copies(K33, 200))],
      ["largest-no-pairs", { students: MOST_STUDENTS, pairs: [] }],
      ["largest-ring", { students: MOST_STUDENTS - 1, pairs: cycle(MOST_STUDENTS - 1) }],
      ["largest-ring-with-diameters", disguised(ringWithDiameters(MOST_STUDENTS))],
      ["largest-prism-in-order", prism(MOST_STUDENTS)],
      ["largest-random", randomTrip(MOST_STUDENTS, (MOST_STUDENTS * MOST_ENEMIES) / 2)],
      ["largest-random-again", randomTrip(MOST_STUDENTS, (MOST_STUDENTS * MOST_ENEMIES) / 2)],
    ],
    print,
    answer: (trip) => `${buses(trip)}\n`,
  }),
  ...outputTest("valid_output", "two-and-two", "ABBA\n"),
  ...outputTest("valid_output", "without-line-end", "BBAA"),
  ...outputTest("valid_output", "space-around", "\n  BABA\r\n\n"),
  ...outputTest("invalid_output", "three-together", "AAAB\n"),
  ...outputTest("invalid_output", "empty", ""),
  ...outputTest("invalid_output", "too-short", "ABB\n"),
  ...outputTest("invalid_output", "too-long", "ABBAA\n"),
  ...outputTest("invalid_output", "two-words", "ABBA ABBA\n"),
  ...outputTest("invalid_output", "letter-by-letter", "A\nB\nB\nA\n"),
  ...outputTest("invalid_output", "lower-case", "abba\n"),
  ...outputTest("invalid_output", "digits", "0110\n"),
  ...outputTest("invalid_output", "not-text", "A\u0000BA\u{1f68c}\n"),
  ...invalidInputs({
    "no-students": "0 0\n",
    "pair-missing": "3 2\n1 2\n",
    "pair-too-many": "3 1\n1 2\n2 3\n",
    "same-student": "3 1\n2 2\n",
    "pair-twice": "3 2\n1 2\n1 2\n",
    "pair-twice-turned": "3 2\n1 2\n2 1\n",
    "four-enemies": "5 4\n1 2\n1 3\n1 4\n1 5\n",
    "unknown-student": "3 1\n1 4\n",
    "student-zero": "3 1\n0 1\n",
    "too-many-students": "10001 0\n",
    "three-in-a-line": "3 1\n1 2 3\n",
    "no-line-end": "3 1\n1 2",
  }),
]);
