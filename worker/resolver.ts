import {
  type ResolverPlan,
  ResolverMove,
  type ResolverPosition,
  type Unresolvable,
} from "../protocol/resolver.ts";
import { isJuryOf } from "./contest-roles.ts";
import { contestBySlug, type ContestRow } from "./contest-rows.ts";
import { resolverShow } from "./env.ts";
import { ApiError, json, param, readJson, type Call } from "./http.ts";
import { requireUpgrade } from "./live.ts";
import { isOutdated, planNow, planOfShow, showOf, type ShowPlan } from "./resolver-shows.ts";
import type { UserRow } from "./tables.ts";

/** The show that resolves a frozen board: the jury presents it, everybody may follow it. */

/** GET /api/contests/:slug/resolver/steps: all steps and where the show is, or why there can be none. */
export async function steps(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const contest = await presented(call, user);
  const show = await showOf(env, contest.id);
  const plan = show === null ? await planNow(env, contest.id, Date.now()) : await planOfShow(env, show);
  if (!plan.ok) return json({ type: "refused", why: plan.why, team: plan.team } satisfies ResolverPlan);
  const outdated = show !== null && (await isOutdated(env, show, plan));
  return json({
    type: "ready",
    show: show?.startedAt ?? null,
    shown: show?.shown ?? 0,
    outdated,
    frozen: plan.frozen,
    final: plan.final,
    steps: plan.steps,
  } satisfies ResolverPlan);
}

/** POST /api/contests/:slug/resolver/begin: begins the show; one that has begun begins anew, with the results as they are now. */
export async function begin(call: Call, user: UserRow): Promise<Response> {
  const contest = await presented(call, user);
  const begun = await resolverShow(call.env, contest.id).begin(user.id);
  if (!begun.ok) throw refused(begun);
  return json({ show: begun.show, shown: begun.shown } satisfies ResolverPosition, { status: 201 });
}

/** POST /api/contests/:slug/resolver/show: moves the show forwards or back, for all who follow it. */
export async function move(call: Call, user: UserRow): Promise<Response> {
  const contest = await presented(call, user);
  const { to } = await readJson(call.request, ResolverMove);
  const moved = await resolverShow(call.env, contest.id).move(to);
  if (moved.ok) return json({ show: moved.show, shown: moved.shown } satisfies ResolverPosition);
  switch (moved.reason) {
    case "not_begun":
      throw new ApiError("contest_refuses", "The show has not begun.");
    case "not_over":
      throw new ApiError("contest_refuses", "The contest goes on: nothing more of its results is shown.");
    case "no_such_step":
      throw new ApiError("invalid_request", "The show has no such step.", [`to: at most ${moved.steps}`]);
    default:
      return moved satisfies never;
  }
}

/** GET /live/contests/:slug/resolver: the steps as they are shown, for anybody. */
export async function follow(call: Call): Promise<Response> {
  requireUpgrade(call);
  const contest = await contestBySlug(call.env, param(call, "slug"));
  return resolverShow(call.env, contest.id).fetch(call.request);
}

/** The contest of the call's `:slug`, for those who may present its show: who knows the results already. */
async function presented(call: Call, user: UserRow): Promise<ContestRow> {
  const contest = await contestBySlug(call.env, param(call, "slug"));
  if (await isJuryOf(call.env, contest, user)) return contest;
  throw new ApiError("forbidden", "Only the contest's jury may present its results.");
}

function refused({ why, team }: Extract<ShowPlan, { ok: false }>): ApiError {
  return new ApiError("contest_refuses", sentence(why, team));
}

function sentence(why: Unresolvable, team: string | null): string {
  switch (why.reason) {
    case "not_over":
      return "The contest is not over: its results can be shown after the end only.";
    case "never_froze":
      return "The board never froze: everybody knows the results.";
    case "thawed":
      return "The board is thawed: everybody knows the results.";
    case "homework":
      return "Homework cannot be resolved: a result can cost points there, and no place is certain before the last.";
    case "unjudged":
      return `Not everything is judged: ${team ?? why.team} has a submission on problem ${why.label} without a verdict.`;
    case "other_contest":
    case "not_pending":
      return "The frozen board and the results do not belong together.";
    default:
      return why satisfies never;
  }
}
