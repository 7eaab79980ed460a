import type { Clarification, ClarificationForm, ClarificationList } from "../protocol/clarification.ts";
import type { ContestTimes } from "../protocol/contest-times.ts";
import { undecided } from "../rules/contest-state.ts";
import { timesOf } from "../rules/contest-times.ts";
import { accountOf, bindings, signedUp, type Visitor } from "./testing.ts";

/** A contest with a jury and teams that talk. */

export type User = Awaited<ReturnType<typeof signedUp>>;

const MINUTE = 60_000;

/** A contest of five hours that began so many minutes ago, with the problem as its A; `more` says what else is special. */
export async function contestAt(
  owner: Visitor,
  slug: string,
  minute: number,
  problem: string,
  more: Partial<ContestTimes> = {},
): Promise<void> {
  const times = timesOf({
    startAt: Date.now() - minute * MINUTE,
    durationMs: 300 * MINUTE,
    freezeMs: 60 * MINUTE,
  });
  const timed = undecided({ ...times, ...more });
  const user = await accountOf(owner);
  await bindings.DB.batch([
    bindings.DB.prepare(
      `INSERT INTO contests (id, slug, name, owner, created_at, timed, format)
       VALUES (?1, ?1, ?1, ?2, 0, ?3, '{"type":"icpc","penaltyMinutes":20}')`,
    ).bind(slug, user, JSON.stringify(timed)),
    bindings.DB.prepare(
      `INSERT INTO contest_problems (contest, problem, label, colour, position)
       SELECT ?, id, 'A', '#d1495b', 0 FROM problems WHERE slug = ?`,
    ).bind(slug, problem),
  ]);
}

let teams = 0;

/** An account that is a team of the contest, whose id is `team`. */
export async function teamOf(contest: string, team = `team-${++teams}`): Promise<User & { team: string }> {
  const user = await signedUp();
  await bindings.DB.batch([
    bindings.DB.prepare("INSERT INTO teams (id, contest, name, created_at) VALUES (?1, ?2, ?1, 0)").bind(
      team,
      contest,
    ),
    bindings.DB.prepare("INSERT INTO team_members (contest, user, team) VALUES (?, ?, ?)").bind(
      contest,
      await accountOf(user),
      team,
    ),
  ]);
  return Object.assign(user, { team });
}

/** Somebody of the contest's jury who does not own it. */
export async function juror(contest: string): Promise<User> {
  const user = await signedUp();
  await bindings.DB.prepare("INSERT INTO contest_roles (contest, user, role) VALUES (?, ?, 'jury')")
    .bind(contest, await accountOf(user))
    .run();
  return user;
}

export const pathOf = (contest: string): string => `/api/contests/${contest}/clarifications`;

type Ask = Extract<ClarificationForm, { type: "ask" }>;
type Answer = Extract<ClarificationForm, { type: "answer" }>;
type Announce = Extract<ClarificationForm, { type: "announce" }>;

export const askForm = (more: Partial<Ask> = {}): Ask => ({
  type: "ask",
  key: crypto.randomUUID(),
  text: "May a tree be empty?",
  problem: "A",
  ...more,
});

export const answerForm = (replyTo: string, more: Partial<Answer> = {}): Answer => ({
  type: "answer",
  key: crypto.randomUUID(),
  text: "No.",
  replyTo,
  to: "team",
  ...more,
});

export const announceForm = (more: Partial<Announce> = {}): Announce => ({
  type: "announce",
  key: crypto.randomUUID(),
  text: "Lunch is ready.",
  problem: null,
  to: null,
  ...more,
});

export const said = (who: Visitor, contest: string, form: ClarificationForm): Promise<Clarification> =>
  who.post<Clarification>(pathOf(contest), form);

export const step = (who: Visitor, contest: string, id: string, step: string): Promise<Response> =>
  who.call("POST", `${pathOf(contest)}/${id}/queue`, { step });

/** Claims a question and answers it. */
export async function answered(
  who: Visitor,
  contest: string,
  question: string,
  more: Partial<Answer> = {},
): Promise<Clarification> {
  await step(who, contest, question, "claim");
  return said(who, contest, answerForm(question, more));
}

export const seen = async (who: Visitor, contest: string): Promise<Clarification[]> =>
  (await who.get<ClarificationList>(pathOf(contest))).clarifications;
