import type { TestCase } from "../rules/package/package.ts";
import type { Ending } from "./sandbox.ts";

/** What a validator said by the way that it ended; `fault` when it said nothing of the submission. */
export type Said =
  | { check: "accepted" | "rejected"; feedback: ReadonlyMap<string, string> }
  | { check: null; fault: string };

/**
 * How checkers and interactors written with testlib.h are called: `input output answer`, where an interactor's output is
 * a file of its own, since it talks to the submission by its standard streams.
 */
export function testlibWords(test: TestCase, isDialogue: boolean): string[] {
  return [
    "/data/input",
    isDialogue ? "/scratch/output" : "/dev/stdin",
    "/data/answer",
    ...test.validatorArgs,
  ];
}

/** testlib's exit codes; `_pc(points)` adds its points to a base that was 0 and 50, so only its words tell. */
const exitCodes: Readonly<Record<number, "accepted" | "rejected" | "failed" | "points">> = {
  0: "accepted", // _ok
  1: "rejected", // _wa
  2: "rejected", // _pe
  3: "failed", // _fail
  4: "rejected", // _dirt
  5: "points", // _points, where so numbered
  7: "points", // _points
  8: "rejected", // _unexpected_eof
};

/** The least exit code of `_pc(points)`, where it is not that of another outcome. */
const PARTIAL = 16;

/**
 * Reads how a testlib program ended. What it printed on stderr is the judge's message; points, as it prints them
 * (`points 12.5 …`, `partially correct (12) …`), are the test's score.
 *
 * @param isScored - whether the problem has points at all
 */
export function readTestlib(
  { exitCode, stderr }: Pick<Ending, "exitCode" | "stderr">,
  isScored: boolean,
): Said {
  const message = new TextDecoder().decode(stderr).trim();
  const feedback = new Map(message === "" ? [] : [["judgemessage.txt", message]]);
  const meaning = meaningOf(exitCode, message);
  if (meaning === "accepted" || meaning === "rejected") return { check: meaning, feedback };
  if (meaning === "failed") return { check: null, fault: "it says that it failed (testlib's exit code 3)" };
  if (meaning === null)
    return { check: null, fault: `it ended with exit code ${exitCode}, which is none of testlib's` };
  if (!isScored)
    return { check: null, fault: `it gave points (exit code ${exitCode}), but the problem is not scored` };
  const points = pointsIn(message);
  if (points === null)
    return { check: null, fault: `it gave points (exit code ${exitCode}), but printed none` };
  // A failed test has no points, and in this format no file that says so (2025-09, "Scoring test cases").
  if (Number(points) === 0) return { check: "rejected", feedback };
  return { check: "accepted", feedback: feedback.set("score.txt", points) };
}

function meaningOf(exitCode: number | null, message: string): (typeof exitCodes)[number] | null {
  if (exitCode === null) return null;
  if (exitCode !== 3 && message.startsWith("partially correct (")) return "points";
  return exitCodes[exitCode] ?? (exitCode >= PARTIAL ? "points" : null);
}

/** As they are printed, so that what is no number is seen as such where scores are read. */
function pointsIn(message: string): string | null {
  return /^points (\S+)/.exec(message)?.[1] ?? /^partially correct \((\d+)\)/.exec(message)?.[1] ?? null;
}
