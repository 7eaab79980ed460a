import type { ContestEvent } from "../protocol/contest.ts";
import type { Recording, ReplayedSubmission } from "../protocol/virtual.ts";
import { emptyFold, fold } from "./contest-board.ts";
import { submissionTime } from "./contest-times.ts";
import { showing, virtualLength } from "./contest-times-virtual.ts";

/** An event of a contest's log, and when it was written: ms since 1970-01-01 UTC. */
export interface LoggedEvent {
  at: number;
  event: ContestEvent;
}

type Judged = LoggedEvent & { event: Extract<ContestEvent, { type: "judgement" }> };

/**
 * A contest that is over, by its whole log, as the public may know it: without the times of single teams, and until the
 * thaw without anything that became of submissions in the freeze, not even how often they were judged.
 */
export function recordingOf(log: readonly LoggedEvent[]): Recording {
  const contest = emptyFold();
  for (const { event } of log) fold(contest, event);
  const { timed, format, problems, groups } = contest;
  const { times, thawedAt } = timed;
  const teams = [...contest.teams.values()];
  const places = new Map(teams.map(({ id }, place) => [id, place]));
  const shownAt = showing(times);
  const judgements = Map.groupBy(log.filter(isJudged), ({ event }) => event.submission);
  let boardFrozen = false;
  const submissions: Recording["submissions"] = [];
  for (const { submission, team: id, label, receivedAt } of contest.submissions.values()) {
    const team = places.get(id);
    const { at, frozen } = submissionTime(times, id, receivedAt);
    if (team === undefined || at === null) continue;
    const hidden = frozen && thawedAt === null;
    boardFrozen ||= hidden;
    const known = hidden ? [] : byRound(judgements.get(submission) ?? []);
    submissions.push({ team, label, at, judgements: known.map((judged) => replayed(judged, id, shownAt)) });
  }
  const [lengthMs, { durationMs }] = [virtualLength(times), times];
  return {
    lengthMs,
    durationMs,
    format,
    problems: [...problems],
    groups: [...groups],
    teams,
    boardFrozen,
    submissions,
  };
}

const isJudged = (logged: LoggedEvent): logged is Judged => logged.event.type === "judgement";

/** Those that counted when they came: a later one of an earlier round changes nothing. */
function byRound(judged: readonly Judged[]): Judged[] {
  let last = 0;
  return judged.filter(({ event: { round } }) => {
    if (round <= last) return false;
    last = round;
    return true;
  });
}

function replayed(
  { at, event: { verdict, score, groups } }: Judged,
  team: string,
  shownAt: ReturnType<typeof showing>,
): ReplayedSubmission["judgements"][number] {
  return { at: shownAt({ at, team }), verdict, score, groups };
}
