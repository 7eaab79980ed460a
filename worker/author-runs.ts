import * as v from "valibot";
import { RunView, type FullFeedback } from "../protocol/submission.ts";
import { RunVerdict } from "../protocol/verdict.ts";
import type { Env } from "./env.ts";
import { evidenceOf, outputBytes } from "./evidence.ts";
import { openPackage, textStart } from "./package-files.ts";
import { testsOf } from "./package-tests.ts";

/** What a test's author-visible texts are cut to, and how many tests are told in full. */
const TEXT_LIMIT = 16 * 1024;
const FULL_TESTS = 20;

interface RunRow {
  position: number;
  name: string;
  verdict: string;
  score: number | null;
  cpu_ms: number;
  wall_ms: number;
  memory_kib: number;
  measurements: string;
  team_message: string;
}

interface RoundRow {
  package_hash: string;
  evidence: string | null;
}

/**
 * The tests of a round as the submission's author may see them: numbered, without names (they often tell what a test is
 * about) and without the jury's messages; with hints and files only where the package gives them to authors.
 */
export async function runViews(env: Env, submission: string, round: number): Promise<RunView[]> {
  const [{ results: rows }, judged] = await Promise.all([
    env.DB.prepare("SELECT * FROM runs WHERE submission = ? AND round = ? ORDER BY position")
      .bind(submission, round)
      .all<RunRow>(),
    env.DB.prepare(
      `SELECT r.package_hash, j.evidence FROM rounds r JOIN judgements j ON j.submission = r.submission AND j.round = r.round
       WHERE r.submission = ? AND r.round = ?`,
    )
      .bind(submission, round)
      .first<RoundRow>(),
  ]);
  const failed = rows.filter(({ verdict }) => verdict !== "AC");
  const tests = judged && failed.length > 0 ? await testsOf(env, judged.package_hash) : null;
  const told = failed.filter(({ name }) => tests?.get(name)?.fullFeedback).slice(0, FULL_TESTS);
  const full = judged ? await fullFeedback(env, judged, told) : new Map<string, FullFeedback>();
  return rows.map((row) => ({
    position: row.position,
    sample: row.name.startsWith("sample/"),
    verdict: v.parse(RunVerdict, row.verdict),
    score: row.score,
    teamMessage: row.team_message,
    hint: row.verdict === "AC" ? "" : (tests?.get(row.name)?.hint ?? ""),
    full: full.get(row.name) ?? null,
    cpuMs: row.cpu_ms,
    wallMs: row.wall_ms,
    memoryKiB: row.memory_kib,
    measurements: v.parse(RunView.entries.measurements, JSON.parse(row.measurements)),
  }));
}

/** What the package lets authors see of these tests, by name. */
async function fullFeedback(
  env: Env,
  { package_hash: hash, evidence: evidenceHash }: RoundRow,
  tests: readonly { name: string }[],
): Promise<Map<string, FullFeedback>> {
  if (tests.length === 0) return new Map();
  const [read, evidence] = await Promise.all([
    openPackage(env, hash, TEXT_LIMIT),
    evidenceOf(env, evidenceHash),
  ]);
  return new Map(
    tests.map(({ name }) => {
      const kept = evidence.get(name);
      return [
        name,
        {
          input: read?.(`data/${name}.in`)?.text ?? "",
          answer: read?.(`data/${name}.ans`)?.text ?? "",
          output: kept ? textStart(outputBytes(kept), TEXT_LIMIT) : "",
          stderr: kept?.stderr.slice(0, TEXT_LIMIT) ?? "",
        },
      ];
    }),
  );
}
