import { agree, invalidInputs, testFiles, writeData } from "../../generator/data.ts";
import { randomFrom } from "../../generator/random.ts";

/** The rows of the yard, a character for each square. */
type Yard = readonly string[];

const LARGEST = 250;
const random = randomFrom("catwalk");

function flat(yard: Yard): { width: number; squares: string } {
  return { width: yard[0]?.length ?? 0, squares: yard.join("") };
}

function neighbours(index: number, width: number, count: number): number[] {
  const column = index % width;
  return [
    ...(index >= width ? [index - width] : []),
    ...(index + width < count ? [index + width] : []),
    ...(column > 0 ? [index - 1] : []),
    ...(column + 1 < width ? [index + 1] : []),
  ];
}

/** For every square the distance to the nearest dog, by breadth-first search from all of them. */
function distances(yard: Yard): number[] {
  const { width, squares } = flat(yard);
  const distance = [...squares].map((square): number => (square === "D" ? 0 : -1));
  const queue = distance.flatMap((value, index) => (value === 0 ? [index] : []));
  for (const index of queue) {
    for (const next of neighbours(index, width, squares.length)) {
      if (distance[next] !== -1) continue;
      distance[next] = (distance[index] ?? 0) + 1;
      queue.push(next);
    }
  }
  return distance;
}

/** Always goes on from the reached square that is farthest from the dogs. */
function safest(yard: Yard): number {
  const { width, squares } = flat(yard);
  const distance = distances(yard);
  const buckets: number[][] = Array.from({ length: Math.max(...distance) + 1 }, () => []);
  const seen = new Set<number>();
  function reach(index: number): number {
    seen.add(index);
    const level = distance[index] ?? 0;
    buckets[level]?.push(index);
    return level;
  }
  let worst = reach(squares.indexOf("C"));
  for (let level = worst; level >= 0;) {
    const index = buckets[level]?.pop();
    if (index === undefined) {
      level--;
      continue;
    }
    worst = Math.min(worst, level);
    if (squares[index] === "F") return worst;
    for (const next of neighbours(index, width, squares.length)) {
      if (squares[next] !== "#" && !seen.has(next)) level = Math.max(level, reach(next));
    }
  }
  return -1;
}

/** By the statement: the largest d for which the fish can be reached on squares at least d from each dog. */
function safestByTryingAll(yard: Yard): number {
  const { width, squares } = flat(yard);
  const place = (index: number): [number, number] => [Math.floor(index / width), index % width];
  const dogs = [...squares].flatMap((square, index) => (square === "D" ? [place(index)] : []));
  const nearest = [...squares].map((_, index) => {
    const [row, column] = place(index);
    return Math.min(...dogs.map(([r, c]) => Math.abs(r - row) + Math.abs(c - column)));
  });
  for (let d = Math.max(...nearest); d >= 0; d--) {
    const open = (index: number): boolean => squares[index] !== "#" && (nearest[index] ?? 0) >= d;
    const reached = [squares.indexOf("C")].filter(open);
    for (const index of reached) {
      if (squares[index] === "F") return d;
      for (const next of neighbours(index, width, squares.length)) {
        if (open(next) && !reached.includes(next)) reached.push(next);
      }
    }
  }
  return -1;
}

/** Draws over a yard: later strokes win. */
function drawn(base: Yard, strokes: readonly (readonly [row: number, column: number, what: string])[]): Yard {
  const grid = base.map((row) => [...row]);
  for (const [row, column, what] of strokes) grid[row]?.splice(column, 1, what);
  return grid.map((row) => row.join(""));
}

/** Puts cat, fish and dogs onto free squares, drawn at random unless they are given as [row, column]. */
function withInhabitants(base: Yard, dogs: number, cat?: [number, number], fish?: [number, number]): Yard {
  const given = [cat, fish].map(String);
  const free = random
    .shuffled(
      base.flatMap((row, r) => [...row].map((square, c) => ({ square, at: [r, c] as [number, number] }))),
    )
    .filter(({ square, at }) => square === "." && !given.includes(String(at)));
  function drawSquare(): [number, number] {
    const square = free.pop();
    if (square === undefined) throw new Error("no free square is left");
    return square.at;
  }
  return drawn(base, [
    [...(cat ?? drawSquare()), "C"],
    [...(fish ?? drawSquare()), "F"],
    ...Array.from({ length: dogs }, () => [...drawSquare(), "D"] as const),
  ]);
}

function open(rows: number, columns: number): Yard {
  return Array.from({ length: rows }, () => ".".repeat(columns));
}

function scattered(rows: number, columns: number, wallPercent: number): Yard {
  return open(rows, columns).map((row) =>
    [...row].map(() => (random.integer(1, 100) <= wallPercent ? "#" : ".")).join(""),
  );
}

function randomYard(rows: number, columns: number, wallPercent: number, dogs: number): Yard {
  return withInhabitants(scattered(rows, columns, wallPercent), dogs);
}

/** Walls across with a gap at alternating ends: every walk is about half as long as the yard is large. */
function snake(rows: number, columns: number): Yard {
  return Array.from({ length: rows }, (_, row) => {
    if (row % 2 === 0) return ".".repeat(columns);
    return row % 4 === 1 ? `${"#".repeat(columns - 1)}.` : `.${"#".repeat(columns - 1)}`;
  });
}

/** Another two rows: a wall, and behind it a dog at the left end. */
function kennelBelow(yard: Yard): Yard {
  const { width } = flat(yard);
  return [...yard, "#".repeat(width), `D${".".repeat(width - 1)}`];
}

