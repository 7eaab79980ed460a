import type { ContestFormat, Feedback } from "../../protocol/contest-format.ts";
import { freezeTime } from "../contest-clock.ts";
import type { View } from "../scoreboard.ts";
import type { Attempt } from "./attempts.ts";
import type { FormatClock } from "./format.ts";

/**
 * What a team is told of its own submissions.
 *
 * @param over - whether the contest has ended: then it is told everything
 */
export function feedbackOf(format: ContestFormat, over: boolean): Feedback {
  return format.type === "ioi" && !over ? format.feedback : "full";
}

/**
 * The contest time from which results are not known to those who look: that of the freeze for the public; the start,
 * where no feedback is given until the end. After a thaw everybody is given the jury's view.
 */
export function knownUntil(format: ContestFormat, clock: FormatClock, view: View, over: boolean): number {
  if (view === "jury") return Infinity;
  return feedbackOf(format, over) === "none" ? 0 : freezeTime(clock);
}

/** The attempts in the contest's time, those that may not be known without their results. */
export function knownAttempts(
  attempts: readonly Attempt[],
  { durationMs }: Pick<FormatClock, "durationMs">,
  known: number,
): Attempt[] {
  return attempts
    .filter(({ at }) => at >= 0 && at < durationMs)
    .map((attempt) => (attempt.at < known ? attempt : { ...attempt, result: null }));
}
