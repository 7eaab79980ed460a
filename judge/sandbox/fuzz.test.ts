/** Both parsers of the supervisor's wire, told what nobody would say: the C one by a fuzzer, the TypeScript one here. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { seededRandom } from "../../rules/seeded-random.ts";
import { buildFuzzer, type PlantedDefect } from "./build.ts";
import {
  type Configuration,
  encodeConfiguration,
  encodeRun,
  frame,
  frameReader,
  type Program,
  type Reply,
  replyKind,
  WireError,
} from "./wire.ts";

const isLong = process.env["TEST_LONG"] === "1";
const seconds = isLong ? 70 : 5;

const configuration: Configuration = {
  level: "full",
  uid: 10_001,
  processor: null,
  jail: "/tmp/jail",
  store: "/tmp",
  root: "/",
  binds: [],
};
const program: Program = {
  argv: ["/bin/true"],
  env: [],
  input: null,
  collect: null,
  mounts: [],
  limits: {
    cpuMs: 1000,
    wallMs: 3000,
    memoryBytes: 2 ** 28,
    outputBytes: 2 ** 23,
    errorBytes: 2 ** 16,
    workBytes: 2 ** 24,
    workInodes: 1000,
    processes: 64,
  },
};
const large: Program = {
  ...program,
  argv: ["/usr/bin/g++", "-O2", "-std=gnu++20", "-o", "program", "main.cpp"],
  env: ["PATH=/usr/bin:/bin", "HOME=/scratch"],
  input: "tests/1/input",
  collect: "box/7",
  mounts: [
    { from: "box/7", to: "/box" },
    { from: "data", to: "/data" },
    { from: "pch/gnu++20", to: "/pch" },
  ],
};

/** Valid requests of every shape. */
const requests: readonly Buffer[] = [
  encodeConfiguration(configuration),
  encodeConfiguration({ ...configuration, level: "userns", processor: 1, root: "/srv/judge/root" }),
  encodeConfiguration({
    ...configuration,
    binds: [
      { from: "/opt/node", to: "/opt/node" },
      { from: "/etc/java-17-openjdk", to: "/etc/java" },
    ],
  }),
  encodeConfiguration({
    ...configuration,
    binds: Array.from({ length: 64 }, (_, index) => ({ from: `/a/${index}`, to: `/b/${index}` })),
  }),
  encodeRun([program]),
  encodeRun([large]),
  encodeRun([program, program]),
  encodeRun([large, { ...program, input: "in" }]),
  encodeRun([{ ...program, argv: Array.from({ length: 512 }, (_, index) => `${index}`) }]),
  Buffer.concat([encodeConfiguration(configuration), encodeRun([program]), encodeRun([large, large])]),
];

interface Found {
  code: number | null;
  said: string;
}

/** Runs a program to its end, whatever its exit code. */
function runToEnd(path: string, args: readonly string[]): Promise<Found> {
  return new Promise((resolve) => {
    const child = execFile(path, [...args], (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, said: stdout + stderr }),
    );
  });
}

describe.skipIf(process.platform !== "linux")("the supervisor's parser, fuzzed,", () => {
  let folder: string;
  let seeds: string[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "judge-fuzz-"));
    seeds = requests.map((_, index) => join(folder, `request-${index}`));
    await Promise.all(seeds.map((path, index) => writeFile(path, requests[index] ?? "")));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it(`keeps its promises for ${seconds} seconds`, { timeout: (seconds + 120) * 1000 }, async () => {
    // Another seed every day in the long test, so that it looks at something new; it is printed, to be repeated.
    const seed = isLong ? Math.floor(Date.now() / 86_400_000) : 1;
    const found = join(folder, "found");
    const { code, said } = await runToEnd(await buildFuzzer(), [`${seconds}`, `${seed}`, found, ...seeds]);
    const input = code === 0 ? "" : await readFile(found, "hex").catch(() => "none kept");
    expect(code, `${said}\n${input}`).toBe(0);
    console.info(said.trim().replaceAll("\n", ": "));
    const [, inputs, edges, firstEdges, kept] =
      /(\d+) inputs, .* (\d+) edges \((\d+) by .*, (\d+) kept/.exec(said)?.map(Number) ?? [];
    // A fuzzer that does nothing, or sees nothing of what the parser does, fails.
    expect(inputs).toBeGreaterThan(10_000);
    expect(firstEdges).toBeGreaterThan(100);
    expect(edges).toBeGreaterThan((firstEdges ?? 0) + 30);
    expect(kept).toBeGreaterThan(5 * requests.length);
  });

  it.each<[defect: PlantedDefect, what: string, said: RegExp]>([
    ["PLANT_OVERREAD", "a length that is believed", /AddressSanitizer: heap-buffer-overflow/],
    ["PLANT_LEAK", "a refused request that is not freed", /all memory is given back/],
    ["PLANT_MAZE", "what only eight steps one after the other lead to", /the way through the maze/],
  ])("would find %s: %s, and tries it once more", { timeout: 180_000 }, async (defect, _what, wanted) => {
    const fuzzer = await buildFuzzer(defect);
    const found = join(folder, "found");
    const first = await runToEnd(fuzzer, ["60", "1", found, ...seeds]);
    expect(first.said).toMatch(wanted);
    expect(first.said).toContain(found);
    expect(first.code).toBe(1);
    const again = await runToEnd(fuzzer, [found]);
    expect(again.said).toMatch(wanted);
    expect(again.code).toBe(1);
  });

  it("does not begin with a request that the parser refuses", async () => {
    const broken = join(folder, "broken");
    await writeFile(broken, frame(1, Buffer.from("nothing of the kind")));
    const { code, said } = await runToEnd(await buildFuzzer(), ["1", "1", join(folder, "found"), broken]);
    expect(said).toContain("not a request that is accepted");
    expect(code).toBe(2);
  });
});

