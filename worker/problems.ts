import * as v from "valibot";
import type { ProblemList, ProblemSummary, ProblemView, Shelf, ShelfEntry } from "../protocol/problem.ts";
import { ChangeProblem, ImportReport, ProblemState } from "../protocol/problem.ts";
import { Sha256 } from "../protocol/text.ts";
import { audited } from "./audit.ts";
import { loadBlob } from "./blobs.ts";
import { pokeQueue, type Env } from "./env.ts";
import { ApiError, json, param, readBytes, readJson, type Call } from "./http.ts";
import { importPackage, withTimeLimits } from "./problem-import.ts";
import { factsOf, mayChange, nameOf, noSuchProblem, problemBySlug } from "./problem-rows.ts";
import { silentContests } from "./silent-contests.ts";
import { requireTimeLimit } from "./time-limits.ts";
import { tables, type ProblemRow, type UserRow } from "./tables.ts";
import { keepYardsticks, yardstickLanguages } from "./yardsticks.ts";

const PACKAGE_LIMIT = 64 * 1024 * 1024;

/**
 * GET /api/problems: what is published, with the reader's own progress.
 * Others are counted by their practice alone: counts that grew with a contest would tell what its freeze hides.
 */
export async function list(call: Call, user: UserRow | null): Promise<Response> {
  const { results } = await call.env.DB.prepare(
    `SELECT p.slug, p.name, p.state, p.facts,
       COUNT(DISTINCT CASE WHEN s.contest IS NULL THEN s.user END) AS tried_by,
       COUNT(DISTINCT CASE WHEN s.contest IS NULL AND j.verdict = 'AC' THEN s.user END) AS solved_by,
       MAX(s.user = ?1) AS tried,
       MAX(s.user = ?1 AND j.verdict = 'AC'
         AND (s.contest IS NULL OR s.contest NOT IN (SELECT value FROM json_each(?2)))) AS solved
     FROM problems p
     LEFT JOIN submissions s ON s.problem = p.id
     LEFT JOIN counting_judgements j ON j.submission = s.id
     WHERE p.state = 'published' GROUP BY p.id ORDER BY p.slug`,
  )
    .bind(user?.id ?? null, JSON.stringify(await silentContests(call.env, Date.now())))
    .all<
      Pick<ProblemRow, "slug" | "name" | "state" | "facts"> &
        Record<"tried_by" | "solved_by", number> &
        Record<"tried" | "solved", number | null>
    >();
  const problems = results.map((row): ProblemSummary => ({
    slug: row.slug,
    name: nameOf(row),
    types: factsOf(row).types,
    state: v.parse(ProblemState, row.state),
    solvedBy: row.solved_by,
    triedBy: row.tried_by,
    mine: row.solved ? "solved" : row.tried ? "tried" : null,
  }));
  return json({ problems } satisfies ProblemList);
}

/** GET /api/problems/:slug: drafts and withdrawn problems are shown to those who may change them. */
export async function show(call: Call, user: UserRow | null): Promise<Response> {
  const row = await problemBySlug(call.env, param(call, "slug"));
  if (row.state !== "published" && !mayChange(user, row)) throw noSuchProblem();
  return json(await problemView(call.env, row, null));
}

/** The whole page of a problem, as seen by itself or in a contest. */
export async function problemView(
  env: Env,
  row: ProblemRow,
  contest: ProblemView["contest"],
): Promise<ProblemView> {
  const { results: statements } = await env.DB.prepare(
    "SELECT locale, html FROM problem_statements WHERE problem = ? ORDER BY locale",
  )
    .bind(row.id)
    .all<{ locale: string; html: string }>();
  const { keywords: _, ...facts } = factsOf(row);
  return {
    slug: row.slug,
    name: nameOf(row),
    state: v.parse(ProblemState, row.state),
    ...facts,
    yardsticks: contest === null ? await yardstickLanguages(env, row) : [],
    statements,
    contest,
  };
}

/** POST /api/problems: a zip of a problem package; `?name=` gives the short name when the package does not. */
export async function upload(call: Call, user: UserRow): Promise<Response> {
  const zip = await readBytes(call.request, PACKAGE_LIMIT);
  const report = await importPackage(call.env, user, zip, call.url.searchParams.get("name") ?? "problem");
  pokeQueue(call);
  return json(report, { status: 201 });
}

