import type { TimedContest } from "../protocol/contest-times.ts";
import { spanOf, teamTimes } from "./contest-times.ts";

/** Under this name stands the team that is done last: that time alone says when the contest is over. No team has it. */
const LAST = "";

/**
 * A contest's times without those of single teams, which are nobody else's business (extra time tells of somebody's
 * needs): only the reader's own stay, and, without its name, those of the team that is done last.
 *
 * @param team - the reader's; null for none
 */
export function publicTimes(timed: TimedContest, team: string | null): TimedContest {
  const { times } = timed;
  let last = times.durationMs;
  const teams: TimedContest["times"]["teams"] = {};
  for (const id of Object.keys(times.teams)) {
    const span = spanOf(times, id);
    if (span !== null && span.from + span.lengthMs > last) {
      last = span.from + span.lengthMs;
      teams[LAST] = teamTimes(times, id);
    }
  }
  if (team !== null && Object.hasOwn(times.teams, team)) teams[team] = teamTimes(times, team);
  return { ...timed, times: { ...times, teams } };
}
