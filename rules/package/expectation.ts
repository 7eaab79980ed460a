import type { Verdict } from "../../protocol/verdict.ts";
import type { Requirement } from "./package.ts";

/** What one rule asks of a submission (2025-09, "Example submissions"); what it leaves out it does not ask. */
export interface Expectation {
  permitted?: readonly Verdict[] | undefined;
  required?: readonly Verdict[] | undefined;
  score?: number | [number, number] | undefined;
  language?: string | undefined;
}

/** What the format permits where `permitted` is not given. */
const ordinary: readonly Verdict[] = ["AC", "WA", "TLE", "RTE"];

/**
 * From what is asked of tests to the verdict of the whole, which is that of the first test not accepted. So it is one
 * of the permitted ones, and `AC` only where accepted tests alone can satisfy every `required`.
 * Running out of memory is a run-time error to the format, and too much output a wrong answer.
 */
export function expectedVerdicts(asked: readonly Expectation[]): Verdict[] {
  const lists = asked.flatMap((rule) => (rule.permitted === undefined ? [] : [rule.permitted]));
  const permitted = (lists[0] ?? ordinary).filter((verdict) => lists.every((list) => list.includes(verdict)));
  const required = asked.flatMap((rule) => (rule.required === undefined ? [] : [rule.required]));
  if (!required.every((list) => list.some((verdict) => permitted.includes(verdict)))) return [];
  const mayPass = required.every((list) => list.includes("AC"));
  const expected = new Set(permitted.filter((verdict) => verdict !== "AC" || mayPass));
  if (expected.has("RTE")) expected.add("MLE");
  if (expected.has("WA")) expected.add("OLE");
  return [...expected];
}

/**
 * The points that satisfy every rule.
 *
 * @returns null where no rule speaks of points, `contradiction` where no number satisfies them all
 */
export function expectedScore(asked: readonly Expectation[]): Requirement["score"] | "contradiction" {
  const ranges = asked.flatMap(({ score }) => (score === undefined ? [] : [[score].flat()]));
  if (ranges.length === 0) return null;
  const least = Math.max(...ranges.map((range) => range[0] ?? -Infinity));
  const most = Math.min(...ranges.map((range) => range.at(-1) ?? Infinity));
  return least <= most ? { least, most } : "contradiction";
}
