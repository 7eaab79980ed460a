import * as v from "valibot";
import { Evidence, MAX_EVIDENCE_BYTES, type EvidenceStored, type RunEvidence } from "../protocol/evidence.ts";
import { loadBlob, storeBlob } from "./blobs.ts";
import { judgeQueue, type Env } from "./env.ts";
import type { Judge } from "./guards.ts";
import { ApiError, json, param, readJsonBytes, type Call } from "./http.ts";
import { failureNoted } from "./objects/leases.ts";
import { testsOf } from "./package-tests.ts";

/** Base64 makes a third more of outputs, and JSON up to twice of texts. */
const BODY_LIMIT = 2 * MAX_EVIDENCE_BYTES;

const EvidenceText = v.pipe(v.string(), v.parseJson(), Evidence);

/** POST /link/judge/leases/:id/evidence: for a held lease of a submission only; kept under its SHA-256. */
export async function store(call: Call, judge: Judge): Promise<Response> {
  const { env } = call;
  const held = await judgeQueue(env).holds(judge.id, param(call, "id"));
  if (held?.work.work !== "submission") {
    await failureNoted(env, judge.id, "it sent evidence for a lease that it does not hold").run();
    throw new ApiError("lease_not_held", "This judge does not hold this lease of a submission.");
  }
  const { bytes, body } = await readJsonBytes(call.request, Evidence, BODY_LIMIT);
  const tests = await testsOf(env, held.work.package);
  const unknown = body.runs.filter(({ name }) => !tests?.has(name));
  if (unknown.length > 0) {
    await failureNoted(env, judge.id, "it sent evidence of tests that the package does not have").run();
    const details = unknown
      .slice(0, 10)
      .map(({ name }) => `runs: the package has no test ${name.slice(0, 200)}`);
    throw new ApiError(
      "invalid_request",
      "The evidence is of tests that the package does not have.",
      details,
    );
  }
  const hash = await storeBlob(env, bytes, "application/json");
  return json({ hash } satisfies EvidenceStored, { status: 201 });
}

/** What each test left behind, by its name; empty where none was kept. What is lost or damaged is told in the log. */
export async function evidenceOf(env: Env, hash: string | null): Promise<Map<string, RunEvidence>> {
  if (hash === null) return new Map();
  const blob = await loadBlob(env, hash);
  const parsed = blob && blob.size <= BODY_LIMIT ? v.safeParse(EvidenceText, await blob.text()) : null;
  if (!parsed?.success) {
    console.error(`the evidence ${hash} is not there or not what it should be`);
    return new Map();
  }
  return new Map(parsed.output.runs.map((run) => [run.name, run]));
}

/** The bytes of an output that is kept in base64. */
export function outputBytes({ output }: RunEvidence): Uint8Array {
  return Uint8Array.from(atob(output), (character) => character.charCodeAt(0));
}
