import type { ContestFormat, Feedback } from "../../protocol/contest-format.ts";

/**
 * What a team is told of its own submissions.
 *
 * @param over - whether the contest has ended: then it is told everything
 */
export function feedbackOf(format: ContestFormat, over: boolean): Feedback {
  return format.type === "ioi" && !over ? format.feedback : "full";
}
