import { type JuryJudgement, judgePackage } from "../../judge/judge-package.ts";
import type { Problem } from "../../judge/problem.ts";
import type { Slot } from "../../judge/slot.ts";
import { languages } from "../../protocol/language.ts";
import { browserLimits } from "../../rules/browser-limits.ts";
import type { JurySubmission, Package } from "../../rules/package/package.ts";
import type { Agreement } from "./agreement.ts";
import { type BrowserJudge, browserObstacle } from "./browser-engine.ts";
import { type Check, defaultCheck, validatorCheck } from "./check.ts";
import type { Engine, Judged } from "./judged.ts";
import { count } from "./packages.ts";
import { explain, LEGEND, newMatrix, verified } from "./report.ts";

export interface Output {
  /** For people. */
  say(line: string): void;
  /** Whether each submission is told for programs. */
  json: boolean;
  /** What tells a submission's package from others; null where there is one. */
  place: string | null;
}

/** What judges one package. */
export interface Engines {
  /** Whose verdicts are asked for. */
  asked: readonly Engine[];
  /** Null when nothing needs it. */
  judge: { slot: Slot; problem: Problem } | null;
  /** Null unless it is asked for. */
  browser: BrowserJudge | null;
}

/** Whether verdicts of the browser on this package need the judge's sandbox for something else. */
export function browserNeedsJudge(pkg: Package): boolean {
  return browserObstacle(pkg) === null && (pkg.checker !== "default" || pkg.limits.timeMs === null);
}

/**
 * Judges all submissions with the engines that are asked for, one after the other, and tells each as soon as it is known.
 *
 * @param timeMs - null where answers are submitted
 * @returns what each engine judged, in the order of the submissions
 */
export async function judgeSubmissions(
  pkg: Package,
  engines: Engines,
  timeMs: number | null,
  extent: "deciding" | "all",
  { say, json, place }: Output,
): Promise<{ judge: JuryJudgement[]; browser: Judged[] }> {
  const inBrowser = browserSide(pkg, engines, timeMs, extent, say);
  const running = engines.asked.filter((engine) => engine === "judge" || inBrowser !== null);
  const matrix = newMatrix(pkg, running);
  if (!json && running.length > 0) say(`\n${matrix.head}`);
  const told = <T extends Judged>(judged: T): T => {
    if (json)
      console.log(JSON.stringify({ ...(place === null ? {} : { package: place }), ...verified(judged) }));
    else say(matrix.row(judged));
    return judged;
  };
  const judged: { judge: JuryJudgement[]; browser: Judged[] } = { judge: [], browser: [] };
  const besides = async (submission: JurySubmission): Promise<void> => {
    const other = await inBrowser?.(submission);
    if (other) judged.browser.push(told(other));
  };
  if (engines.asked.includes("judge") && engines.judge !== null) {
    const { slot, problem } = engines.judge;
    for await (const one of judgePackage(slot, problem, timeMs, extent)) {
      judged.judge.push(one);
      told({ ...one, engine: "judge" });
      await besides(one.submission);
    }
  } else for (const submission of pkg.submissions) await besides(submission);
  if (!json && running.length > 0) say(`  ${LEGEND}\n`);
  sayUnexpected(
    [...judged.judge.map((one) => ({ ...one, engine: "judge" as const })), ...judged.browser],
    running,
    say,
  );
  return judged;
}

/** Judges one submission in the browser, or null for one that it does not run; null when it runs none of them. */
function browserSide(
  pkg: Package,
  { browser, judge }: Engines,
  timeMs: number | null,
  extent: "deciding" | "all",
  say: Output["say"],
): ((submission: JurySubmission) => Promise<Judged | null>) | null {
  if (browser === null) return null;
  const obstacle = browserObstacle(pkg);
  if (obstacle !== null || timeMs === null) {
    say(`Not in the browser: ${obstacle ?? "there is no time limit"}`);
    return null;
  }
  const runs = ({ language }: JurySubmission): boolean =>
    language !== null && browser.languages.includes(language);
  const others = pkg.submissions.filter((submission) => !runs(submission));
  const named = others.map(
    ({ path, language }) => `${path} (${language === null ? "no language" : languages[language].name})`,
  );
  if (others.length > 0) say(`Not in the browser: ${named.join(", ")}`);
  const seconds = browserLimits(timeMs, pkg.limits).wallMs / 1000;
  say(`In ${browser.name}: ${seconds} s for each test, by the clock on the wall`);
  let check: Check = defaultCheck;
  if (pkg.checker !== "default") {
    if (judge === null) throw new Error("Custom validators need a judge.");
    check = validatorCheck(judge.slot, judge.problem);
    say("The package's validator looks at the browser's output in the judge's sandbox");
  }
  return async (submission) =>
    runs(submission) ? browser.judge(pkg, submission, { timeMs, extent, check }) : null;
}

function sayUnexpected(all: readonly Judged[], engines: readonly Engine[], say: Output["say"]): void {
  for (const engine of engines) {
    const judged = all.filter((one) => one.engine === engine);
    const wrong = judged.filter(({ unexpected }) => unexpected.length > 0);
    const by = engines.length === 1 ? "" : engine === "judge" ? " from the judge" : " in the browser";
    if (wrong.length === 0) say(`All is as expected of ${count(judged.length, "submission")}${by}`);
    else say(`Not as expected: ${wrong.length} of ${count(judged.length, "submission")}${by}`);
    for (const one of wrong) for (const line of explain(one, engines)) say(`  ${line}`);
  }
}

/** Counts those that both judged. */
export function compare(
  place: string | null,
  { judge, browser }: { judge: readonly JuryJudgement[]; browser: readonly Judged[] },
  agreement: Agreement,
): void {
  for (const one of judge) {
    const other = browser.find(({ submission }) => submission === one.submission);
    if (other !== undefined)
      agreement.add(place === null ? "" : `${place}: `, { ...one, engine: "judge" }, other);
  }
}
