import * as v from "valibot";
import { CheckReport, type JudgeList } from "../protocol/judge-check.ts";
import { judgeQueue } from "./env.ts";
import type { Judge } from "./guards.ts";
import { json, readJson, type Call } from "./http.ts";
import { waitingCount } from "./objects/leases.ts";

/** A judge with its last check, if there was one. */
interface JudgeRow {
  id: string;
  name: string;
  at: number | null;
  level: string | null;
  reason: string | null;
  guarantees: string | null;
}

/** GET /api/judges: every judge that may connect, by name, with what it says of itself and what its doctor found. */
export async function list(call: Call): Promise<Response> {
  const { env } = call;
  const [connected, { results }, waiting] = await Promise.all([
    judgeQueue(env).connected(),
    env.DB.prepare(
      `SELECT judges.id, judges.name, c.at, c.level, c.reason, c.guarantees
       FROM judges LEFT JOIN judge_checks c ON c.judge = judges.id
       WHERE judges.revoked_at IS NULL ORDER BY judges.name, judges.id`,
    ).all<JudgeRow>(),
    waitingCount(env),
  ]);
  const judges = results.map((row) => {
    const hello = connected.find((judge) => judge.id === row.id);
    return {
      id: row.id,
      name: row.name,
      connected: hello !== undefined,
      slots: hello?.slots ?? 0,
      level: hello?.level ?? null,
      reason: hello?.reason ?? "",
      languages: hello?.languages ?? [],
      check: checkOf(row),
    };
  });
  return json({ judges, waiting } satisfies JudgeList);
}

function checkOf({ at, level, reason, guarantees }: JudgeRow): CheckReport | null {
  return guarantees === null
    ? null
    : v.parse(CheckReport, { at, level, reason, guarantees: JSON.parse(guarantees) });
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
