import type { AwardRules, AwardsView } from "../protocol/award.ts";
import { awardsOf } from "./awards.ts";
import { attemptsOf, boardOf, type ContestFold, type Look, type View } from "./contest-board.ts";
import { isOver } from "./contest-state.ts";

/**
 * The awards of a contest as those who look see it at a moment.
 *
 * @param now - ms since 1970-01-01 UTC
 */
export function awardsNow(contest: ContestFold, rules: AwardRules, now: number, view: View): AwardsView {
  const over = isOver(contest.timed, now);
  const pending = earliestPending(contest, { view, over });
  const awards = awardsOf(boardOf(contest, 0, now, view), rules, pending);
  return { rules, awards, provisional: !over || pending.size > 0 };
}

/** By label, the contest time in ms of the earliest attempt whose result those who look do not know. */
function earliestPending(contest: ContestFold, look: Look): ReadonlyMap<string, number> {
  const earliest = new Map<string, number>();
  for (const [team, ofTeam] of contest.byCell) {
    for (const label of ofTeam.keys()) {
      for (const { at, result } of attemptsOf(contest, team, label, look)) {
        if (result === null && at < (earliest.get(label) ?? Infinity)) earliest.set(label, at);
      }
    }
  }
  return earliest;
}
