import * as v from "valibot";
import { TimedContest } from "../protocol/contest-times.ts";
import type { LanguageId } from "../protocol/language.ts";
import type { Yardstick } from "../protocol/problem.ts";
import { MAX_SOURCE_BYTES } from "../protocol/source.ts";
import { isOver } from "../rules/contest-state.ts";
import type { JurySubmission, Package } from "../rules/package/package.ts";
import { readPackage } from "../rules/package/read.ts";
import { unzipPackage } from "../rules/package/unzip.ts";
import { loadBlob } from "./blobs.ts";
import type { Env } from "./env.ts";
import { ApiError, json, param, type Call } from "./http.ts";
import { openPackage } from "./package-files.ts";
import { factsOf, noSuchProblem, problemBySlug, type YardstickPlace } from "./problem-rows.ts";
import type { ProblemRow } from "./tables.ts";

/** Solutions of the jury's that a reader's browser may run beside the reader's own, so that times mean something there. */

/**
 * In each language that the problem takes, the first solution that must be accepted on every test. None where the package
 * adds files of its own to a submission: a browser does not have those.
 */
export function yardsticksIn(pkg: Package): YardstickPlace[] {
  return pkg.languages.flatMap((language) => {
    const added = pkg.include.has(language) || pkg.include.has("default");
    const found = added
      ? undefined
      : pkg.submissions.find((one) => one.language === language && isYardstick(one, pkg));
    return found ? [placeOf(found, language)] : [];
  });
}

function isYardstick(
  { language, expected, requirements, files }: JurySubmission,
  { maxScore }: Package,
): boolean {
  return (
    language !== "answers" &&
    expected.length === 1 &&
    expected[0] === "AC" &&
    // A part of the points is no solution, even where the whole counts as accepted.
    requirements.every(({ score }) => score === null || score.least >= maxScore) &&
    [...files.values()].reduce((sum, { length }) => sum + length, 0) <= MAX_SOURCE_BYTES &&
    [...files.values()].every(isText)
  );
}

function isText(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function placeOf({ path, files, entryPoint }: JurySubmission, language: LanguageId): YardstickPlace {
  const [only, ...more] = files.keys();
  const single = more.length === 0 && only !== undefined && path.endsWith(`/${only}`);
  const folder = single ? path.slice(0, -only.length - 1) : path;
  return { language, folder, files: [...files.keys()], entryPoint };
}

/** Finds them in a package that was imported before they were looked for. */
export async function keepYardsticks(env: Env, row: ProblemRow): Promise<void> {
  if (factsOf(row).yardsticks !== null) return;
  const blob = await loadBlob(env, row.package_hash);
  const read = blob && readPackage(unzipPackage(new Uint8Array(await blob.arrayBuffer())), row.slug);
  if (!read?.package)
    throw new ApiError("not_found", "The problem's package cannot be read. Import it again.");
  await env.DB.prepare(
    "UPDATE problems SET facts = json_set(facts, '$.yardsticks', json(?)) WHERE id = ? AND package_hash = ?",
  )
    .bind(JSON.stringify(yardsticksIn(read.package)), row.id, row.package_hash)
    .run();
}

/** The languages in which everybody may have one now. */
export async function yardstickLanguages(env: Env, row: ProblemRow): Promise<LanguageId[]> {
  if (!(await isShared(env, row))) return [];
  return (factsOf(row).yardsticks ?? []).map(({ language }) => language);
}

/** A contest that has not ended, even one that has not begun, keeps the jury's solutions secret. */
async function isShared(env: Env, row: ProblemRow): Promise<boolean> {
  if (row.shares_yardstick !== 1 || row.state !== "published") return false;
  const { results } = await env.DB.prepare(
    "SELECT contests.timed FROM contest_problems cp JOIN contests ON contests.id = cp.contest WHERE cp.problem = ?",
  )
    .bind(row.id)
    .all<{ timed: string }>();
  const now = Date.now();
  return results.every(({ timed }) => isOver(v.parse(TimedContest, JSON.parse(timed)), now));
}

/** GET /api/problems/:slug/yardstick?language= */
export async function show(call: Call): Promise<Response> {
  const { env, url } = call;
  const row = await problemBySlug(env, param(call, "slug"));
  if (row.state !== "published") throw noSuchProblem();
  if (!(await isShared(env, row)))
    throw new ApiError("not_found", "The jury's solutions of this problem are not shared.");
  const language = url.searchParams.get("language");
  const place = factsOf(row).yardsticks?.find((one) => one.language === language);
  const read = place && (await openPackage(env, row.package_hash, MAX_SOURCE_BYTES));
  if (!place || !read)
    throw new ApiError("not_found", "There is no solution of the jury's in this language to compare with.");
  const files = place.files.map((name) => {
    const file = read(`${place.folder}/${name}`);
    if (!file) throw new Error(`the package of ${row.slug} has lost ${place.folder}/${name}`);
    return { name, text: file.text };
  });
  const { entryPoint } = place;
  return json({ language: place.language, files, entryPoint } satisfies Yardstick);
}
