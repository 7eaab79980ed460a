/**
 * `npm run verify -- PACKAGE`: judges a problem package's own submissions and compares with what it expects of them.
 *
 *     read the package -> open a judge, as its doctor does -> the time limit, where the package leaves it out
 *                                                                |
 *                 exit 0 or 1 <- input validators on every test <- every submission on every test
 *
 * Exit 2 as soon as the package or this host turns out to be of no use. Then nothing was said of the submissions.
 */
import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JudgingFailure } from "../judge/failure.ts";
import { inferLimit } from "../judge/infer-time-limit.ts";
import { judgePackage, type JuryJudgement } from "../judge/judge-package.ts";
import { type Ability, openJudge } from "../judge/open-judge.ts";
import { openProblem, type Problem } from "../judge/problem.ts";
import { readSettings } from "../judge/settings.ts";
import { SandboxError } from "../judge/sandbox.ts";
import type { Slot } from "../judge/slot.ts";
import { openStore } from "../judge/store.ts";
import { type LanguageId, languages } from "../protocol/language.ts";
import type { Files, Package } from "../rules/package/package.ts";
import { readPackage } from "../rules/package/read.ts";
import { judgingPlan } from "../rules/submission-verdict.ts";
import { inferredFromRuns } from "./verify/inferred-limit.ts";
import { checkInputs } from "./verify/input-validators.ts";
import { HELP, parseOptions, type VerifyOptions } from "./verify/options.ts";
import { readPackageFiles } from "./verify/package-files.ts";
import { explain, LEGEND, newMatrix, verified } from "./verify/report.ts";

/** The package or this host cannot be used; the message says why. */
class Unusable extends Error {}

interface Output {
  /** For people. */
  say(line: string): void;
  /** One submission, for people or for programs. */
  tell(judged: JuryJudgement): void;
  /** What stands below all of them. */
  legend: string;
}

async function verify({ path, json }: VerifyOptions): Promise<boolean> {
  const say = json ? console.error : console.log;
  const { files, shortName } = usable(() => readPackageFiles(path));
  const { package: pkg, messages } = readPackage(files, shortName);
  for (const { severity, file, message } of messages)
    say(`${severity}: ${file === "" ? "" : `${file} `}${message}`);
  if (pkg === null) throw new Unusable(`${path} is not a usable package`);
  sayPackage(pkg, say);
  const matrix = newMatrix(pkg);
  const tell = json
    ? (judged: JuryJudgement) => console.log(JSON.stringify(verified(judged)))
    : (judged: JuryJudgement) => say(matrix.row(judged));
  const legend = json ? "" : `  ${LEGEND}\n`;
  return withJudge(say, pkg, async (slot) => {
    const problem = await openProblem(pkg, slot.store);
    try {
      const timeMs = await timeLimit(slot, problem, say);
      if (!json) say(`\n${matrix.head}`);
      const asExpected = await verifySubmissions(slot, problem, timeMs, { say, tell, legend });
      return (await verifyInputs(slot, problem, files, say)) && asExpected;
    } finally {
      await problem.close();
    }
  });
}

