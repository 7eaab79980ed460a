import { AwardRules, type AwardsView } from "../protocol/award.ts";
import { awardsNow } from "../rules/awards-now.ts";
import { audited } from "./audit.ts";
import { foldedLog } from "./contest-fold.ts";
import { contestBySlug, type ContestRow, refusedChange } from "./contest-rows.ts";
import { viewAsked } from "./contests.ts";
import type { Env } from "./env.ts";
import { ApiError, json, param, readJson, type Call } from "./http.ts";
import { mayChange } from "./problem-rows.ts";
import { awardRulesOf } from "./resolver-shows.ts";
import type { UserRow } from "./tables.ts";

/** GET /api/contests/:slug/awards, by the board that everybody sees; with `?view=jury` by the jury's, for the jury. */
export async function show(call: Call, user: UserRow | null): Promise<Response> {
  const contest = await contestBySlug(call.env, param(call, "slug"));
  return json(await awardsView(call.env, contest, await viewAsked(call, contest, user)));
}

/** PUT /api/contests/:slug/awards: which awards the contest gives, until its results are final. */
export async function change(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const contest = await contestBySlug(env, param(call, "slug"));
  if (!mayChange(user, contest))
    throw new ApiError("forbidden", "Only the contest's owner or an administrator may change its awards.");
  const rules = await readJson(call.request, AwardRules);
  if (contest.timed.finalisedAt !== null)
    throw new ApiError("contest_refuses", "The results are final, and so are the awards.");
  if (rules.medianRule && contest.format.type !== "icpc")
    throw new ApiError("invalid_request", "This contest has no honours by the median rule.", [
      "medianRule: it compares problems solved, which rank in a contest of the type icpc alone",
    ]);
  try {
    await env.DB.batch([
      // The version is the fence: the results may have become final in this moment.
      env.DB.prepare("UPDATE contests SET awards = ?, version = ? WHERE id = ?").bind(
        JSON.stringify(rules),
        contest.version + 1,
        contest.id,
      ),
      audited(env, user.id, "contest.awards", contest.slug, { rules: JSON.stringify(rules) }, contest.id),
    ]);
  } catch (error) {
    throw refusedChange(error, contest.slug);
  }
  return json(await awardsView(env, contest, "jury"));
}

async function awardsView(env: Env, { id }: ContestRow, view: "public" | "jury"): Promise<AwardsView> {
  const [rules, contest] = await Promise.all([awardRulesOf(env, id), foldedLog(env, id)]);
  return awardsNow(contest, rules, Date.now(), view);
}
