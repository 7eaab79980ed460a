import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { environment, programLimits } from "../../judge/limits.ts";
import { openProcessSandbox } from "../../judge/process-sandbox.ts";
import { buildSupervisor } from "../../judge/sandbox/build.ts";
import { openSandbox, type Program, type Sandbox } from "../../judge/sandbox.ts";
import { openStore, type Store } from "../../judge/store.ts";
import type { SandboxLevel } from "../../protocol/submission.ts";
import { otherSandboxes } from "./other-sandboxes.ts";
import { openStarter } from "./plain.ts";
import { type Arm, difference, type Difference, type Figures, figures, timeRounds } from "./rounds.ts";

/** A program that does nothing: what is measured is all that surrounds it. */
const TRIVIAL = "/usr/bin/true";

/** What the judge promises, seen from its Node service. */
const TARGET_OVERHEAD_MS = 3;
const TARGET_TESTS_PER_SECOND = 300;

const SLOTS = 2;
/** Each way of running gets its turns one after the other, several times, for the same reason as rounds. */
const TURNS = 3;
const TURN_MS = 1000;

const PLAIN = "plain";
const SPAWN = "spawn of Node";
const NAMESPACE = "unshare --mount";
const NETWORK = "unshare --mount --net";

export interface JudgeReport {
  /** Milliseconds for a test, one at a time. */
  tests: (Figures & { overPlain: Difference | null })[];
  /** What a fresh network namespace adds to a fresh mount namespace; null where `unshare` cannot make them. */
  networkNamespace: Difference | null;
  throughput: { name: string; testsPerSecond: number }[];
  targets: { target: string; figure: number | null; met: boolean | null }[];
  notMeasured: { name: string; reason: string }[];
}

/** What a level needs to run a test in each slot. */
interface Level {
  level: SandboxLevel;
  slots: readonly Sandbox[];
}

/**
 * What the sandbox adds to a program at each level that holds here, over starting the same program without one; and how
 * many tests two slots do in a second.
 */
export async function benchJudge(rounds: number): Promise<JudgeReport> {
  const root = await mkdtemp(join(tmpdir(), "bench-"));
  const store = await openStore(root);
  const notMeasured: JudgeReport["notMeasured"] = [];
  const levels = await openLevels(store, notMeasured);
  const starters = await Promise.all(Array.from({ length: SLOTS }, () => openStarter(root, TRIVIAL)));
  try {
    const single = levels.map(({ level, slots }): Arm => ({ name: level, run: () => runIn(slots[0]) }));
    const others = await otherSandboxes(TRIVIAL, notMeasured);
    const plain = [
      { name: PLAIN, run: async () => starters[0]?.run() },
      { name: SPAWN, run: () => start(TRIVIAL, []) },
    ];
    const arms = [...plain, ...single, ...others.arms, ...(await namespaces(notMeasured))];
    const times = await timeRounds(arms, rounds, 20);
    await others.close();
    const throughput = await measureThroughput([
      { name: PLAIN, slots: starters.map(({ run }) => run) },
      ...levels.map(({ level, slots }) => ({ name: level, slots: slots.map((slot) => () => runIn(slot)) })),
    ]);
    const tests = figures(times).map((one) => ({
      ...one,
      overPlain: one.name === PLAIN ? null : difference(times, one.name, PLAIN),
    }));
    const networkNamespace = difference(times, NETWORK, NAMESPACE);
    return { tests, networkNamespace, throughput, targets: compare(tests, throughput), notMeasured };
  } finally {
    await Promise.all(starters.map((starter) => starter.close()));
    for (const { slots } of levels) await Promise.all(slots.map((slot) => slot.close()));
    await rm(root, { recursive: true, force: true });
  }
}

