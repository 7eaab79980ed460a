import * as v from "valibot";
import { CheckReport } from "./judge-check.ts";
import { LanguageId } from "./language.ts";
import { SandboxLevel } from "./submission.ts";
import { DisplayName, Instant } from "./text.ts";

/**
 * How a judge is:
 *
 * - `idle`, `judging`  connected, without or with leases
 * - `paused`           connected and told to take no more leases (what it holds, it finishes)
 * - `silent`           holds leases and has not been heard of for longer than a heartbeat should take
 * - `away`             not connected
 */
export const JudgeState = v.picklist(["idle", "judging", "paused", "silent", "away"]);
export type JudgeState = v.InferOutput<typeof JudgeState>;

/** GET /api/judges: for organisers, every judge that may connect. */
export const JudgeList = v.object({
  judges: v.array(
    v.object({
      id: v.string(),
      name: v.string(),
      state: JudgeState,
      paused: v.boolean(),
      /** When it was last heard of; null for never. */
      heardAt: v.nullable(Instant),
      leases: v.number(),
      /** As its last heartbeat said; null while it is away. */
      load: v.nullable(v.number()),
      /** The last thing that it failed at, and when. */
      lastFailure: v.nullable(v.object({ at: Instant, message: v.string() })),
      /** What it said of itself when it connected; while it is away, 0, null, "" and none. */
      slots: v.number(),
      level: v.nullable(SandboxLevel),
      reason: v.string(),
      languages: v.array(v.object({ id: LanguageId, version: v.string() })),
      check: v.nullable(CheckReport),
    }),
  ),
  waiting: v.number(),
  /** Submissions that three attempts gave no verdict for: the jury has to look. */
  failed: v.number(),
  /** Why nothing is taken at present; null while the queue is open. */
  closed: v.nullable(v.string()),
});
export type JudgeList = v.InferOutput<typeof JudgeList>;

/** POST /api/judges, by an administrator. */
export const NewJudge = v.strictObject({ name: DisplayName });
export type NewJudge = v.InferOutput<typeof NewJudge>;

/** … answers with the judge's token, which is shown this once and kept nowhere. */
export const JudgeToken = v.object({ id: v.string(), name: v.string(), token: v.string() });
export type JudgeToken = v.InferOutput<typeof JudgeToken>;

/** PATCH /api/judges/:id, by an administrator. DELETE revokes its token and ends its connection. */
export const ChangeJudge = v.strictObject({ paused: v.boolean() });
export type ChangeJudge = v.InferOutput<typeof ChangeJudge>;

/** PUT /api/judging, by an administrator: closes the queue with a sentence for those who submit, or opens it (null). */
export const ChangeJudging = v.strictObject({
  closed: v.nullable(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200))),
});
export type ChangeJudging = v.InferOutput<typeof ChangeJudging>;
