import type { ContestFormat, ProblemPoints } from "../../protocol/contest-format.ts";
import type { FormatClock } from "./format.ts";
import type { FormatProblem } from "./points.ts";

/**
 * What a format's own schema cannot see: whether it fits the contest's problems and times.
 *
 * @returns a sentence for each fault, each with the field it is about; empty when it fits
 */
export function formatFaults(
  format: ContestFormat,
  problems: readonly FormatProblem[],
  clock: FormatClock,
): string[] {
  switch (format.type) {
    case "icpc":
      return [];
    case "ioi":
      return pointsFaults(format.points, problems, ownPoints);
    case "atcoder":
    case "codeforces":
      return pointsFaults(format.points, problems, () => false);
    case "homework":
      return [...pointsFaults(format.points, problems, ownPoints), ...timeFaults(format, clock)];
    default:
      return format satisfies never;
  }
}

const ownPoints = (problem: FormatProblem): boolean => problem.maxScore !== "pass-fail";

/** Every problem has points from one side, and from one only. */
function pointsFaults(
  points: ProblemPoints,
  problems: readonly FormatProblem[],
  hasOwn: (problem: FormatProblem) => boolean,
): string[] {
  const labels = new Set(problems.map(({ label }) => label));
  const unknown = Object.keys(points).filter((label) => !labels.has(label));
  return [
    ...unknown.map((label) => `points: no problem has the label ${label}`),
    ...problems.flatMap((problem) => {
      const said = points[problem.label] !== undefined;
      if (hasOwn(problem))
        return said ? [`points: ${problem.label} is scored, its package says its points`] : [];
      return said ? [] : [`points: ${problem.label} has none`];
    }),
  ];
}

function timeFaults(
  { deadlineMs, late }: Extract<ContestFormat, { type: "homework" }>,
  { durationMs }: FormatClock,
): string[] {
  const hardEnd = late.type === "daily" ? late.hardEndMs : null;
  return [
    ...(deadlineMs > durationMs ? ["deadlineMs: the deadline is after the contest's end"] : []),
    ...(hardEnd !== null && hardEnd > durationMs
      ? ["late.hardEndMs: the hard end is after the contest's end"]
      : []),
  ];
}
