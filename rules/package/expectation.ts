import type { Verdict } from "../../protocol/verdict.ts";
import type { Requirement } from "./package.ts";
import type { TestRule } from "./submission-rules.ts";

/** What the format permits where `permitted` is not given. */
const ordinary: readonly Verdict[] = ["AC", "WA", "TLE", "RTE"];

/**
 * What a rule requires of the tests that it covers.
 *
 * @param tests - `all`, or the rule's glob
 * @returns none where it asks nothing; a second one for a bound of the time limit that it asks for in addition
 */
export function requirementsOf(tests: string, rule: TestRule, covers: readonly string[]): Requirement[] {
  const { permitted = null, required = null, score, message, use_for_time_limit: use } = rule;
  const range = score === undefined ? null : [score].flat();
  const asked: Requirement = {
    tests,
    permitted,
    required,
    score: range && { least: range[0] ?? -Infinity, most: range.at(-1) ?? Infinity },
    message: message === undefined || message === "" ? null : message,
    covers,
    bounds: use === false ? null : boundOf(permitted, required),
  };
  const nothing = { tests, permitted: null, required: null, score: null, message: null, covers };
  const says = permitted !== null || required !== null || asked.score !== null || asked.message !== null;
  const found = says ? [asked] : [];
  // "The first is equivalent to a `permitted: [AC, WA, RTE]` constraint, and the second to a `required: [TLE]` constraint."
  if (use === "lower") found.push({ ...nothing, permitted: ["AC", "WA", "RTE"], bounds: "lower" });
  if (use === "upper") found.push({ ...nothing, required: ["TLE"], bounds: "upper" });
  return found;
}

/** 2025-09, "Time limit inference". */
function boundOf(
  permitted: readonly Verdict[] | null,
  required: readonly Verdict[] | null,
): Requirement["bounds"] {
  if (required !== null && required.every((verdict) => verdict === "TLE")) return "upper";
  if (permitted === null || permitted.includes("TLE") || permitted.includes("CE")) return null;
  return "lower";
}

/**
 * From what is asked of tests to the verdict of the whole, which is that of the first test not accepted. So it is one
 * of those permitted on some test, and `AC` only where accepted tests alone can satisfy every `required`.
 * Running out of memory is a run-time error to the format, and too much output a wrong answer.
 *
 * @param tests - the names of all tests
 * @returns none where nothing can satisfy them all
 */
export function expectedVerdicts(asked: readonly Requirement[], tests: readonly string[]): Verdict[] {
  // Without tests, the package is at fault; then only what is asked of the whole says anything.
  const names = tests.length === 0 ? [""] : tests;
  const rules = asked.map((rule) => ({
    ...rule,
    covered: rule.tests === "all" ? new Set(names) : new Set(rule.covers),
  }));
  const possible = new Map(
    names.map((name) => {
      const lists = rules.flatMap(({ covered, permitted }) =>
        permitted !== null && covered.has(name) ? [permitted] : [],
      );
      const allowed = (lists[0] ?? ordinary).filter((verdict) =>
        lists.every((list) => list.includes(verdict)),
      );
      return [name, allowed] as const;
    }),
  );
  if ([...possible.values()].some((allowed) => allowed.length === 0)) return [];
  const required = rules.flatMap((rule) =>
    rule.required === null || rule.covered.size === 0 ? [] : [{ ...rule, required: rule.required }],
  );
  const satisfiable = required.every((rule) =>
    [...rule.covered].some((name) => possible.get(name)?.some((verdict) => rule.required.includes(verdict))),
  );
  if (!satisfiable) return [];
  const mayPass = required.every((rule) => rule.required.includes("AC"));
  const anywhere = new Set([...possible.values()].flat());
  const expected = new Set([...anywhere].filter((verdict) => verdict !== "AC" || mayPass));
  if (expected.has("RTE")) expected.add("MLE");
  if (expected.has("WA")) expected.add("OLE");
  return [...expected];
}

/** Whether no number of points can satisfy all that is asked of a group, or of the whole. */
export function scoresContradict(asked: readonly Requirement[]): boolean {
  const groups = new Set(asked.map(({ tests }) => tests));
  return [...groups].some((group) => {
    const ranges = asked.flatMap(({ tests, score }) => (tests === group && score !== null ? [score] : []));
    return Math.max(...ranges.map(({ least }) => least)) > Math.min(...ranges.map(({ most }) => most));
  });
}
