/**
 * What runs inside the guest: examines a sandbox there by hostile programs and prints what was found, a JSON text per
 * line (`Line`).
 *
 *     node test/guest/inside.ts LEVEL all|quick [NAME...]
 */
import { release } from "node:os";
import { type Examiner, openExaminer } from "../../judge/doctor.ts";
import { openFloor } from "../../judge/floor.ts";
import { openHostLoad } from "../../judge/host-load.ts";
import type { HostileProgram } from "../../judge/hostile/program.ts";
import { hostilePrograms } from "../../judge/hostile/suite.ts";
import { judgeLanguages } from "../../judge/languages/index.ts";
import type { Ending, Program, Sandbox, SupervisedLevel } from "../../judge/sandbox.ts";
import type { Store } from "../../judge/store.ts";
import { openTestSandbox, TEST_SLOT } from "../../judge/testing.ts";
import type { Slot } from "../../judge/slot.ts";
import type { GuaranteeState } from "../../protocol/judge-check.ts";
import { watchGuest } from "./residue.ts";

export type Line =
  | { type: "opened"; level: string; reason: string; kernel: string }
  | { type: "found"; program: string; state: GuaranteeState; detail: string; ms: number }
  /** `left`: what is in the guest that was not there before. */
  | { type: "closed"; left: string[] };

/**
 * How much slower an emulated machine computes than its host. Of the time on the clock less is enough, as its greater
 * part is for programs that only wait.
 */
const SLOWNESS = { cpu: 8, wall: 4 };

/** A sandbox whose clocks go as if its machine were not slow: limits are that much wider, and times that much shorter. */
function atHostSpeed(sandbox: Sandbox): Sandbox {
  const slow = (program: Program): Program => ({
    ...program,
    limits: {
      ...program.limits,
      cpuMs: program.limits.cpuMs * SLOWNESS.cpu,
      wallMs: program.limits.wallMs * SLOWNESS.wall,
    },
  });
  const fast = (ending: Ending): Ending => ({
    ...ending,
    cpuMs: ending.cpuMs / SLOWNESS.cpu,
    wallMs: ending.wallMs / SLOWNESS.wall,
  });
  return {
    ...sandbox,
    run: async (program) => fast(await sandbox.run(slow(program))),
    runPair: async (a, b) => {
      const pair = await sandbox.runPair(slow(a), slow(b));
      const [one, two] = pair.endings;
      return { ...pair, endings: [fast(one), fast(two)] };
    },
  };
}

/** Of languages, all are there: the tools are those of the host, and trying each would take minutes. */
function slotOf(sandbox: Sandbox, store: Store): Slot {
  const languages = Object.values(judgeLanguages);
  const toolchains = new Map(languages.map((language) => [language.id, { language, version: "" }] as const));
  return {
    sandbox,
    store,
    toolchains,
    madeAhead: () => null,
    floor: openFloor(),
    hostLoad: openHostLoad(null),
  };
}

/** Not tried here, and said so. */
const TOO_SLOW = "nothing-writable-is-to-be-found";

/**
 * Nobody's fault but the emulation's: while its host is busy, an emulated processor stands still and the clock goes on.
 * What was found wanting for its time alone is tried again, so often in all. What the judge then still refuses to judge,
 * as its host is overloaded, was not tried and is said not to have been; what it judged wrongly is broken.
 */
const OUT_OF_TIME = /\bsaw (TLE|no verdict \(the host is overloaded)/;
const REFUSED = /\bsaw no verdict \(the host is overloaded/;
const TRIES = 3;

async function tryUntilTimely(
  examiner: Examiner,
  program: HostileProgram,
): Promise<{ state: GuaranteeState; detail: string }> {
  for (let tries = 1; ; tries++) {
    const { state, detail } = await examiner.try(program);
    if (state === "broken" && tries < TRIES && OUT_OF_TIME.test(detail)) continue;
    const refused = state === "broken" && REFUSED.test(detail);
    return {
      state: refused ? "unchecked" : state,
      detail: tries === 1 ? detail : `${detail} (try ${tries})`,
    };
  }
}

const say = (line: Line): void => console.log(JSON.stringify(line));

async function examine(level: SupervisedLevel, programs: readonly HostileProgram[]): Promise<void> {
  const leftInGuest = await watchGuest();
  const { sandbox, store, close } = await openTestSandbox(TEST_SLOT, level);
  say({ type: "opened", level: sandbox.level, reason: sandbox.reason, kernel: release() });
  const examiner = await openExaminer(slotOf(atHostSpeed(sandbox), store), await watchGuest());
  for (const program of programs) {
    const started = performance.now();
    const { state, detail } =
      program.name === TOO_SLOW
        ? { state: "unchecked" as const, detail: "it looks at every file, each on another machine: minutes" }
        : await tryUntilTimely(examiner, program);
    say({ type: "found", program: program.name, state, detail, ms: Math.round(performance.now() - started) });
  }
  await examiner.close();
  await close();
  say({ type: "closed", left: await leftInGuest() });
}

const [level, extent, ...names] = process.argv.slice(2);
if (level !== "full" && level !== "userns") throw new Error(`no such level: ${level}`);
const wanted = ({ name, quick }: HostileProgram): boolean =>
  names.length > 0 ? names.includes(name) : quick || extent === "all";
await examine(level, hostilePrograms.filter(wanted));
