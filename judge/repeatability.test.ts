import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism, loadavg } from "node:os";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { LanguageId } from "../protocol/language.ts";
import type { RunResult } from "../protocol/judge.ts";
import type { RunVerdict } from "../protocol/verdict.ts";
import { packageOf } from "./example-package.ts";
import type { Slot } from "./slot.ts";
import { openTestSlot, whyNoSandbox } from "./testing.ts";
import { judgedIn } from "./testing-submissions.ts";

const TIMES = process.env["TEST_LONG"] === "1" ? 20 : 2;

/** Far above what starting takes, so that it is the program's work that is measured. */
const WORK_MS = 400;

interface Subject {
  name: string;
  language: LanguageId;
  /** A program that does so many rounds of its work before it solves the example. */
  source(rounds: number): string;
  rounds: number;
  /** The share of the time limit that it takes where nothing disturbs it. */
  share: number;
  verdict: RunVerdict;
}

const compute = (rounds: number): string => `#include <stdio.h>
int main(void) {
  unsigned x = 1;
  for (long i = 0; i < ${rounds}L; i++) x = x * 1664525u + 1013904223u + (x >> 16);
  volatile unsigned kept = x;
  int a, b;
  scanf("%d%d", &a, &b);
  printf("%d\\n", a + b + 0 * (int)kept);
}`;

/** Each load depends on the one before it, and next to none finds its line in a cache. */
const wander = (rounds: number): string => `#include <stdio.h>
#include <stdlib.h>
enum { SIZE = 1 << 24 };
int main(void) {
  unsigned *next = malloc(SIZE * sizeof *next);
  for (unsigned i = 0; i < SIZE; i++) next[i] = (i * 1664525u + 1013904223u) % SIZE;
  unsigned x = 1;
  for (long i = 0; i < ${rounds}L; i++) x = next[x];
  volatile unsigned kept = x;
  int a, b;
  scanf("%d%d", &a, &b);
  printf("%d\\n", a + b + 0 * (int)kept);
}`;

/** Node counts its collector's and compiler's threads, too. */
const churn = (rounds: number): string => `let kept = [];
for (let i = 0; i < ${rounds}; i++) { kept.push({ i, text: String(i) }); if (kept.length > 50000) kept = []; }
const [a, b] = require("fs").readFileSync(0, "utf8").split(" ").map(Number);
console.log(a + b);`;

const subjects: readonly Subject[] = [
  { name: "computing", language: "c", source: compute, rounds: 3e7, share: 1 / 2, verdict: "AC" },
  { name: "computing for too long", language: "c", source: compute, rounds: 3e7, share: 2, verdict: "TLE" },
  // Where that was measured its CPU time rose by up to 1.8 times beside others.
  {
    name: "wandering through memory",
    language: "c",
    source: wander,
    rounds: 2e6,
    share: 1 / 3,
    verdict: "AC",
  },
  {
    name: "churning through a heap",
    language: "javascript",
    source: churn,
    rounds: 2e5,
    share: 1 / 2,
    verdict: "AC",
  },
];

describe.skipIf((await whyNoSandbox()) !== null)("a submission judged again and again", () => {
  let slot: Slot;
  let close: () => Promise<void>;
  let load: ChildProcess[] = [];

  beforeAll(async () => {
    ({ slot, close } = await openTestSlot());
  });
  afterEach(() => unload());
  afterAll(() => close());

  const unload = async (): Promise<void> => {
    const ended = load.map((child) => once(child, "exit"));
    for (const child of load) child.kill("SIGKILL");
    load = [];
    await Promise.all(ended);
  };
  const overload = (): void => {
    const loop = ["-e", "const end = Date.now() + 300_000; while (Date.now() < end);"];
    // Each a session of its own, as every jailed program is: a desktop kernel shares the processors out among these.
    const start = (): ChildProcess => spawn(process.execPath, loop, { detached: true, stdio: "ignore" });
    load = Array.from({ length: availableParallelism() + 1 }, start);
  };

  /** Judges on the example's one secret test, within so much time. */
  const run = async ({ language }: Subject, source: string, limitMs: number): Promise<RunResult> => {
    const pkg = packageOf({ "data/sample/1.in": null, "data/sample/1.ans": null });
    const { outcome } = await judgedIn(slot, pkg, language, source, { timeMs: limitMs });
    if (outcome.type !== "verdict") throw new Error(outcome.message);
    const [result] = outcome.runs;
    if (result === undefined) throw new Error(`no run: ${outcome.compileOutput}`);
    return result;
  };
  const allowanceMs = ({ language }: Subject): number =>
    slot.toolchains.get(language)?.language.allowance.cpuMs ?? 0;

  /** How much work takes WORK_MS here, and what it takes, both measured. */
  const calibrate = async (subject: Subject): Promise<{ source: string; cpuMs: number }> => {
    let rounds = subject.rounds;
    // The second time corrects for what does not grow with the work.
    for (let time = 0; time < 2; time++) {
      const { cpuMs } = await run(subject, subject.source(rounds), 20_000);
      rounds = Math.ceil((rounds * WORK_MS) / cpuMs);
    }
    const source = subject.source(rounds);
    const times = [await run(subject, source, 20_000), await run(subject, source, 20_000)];
    return { source, cpuMs: Math.min(...times.map(({ cpuMs }) => cpuMs)) };
  };

  it.each(subjects)(
    "keeps its verdict on an idle and on a loaded host: $name",
    { timeout: 300_000 },
    async (subject) => {
      const { source, cpuMs } = await calibrate(subject);
      const limitMs = Math.max(1, Math.round(cpuMs / subject.share) - allowanceMs(subject));
      for (const host of ["idle", "loaded"]) {
        // Idle is what the test finds, which others may use; hence the load average in the report.
        if (host === "loaded") overload();
        const results: RunResult[] = [];
        for (let time = 0; time < TIMES; time++) results.push(await run(subject, source, limitMs));
        console.log(report(subject, host, results));
        expect(results.map(({ verdict }) => verdict)).toEqual(results.map(() => subject.verdict));
      }
    },
  );
});

/** Every measurement, those that do not count included: it is their spread that measuring again is there for. */
function report({ name }: Subject, host: string, results: readonly RunResult[]): string {
  const times = results
    .flatMap(({ cpuMs, measurements }) =>
      measurements.length === 0 ? [cpuMs] : measurements.map((each) => each.cpuMs),
    )
    .sort((a, b) => a - b);
  const [least = 0, most = 0] = [times[0], times.at(-1)];
  const median = times[Math.floor(times.length / 2)] ?? 0;
  const again = times.length - results.length;
  const walls = results.map(({ wallMs }) => wallMs).sort((a, b) => a - b);
  return `repeatability, ${name}, ${host} host: CPU ms min ${least} median ${median} max ${most}, max/min ${(most / least).toFixed(2)}; wall ms ${walls[0]} to ${walls.at(-1)}; ${results.length} judged, ${again} more runs; load average ${loadavg()[0]?.toFixed(1)}`;
}
