import * as v from "valibot";
import { CustomRunResult } from "./custom-run.ts";
import { LanguageId } from "./language.ts";
import { sourceEntries } from "./source.ts";
import { SandboxLevel } from "./submission.ts";
import { Sha256 } from "./text.ts";
import { RunVerdict, Verdict } from "./verdict.ts";

/**
 * The judge link: one outbound WebSocket from a judge to /link/judge, with `Authorization: Bearer <token>`.
 *
 *     judge                        JudgeQueue
 *       | hello {slots, holding}  -> |   the version is the highest that both speak
 *       |                            |   leases of this judge that it no longer holds are requeued
 *       | <- welcome {protocol}      |
 *       | <- lease {lease, package}  |   one per free slot
 *       | progress {lease, 3 of 20}-> |
 *       | heartbeat {holding, load}-> |   every heartbeatMs; a lease unheard of for leaseMs expires
 *       | result {lease, …}       -> |   repeated on every reconnect until
 *       | <- settled {lease}         |   … it was written down, or found stale
 *       | leaving {holding}       -> |   gets no more leases; those it does not hold are released, no attempt counted
 *
 * By HTTP, with the same token: GET /link/judge/packages/:hash (the zip), GET /link/judge/leases/:id/source
 * (LeaseSource), POST /link/judge/leases/:id/evidence (Evidence -> EvidenceStored), the last two for held leases only.
 */
export const JUDGE_PROTOCOL = 4;

/** One time that a program ran on a test. `alone`: while nothing else ran on the judge, so that nothing disturbed it. */
export const Measurement = v.object({
  verdict: RunVerdict,
  cpuMs: v.number(),
  wallMs: v.number(),
  memoryKiB: v.number(),
  alone: v.boolean(),
});
export type Measurement = v.InferOutput<typeof Measurement>;

/** One test's outcome. `name` is the test's path below `data/` without its ending: `secret/03-big`. */
export const RunResult = v.object({
  name: v.string(),
  verdict: RunVerdict,
  score: v.nullable(v.number()),
  cpuMs: v.number(),
  wallMs: v.number(),
  memoryKiB: v.number(),
  /** What the program wrote to standard output, in all its passes. */
  outputBytes: v.number(),
  /** The first difference, or the last line of the validator's `judgemessage.txt`; for the jury only. "" for none. */
  message: v.pipe(v.string(), v.maxLength(1000)),
  /** The validator's `teammessage.txt`, for those who submitted. "" for none. */
  teamMessage: v.pipe(v.string(), v.maxLength(1000)),
  /**
   * Empty when the program ran once. Else every time that it ran, in order: a result near a limit is measured again,
   * and the figures above are those of the time that counts.
   */
  measurements: v.array(Measurement),
});
export type RunResult = v.InferOutput<typeof RunResult>;

export const Outcome = v.variant("type", [
  v.object({
    type: v.literal("verdict"),
    verdict: Verdict,
    score: v.nullable(v.number()),
    /** The points of each test group of a problem whose score is the sum of them; empty for any other. */
    groups: v.optional(v.array(v.object({ name: v.string(), score: v.number() })), []),
    compileOutput: v.string(),
    toolchain: v.string(),
    level: SandboxLevel,
    runs: v.array(RunResult),
    /** Where outputs and feedback are kept (see evidence.ts); null when there is none, as after a compile error. */
    evidence: v.nullable(Sha256),
  }),
  /** A custom run is done, whatever became of the program. */
  v.object({ type: v.literal("run"), result: CustomRunResult }),
  /** The time limit that the jury's submissions ask for; or why they ask for none, in a sentence. */
  v.object({ type: v.literal("time limit"), timeMs: v.nullable(v.number()), explanation: v.string() }),
  /** The judge could not do its work (package missing, validator broken, sandbox refused): never a verdict. */
  v.object({ type: v.literal("failure"), message: v.string() }),
]);
export type Outcome = v.InferOutput<typeof Outcome>;

export const JudgeMessage = v.variant("type", [
  v.object({
    type: v.literal("hello"),
    /** Versions of this protocol that it speaks. */
    protocols: v.array(v.number()),
    name: v.string(),
    /** How many submissions it judges at once; 0 when no isolation holds here, with the reason. */
    slots: v.pipe(v.number(), v.integer(), v.minValue(0)),
    level: v.nullable(SandboxLevel),
    reason: v.string(),
    languages: v.array(v.object({ id: LanguageId, version: v.string() })),
    /** Leases it still works on or has a result for. */
    holding: v.array(v.string()),
  }),
  v.object({
    type: v.literal("heartbeat"),
    holding: v.array(v.string()),
    /** The host's load average over the last minute, divided by its processors. */
    load: v.number(),
  }),
  v.object({ type: v.literal("progress"), lease: v.string(), done: v.number(), total: v.number() }),
  v.object({ type: v.literal("result"), lease: v.string(), outcome: Outcome }),
  /** Takes no more leases: it ends now (holding none), or when what it holds is done. */
  v.object({ type: v.literal("leaving"), holding: v.array(v.string()) }),
]);
export type JudgeMessage = v.InferOutput<typeof JudgeMessage>;

/**
 * Limits that are not the package's: a contest's own, or the time limit where the package leaves it to be inferred. Null for the
 * package's. A judge that does not know of them would judge by others, so versions before 4 are not spoken.
 */
const otherLimits = {
  timeMs: v.nullable(v.number()),
  memoryMiB: v.nullable(v.number()),
};

/** Work for one slot. */
export const Lease = v.variant("work", [
  v.object({
    work: v.literal("submission"),
    lease: v.string(),
    submission: v.string(),
    round: v.number(),
    attempt: v.number(),
    language: LanguageId,
    /** GET /link/judge/packages/:hash */
    package: Sha256,
    ...otherLimits,
    /** Whether every test is run, or only those that can still change the outcome. */
    extent: v.picklist(["deciding", "all"]),
  }),
  /** A program on the samples, or on input of its author's: never on secret tests. */
  v.object({
    work: v.literal("custom run"),
    lease: v.string(),
    language: LanguageId,
    package: Sha256,
    ...otherLimits,
  }),
  /** The jury's submissions of a package that leaves its time limit to be inferred. */
  v.object({ work: v.literal("time limit"), lease: v.string(), package: Sha256 }),
]);
export type Lease = v.InferOutput<typeof Lease>;

export const QueueMessage = v.variant("type", [
  v.object({
    type: v.literal("welcome"),
    protocol: v.number(),
    heartbeatMs: v.number(),
    leaseMs: v.number(),
  }),
  v.object({ type: v.literal("lease"), lease: Lease }),
  /** The result was written down, or the lease was no longer the judge's: either way, forget it. */
  v.object({ type: v.literal("settled"), lease: v.string() }),
  /** Before the socket closes: why this judge may not work here. */
  v.object({ type: v.literal("refused"), message: v.string() }),
]);
export type QueueMessage = v.InferOutput<typeof QueueMessage>;

/** GET /link/judge/leases/:id/source: of a submission or a custom run. */
export const LeaseSource = v.object({
  ...sourceEntries,
  /** Of a custom run: what it reads, or null for the samples. Null for a submission. */
  input: v.nullable(v.string()),
});
export type LeaseSource = v.InferOutput<typeof LeaseSource>;