/** GET /api/organise/problems: the organiser's own problems; an administrator sees all. */
export async function shelf(call: Call, user: UserRow): Promise<Response> {
  const { results } = await call.env.DB.prepare(
    `SELECT problems.*, users.display_name AS owner_name FROM problems JOIN users ON users.id = problems.owner
     WHERE ?1 = 'administrator' OR problems.owner = ?2 OR problems.state = 'published' ORDER BY slug`,
  )
    .bind(user.role, user.id)
    .all<ProblemRow & { owner_name: string }>();
  return json({ problems: await shelfEntries(call.env, results) } satisfies Shelf);
}

/** POST /api/problems/:slug/publish: refused while nobody knows its time limit. */
export const publish = (call: Call, user: UserRow): Promise<Response> => setState(call, user, "published");

/** POST /api/problems/:slug/withdraw: hides it from the list; contests and submissions that use it go on. */
export const withdraw = (call: Call, user: UserRow): Promise<Response> => setState(call, user, "withdrawn");

/** PATCH /api/problems/:slug: whether browsers may be given a solution of the jury's. */
export async function change(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const { sharesYardstick } = await readJson(call.request, ChangeProblem);
  const row = await changeable(call, user);
  if (sharesYardstick) await keepYardsticks(env, row);
  await env.DB.batch([
    env.DB.prepare("UPDATE problems SET shares_yardstick = ? WHERE id = ?").bind(
      Number(sharesYardstick),
      row.id,
    ),
    audited(
      env,
      user.id,
      sharesYardstick ? "problem.share-yardstick" : "problem.keep-yardstick",
      row.slug,
      {},
    ),
  ]);
  return json(await entryOf(env, row.slug));
}

async function changeable(call: Call, user: UserRow): Promise<ProblemRow> {
  const row = await problemBySlug(call.env, param(call, "slug"));
  if (!mayChange(user, row))
    throw new ApiError("forbidden", "Only the problem's owner or an administrator may do this.");
  return row;
}

async function setState(call: Call, user: UserRow, state: ProblemState): Promise<Response> {
  const row = await changeable(call, user);
  if (state === "published") await requireTimeLimit(call.env, row);
  await call.env.DB.batch([
    call.env.DB.prepare("UPDATE problems SET state = ? WHERE id = ?").bind(state, row.id),
    audited(call.env, user.id, "problem.state", row.slug, { from: row.state, to: state }),
  ]);
  return json(await entryOf(call.env, row.slug));
}

/** One problem as the shelf shows it now. */
async function entryOf(env: Env, slug: string): Promise<ShelfEntry> {
  const row = await problemBySlug(env, slug);
  const owner = await tables(env.DB).users.First({ where: { id: row.owner } });
  const [entry] = await shelfEntries(env, [{ ...row, owner_name: owner?.display_name ?? "" }]);
  if (!entry) throw new Error(`the problem ${slug} is gone`);
  return entry;
}

async function shelfEntries(
  env: Env,
  rows: readonly (ProblemRow & { owner_name: string })[],
): Promise<ShelfEntry[]> {
  const reports = await withTimeLimits(
    env,
    rows.map((row) => v.parse(ImportReport, JSON.parse(row.report))),
  );
  return rows.flatMap((row, at) => {
    const report = reports[at];
    return report ? [shelfEntry(row, report)] : [];
  });
}

function shelfEntry(row: ProblemRow & { owner_name: string }, report: ImportReport): ShelfEntry {
  return {
    slug: row.slug,
    name: nameOf(row),
    state: v.parse(ProblemState, row.state),
    types: factsOf(row).types,
    owner: row.owner_name,
    hash: row.package_hash,
    importedAt: row.imported_at,
    sharesYardstick: row.shares_yardstick === 1,
    report,
  };
}

/** GET /api/files/:file: an image of a statement, `<sha256>.<ending>`. */
export async function file(call: Call): Promise<Response> {
  const [hash = ""] = param(call, "file").split(".");
  const blob = v.is(Sha256, hash) ? await loadBlob(call.env, hash) : null;
  const contentType = blob?.httpMetadata?.contentType ?? "";
  if (!blob || !contentType.startsWith("image/")) throw new ApiError("not_found", "There is no such file.");
  return new Response(blob.body, {
    headers: {
      "content-type": contentType,
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
      // An SVG that is opened directly must not run anything as our site.
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    },
  });
}
