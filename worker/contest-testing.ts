import type { ContestChange, ContestEvent, ContestForm, LiveContestMessage } from "../protocol/contest.ts";
import type { ErrorBody } from "../protocol/errors.ts";
import type { SubmissionView } from "../protocol/submission.ts";
import type { Verdict } from "../protocol/verdict.ts";
import { writeVerdict } from "./objects/outcomes.ts";
import {
  accepted,
  bindings,
  leasedSubmission,
  oneFile,
  runningContest,
  signedUp,
  type Visitor,
} from "./testing.ts";

/** Contests with results, for tests of what is made of them. */

const MINUTE_MS = 60_000;

/** Somebody with a team of their own in this contest. */
export async function registered(contest: string, name: string): Promise<Visitor & { username: string }> {
  const visitor = await signedUp();
  await visitor.post(`/api/contests/${contest}/teams`, { name });
  return visitor;
}

/** Submits to a contest, or without one in practice, and has it judged; with a verdict of null it waits. */
export async function submitted(
  visitor: Visitor,
  contest: string | undefined,
  problem: string,
  verdict: Verdict | null,
): Promise<string> {
  const { id } = await visitor.post<SubmissionView>("/api/submissions", {
    problem,
    contest,
    language: "c",
    ...oneFile("x"),
  });
  if (verdict === null) return id;
  for (;;) {
    const lease = await leasedSubmission("by-hand", ["c"]);
    const isMine = lease.work.submission === id;
    // Whatever earlier tests left waiting is judged first.
    await writeVerdict(
      bindings,
      lease,
      { ...accepted, verdict: isMine ? verdict : "WA", runs: [] },
      Date.now(),
    );
    if (isMine) return id;
  }
}

/** Has what waits longest judged. */
export async function judged(verdict: Verdict): Promise<void> {
  const lease = await leasedSubmission("by-hand", ["c"]);
  await writeVerdict(bindings, lease, { ...accepted, verdict, runs: [] }, Date.now());
}

/** A contest of five hours in whose last hour, the freeze, it is now. */
export const frozenContest = (
  organiser: Visitor,
  slug: string,
  problems: string[],
  more: Partial<ContestForm> = {},
): Promise<void> =>
  runningContest(organiser, slug, problems, { startAt: Date.now() - 250 * MINUTE_MS, ...more });

/** Ends a running contest at once. */
export const ended = (organiser: Visitor, slug: string): Promise<unknown> =>
  organiser.post(`/api/contests/${slug}/times`, { type: "duration", durationMs: "now" });

/** A contest's form: five hours from now on, with the problems `one` and `two`. */
export const formOf = (slug: string, changes: Partial<ContestForm> = {}): ContestForm => ({
  slug,
  name: `Contest ${slug}`,
  startAt: Date.now() + 60 * MINUTE_MS,
  durationMinutes: 300,
  freezeMinutes: 60,
  windowMinutes: null,
  format: { type: "icpc", penaltyMinutes: 20 },
  languages: null,
  problems: ["one", "two"],
  limits: {},
  ...changes,
});

/** The form again, without its times. */
export function settingsOf(slug: string, changes: Partial<ContestChange> = {}): ContestChange {
  const { name, format, languages, problems } = formOf(slug);
  return { slug, name, format, languages, problems, limits: {}, ...changes };
}

/** A team of nobody's. */
export const teamEvent = (team: string, name = team): ContestEvent => ({
  type: "team",
  team,
  name,
  group: null,
  organisation: null,
});

/** The status of a refused request, its code, and what was told of it: the details, or else the sentence. */
export async function refusal(response: Response): Promise<[number, string, string[]]> {
  const { code, message, details } = await response.json<ErrorBody>();
  return [response.status, code, details ?? [message]];
}

/** The id of a contest. */
export async function contestId(slug: string): Promise<string> {
  const id = await bindings.DB.prepare("SELECT id FROM contests WHERE slug = ?")
    .bind(slug)
    .first<string>("id");
  if (id === null) throw new Error(`there is no contest ${slug}`);
  return id;
}

/** Tells the live scoreboard's messages apart. */
export const isLive =
  <Type extends LiveContestMessage["type"]>(type: Type) =>
  (message: unknown): message is Extract<LiveContestMessage, { type: Type }> =>
    (message as LiveContestMessage).type === type;
