import type { BoardProblem } from "../protocol/contest.ts";
import { readPackage } from "../rules/package/read.ts";
import { unzipPackage } from "../rules/package/unzip.ts";
import { loadBlob } from "./blobs.ts";
import type { Env } from "./env.ts";
import { ApiError } from "./http.ts";
import { boardScore, factsOf, mayChange, problemBySlug } from "./problem-rows.ts";
import type { ProblemRow, UserRow } from "./tables.ts";

/** The problems of a contest: their labels, their colours, and the most that they give. */

/** Balloon colours for the labels A, B, C …: told apart by hue, and always shown with their letter. */
const COLOURS = [
  "#d1495b",
  "#2e86ab",
  "#edae49",
  "#3a7d44",
  "#7d5ba6",
  "#f18f01",
  "#00798c",
  "#8d6a9f",
  "#5c8001",
  "#c1666b",
] as const;

export type LabelledProblem = BoardProblem & { id: string };

export const boardProblem = ({ label, colour, maxScore }: LabelledProblem): BoardProblem => ({
  label,
  colour,
  maxScore,
});

/**
 * The problems of these slugs with their labels and colours. A draft may be used by its owner; a withdrawn problem by
 * nobody, unless the contest has it already.
 *
 * @param contest - the contest's id; null for a new one
 */
export async function problemsOfForm(
  env: Env,
  slugs: readonly string[],
  user: UserRow,
  contest: string | null,
): Promise<LabelledProblem[]> {
  const kept = new Set(contest === null ? [] : (await problemsOf(env, contest)).map(({ id }) => id));
  return Promise.all(
    slugs.map(async (slug, index) => {
      const row = await problemBySlug(env, slug);
      const usable = row.state === "published" || (row.state === "draft" && mayChange(user, row));
      if (!usable && !kept.has(row.id))
        throw new ApiError("invalid_request", "A problem cannot be used.", [
          `problems: ${slug} is not published`,
        ]);
      return {
        id: row.id,
        label: String.fromCharCode(65 + index),
        colour: COLOURS[index % COLOURS.length] ?? COLOURS[0],
        maxScore: await maxScoreOf(env, row),
      };
    }),
  );
}

/** The problems that a contest has now. */
export async function problemsOf(env: Env, contest: string): Promise<LabelledProblem[]> {
  const { results } = await env.DB.prepare(
    `SELECT problems.*, cp.label, cp.colour FROM contest_problems cp JOIN problems ON problems.id = cp.problem
     WHERE cp.contest = ? ORDER BY cp.position`,
  )
    .bind(contest)
    .all<ProblemRow & { label: string; colour: string }>();
  return Promise.all(
    results.map(async (row) => ({
      id: row.id,
      label: row.label,
      colour: row.colour,
      maxScore: await maxScoreOf(env, row),
    })),
  );
}

/**
 * What a contest calls a problem.
 *
 * @throws ApiError where it does not have it
 */
export async function labelIn(env: Env, contest: string, problem: string): Promise<string> {
  const label = await env.DB.prepare("SELECT label FROM contest_problems WHERE contest = ? AND problem = ?")
    .bind(contest, problem)
    .first<string>("label");
  if (label === null)
    throw new ApiError("problem_not_in_contest", "This problem is not part of the contest.");
  return label;
}

/** What a problem gives at most. A package of an earlier import is read once more. */
async function maxScoreOf(env: Env, row: ProblemRow): Promise<BoardProblem["maxScore"]> {
  const facts = factsOf(row);
  if (facts.maxScore !== undefined) return facts.maxScore;
  if (!facts.types.includes("scoring")) return "pass-fail";
  const blob = await loadBlob(env, row.package_hash);
  const read = blob && readPackage(unzipPackage(new Uint8Array(await blob.arrayBuffer())), row.slug);
  if (!read?.package)
    throw new ApiError("not_found", `The package of ${row.slug} cannot be read. Import it again.`);
  const maxScore = boardScore(read.package);
  await env.DB.prepare(
    "UPDATE problems SET facts = json_set(facts, '$.maxScore', json(?)) WHERE id = ? AND package_hash = ?",
  )
    .bind(JSON.stringify(maxScore), row.id, row.package_hash)
    .run();
  return maxScore;
}

/**
 * The statements that give a contest these problems, and no others. Those that stay are not touched: a problem that has
 * submissions cannot be deleted, not even by one who did not see them yet.
 */
export function problemsKept(
  env: Env,
  contest: string,
  problems: readonly LabelledProblem[],
): D1PreparedStatement[] {
  const places = problems.map(({ id, label, colour }, position) => ({ id, label, colour, position }));
  return [
    env.DB.prepare(
      `DELETE FROM contest_problems WHERE contest = ?1 AND (problem, label) NOT IN
         (SELECT value ->> 'id', value ->> 'label' FROM json_each(?2))`,
    ).bind(contest, JSON.stringify(places)),
    env.DB.prepare(
      `INSERT INTO contest_problems (contest, problem, label, colour, position)
       SELECT ?1, value ->> 'id', value ->> 'label', value ->> 'colour', value ->> 'position' FROM json_each(?2) WHERE TRUE
       ON CONFLICT (contest, label) DO NOTHING`,
    ).bind(contest, JSON.stringify(places)),
  ];
}

/** A submission belongs to a label: neither the problem nor its label may change once somebody has submitted. */
export async function refuseLosingSubmissions(
  env: Env,
  contest: string,
  problems: readonly LabelledProblem[],
): Promise<void> {
  const { results } = await env.DB.prepare(
    `SELECT cp.problem, cp.label FROM contest_problems cp WHERE cp.contest = ?1
     AND EXISTS (SELECT 1 FROM submissions s WHERE s.contest = ?1 AND s.problem = cp.problem)`,
  )
    .bind(contest)
    .all<{ problem: string; label: string }>();
  const lost = results.filter(
    (used) => !problems.some((kept) => kept.id === used.problem && kept.label === used.label),
  );
  if (lost.length > 0) {
    const details = lost.map(({ label }) => `problems: ${label} has submissions and must keep its place`);
    throw new ApiError("invalid_request", "Problems with submissions cannot be moved or taken out.", details);
  }
}
