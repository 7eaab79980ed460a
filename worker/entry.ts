import * as v from "valibot";
import type { OwnLimits } from "../protocol/contest.ts";
import { LanguageId, languages as allLanguages } from "../protocol/language.ts";
import { MAX_SOURCE_BYTES, type Source } from "../protocol/source.ts";
import { isOver, statusAt } from "../rules/contest-state.ts";
import { refusalOf } from "../rules/contest-state-actions.ts";
import { labelIn } from "./contest-problems.ts";
import { contestBySlug, type ContestRow } from "./contest-rows.ts";
import { teamIn } from "./contests.ts";
import type { Env } from "./env.ts";
import { ApiError } from "./http.ts";
import { factsOf, mayChange, noSuchProblem, problemBySlug } from "./problem-rows.ts";
import type { ProblemRow, UserRow } from "./tables.ts";
import { requireTimeLimit } from "./time-limits.ts";
import { entryAfterwards } from "./upsolving.ts";

/** Who may send in a program for a problem, and what it may be: the same for submissions and for custom runs. */

export interface ContestEntry {
  contest: ContestRow;
  team: string;
  label: string;
}

interface Form extends Source {
  problem: string;
  contest?: string | undefined;
  language: string;
}

export interface Entry {
  problem: ProblemRow;
  /** Null for what is in no contest: practice, and what is submitted beside one that is over. */
  entry: ContestEntry | null;
  /** The id of the contest that was over and has this problem; null for none. */
  beside: string | null;
  language: LanguageId;
  /** Instead of the package's, as the contest says, also once it is over; null where it says none. */
  limits: OwnLimits | null;
  /** Of all files together. */
  bytes: number;
}

/**
 * Checks that `user` may send this in: to a problem that is published (or their own), to a contest that they are
 * registered for, in their time, or to a problem of one that is over; in a language of the problem and of the contest,
 * within its size, once its time limit is known.
 *
 * @param now - the moment at which it came, ms since 1970-01-01 UTC: what is written down must have the same
 * @throws ApiError for whatever does not hold
 */
export async function enter(env: Env, form: Form, user: UserRow, now: number): Promise<Entry> {
  const problem = await problemBySlug(env, form.problem);
  const contest = form.contest === undefined ? null : await contestBySlug(env, form.contest);
  const beside = contest === null ? null : await entryAfterwards(env, contest, problem, now);
  const entry =
    contest === null || beside !== null ? null : await contestEntry(env, contest, problem, user, now);
  if (contest === null && problem.state !== "published" && !mayChange(user, problem)) throw noSuchProblem();
  const language = allowedLanguage(problem, entry?.contest.languages ?? null, form.language);
  const bytes = sourceBytes(problem, form);
  await requireTimeLimit(env, problem);
  const label = (entry ?? beside)?.label ?? "";
  const limits = contest?.limits[label] ?? null;
  return { problem, entry, beside: beside?.contest ?? null, language, limits, bytes };
}

async function contestEntry(
  env: Env,
  contest: ContestRow,
  problem: ProblemRow,
  user: UserRow,
  now: number,
): Promise<ContestEntry> {
  const { timed } = contest;
  const team = await teamIn(env, contest, user);
  if (team === null && statusAt(timed, now).state !== "scheduled" && !isOver(timed, now))
    throw new ApiError("not_registered", "Register a team for this contest first.");
  const refusal = refusalOf(timed, "submit", now, team);
  if (team === null || refusal !== null)
    throw new ApiError("contest_not_running", refusal ?? "The contest is not running.");
  const label = await labelIn(env, contest.id, problem.id);
  return { contest, team, label };
}

/** @param allowed - those that the contest allows; null for all */
function allowedLanguage(
  problem: ProblemRow,
  allowed: readonly LanguageId[] | null,
  language: string,
): LanguageId {
  const { languages } = factsOf(problem);
  if (!v.is(LanguageId, language)) {
    throw new ApiError(
      "unknown_language",
      `There is no language "${language.slice(0, 40)}". This problem takes ${languages.join(", ")}.`,
    );
  }
  const { dialectOf } = allLanguages[language];
  if (!languages.includes(language) && !(dialectOf && languages.includes(dialectOf))) {
    throw new ApiError("unknown_language", `This problem takes only ${languages.join(", ")}.`);
  }
  if (allowed !== null && !allowed.includes(language)) {
    throw new ApiError("unknown_language", `This contest takes only ${allowed.join(", ")}.`);
  }
  return language;
}

function sourceBytes(problem: ProblemRow, { files }: Source): number {
  const encoder = new TextEncoder();
  const bytes = files.reduce((sum, { text }) => sum + encoder.encode(text).length, 0);
  const limit = Math.min(factsOf(problem).limits.codeKiB * 1024, MAX_SOURCE_BYTES);
  if (bytes > limit)
    throw new ApiError("too_large", `The source has ${bytes} bytes; this problem takes at most ${limit}.`);
  return bytes;
}
