import { type LanguageId, languages } from "../../protocol/language.ts";
import type { Judged, JudgedRun } from "./judged.ts";
import { verified } from "./report.ts";

/** How far the browser's verdicts are the judge's, over (submission, language) pairs. */
export interface Agreement {
  /** Both judgements of one submission. */
  add(place: string, judge: Judged, browser: Judged): void;
  /** The figure, then the exceptions with their reasons. */
  lines(): string[];
}

/** Scores are sums and products of decimal fractions, which are not exact. */
const ROUNDING = 1e-9;

export function newAgreement(): Agreement {
  let pairs = 0;
  const exceptions: string[] = [];
  return {
    add(place, judge, browser) {
      pairs += 1;
      const reason = difference(judge, browser);
      if (reason === null) return;
      const { submission } = judge;
      exceptions.push(`${place}${submission.path} (${nameOf(submission.language)}): ${reason}`);
    },
    lines() {
      if (pairs === 0) return ["No submission was judged by both the judge and the browser"];
      const agreed = pairs - exceptions.length;
      // Never rounded up to a whole that it is not.
      const share = Math.floor((agreed / pairs) * 1000) / 10;
      const figure = `Judge and browser agree on ${agreed} of ${pairs} (submission, language) pairs (${share} %)`;
      return [figure, ...exceptions.map((line) => `  ${line}`)];
    },
  };
}

const nameOf = (language: LanguageId | null): string =>
  language === null ? "no language" : languages[language].name;

/** Why two judgements are not the same, or null. What was not judged by both agrees with nothing. */
function difference(judge: Judged, browser: Judged): string | null {
  const [its, theirs] = [verified(judge), verified(browser)];
  const sameScore = Math.abs((its.score ?? 0) - (theirs.score ?? 0)) <= ROUNDING;
  const unjudged = its.verdict === "JE" || theirs.verdict === "JE";
  if (its.verdict === theirs.verdict && sameScore && !unjudged) return null;
  const score = (value: number | null): string =>
    sameScore || value === null ? "" : ` with ${value} points`;
  const both = `judge ${its.verdict}${score(its.score)}, browser ${theirs.verdict}${score(theirs.score)}`;
  const why = [failureOf(judge), failureOf(browser), firstDifference(runsOf(judge), runsOf(browser))];
  return [both, ...why.filter((reason) => reason !== "")].join("; ");
}

const failureOf = ({ engine, outcome }: Judged): string =>
  outcome.type === "failure" ? `the ${engine} could not judge it: ${outcome.message}` : "";

const runsOf = ({ outcome }: Judged): readonly JudgedRun[] =>
  outcome.type === "verdict" ? outcome.runs : [];

function firstDifference(judge: readonly JudgedRun[], browser: readonly JudgedRun[]): string {
  const theirs = new Map(browser.map((run) => [run.name, run]));
  for (const its of judge) {
    const run = theirs.get(its.name);
    if (run === undefined || (run.verdict === its.verdict && run.score === its.score)) continue;
    const times = `${its.cpuMs ?? its.wallMs} ms of CPU time and ${run.wallMs} ms`;
    const note = [run.note, run.message].find((text) => text !== undefined && text !== "");
    const reason = note === undefined ? "" : `, ${note.trim().split("\n")[0]}`;
    return `first on ${its.name}, where the judge says ${its.verdict} and the browser ${run.verdict} (${times})${reason}`;
  }
  return "";
}
