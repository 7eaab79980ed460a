import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Measurement } from "../protocol/judge.ts";
import { bytes } from "../rules/package/example.ts";
import type { Compiled } from "./compile.ts";
import { packageOf } from "./example-package.ts";
import { JudgingFailure } from "./failure.ts";
import { openFloor } from "./floor.ts";
import { judgeTest, type TestJudgement } from "./judge-test.ts";
import { judgeLanguages } from "./languages/index.ts";
import { openProblem, type Problem } from "./problem.ts";
import type { Ending, Program } from "./sandbox.ts";
import type { Slot } from "./slot.ts";
import { openStore, type Store } from "./store.ts";
import type { Submission } from "./submission.ts";

const well: Ending = {
  exitCode: 0,
  signal: null,
  timedOut: false,
  outputExceeded: false,
  outOfMemory: false,
  cpuMs: 100,
  wallMs: 110,
  memoryKiB: 1000,
  stdout: bytes("3\n"),
  stderr: bytes(""),
  stderrCut: false,
  notStarted: null,
  notCollected: null,
};
const took = (cpuMs: number): Ending => ({ ...well, cpuMs, wallMs: cpuMs + 10 });
const killed: Ending = { ...well, exitCode: null, signal: 9, timedOut: true, stdout: bytes("") };
const endless = { ...killed, cpuMs: 1655, wallMs: 1660 };
const slept = { ...killed, cpuMs: 20, wallMs: 5301 };

/**
 * The example allows 1500 ms, and C has no allowance. The sandbox is played here: no real one can be told how long a
 * program takes, or how full its host is.
 */
describe("a test", () => {
  let root: string;
  let store: Store;
  let problem: Problem;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "judge-test-"));
    store = await openStore(root);
    problem = await openProblem(packageOf(), store);
  });
  afterEach(async () => {
    await problem.close();
    await store.close();
    await rm(root, { recursive: true });
  });

  /** A slot whose sandbox gives these endings in turn, on a host that withholds processors for this share of the time. */
  const slotOf = (endings: readonly Ending[], waited: number, onRun: (program: Program) => void): Slot => {
    const left = [...endings];
    const run = (program: Program): Promise<Ending> => {
      onRun(program);
      const ending = left.shift();
      return ending === undefined ? Promise.reject(new Error("ran too often")) : Promise.resolve(ending);
    };
    const unused = (): Promise<never> => Promise.reject(new Error("not used here"));
    return {
      sandbox: { level: "full", reason: "", store: root, run, runPair: unused, close: unused },
      store,
      toolchains: new Map(),
      madeAhead: () => null,
      floor: openFloor(),
      hostLoad: { source: "", watch: async (work) => ({ result: await work(), waited: () => waited }) },
    };
  };
  const judge = (slot: Slot): Promise<TestJudgement> => {
    const toolchain = { language: judgeLanguages.c, version: "12.2.0" };
    const entry = { file: "main.c", start: "main" };
    const release = async (): Promise<void> => {};
    const compiled: Compiled = { ok: true, box: "none", toolchain, entry, output: "", release };
    const submission: Submission = { ok: true, toolchain, compiled, files: null, release };
    const [sample] = problem.pkg.samples;
    if (sample === undefined) throw new Error("the example has a sample");
    return judgeTest(slot, problem, submission, sample, 1500);
  };
  const judged = async (endings: readonly Ending[], waited = 0): Promise<TestJudgement> => {
    let runs = 0;
    const judgement = await judge(slotOf(endings, waited, () => runs++));
    expect(runs).toBe(endings.length);
    return judgement;
  };
  const seen = (measurements: readonly Measurement[]): string[] =>
    measurements.map(({ verdict, cpuMs, alone }) => `${verdict} ${cpuMs}${alone ? " alone" : ""}`);

  it("runs once when its time is not in doubt, and then has no other measurements", async () => {
    expect(await judged([took(100)])).toMatchObject({ verdict: "AC", measurements: [] });
    expect(await judged([endless])).toMatchObject({ verdict: "TLE", measurements: [] });
    expect(await judged([slept])).toMatchObject({ verdict: "TLE", measurements: [] });
  });

  it("may use a tenth more than its limit, so that its time is known, and is TLE all the same", async () => {
    const programs: Program[] = [];
    const slot = slotOf([took(1649), took(1649), took(1649)], 0, (program) => programs.push(program));
    expect(await judge(slot)).toMatchObject({ verdict: "TLE" });
    expect(programs[0]?.limits).toMatchObject({ cpuMs: 1650, wallMs: 5300 });
  });

  it("near the limit runs again, and has the figures and the verdict of the run that counts", async () => {
    const { verdict, ending, measurements } = await judged([took(1550), took(1450)]);
    expect([verdict, ending.cpuMs]).toEqual(["AC", 1450]);
    expect(seen(measurements)).toEqual(["TLE 1550", "AC 1450 alone"]);
  });

  it("runs again alone: a program in another slot is waited for", async () => {
    const events: string[] = [];
    const slot = slotOf([took(1450), took(1440)], 0, () => events.push("run"));
    const other = Promise.withResolvers<void>();
    const beside = slot.floor.beside(() => other.promise.then(() => events.push("the other ended")));
    const judgement = judge(slot);
    while (events.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    // Were the second run not to wait, it would take place now.
    await new Promise((resolve) => setTimeout(resolve, 50));
    other.resolve();
    await Promise.all([beside, judgement]);
    expect(events).toEqual(["run", "the other ended", "run"]);
  });

  it("that met the wall on an overloaded host runs again, and is what it then is", async () => {
    expect(seen((await judged([slept, took(300)], 0.9)).measurements)).toEqual(["TLE 20", "AC 300 alone"]);
  });

  it("is no verdict when the host left it no processor every time", async () => {
    await expect(judged([slept, slept, slept], 0.9)).rejects.toThrow(JudgingFailure);
    await expect(judged([slept, slept, slept], 0.9)).rejects.toThrow("the host is overloaded");
  });
});
