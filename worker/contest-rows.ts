import * as v from "valibot";
import { ContestLimits } from "../protocol/contest.ts";
import { ContestFormat } from "../protocol/contest-format.ts";
import { TimedContest } from "../protocol/contest-times.ts";
import { LanguageId } from "../protocol/language.ts";
import type { Env } from "./env.ts";
import { ApiError } from "./http.ts";

/** A contest's row as the database has it. */
export interface StoredContest {
  id: string;
  slug: string;
  name: string;
  owner: string;
  timed: string;
  format: string;
  languages: string | null;
  limits: string;
  version: number;
}

export interface ContestRow {
  id: string;
  slug: string;
  name: string;
  owner: string;
  timed: TimedContest;
  format: ContestFormat;
  /** Those that may be submitted in; null for all. */
  languages: LanguageId[] | null;
  /** Its own, by label; where it has none, the package's hold. */
  limits: ContestLimits;
  /** One more with each change. */
  version: number;
}

/** The columns of a `StoredContest`, of the table `contests`. */
export const CONTEST_COLUMNS =
  "contests.id, contests.slug, contests.name, contests.owner, contests.timed, contests.format, contests.languages, contests.limits, contests.version";

const Languages = v.nullable(v.array(LanguageId));

export function contestOf({ timed, format, languages, limits, ...row }: StoredContest): ContestRow {
  return {
    ...row,
    timed: v.parse(TimedContest, JSON.parse(timed)),
    format: v.parse(ContestFormat, JSON.parse(format)),
    languages: v.parse(Languages, JSON.parse(languages ?? "null")),
    limits: v.parse(ContestLimits, JSON.parse(limits)),
  };
}

/** @throws ApiError `not_found` */
export async function contestBySlug(env: Env, slug: string): Promise<ContestRow> {
  const row = await env.DB.prepare(`SELECT ${CONTEST_COLUMNS} FROM contests WHERE slug = ?`)
    .bind(slug)
    .first<StoredContest>();
  if (!row) throw noSuchContest();
  return contestOf(row);
}

/** The contests with these ids, by id. */
export async function contestsById(env: Env, ids: Iterable<string>): Promise<Map<string, ContestRow>> {
  const asked = [...new Set(ids)];
  if (asked.length === 0) return new Map();
  const { results } = await env.DB.prepare(
    `SELECT ${CONTEST_COLUMNS} FROM contests WHERE id IN (SELECT value FROM json_each(?))`,
  )
    .bind(JSON.stringify(asked))
    .all<StoredContest>();
  return new Map(results.map((row) => [row.id, contestOf(row)]));
}

/** What of a contest may change. */
export type ContestSettings = Pick<ContestRow, "slug" | "name" | "timed" | "format" | "languages" | "limits">;

/**
 * The statement that changes a contest, for one batch with all that tells of it. Where the contest is not as it was read
 * any more, the fence aborts that whole batch: give the error to `refusedChange`.
 *
 * @param before - as it was read
 */
export function changed(env: Env, before: ContestRow, after: ContestSettings): D1PreparedStatement {
  const { slug, name, timed, format, languages, limits } = after;
  return env.DB.prepare(
    `UPDATE contests SET slug = ?, name = ?, timed = ?, format = ?, languages = ?, limits = ?, version = ? WHERE id = ?`,
  ).bind(
    slug,
    name,
    JSON.stringify(timed),
    JSON.stringify(format),
    languages && JSON.stringify(languages),
    JSON.stringify(limits),
    before.version + 1,
    before.id,
  );
}

/** Whether a batch with `changed` failed because somebody else changed the contest in between. */
export const isStale = (error: unknown): boolean =>
  error instanceof Error && /stale contest|problem in use/.test(error.message);

/** What is told of a batch with `changed` that failed: a refusal where the cause is known, else the error itself. */
export function refusedChange(error: unknown, slug: string): unknown {
  if (isStale(error))
    return new ApiError(
      "contest_changed",
      "Somebody else changed the contest at the same moment. Look at it again, and then change it.",
    );
  return isUnique(error, "contests")
    ? new ApiError("name_taken", `Another contest has the address "${slug}" already.`)
    : error;
}

export const isUnique = (error: unknown, table: string): boolean =>
  error instanceof Error && error.message.includes(`UNIQUE constraint failed: ${table}.`);

export const noSuchContest = () => new ApiError("not_found", "There is no such contest.");
