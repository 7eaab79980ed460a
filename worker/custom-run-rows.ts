import * as v from "valibot";
import { CustomRunResult, type CustomRunView } from "../protocol/custom-run.ts";
import { LanguageId } from "../protocol/language.ts";
import type { Env } from "./env.ts";

/** After this long a custom run is forgotten, whatever became of it. */
const KEPT_MS = 3_600_000;

const STATES = { queued: "queued", leased: "running", done: "done", failed: "failed" } as const;

interface RunRow {
  id: string;
  user: string;
  language: string;
  state: keyof typeof STATES;
  result: string | null;
}

/** One custom run as its owner sees it. */
export async function runView(env: Env, id: string): Promise<CustomRunView> {
  const found = await findRun(env, id);
  if (!found) throw new Error(`custom run ${id} is gone`);
  return found.view;
}

/** A custom run and whose it is; null once it is forgotten. */
export async function findRun(env: Env, id: string): Promise<{ user: string; view: CustomRunView } | null> {
  const row = await env.DB.prepare(
    `SELECT id, user, language, state, result FROM tasks WHERE id = ? AND kind = 'custom run' AND queued_at > ?`,
  )
    .bind(id, Date.now() - KEPT_MS)
    .first<RunRow>();
  return row && { user: row.user, view: viewOf(row) };
}

const viewOf = ({ id, language, state, result }: RunRow): CustomRunView => ({
  id,
  language: v.parse(LanguageId, language),
  state: STATES[state],
  result: result === null ? null : v.parse(CustomRunResult, JSON.parse(result)),
  // What a judge says of its failures may name hidden tests: it is for those who look after judges.
  failure: state === "failed" ? "The judge could not run this program; that is not the program's fault." : "",
});

/** Forgets custom runs that are old, those that nobody ever ran included. */
export async function sweepRuns(env: Env, now: number): Promise<void> {
  await env.DB.prepare("DELETE FROM tasks WHERE kind = 'custom run' AND state <> 'leased' AND queued_at <= ?")
    .bind(now - KEPT_MS)
    .run();
}