/** What is wrong with what was asked for is its author's to know: a sentence. Anything else is a defect of ours. */
function usable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Unusable(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function sayPackage(pkg: Package, say: Output["say"]): void {
  const samples = pkg.samples.length;
  const counts = [
    count(samples, "sample"),
    count(judgingPlan(pkg).length - samples, "secret test"),
    count(pkg.submissions.length, "submission"),
  ];
  const name = pkg.name["en"] ?? Object.values(pkg.name)[0] ?? pkg.shortName;
  say(`${name} (${pkg.types.join(", ")}): ${counts.join(", ")}`);
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

/** Opens a judge on a temporary store, as the judge's doctor does, and closes it whatever happens. */
async function withJudge<T>(say: Output["say"], pkg: Package, work: (slot: Slot) => Promise<T>): Promise<T> {
  const { JUDGE_LEVEL, JUDGE_ROOT, JUDGE_ALLOW_UNSAFE } = process.env;
  const environment = { JUDGE_LEVEL, JUDGE_ROOT, JUDGE_ALLOW_UNSAFE };
  const settings = usable(() => readSettings(["doctor"], environment));
  if (settings.command !== "doctor") throw new Error("The doctor's settings are another command's.");
  const folder = await mkdtemp(join(tmpdir(), "verify-"));
  const store = await openStore(folder);
  const conditions = { ...settings.conditions, languages: languagesOf(pkg) };
  const ability = await openJudge(store, conditions, () => undefined);
  const close = async (): Promise<void> => {
    await ability.close();
    // What a compiler that was just stopped still leaves there may come in between.
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  // At once, so that nothing is told of what was cut off. The supervisors end by themselves when their input does.
  const interrupted = (): void => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(130);
  };
  process.once("SIGINT", interrupted);
  process.once("SIGTERM", interrupted);
  try {
    const [slot] = ability.slots;
    if (ability.level === null || slot === undefined)
      throw new Unusable(`nothing can be judged on this host: ${ability.reason}`);
    sayAbility(ability, pkg, say);
    return await work(slot);
  } finally {
    process.off("SIGINT", interrupted);
    process.off("SIGTERM", interrupted);
    await close();
  }
}

/** What its submissions are in, and what validators may be in. */
function languagesOf(pkg: Package): LanguageId[] {
  const used = pkg.submissions.flatMap(({ language }) => (language === null ? [] : [language]));
  return [...new Set<LanguageId>(["c", "cpp", "python3", ...used])];
}

function sayAbility({ level, reason, missing }: Ability, pkg: Package, say: Output["say"]): void {
  say(`Judged at level ${level} (${reason})`);
  if (level === "process") say("NOTHING IS ISOLATED: these programs can do what you can");
  const used = new Set<string | null>(pkg.submissions.map(({ language }) => language));
  for (const { language, reason: why } of missing.filter((one) => used.has(one.language.id)))
    say(`${languages[language.id].name} cannot be judged here: ${why}`);
}

/** @returns null where the package says it itself */
async function timeLimit(slot: Slot, problem: Problem, say: Output["say"]): Promise<number | null> {
  const { limits, types } = problem.pkg;
  if (types.includes("submit-answer")) return null;
  if (limits.timeMs !== null) {
    say(`Time limit ${limits.timeMs / 1000} s, by the package`);
    return null;
  }
  const { timeMs, explanation } = await inferLimit(slot, problem);
  if (timeMs === null)
    throw new Unusable(`the package has no time limit, and none can be worked out: ${explanation}`);
  say(`Time limit, by the jury's submissions: ${explanation}`);
  return timeMs;
}

async function verifySubmissions(
  slot: Slot,
  problem: Problem,
  timeMs: number | null,
  { say, tell, legend }: Output,
): Promise<boolean> {
  const judged: JuryJudgement[] = [];
  for await (const one of judgePackage(slot, problem, timeMs)) {
    judged.push(one);
    tell(one);
  }
  say(legend);
  const { limits, types } = problem.pkg;
  const allowanceMs = (language: LanguageId): number =>
    slot.toolchains.get(language)?.language.allowance.cpuMs ?? 0;
  if (timeMs === null && !types.includes("submit-answer"))
    say(inferredFromRuns(limits.timing, judged, allowanceMs));
  const wrong = judged.filter(({ unexpected }) => unexpected.length > 0);
  if (wrong.length === 0) say(`All is as expected of ${count(judged.length, "submission")}`);
  else say(`Not as expected: ${wrong.length} of ${count(judged.length, "submission")}`);
  for (const one of wrong) for (const line of explain(one)) say(`  ${line}`);
  return wrong.length === 0;
}

async function verifyInputs(
  slot: Slot,
  problem: Problem,
  files: Files,
  say: Output["say"],
): Promise<boolean> {
  const { tried, faults } = await checkInputs(slot, problem, files);
  say(tried);
  for (const fault of faults) say(`  ${fault}`);
  return faults.length === 0;
}

async function main(): Promise<number> {
  try {
    process.umask(0o022);
    const options = usable(() => parseOptions(process.argv.slice(2)));
    if (options !== "help") return (await verify(options)) ? 0 : 1;
    console.log(HELP);
    return 0;
  } catch (error) {
    const known =
      error instanceof Unusable || error instanceof JudgingFailure || error instanceof SandboxError;
    console.error("verify:", known ? error.message : error);
    return 2;
  }
}

// Not by itself: what a judge prepares for later, such as the standard library of Go, nobody waits for.
process.exit(await main());
