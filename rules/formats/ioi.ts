import type { IoiFormat } from "../../protocol/contest-format.ts";
import type { Attempt } from "./attempts.ts";
import { boardColumns, type CellResult, type FormatRules } from "./format.ts";
import { isFull, roundPoints, scoreOf, sumPoints, worthOf } from "./points.ts";

/**
 * The scoring of the International Olympiad in Informatics (its "Competition Rules": since 2017 a task's score is the
 * sum over its subtasks of the best that any submission got for it; from 2013 to 2016 it was the best submission's
 * score). Time and rejected attempts count for nothing: contestants rank by the sum of their scores, and those with the
 * same share a rank. What follows a full solution is read like all else, and can change nothing.
 */
export function ioi({ counts, points }: IoiFormat): FormatRules {
  return {
    cell: (problem, attempts) => bestCell(attempts, worthOf(problem, points), counts),
    totals: (cells) => ({
      solved: cells.filter((cell) => cell.result === "full").length,
      points: sumPoints(cells.map((cell) => cell.points)),
      penalty: 0,
      time: 0,
    }),
    order: [{ by: "points", better: "more" }],
    columns: (problems) =>
      boardColumns([{ of: "points", unit: "points" }], problems, (problem) => worthOf(problem, points), [
        { type: "points" },
        { type: "attempts" },
      ]),
  };
}

interface Gain {
  score: number;
  submission: string;
}

function bestCell(
  attempts: readonly Attempt[],
  worth: number | null,
  counts: IoiFormat["counts"],
): CellResult {
  let best: Gain | null = null;
  const groups = new Map<string, Gain>();
  const cell = { attempts: 0, pending: 0, solvedAt: null as number | null };
  for (const { submission, at, result } of attempts) {
    if (result === null) cell.pending++;
    if (result === null || result.verdict === "CE") continue;
    cell.attempts++;
    best = better(best, { score: scoreOf(result, worth), submission });
    if (counts === "groups") {
      for (const { name, score } of result.groups)
        groups.set(name, better(groups.get(name) ?? null, { score, submission }));
    }
    if (cell.solvedAt === null && isFull(combined(best, groups).points, worth)) cell.solvedAt = at;
  }
  const { points, from } = combined(best, groups);
  return {
    ...cell,
    points,
    penalty: 0,
    counted: attempts.map(({ submission }) => submission).filter((submission) => from.has(submission)),
    result: cell.solvedAt !== null ? "full" : points > 0 ? "partial" : "none",
  };
}

/** The earlier one where both are as good. */
const better = (known: Gain | null, next: Gain): Gain =>
  known !== null && known.score >= next.score ? known : next;

/** The sum of the groups, or the best submission where that is more: one that has no groups has a score none the less. */
function combined(
  best: Gain | null,
  groups: ReadonlyMap<string, Gain>,
): { points: number; from: ReadonlySet<string> } {
  const gains = [...groups.values()].filter((gain) => gain.score > 0);
  const sum = sumPoints(gains.map((gain) => gain.score));
  const whole = roundPoints(best?.score ?? 0);
  if (sum >= whole) return { points: sum, from: new Set(gains.map((gain) => gain.submission)) };
  return { points: whole, from: new Set(best === null ? [] : [best.submission]) };
}
