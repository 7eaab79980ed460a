import type { Board, ContestForm } from "../protocol/contest.ts";
import type { ErrorBody } from "../protocol/errors.ts";
import type { TeamList } from "../protocol/team-list.ts";
import type { TeamsView, TeamView } from "../protocol/team.ts";
import { runningContest, type Visitor } from "./testing.ts";

/** Contests and lists for tests of teams. */

const HOUR_MS = 3_600_000;

/** A contest that starts in an hour. */
export const comingContest = (
  organiser: Visitor,
  slug: string,
  problems: string[],
  more: Partial<ContestForm> = {},
): Promise<void> => runningContest(organiser, slug, problems, { startAt: Date.now() + HOUR_MS, ...more });

/** A list as it is uploaded, with everything found out from itself. */
export const listOf = (text: string): TeamList => ({
  text,
  choices: { separator: null, header: null, columns: null },
});

/** The teams of a contest as its manager sees them. */
export const teamsOf = (manager: Visitor, contest: string): Promise<TeamsView> =>
  manager.get<TeamsView>(`/api/contests/${contest}/teams`);

export async function teamNamed(manager: Visitor, contest: string, name: string): Promise<TeamView> {
  const team = (await teamsOf(manager, contest)).teams.find((one) => one.name === name);
  if (!team) throw new Error(`no team is called ${name}`);
  return team;
}

/** The teams of the public board, by name. */
export async function boardTeams(visitor: Visitor, contest: string): Promise<Board["teams"]> {
  const { teams } = await visitor.get<Board>(`/api/contests/${contest}/scoreboard`);
  return teams.toSorted((a, b) => a.name.localeCompare(b.name));
}

/** The status and the code of a refusal. */
export async function refusal(response: Response): Promise<[number, string]> {
  const { code } = await response.json<ErrorBody>();
  return [response.status, code];
}

/** All sentences of a refusal. */
export async function sentences(response: Response): Promise<string> {
  const { message, details } = await response.json<ErrorBody>();
  return [message, ...(details ?? [])].join(" ");
}
