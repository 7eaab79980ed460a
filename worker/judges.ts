import * as v from "valibot";
import { CheckReport } from "../protocol/judge-check.ts";
import {
  ChangeJudge,
  NewJudge,
  type JudgeList,
  type JudgeState,
  type JudgeToken,
} from "../protocol/judge-list.ts";
import { closedBecause } from "./admission.ts";
import { audited } from "./audit.ts";
import { randomToken, sha256 } from "./digest.ts";
import { judgeQueue, type Env } from "./env.ts";
import type { Judge } from "./guards.ts";
import { ApiError, json, param, readJson, type Call } from "./http.ts";
import type { PresentJudge } from "./objects/connections.ts";
import { HEARTBEAT_MS } from "./objects/judge-socket.ts";
import { waitingCount } from "./objects/waiting.ts";
import { tables, type UserRow } from "./tables.ts";

/** Two heartbeats: one may be late. */
const SILENT_MS = 2 * HEARTBEAT_MS;

type ListedJudge = JudgeList["judges"][number];

/** A judge with its last check, if there was one. */
interface JudgeRow {
  id: string;
  name: string;
  paused: number;
  heard_at: number | null;
  last_failure: string | null;
  last_failure_at: number | null;
  at: number | null;
  level: string | null;
  reason: string | null;
  guarantees: string | null;
}

/** GET /api/judges: every judge that may connect, by name, with what it says of itself and what its doctor found. */
export async function list(call: Call): Promise<Response> {
  return json(await judgeList(call.env));
}

async function judgeList(env: Env): Promise<JudgeList> {
  const [{ judges: present, leases }, { results }, waiting, failed, closed] = await Promise.all([
    judgeQueue(env).presence(),
    env.DB.prepare(
      `SELECT judges.id, judges.name, judges.paused, judges.heard_at, judges.last_failure, judges.last_failure_at,
         c.at, c.level, c.reason, c.guarantees
       FROM judges LEFT JOIN judge_checks c ON c.judge = judges.id
       WHERE judges.revoked_at IS NULL ORDER BY judges.name, judges.id`,
    ).all<JudgeRow>(),
    waitingCount(env),
    failedCount(env),
    closedBecause(env),
  ]);
  const now = Date.now();
  const judges = results.map((row) =>
    listed(
      row,
      present.find(({ id }) => id === row.id),
      leases[row.id] ?? 0,
      now,
    ),
  );
  return { judges, waiting, failed, closed };
}

function listed(row: JudgeRow, present: PresentJudge | undefined, leases: number, now: number): ListedJudge {
  const paused = row.paused === 1;
  const heardAt = present?.heardAt ?? row.heard_at;
  return {
    id: row.id,
    name: row.name,
    state: stateOf(present !== undefined, paused, leases, now - (heardAt ?? 0)),
    paused,
    heardAt,
    leases,
    load: present?.load ?? null,
    lastFailure:
      row.last_failure === null || row.last_failure_at === null
        ? null
        : { at: row.last_failure_at, message: row.last_failure },
    slots: present?.hello.slots ?? 0,
    level: present?.hello.level ?? null,
    reason: present?.hello.reason ?? "",
    languages: present?.hello.languages ?? [],
    check: checkOf(row),
  };
}

/** @param quietMs since it was last heard of */
function stateOf(connected: boolean, paused: boolean, leases: number, quietMs: number): JudgeState {
  if (leases > 0 && quietMs > SILENT_MS) return "silent";
  if (!connected) return "away";
  if (paused) return "paused";
  return leases > 0 ? "judging" : "idle";
}

/** Submissions whose latest round that counts gave no verdict. */
async function failedCount(env: Env): Promise<number> {
  const rows = env.DB.prepare(
    `SELECT COUNT(*) AS n FROM rounds r WHERE r.state = 'failed' AND r.standing = 'counts' AND NOT EXISTS (
       SELECT 1 FROM rounds later
       WHERE later.submission = r.submission AND later.round > r.round AND later.standing = 'counts')`,
  );
  return (await rows.first<number>("n")) ?? 0;
}

function checkOf({ at, level, reason, guarantees }: JudgeRow): CheckReport | null {
  return guarantees === null
    ? null
    : v.parse(CheckReport, { at, level, reason, guarantees: JSON.parse(guarantees) });
}

/** POST /api/judges: makes a judge, whose token is in the answer and nowhere else. */
export async function create(call: Call, administrator: UserRow): Promise<Response> {
  const { env } = call;
  const { name } = await readJson(call.request, NewJudge);
  const id = crypto.randomUUID();
  const token = randomToken();
  await env.DB.batch([
    env.DB.prepare("INSERT INTO judges (id, name, token_hash, created_at) VALUES (?, ?, ?, ?)").bind(
      id,
      name,
      await sha256(token),
      Date.now(),
    ),
    audited(env, administrator.id, "judge.create", id, { name }),
  ]);
  return json({ id, name, token } satisfies JudgeToken, { status: 201 });
}

/** PATCH /api/judges/:id: a paused judge finishes what it holds and gets no more. Answers with the whole list. */
export async function change(call: Call, administrator: UserRow): Promise<Response> {
  const { env } = call;
  const { paused } = await readJson(call.request, ChangeJudge);
  const { id, name } = await judgeById(env, param(call, "id"));
  await env.DB.batch([
    env.DB.prepare("UPDATE judges SET paused = ? WHERE id = ?").bind(paused ? 1 : 0, id),
    audited(env, administrator.id, paused ? "judge.pause" : "judge.resume", id, { name }),
  ]);
  await judgeQueue(env).poke();
  return list(call);
}

/** DELETE /api/judges/:id: its token is good for nothing from now on, and its connection ends. Answers with the whole list. */
export async function revoke(call: Call, administrator: UserRow): Promise<Response> {
  const { env } = call;
  const { id, name } = await judgeById(env, param(call, "id"));
  await env.DB.batch([
    env.DB.prepare("UPDATE judges SET revoked_at = ? WHERE id = ?").bind(Date.now(), id),
    audited(env, administrator.id, "judge.revoke", id, { name }),
  ]);
  await judgeQueue(env).revoke(id);
  return list(call);
}

async function judgeById(env: Env, id: string): Promise<{ id: string; name: string }> {
  const row = await tables(env.DB).judges.First({ where: { id } });
  if (!row || (row.revoked_at ?? null) !== null) throw new ApiError("not_found", "There is no such judge.");
  return row;
}

/** POST /link/judge/checks: what a judge's doctor found; the one before is forgotten. */
export async function reportCheck(call: Call, judge: Judge): Promise<Response> {
  const { at, level, reason, guarantees } = await readJson(call.request, CheckReport);
  await call.env.DB.prepare(
    `INSERT INTO judge_checks (judge, at, level, reason, guarantees) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (judge) DO UPDATE SET
       at = excluded.at, level = excluded.level, reason = excluded.reason, guarantees = excluded.guarantees`,
  )
    .bind(judge.id, at, level, reason, JSON.stringify(guarantees))
    .run();
  return new Response(null, { status: 204 });
}
