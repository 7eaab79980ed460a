import type { ContestForm, ContestEvent } from "../protocol/contest.ts";
import { MINUTE_MS } from "../protocol/contest.ts";
import { LiveResolverMessage, type ResolverPlan } from "../protocol/resolver.ts";
import * as v from "valibot";
import { appended } from "./contest-log.ts";
import { bindings, type Socket, type Visitor } from "./testing.ts";

const HOUR_MS = 60 * MINUTE_MS;

/** The id of a contest by its address. */
export async function contestId(slug: string): Promise<string> {
  const id = await bindings.DB.prepare("SELECT id FROM contests WHERE slug = ?")
    .bind(slug)
    .first<string>("id");
  if (id === null) throw new Error(`no contest ${slug}`);
  return id;
}

/**
 * A contest of five hours, the last of them frozen, that ended five hours ago, with teams Ada and Bob: Ada solved `one`
 * before the freeze and has a rejected attempt in it, Bob solved it in the freeze.
 *
 * @param problem - the slug of a published problem
 */
export async function endedContest(
  organiser: Visitor,
  slug: string,
  problem: string,
  changes: Partial<ContestForm> = {},
): Promise<string> {
  const startAt = Date.now() - 10 * HOUR_MS;
  const form: ContestForm = {
    slug,
    name: `Contest ${slug}`,
    format: { type: "icpc", penaltyMinutes: 20 },
    languages: null,
    problems: [problem],
    limits: {},
    startAt,
    durationMinutes: 300,
    freezeMinutes: 60,
    windowMinutes: null,
    ...changes,
  };
  await organiser.post("/api/contests", form);
  const id = await contestId(slug);
  await happened(id, [
    ...["ada", "bob", "cleo"].map((team) => teamEvent(team)),
    ...sent("ada-1", "ada", startAt + HOUR_MS, "WA"),
    ...sent("ada-2", "ada", startAt + 2 * HOUR_MS, "AC"),
    ...sent("bob-1", "bob", startAt + 4.5 * HOUR_MS, "AC"),
    ...sent("cleo-1", "cleo", startAt + 4.75 * HOUR_MS, "WA"),
  ]);
  return id;
}

const teamEvent = (team: string): ContestEvent => ({
  type: "team",
  team,
  name: `Team ${team}`,
  group: null,
  organisation: null,
});

/** A submission on A and its judgement, if there is one. */
export function sent(
  submission: string,
  team: string,
  receivedAt: number,
  verdict: "AC" | "WA" | null,
): ContestEvent[] {
  const submitted: ContestEvent = { type: "submission", submission, team, label: "A", receivedAt };
  return verdict === null ? [submitted] : [submitted, judged(submission, 1, verdict)];
}

export const judged = (submission: string, round: number, verdict: "AC" | "WA"): ContestEvent => ({
  type: "judgement",
  submission,
  round,
  verdict,
  score: null,
  groups: [],
});

/** Appends to a contest's log. */
export async function happened(contest: string, events: readonly ContestEvent[]): Promise<void> {
  await bindings.DB.batch(events.map((event) => appended(bindings, contest, event)));
}

/** What a presenter gets of a show that there can be. */
export async function plan(
  presenter: Visitor,
  slug: string,
): Promise<Extract<ResolverPlan, { type: "ready" }>> {
  const answer = await presenter.get<ResolverPlan>(`/api/contests/${slug}/resolver/steps`);
  if (answer.type !== "ready") throw new Error(`refused: ${JSON.stringify(answer.why)}`);
  return answer;
}

/** A viewer's socket that has asked for what comes after a position, or for everything. */
export async function following(
  viewer: Visitor,
  slug: string,
  had: { show: number; shown: number } | null = null,
): Promise<Socket> {
  const socket = await viewer.socket(`/live/contests/${slug}/resolver`);
  socket.send({ type: "follow", show: had?.show ?? null, shown: had?.shown ?? null });
  return socket;
}

/** The next thing that a viewer is told. */
export const heard = async (socket: Socket): Promise<LiveResolverMessage> =>
  v.parse(LiveResolverMessage, await socket.next((message): message is unknown => message !== undefined));

/** A message in short: `state 3` or `steps 4 5`. */
export function shortly(message: LiveResolverMessage): string {
  switch (message.type) {
    case "waiting":
      return "waiting";
    case "state":
      return `state ${message.state.shown}`;
    case "steps":
      return ["steps", ...message.steps.map(({ number }) => number)].join(" ");
    default:
      return message satisfies never;
  }
}
