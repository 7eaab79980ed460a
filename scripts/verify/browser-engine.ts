import { type LanguageId, languages as languageNames } from "../../protocol/language.ts";
import { browserLimits } from "../../rules/browser-limits.ts";
import { surprises } from "../../rules/jury-expectations.ts";
import type { JurySubmission, Package } from "../../rules/package/package.ts";
import { runVerdict } from "../../rules/run-verdict.ts";
import { isDecided, judgingPlan, type PlannedTest, scoreSubmission } from "../../rules/submission-verdict.ts";
import { testScore } from "../../rules/test-score.ts";
import type { RunLimits, RunResult, SourceFile } from "../../wasm-runtimes/contract.ts";
import {
  openBrowserEngine,
  PageCrashed,
  type EnginePage,
  type PageProgram,
  type PageRuntime,
} from "../browser/engine.ts";
import type { Check } from "./check.ts";
import type { Judged, JudgedRun } from "./judged.ts";

export interface BrowserJudge {
  /** `Chromium 156.0.7000.0` */
  name: string;
  languages: readonly LanguageId[];
  /** What was used until now: `Python 3 in the browser: CPython 3.14.2`. */
  toolchains(): string[];
  judge(pkg: Package, submission: JurySubmission, how: BrowserConditions): Promise<Judged>;
  close(): Promise<void>;
}

export interface BrowserConditions {
  /** The package's time limit, of which the browser's is a multiple. */
  timeMs: number;
  extent: "deciding" | "all";
  check: Check;
}

/** Why no submission of a package can be judged in the browser; null when it can. */
export function browserObstacle(pkg: Package): string | null {
  if (pkg.types.includes("submit-answer")) return "answers are submitted, not programs";
  if (pkg.checker === "interactive" || pkg.types.includes("interactive")) return "the problem is interactive";
  if (pkg.types.includes("multi-pass")) return "the problem has several passes";
  if (pkg.include.size > 0) return "the package adds files to submissions";
  const special = judgingPlan(pkg).some(({ test }) => test.args.length > 0 || test.files.size > 0);
  return special ? "its tests have arguments or files for the program" : null;
}

/** The sandbox itself died, twice: nothing is known of the program. */
class NotComparable extends Error {}

/** A page and what is open in it; a new one follows when it dies. */
interface Session {
  page: EnginePage;
  runtimes: Map<LanguageId, Promise<PageRuntime>>;
}

/**
 * Judges submissions in headless Chromium with the runtimes of the built client. Results are decided here, by the same rules as the
 * judge's, from nothing but what the page says of each run.
 *
 * @throws NoBrowser
 */
export async function openBrowserJudge(): Promise<BrowserJudge> {
  const engine = await openBrowserEngine();
  const open = async (): Promise<Session> => ({ page: await engine.openPage(), runtimes: new Map() });
  let session = open();
  const used = new Map<LanguageId, string>();
  const { languages } = (await session).page;

  const compile = async (language: LanguageId, files: readonly SourceFile[]) => {
    const current = await session;
    const runtime = current.runtimes.get(language) ?? current.page.openRuntime(language);
    current.runtimes.set(language, runtime);
    // One that could not be opened is asked for again by the next submission.
    runtime.catch(() => current.runtimes.delete(language));
    used.set(language, (await runtime).toolchain);
    return { current, compiled: await (await runtime).compile(files) };
  };
  /** Does it in the page that there is, and once more in a new one when that dies of it. */
  const inPage = async <T>(work: () => Promise<T>): Promise<T> => {
    const before = session;
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PageCrashed)) throw error;
      // Several may find out at once.
      if (session === before) session = open();
      return work();
    }
  };
  return {
    name: engine.name,
    languages,
    toolchains: () => [...used].map(([id, name]) => `${languageNames[id].name} in the browser: ${name}`),
    judge: async (pkg, submission, how) => {
      const about = { engine: "browser" as const, submission };
      try {
        const { language } = submission;
        if (language === null) throw new NotComparable("it is in no language that runs in the browser");
        const files = sourceOf(submission);
        const first = await inPage(() => compile(language, files));
        if (!first.compiled.ok) return { ...about, ...expected(pkg, submission, "CE", []) };
        let made = { ...first, program: first.compiled.program };
        const program = async (): Promise<PageProgram> => {
          if (made.current === (await session)) return made.program;
          const again = await inPage(() => compile(language, files));
          if (!again.compiled.ok) throw new NotComparable("it compiled once, and then did not");
          made = { ...again, program: again.compiled.program };
          return made.program;
        };
        const { cores } = made.current.page;
        const limits = browserLimits(how.timeMs, pkg.limits);
        const attempt = async ({ test }: PlannedTest): Promise<RunResult | null> => {
          try {
            const result = await inPage(async () => (await program()).run(test.input, limits));
            return result.ended === "crash" ? null : result;
          } catch (error) {
            if (error instanceof PageCrashed) return null;
            throw error;
          }
        };
        const runs = await runTests(pkg, how, { attempt, limits, cores });
        await made.program.release();
        return { ...about, ...expected(pkg, submission, null, runs) };
      } catch (error) {
        // Whatever it was, this submission was not judged; the next one may be.
        const [message = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
        return { ...about, outcome: { type: "failure", message }, unexpected: [message] };
      }
    },
    close: () => engine.close(),
  };
}

