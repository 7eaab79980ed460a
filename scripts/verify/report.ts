import type { Verdict } from "../../protocol/verdict.ts";
import type { Package } from "../../rules/package/package.ts";
import { judgingPlan } from "../../rules/submission-verdict.ts";
import type { Engine, Judged } from "./judged.ts";

/**
 * One line of `--json`. Verdicts are ids of the CLICS Contest API; `JE` is an engine that could not judge. Null is what it does not
 * measure.
 */
export interface VerifiedSubmission {
  submission: string;
  language: string | null;
  engine: Engine;
  verdict: Verdict | "JE";
  expected: readonly Verdict[];
  ok: boolean;
  score: number | null;
  tests: readonly {
    name: string;
    verdict: Verdict;
    cpuMs: number | null;
    wallMs: number;
    memoryKiB: number | null;
  }[];
}

export function verified({ engine, submission, outcome, unexpected }: Judged): VerifiedSubmission {
  const judged = outcome.type === "verdict" ? outcome : { verdict: "JE" as const, score: null, runs: [] };
  return {
    submission: submission.path,
    language: submission.language,
    engine,
    verdict: judged.verdict,
    expected: submission.expected,
    ok: unexpected.length === 0,
    score: judged.score,
    tests: judged.runs.map(({ name, verdict, cpuMs, wallMs, memoryKiB }) => ({
      name,
      verdict,
      cpuMs,
      wallMs,
      memoryKiB,
    })),
  };
}

/** The table of submissions and tests, to be printed line by line: a letter for each test, by the tests' folders. */
export interface Matrix {
  head: string;
  row(judged: Judged): string;
}

export const LEGEND =
  "A accepted, W wrong answer, T too slow, R run-time error, M out of memory, O too much output, . not run";

/** @param engines - those that judge; where there are several, each row says which one it is of */
export function newMatrix(pkg: Package, engines: readonly Engine[]): Matrix {
  const columns = columnsOf(judgingPlan(pkg).map(({ test }) => test.name));
  const scored = pkg.scoreAggregation !== null;
  const named = engines.length > 1;
  const line = (
    engine: string,
    verdict: string,
    score: string,
    slowest: string,
    cells: string[],
    path: string,
  ): string =>
    [
      " ",
      ...(named ? [engine.padEnd(7)] : []),
      verdict.padEnd(7),
      ...(scored ? [score.padStart(6)] : []),
      slowest.padStart(8),
      ...columns.map(({ width }, index) => (cells[index] ?? "").padEnd(width)),
      path,
    ].join(" ");
  return {
    head: line(
      "engine",
      "verdict",
      "score",
      "slowest",
      columns.map(({ folder }) => folder),
      "submission",
    ),
    row(judged) {
      const { engine, submission, verdict, score, tests, ok } = verified(judged);
      const letters = new Map(tests.map((test) => [test.name, test.verdict.slice(0, 1)]));
      const slowestMs = Math.max(0, ...tests.map(({ cpuMs, wallMs }) => cpuMs ?? wallMs));
      const cells = columns.map(({ names }) => names.map((name) => letters.get(name) ?? ".").join(""));
      const slowest = tests.length === 0 ? "" : `${(slowestMs / 1000).toFixed(3)} s`;
      const text = line(engine, verdict, score === null ? "" : `${score}`, slowest, cells, submission);
      return ok ? text : `!${text.slice(1)}`;
    },
  };
}

/** A column for each folder of tests, in order. */
function columnsOf(tests: readonly string[]): { folder: string; names: string[]; width: number }[] {
  const folderOf = (name: string): string =>
    name.slice(0, Math.max(0, name.lastIndexOf("/"))).replace(/^secret\//, "");
  return [...Map.groupBy(tests, folderOf)].map(([folder, names]) => ({
    folder,
    names,
    width: Math.max(folder.length, names.length),
  }));
}

/** Why a submission is not as expected, in lines. */
export function explain(judged: Judged, engines: readonly Engine[]): string[] {
  const { engine, submission, verdict, expected } = verified(judged);
  const by = engines.length > 1 ? ` from the ${engine}` : "";
  return [
    `${submission} got ${verdict}${by}, expected ${expected.join(" or ")}`,
    ...judged.unexpected.map((sentence) => `    ${sentence}`),
  ];
}