/** A wall down the middle whose gaps are `gaps`, cat on the left, fish on the right. */
function gatedWall(
  size: number,
  gaps: readonly number[],
  dogs: readonly (readonly [number, number])[],
): Yard {
  const middle = Math.floor(size / 2);
  const wall = Array.from(
    { length: size },
    (_, row) => [row, middle, gaps.includes(row) ? "." : "#"] as const,
  );
  const ends = [
    [middle, 0, "C"],
    [middle, size - 1, "F"],
  ] as const;
  return drawn(open(size, size), [
    ...wall,
    ...dogs.map(([row, column]) => [row, column, "D"] as const),
    ...ends,
  ]);
}

for (let round = 0; round < 400; round++) {
  const [rows, columns] = [random.integer(1, 7), random.integer(4, 8)];
  const small = withInhabitants(
    drawn(scattered(rows, columns, 25), [
      [0, 0, "."],
      [0, 1, "."],
      [0, 2, "."],
    ]),
    1,
  );
  agree(small.join("\n"), safest(small), safestByTryingAll(small));
}

const corner = LARGEST - 1;
writeData(import.meta.dirname, [
  ...testFiles<Yard>({
    samples: [
      ["C....", "...D.", "..##.", "....F"],
      ["C.#..D", "..#...", ".D#..F"],
      ["..C..", "#D#D#", ".....", "..F.."],
    ],
    secret: [
      ["smallest", ["CDF"]],
      ["fish-between-cat-and-dog", ["CFD"]],
      ["one-column", ["C", ".", ".", "F", ".", "D"]],
      ["dog-on-the-only-way", ["C..D..F"]],
      ["walled-in-cat", ["C#...", "##...", "...DF"]],
      ["fish-next-to-a-dog", ["C......", ".......", "......F", "......D"]],
      ["cat-next-to-a-dog", ["DC.....", ".......", "......F"]],
      ["dogs-hear-through-walls", ["C.....F", "#######", "...D..."]],
      ["walled-in-dog", ["C.......", "...###..", "...#D#..", "...###..", ".......F"]],
      ["long-way-round-is-safer", ["........", ".######.", ".#....#.", "C..D...F"]],
      [
        "away-from-the-dogs-is-a-dead-end",
        ["D.........", "..........", "C.........", ".########.", ".........F"],
      ],
      ["two-gates-one-guarded", gatedWall(11, [1, 9], [[1, 7]])],
      [
        "gates-by-distance",
        gatedWall(
          41,
          [2, 11, 30, 39],
          [
            [2, 24],
            [11, 28],
            [36, 20],
          ],
        ),
      ],
      ["dogs-everywhere", ["DDDDD", "DCDFD", "DDDDD"]],
      ["random-small", randomYard(9, 9, 12, 2)],
      ["random-small-many-walls", randomYard(12, 10, 30, 2)],
      ["random-wide", randomYard(3, LARGEST, 5, 2)],
      ["random-tall", randomYard(LARGEST, 3, 5, 2)],
      ["random-medium", randomYard(60, 70, 25, 12)],
      ["random-medium-many-dogs", randomYard(60, 60, 20, 400)],
      ["snake-medium", withInhabitants(snake(59, 60), 3, [0, 0], [58, 0])],
      ["largest-open-one-dog", withInhabitants(open(LARGEST, LARGEST), 1, [0, 0], [corner, corner])],
      ["largest-open-few-dogs", withInhabitants(open(LARGEST, LARGEST), 30)],
      [
        "largest-dog-in-the-corner",
        drawn(open(LARGEST, LARGEST), [
          [0, 0, "D"],
          [corner, corner, "F"],
          [corner, 100, "C"],
        ]),
      ],
      ["largest-half-dogs", withInhabitants(open(LARGEST, LARGEST), 30_000)],
      ["largest-some-walls", randomYard(LARGEST, LARGEST, 25, 60)],
      ["largest-snake", withInhabitants(snake(LARGEST - 1, LARGEST), 1, [0, 0], [LARGEST - 2, 0])],
      [
        "largest-snake-beside-a-kennel",
        kennelBelow(withInhabitants(snake(LARGEST - 2, LARGEST), 0, [0, 0], [180, 9])),
      ],
      [
        "largest-gates",
        gatedWall(
          LARGEST,
          [3, 60, 200, 247],
          [
            [3, 130],
            [60, 150],
            [200, 100],
            [240, 125],
          ],
        ),
      ],
    ],
    print: (yard) => `${yard.length} ${flat(yard).width}\n${yard.join("\n")}\n`,
    answer: (yard) => `${safest(yard)}\n`,
  }),
  ...invalidInputs({
    "no-dog": "1 3\nC.F\n",
    "no-cat": "1 3\nD.F\n",
    "no-fish": "1 3\nC.D\n",
    "two-cats": "1 4\nCCFD\n",
    "unknown-square": "1 4\nCxFD\n",
    "row-too-short": "2 4\nC.FD\n...\n",
    "row-too-long": "2 4\nC.FD\n.....\n",
    "row-missing": "2 4\nC.FD\n",
    "row-too-many": "1 4\nC.FD\n....\n",
    "too-wide": `1 251\nCFD${".".repeat(248)}\n`,
    "no-line-end": "1 3\nCFD",
    "carriage-return": "1 3\r\nCFD\r\n",
  }),
]);
