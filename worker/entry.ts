import * as v from "valibot";
import { LanguageId, languages as allLanguages } from "../protocol/language.ts";
import { MAX_SOURCE_BYTES, type Source } from "../protocol/source.ts";
import { contestTime, phaseAt } from "../rules/contest-clock.ts";
import { clockOf, contestBySlug, type ContestRow } from "./contests.ts";
import type { Env } from "./env.ts";
import { ApiError } from "./http.ts";
import { factsOf, mayChange, noSuchProblem, problemBySlug } from "./problem-rows.ts";
import type { ProblemRow, UserRow } from "./tables.ts";
import { requireTimeLimit } from "./time-limits.ts";

/** Who may send in a program for a problem, and what it may be: the same for submissions and for custom runs. */

export interface ContestEntry {
  contest: ContestRow;
  team: string;
  label: string;
  /** Contest time in ms. */
  at: number;
}

interface Form extends Source {
  problem: string;
  contest?: string | undefined;
  language: string;
}

export interface Entry {
  problem: ProblemRow;
  /** Null for practice. */
  entry: ContestEntry | null;
  language: LanguageId;
  /** Of all files together. */
  bytes: number;
}

/**
 * Checks that `user` may send this in now: to a problem that is published (or their own), or to a running contest that
 * they are registered for; in a language of the problem, within its size, once its time limit is known.
 *
 * @throws ApiError for whatever does not hold
 */
export async function enter(env: Env, form: Form, user: UserRow): Promise<Entry> {
  const problem = await problemBySlug(env, form.problem);
  const entry = form.contest === undefined ? null : await contestEntry(env, form.contest, problem, user);
  if (!entry && problem.state !== "published" && !mayChange(user, problem)) throw noSuchProblem();
  const language = allowedLanguage(problem, form.language);
  const bytes = sourceBytes(problem, form);
  await requireTimeLimit(env, problem);
  return { problem, entry, language, bytes };
}

async function contestEntry(
  env: Env,
  slug: string,
  problem: ProblemRow,
  user: UserRow,
): Promise<ContestEntry> {
  const contest = await contestBySlug(env, slug);
  const clock = clockOf(contest);
  const now = Date.now();
  const phase = phaseAt(clock, now);
  if (phase === "before") throw new ApiError("contest_not_running", "The contest has not started yet.");
  if (phase === "over") throw new ApiError("contest_not_running", "The contest is over.");
  const row = await env.DB.prepare(
    `SELECT cp.label, m.team FROM contest_problems cp
     LEFT JOIN team_members m ON m.contest = cp.contest AND m.user = ?3
     WHERE cp.contest = ?1 AND cp.problem = ?2`,
  )
    .bind(contest.id, problem.id, user.id)
    .first<{ label: string; team: string | null }>();
  if (!row) throw new ApiError("problem_not_in_contest", "This problem is not part of the contest.");
  if (row.team === null) throw new ApiError("not_registered", "Register a team for this contest first.");
  return { contest, team: row.team, label: row.label, at: contestTime(clock, now) };
}

function allowedLanguage(problem: ProblemRow, language: string): LanguageId {
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
