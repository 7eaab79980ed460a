import * as v from "valibot";
import { BoardProblem } from "../protocol/contest.ts";
import { LanguageId } from "../protocol/language.ts";
import { CheckerKind, CheckerOptions, ProblemLimits, ProblemType, Sample } from "../protocol/problem.ts";
import { LocalText } from "../protocol/text.ts";
import type { Package } from "../rules/package/package.ts";
import type { Env } from "./env.ts";
import { ApiError } from "./http.ts";
import { tables, type ProblemRow, type UserRow } from "./tables.ts";

/** Where a package keeps a solution of the jury's for one language, so that it is found without reading the rest. */
export const YardstickPlace = v.object({
  language: LanguageId,
  /** The folder that holds them, inside the package: `submissions/accepted`. */
  folder: v.string(),
  files: v.array(v.string()),
  entryPoint: v.nullable(v.string()),
});
export type YardstickPlace = v.InferOutput<typeof YardstickPlace>;

/** The `facts` column: what the problem page shows besides statements. */
export const ProblemFacts = v.object({
  types: v.array(ProblemType),
  limits: ProblemLimits,
  languages: v.array(LanguageId),
  checker: CheckerKind,
  checkerOptions: CheckerOptions,
  samples: v.array(Sample),
  credits: v.array(v.string()),
  license: v.string(),
  /** For the figures of practice alone: in a contest they would give away how a problem is solved. */
  keywords: v.optional(v.array(v.string()), []),
  /** Null for a package that was imported before anybody asked. */
  yardsticks: v.optional(v.nullable(v.array(YardstickPlace)), null),
  /** As boards have it; not there for a package that was imported before anybody asked. */
  maxScore: v.optional(BoardProblem.entries.maxScore),
});
export type ProblemFacts = v.InferOutput<typeof ProblemFacts>;

/** The most points that a package gives, as boards have it. */
export function boardScore({
  scoreAggregation,
  maxScore,
}: Pick<Package, "scoreAggregation" | "maxScore">): BoardProblem["maxScore"] {
  if (scoreAggregation === null) return "pass-fail";
  return Number.isFinite(maxScore) ? maxScore : null;
}

export const nameOf = (row: { name: string }): LocalText => v.parse(LocalText, JSON.parse(row.name));
export const factsOf = (row: { facts: string }): ProblemFacts => v.parse(ProblemFacts, JSON.parse(row.facts));

/** Looks a problem up by its slug, whatever its state. */
export async function problemBySlug(env: Env, slug: string): Promise<ProblemRow> {
  const row = await tables(env.DB).problems.First({ where: { slug } });
  if (!row) throw noSuchProblem();
  return row;
}

/** Whether `user` may replace, publish or withdraw the problem. */
export const mayChange = (user: UserRow | null, row: { owner: string }): boolean =>
  user !== null && (user.role === "administrator" || (user.role === "organiser" && user.id === row.owner));

/** Also said of what the reader may not know of. */
export const noSuchProblem = () => new ApiError("not_found", "There is no such problem.");