/** The file that starts first, as runtimes want it. */
function sourceOf({ files, entryPoint }: JurySubmission): SourceFile[] {
  const texts = [...files].map(([name, bytes]) => ({ name, text: new TextDecoder().decode(bytes) }));
  const starts = (name: string): boolean =>
    entryPoint === null ? /^(__main__|main)\./.test(name) : name === entryPoint;
  return texts.sort((a, b) => Number(starts(b.name)) - Number(starts(a.name)));
}

function expected(
  pkg: Package,
  submission: JurySubmission,
  refused: "CE" | null,
  runs: readonly JudgedRun[],
): Pick<Judged, "outcome" | "unexpected"> {
  const { verdict, score, groups } =
    refused === null ? scoreSubmission(pkg, runs) : { verdict: refused, score: null, groups: [] };
  const unexpected = surprises(submission, { verdict, score, groups, runs });
  return { outcome: { type: "verdict", verdict, score, runs }, unexpected };
}

/** How tests are run, which the rules need not know. */
interface Trials {
  /** Null when the sandbox died, which says nothing of the program. */
  attempt(step: PlannedTest): Promise<RunResult | null>;
  limits: RunLimits;
  /** How many at once. */
  cores: number;
}

/**
 * Runs the tests side by side, and then goes through them in order as the judge does: what it would have left out does not count, even
 * when it ran. A test on which the sandbox died is tried once more, alone.
 *
 * @throws NotComparable
 */
async function runTests(
  pkg: Package,
  { extent, check }: BrowserConditions,
  { attempt, limits, cores }: Trials,
): Promise<JudgedRun[]> {
  const plan = judgingPlan(pkg);
  const done = new Map<PlannedTest, JudgedRun | "left out" | "died">();
  const settle = async (step: PlannedTest): Promise<JudgedRun | "died"> => {
    const result = await attempt(step);
    return result === null ? "died" : judgedRun(step, result, limits, check);
  };
  const waiting = plan.values();
  const drive = async (): Promise<void> => {
    for (const step of waiting) {
      const leftOut = extent === "deciding" && isDecided(pkg, step, settled(plan, done));
      done.set(step, leftOut ? "left out" : await settle(step));
    }
  };
  await Promise.all(Array.from({ length: cores }, drive));

  const runs: JudgedRun[] = [];
  for (const step of plan) {
    if (extent === "deciding" && isDecided(pkg, step, runs)) continue;
    const before = done.get(step);
    const run = typeof before === "object" ? before : await settle(step);
    if (run === "died") throw new NotComparable(`the browser's sandbox died on ${step.test.name}, twice`);
    runs.push(run);
  }
  return runs;
}

/** The results up to the first that is not known yet: the judge decides by those before a test. */
function settled(
  plan: readonly PlannedTest[],
  done: ReadonlyMap<PlannedTest, JudgedRun | "left out" | "died">,
): JudgedRun[] {
  const runs: JudgedRun[] = [];
  for (const step of plan) {
    const run = done.get(step);
    if (run === undefined || run === "died") break;
    if (run !== "left out") runs.push(run);
  }
  return runs;
}

/** @throws NotComparable when the validator gave points that it may not */
async function judgedRun(
  { test, group }: PlannedTest,
  result: RunResult,
  { wallMs: limitMs }: RunLimits,
  check: Check,
): Promise<JudgedRun> {
  const { ended, exitCode, wallMs, memoryBytes } = result;
  const well = ended === "exit" && exitCode === 0 && wallMs <= limitMs;
  const checked = well ? await check(test, result.stdout) : null;
  const verdict = runVerdict({
    exitCode,
    signal: null,
    cpuMs: wallMs,
    wallMs,
    cpuLimitMs: limitMs,
    timedOut: ended === "timeout",
    outOfMemory: ended === "memory",
    outputExceeded: ended === "output",
    check: checked?.check ?? null,
    validatorEndedFirst: false,
  });
  const feedback = checked?.feedback ?? new Map<string, string>();
  const scored = testScore(group, verdict === "AC", {
    score: feedback.get("score.txt") ?? null,
    multiplier: feedback.get("score_multiplier.txt") ?? null,
  });
  if (scored.type === "judge error") throw new NotComparable(`${test.name}: ${scored.message}`);
  return {
    name: test.name,
    verdict,
    score: scored.score,
    cpuMs: null,
    wallMs: Math.round(wallMs),
    memoryKiB: memoryBytes === null ? null : Math.ceil(memoryBytes / 1024),
    message: feedback.get("judgemessage.txt") ?? "",
    note: howItEnded(result),
  };
}

/** What explains a verdict for which no checker was asked. */
function howItEnded({ ended, exitCode, stderr }: RunResult): string {
  if (ended === "stack") return "it recursed more deeply than the browser allows";
  if (ended === "memory") return "it asked for more memory than it may have";
  const [last = ""] = stderr.trimEnd().split("\n").slice(-1);
  return exitCode === null || exitCode === 0
    ? ""
    : `exit code ${exitCode}${last && `: ${last.slice(0, 200)}`}`;
}
