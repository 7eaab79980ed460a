import type { JuryTest } from "../protocol/jury.ts";
import { evidenceOf, outputBytes } from "./evidence.ts";
import { ApiError, json, param, type Call } from "./http.ts";
import { jurySubmission } from "./jury-access.ts";
import { roundNumber } from "./jury-submissions.ts";
import { openPackage, textStart } from "./package-files.ts";
import type { UserRow } from "./tables.ts";

/** What each text is cut to. */
const TEXT_LIMIT = 64 * 1024;

interface TestRow {
  name: string;
  output_bytes: number;
  package_hash: string;
  evidence: string | null;
}

/** GET /api/submissions/:id/jury/tests/:position?round=: one test's files, and what it left behind. */
export async function show(call: Call, user: UserRow): Promise<Response> {
  const { env, url } = call;
  const { id } = await jurySubmission(call, user);
  const row = await env.DB.prepare(
    `SELECT n.name, n.output_bytes, r.package_hash, j.evidence FROM runs n
     JOIN rounds r ON r.submission = n.submission AND r.round = n.round
     JOIN judgements j ON j.submission = n.submission AND j.round = n.round
     WHERE n.submission = ?1 AND n.position = ?2
       AND n.round = COALESCE(?3, (SELECT round FROM counting_judgements WHERE submission = ?1))`,
  )
    .bind(id, Number(param(call, "position")) || 0, roundNumber(url.searchParams.get("round")))
    .first<TestRow>();
  if (!row) throw new ApiError("not_found", "This round of the submission has no such test.");
  const { name } = row;
  const [read, evidence] = await Promise.all([
    openPackage(env, row.package_hash, TEXT_LIMIT),
    evidenceOf(env, row.evidence),
  ]);
  const none = { text: "", bytes: 0 };
  const kept = evidence.get(name);
  const test: JuryTest = {
    name,
    input: read?.(`data/${name}.in`) ?? none,
    answer: read?.(`data/${name}.ans`) ?? none,
    output: kept ? { text: textStart(outputBytes(kept), TEXT_LIMIT), bytes: row.output_bytes } : null,
    stderr: kept?.stderr.slice(0, TEXT_LIMIT) ?? "",
    feedback: Object.fromEntries(
      Object.entries(kept?.feedback ?? {}).map(([file, text]) => [file, text.slice(0, TEXT_LIMIT)]),
    ),
    transcript: kept?.transcript?.slice(0, TEXT_LIMIT) ?? null,
  };
  return json(test);
}
