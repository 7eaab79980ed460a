import * as v from "valibot";
import { AuditList } from "../protocol/jury.ts";
import { json, type Call } from "./http.ts";
import { juryContest } from "./jury-access.ts";
import type { UserRow } from "./tables.ts";

const ENTRIES = 200;

const Data = AuditList.entries.entries.item.entries.data;

interface EntryRow {
  at: number;
  actor: string | null;
  action: string;
  subject: string;
  data: string;
}

/** GET /api/contests/:slug/audit: what was done in a contest and by whom, newest first. */
export async function list(call: Call, user: UserRow): Promise<Response> {
  const contest = await juryContest(call, user);
  const { results } = await call.env.DB.prepare(
    `SELECT a.at, u.display_name AS actor, a.action, a.subject, a.data
     FROM audit_log a LEFT JOIN users u ON u.id = a.actor
     WHERE a.contest = ? ORDER BY a.id DESC LIMIT ${ENTRIES}`,
  )
    .bind(contest.id)
    .all<EntryRow>();
  const entries = results.map((row) => ({ ...row, data: v.parse(Data, JSON.parse(row.data)) }));
  return json({ entries } satisfies AuditList);
}