async function openLevels(store: Store, notMeasured: JudgeReport["notMeasured"]): Promise<Level[]> {
  const levels: Level[] = [];
  for (const level of ["full", "userns", "process"] as const) {
    const slots: Sandbox[] = [];
    try {
      for (let slot = 0; slot < SLOTS; slot++) slots.push(await openSlot(store, level, slot));
      await runIn(slots[0]);
      console.log(`${level}: ${slots[0]?.reason}`);
      levels.push({ level, slots });
    } catch (error) {
      await Promise.all(slots.map((slot) => slot.close()));
      notMeasured.push({ name: level, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return levels;
}

/** As the judge opens its slots, each on a processor of its own; but as users whom no judge beside this one has. */
async function openSlot(store: Store, level: SandboxLevel, slot: number): Promise<Sandbox> {
  if (level === "process") return openProcessSandbox({ store, binds: [] });
  return openSandbox({
    supervisor: await buildSupervisor(),
    store: store.root,
    slot: 1000 + (process.pid % 20_000) * SLOTS + slot,
    processor: Math.max(0, availableParallelism() - 1 - slot),
    level,
    binds: [],
  });
}

const program: Program = {
  argv: [TRIVIAL],
  env: environment,
  input: null,
  collect: null,
  mounts: [],
  limits: programLimits(1000, 64, 1),
};

async function runIn(slot: Sandbox | undefined): Promise<void> {
  const ending = await slot?.run(program);
  if (ending?.exitCode !== 0)
    throw new Error(`${TRIVIAL} ended with ${ending?.notStarted ?? ending?.exitCode ?? "nothing"}`);
}

async function start(command: string, words: readonly string[]): Promise<void> {
  const [code] = await once(spawn(command, words, { stdio: "ignore" }), "close");
  if (code !== 0) throw new Error(`${command} ended with ${code}`);
}

/**
 * The supervisor cannot leave out the network namespace, and rightly so; hence what one costs is measured by the system's
 * own tool.
 */
async function namespaces(notMeasured: JudgeReport["notMeasured"]): Promise<Arm[]> {
  const arms = [NAMESPACE, NETWORK].map((name): Arm => {
    const [command = "", ...words] = `${name} --propagation unchanged ${TRIVIAL}`.split(" ");
    return { name, run: () => start(command, words) };
  });
  try {
    for (const { run } of arms) await run();
    return arms;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    notMeasured.push({ name: "network namespace", reason });
    return [];
  }
}

/** Drives all slots of one way at once, each with one test after the other. */
async function measureThroughput(
  ways: readonly { name: string; slots: readonly (() => Promise<void>)[] }[],
): Promise<JudgeReport["throughput"]> {
  const done = new Map(ways.map(({ name }) => [name, { tests: 0, ms: 0 }]));
  for (let turn = 0; turn < TURNS; turn++) {
    for (const { name, slots } of ways) {
      const counted = done.get(name);
      if (counted === undefined) continue;
      const began = performance.now();
      const drive = async (run: () => Promise<void>): Promise<void> => {
        for (; performance.now() - began < TURN_MS; counted.tests++) await run();
      };
      await Promise.all(slots.map(drive));
      counted.ms += performance.now() - began;
    }
  }
  return [...done].map(([name, { tests, ms }]) => ({
    name,
    testsPerSecond: Math.round((tests / ms) * 1000),
  }));
}

function compare(tests: JudgeReport["tests"], throughput: JudgeReport["throughput"]): JudgeReport["targets"] {
  const overhead = tests.find(({ name }) => name === "full")?.overPlain?.medianMs ?? null;
  const rate = throughput.find(({ name }) => name === "full")?.testsPerSecond ?? null;
  return [
    {
      target: `at most ${TARGET_OVERHEAD_MS} ms over plain at level full, median`,
      figure: overhead,
      met: overhead === null ? null : overhead <= TARGET_OVERHEAD_MS,
    },
    {
      target: `at least ${TARGET_TESTS_PER_SECOND} tests/s on ${SLOTS} slots at level full`,
      figure: rate,
      met: rate === null ? null : rate >= TARGET_TESTS_PER_SECOND,
    },
  ];
}

/** Prints a report for people. */
export function printJudgeReport({
  tests,
  networkNamespace,
  throughput,
  targets,
  notMeasured,
}: JudgeReport): void {
  const rate = new Map(throughput.map(({ name, testsPerSecond }) => [name, testsPerSecond]));
  const rows = tests.map(({ name, medianMs, p90Ms, overPlain }) => ({
    name,
    "median ms": medianMs,
    "p90 ms": p90Ms,
    "over plain ms": overPlain === null ? "" : `${overPlain.medianMs} ± ${overPlain.uncertaintyMs}`,
    "p90 over plain ms": overPlain?.p90Ms ?? "",
    "times plain": overPlain?.ratio ?? "",
    [`tests/s on ${SLOTS} slots`]: rate.get(name) ?? "",
  }));
  console.table(Object.fromEntries(rows.map(({ name, ...row }) => [name, row])));
  if (networkNamespace !== null) {
    const { medianMs, uncertaintyMs } = networkNamespace;
    console.log(`a network namespace adds ${medianMs} ± ${uncertaintyMs} ms (unshare with and without one)`);
  }
  for (const { name, reason } of notMeasured) console.log(`not measured: ${name} (${reason})`);
  for (const { target, figure, met } of targets)
    console.log(`${met === null ? "not measured" : met ? "met" : "NOT MET"}: ${target}: ${figure ?? "-"}`);
}