/** What a hostile or broken supervisor might send: bytes at random, and valid replies spoilt. */
function spoil(random: () => number): Buffer {
  const below = (bound: number): number => Math.floor(random() * bound);
  const text = (length: number): Buffer => Buffer.concat([u32(length), Buffer.alloc(length, "x")]);
  const ending = (): Buffer =>
    Buffer.concat([
      Buffer.alloc(34, below(3)),
      text(below(4)),
      text(below(4)),
      text(below(40)),
      text(below(40)),
      Buffer.from([0]),
    ]);
  const bodies = [
    (): Buffer => frame(replyKind.ready, text(below(30))),
    (): Buffer => frame(replyKind.failed, text(below(30))),
    (): Buffer => frame(replyKind.result, Buffer.concat([Buffer.from([1, 0]), ending()])),
    (): Buffer => frame(replyKind.result, Buffer.concat([Buffer.from([2, 1]), ending(), ending()])),
    (): Buffer => Buffer.from(Array.from({ length: below(60) }, () => below(256))),
  ];
  const stream = Buffer.concat(
    Array.from({ length: 1 + below(3) }, () => bodies[below(bodies.length)]?.() ?? Buffer.alloc(0)),
  );
  const interesting = [0, 1, 2, 0x7f, 0x80, 0xff];
  for (let changes = below(4); changes > 0 && stream.length > 0; changes--)
    stream[below(stream.length)] = random() < 0.5 ? (interesting[below(6)] ?? 0) : below(256);
  return random() < 0.2 ? stream.subarray(0, below(stream.length + 1)) : stream;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** Reads a stream that comes in such pieces: the replies before its first error, if it has one, and the error. */
function readAll(stream: Buffer, piece: () => number): { replies: Reply[]; error: string | null } {
  const read = frameReader();
  const replies: Reply[] = [];
  for (let at = 0; at < stream.length;) {
    const size = piece();
    try {
      replies.push(...read(stream.subarray(at, at + size)));
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return { replies, error: error.message };
    }
    at += size;
  }
  return { replies, error: null };
}

describe("the service's parser, told bytes by chance,", () => {
  it("gives replies or a WireError, the same in whatever pieces they come", { timeout: 180_000 }, () => {
    const random = seededRandom(20_251_122);
    const met = { ready: 0, failed: 0, result: 0, error: 0 };
    for (let round = isLong ? 40_000 : 4000; round > 0; round--) {
      const stream = spoil(random);
      const byBytes = readAll(stream, () => 1);
      const byPieces = readAll(stream, () => 1 + Math.floor(random() * 20));
      const whole = readAll(stream, () => stream.length);
      const hex = stream.toString("hex");
      expect(byPieces.error, hex).toBe(byBytes.error);
      expect(whole.error, hex).toBe(byBytes.error);
      // The replies of one piece are dropped with an error behind them: the supervisor is ended for it anyway.
      if (byBytes.error === null)
        expect([byPieces.replies, whole.replies], hex).toEqual([byBytes.replies, byBytes.replies]);
      for (const { type } of byBytes.replies) met[type]++;
      if (byBytes.error !== null) met.error++;
    }
    // Every outcome was met, or the bytes were not worth reading.
    for (const count of Object.values(met)) expect(count).toBeGreaterThan(100);
  });
});
