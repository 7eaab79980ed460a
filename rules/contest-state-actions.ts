import { ContestAction, type TimedContest } from "../protocol/contest-times.ts";
import { isOver, statusAt } from "./contest-state.ts";
import { elapsed, spanOf } from "./contest-times.ts";

/** Where a team stands in its own time; `waiting` before it has begun its window. */
type TeamPhase = "waiting" | "going" | "over";

function teamPhase({ times }: TimedContest, now: number, team: string | null): TeamPhase {
  const span = team === null && times.windowMs !== null ? null : spanOf(times, team);
  if (span === null) return "waiting";
  return (elapsed(times, now) ?? -Infinity) < span.from + span.lengthMs ? "going" : "over";
}

/**
 * Why somebody may not do something in a contest now: a sentence that names the cause, or null when it may be done.
 *
 *                        scheduled  running, frozen            ended, thawed, finalised
 *     submit                 -      in the team's time, but             -
 *                                   not in a pause
 *     see_problems           -      with windows, once the             yes
 *                                   team has begun
 *     register              yes     yes                                 -
 *     clarify               yes     until the team's time ends         -
 *     upsolve                -      -                                  yes
 *     take_part_virtually    -      -                                  yes
 *
 * Those who manage the contest are not asked. Submissions of those who upsolve or take part virtually are out of the
 * contest, and what they are told of them is nothing that a frozen board hides.
 *
 * @param team - null for whoever has none in this contest
 */
export function refusalOf(
  contest: TimedContest,
  action: ContestAction,
  now: number,
  team: string | null,
): string | null {
  if (isOver(contest, now)) return refusalAfterwards(action);
  const { state, paused } = statusAt(contest, now);
  const hasStarted = state !== "scheduled";
  const phase = teamPhase(contest, now, team);
  switch (action) {
    case "submit":
      if (!hasStarted) return notStarted(contest);
      if (paused) return "The contest is paused: nothing can be submitted until it goes on.";
      if (phase === "waiting") return "Your time has not begun.";
      return phase === "over" ? "Your time is over." : null;
    case "see_problems":
      if (!hasStarted) return notStarted(contest);
      return phase === "waiting" ? "Your time has not begun." : null;
    case "register":
      return null;
    case "clarify":
      return phase === "over" ? "Your time is over: no questions are taken any more." : null;
    case "upsolve":
    case "take_part_virtually":
      return hasStarted ? "The contest is not over yet." : notStarted(contest);
    default:
      return action satisfies never;
  }
}

function refusalAfterwards(action: ContestAction): string | null {
  switch (action) {
    case "submit":
    case "register":
      return "The contest is over.";
    case "clarify":
      return "The contest is over: no questions are taken any more.";
    case "see_problems":
    case "upsolve":
    case "take_part_virtually":
      return null;
    default:
      return action satisfies never;
  }
}

/** What may be done now, in the order of the vocabulary. */
export function allowedActions(contest: TimedContest, now: number, team: string | null): ContestAction[] {
  return ContestAction.options.filter((action) => refusalOf(contest, action, now, team) === null);
}

const notStarted = ({ times }: TimedContest): string =>
  times.startAt === null ? "The contest has no start yet." : "The contest has not started yet.";
