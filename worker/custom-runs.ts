import type { LeaseSource } from "../protocol/judge.ts";
import { CustomRun, type CustomRunView } from "../protocol/custom-run.ts";
import { admit } from "./admission.ts";
import { findRun, runView, sweepRuns } from "./custom-run-rows.ts";
import { enter } from "./entry.ts";
import { pokeQueue } from "./env.ts";
import { ApiError, json, param, rateLimit, readJson, type Call } from "./http.ts";
import { PRIORITY } from "./objects/waiting.ts";
import type { UserRow } from "./tables.ts";

/** POST /api/runs: a program on the samples or on the reader's own input; one at a time for each account. */
export async function start(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const form = await readJson(call.request, CustomRun);
  // Counted apart from submissions: trying a program must not keep anybody from submitting it.
  await rateLimit(env.SUBMIT_LIMIT, `run ${user.id}`);
  const { problem, language, limits } = await enter(env, form, user, Date.now());
  await admit(env, "customRun");
  await sweepRuns(env, Date.now());
  const { files, entryPoint, input } = form;
  const id = crypto.randomUUID();
  const { meta } = await env.DB.prepare(
    `INSERT INTO tasks (id, kind, user, problem, package_hash, language, source, priority, queued_at, limits)
     VALUES (?, 'custom run', ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (user) WHERE kind = 'custom run' AND state IN ('queued', 'leased') DO NOTHING`,
  )
    .bind(
      id,
      user.id,
      problem.id,
      problem.package_hash,
      language,
      JSON.stringify({ files, entryPoint, input } satisfies LeaseSource),
      PRIORITY.customRun,
      Date.now(),
      limits && JSON.stringify(limits),
    )
    .run();
  if (meta.changes === 0)
    throw new ApiError("rate_limited", "A program of yours is being run already. Wait until it has ended.");
  pokeQueue(call);
  return json((await runView(env, id)) satisfies CustomRunView, { status: 201 });
}

/** GET /api/runs/:id: for its owner only, and for an hour. */
export async function show(call: Call, user: UserRow): Promise<Response> {
  const found = await findRun(call.env, param(call, "id"));
  if (found?.user !== user.id) throw new ApiError("not_found", "There is no such run, or no longer.");
  return json(found.view);
}
