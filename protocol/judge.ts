import * as v from "valibot";
import { LanguageId } from "./language.ts";
import { SandboxLevel } from "./submission.ts";
import { Sha256 } from "./text.ts";
import { RunVerdict, Verdict } from "./verdict.ts";

/**
 * The judge link: one outbound WebSocket from a judge to /link/judge, with `Authorization: Bearer <token>`.
 *
 *     judge                        JudgeQueue
 *       | hello {slots, holding}  -> |   leases of this judge that it no longer holds are requeued
 *       | <- welcome                 |
 *       | <- lease {lease, package}  |   one per free slot
 *       | progress {lease, 3 of 20}-> |
 *       | heartbeat {holding}     -> |   every heartbeatMs; a lease unheard of for leaseMs expires
 *       | result {lease, …}       -> |   repeated on every reconnect until
 *       | <- settled {lease}         |   … it was written down, or found stale
 */
export const JUDGE_PROTOCOL = 2;

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
    compileOutput: v.string(),
    toolchain: v.string(),
    level: SandboxLevel,
    runs: v.array(RunResult),
  }),
  /** The judge could not do its work (package missing, validator broken, sandbox refused): never a verdict. */
  v.object({ type: v.literal("failure"), message: v.string() }),
]);
export type Outcome = v.InferOutput<typeof Outcome>;

export const JudgeMessage = v.variant("type", [
  v.object({
    type: v.literal("hello"),
    protocol: v.number(),
    name: v.string(),
    /** How many submissions it judges at once; 0 when no isolation holds here, with the reason. */
    slots: v.pipe(v.number(), v.integer(), v.minValue(0)),
    level: v.nullable(SandboxLevel),
    reason: v.string(),
    languages: v.array(v.object({ id: LanguageId, version: v.string() })),
    /** Leases it still works on or has a result for. */
    holding: v.array(v.string()),
  }),
  v.object({ type: v.literal("heartbeat"), holding: v.array(v.string()) }),
  v.object({ type: v.literal("progress"), lease: v.string(), done: v.number(), total: v.number() }),
  v.object({ type: v.literal("result"), lease: v.string(), outcome: Outcome }),
]);
export type JudgeMessage = v.InferOutput<typeof JudgeMessage>;

export const Lease = v.object({
  lease: v.string(),
  submission: v.string(),
  round: v.number(),
  attempt: v.number(),
  language: LanguageId,
  /** GET /link/judge/packages/:hash */
  package: Sha256,
});
export type Lease = v.InferOutput<typeof Lease>;

export const QueueMessage = v.variant("type", [
  v.object({
    type: v.literal("welcome"),
    protocol: v.number(),
    heartbeatMs: v.number(),
    leaseMs: v.number(),
  }),
  v.object({ type: v.literal("lease"), ...Lease.entries }),
  /** The result was written down, or the lease was no longer the judge's: either way, forget it. */
  v.object({ type: v.literal("settled"), lease: v.string() }),
  /** Before the socket closes: why this judge may not work here. */
  v.object({ type: v.literal("refused"), message: v.string() }),
]);
export type QueueMessage = v.InferOutput<typeof QueueMessage>;

/** GET /link/judge/leases/:id/source */
export const LeaseSource = v.object({ source: v.string() });
export type LeaseSource = v.InferOutput<typeof LeaseSource>;
