import * as v from "valibot";
import { LiveClarification } from "./clarification.ts";
import { CustomRunView } from "./custom-run.ts";
import { LanguageId } from "./language.ts";
import { sourceEntries } from "./source.ts";
import { Instant, LocalText, Milliseconds, Slug } from "./text.ts";
import { RunVerdict, Verdict } from "./verdict.ts";

/** POST /api/submissions. `language` is a plain string here so that an unknown one gets an error of its own. */
export const Submit = v.strictObject({
  problem: Slug,
  contest: v.optional(Slug),
  language: v.string(),
  /**
   * Made once by whoever sends it: a submission that comes again under its key, because nobody heard the answer, is the same one
   * and not a second.
   */
  key: v.optional(v.pipe(v.string(), v.uuid())),
  ...sourceEntries,
});
export type Submit = v.InferOutput<typeof Submit>;

/**
 * What isolated a submission, kept with every verdict, best first:
 *
 * - `full`    namespaces, cgroups, system call filter, a user of its own: every limit is the kernel's
 * - `userns`  the same isolation in a user namespace, without cgroups: memory and CPU time are watched from outside
 * - `process` nothing but a child process: for developing on one's own machine; its verdicts are provisional
 */
export const SandboxLevel = v.picklist(["full", "userns", "process"]);
export type SandboxLevel = v.InferOutput<typeof SandboxLevel>;

/** Whether a verdict of this level is only a hint, which an official one replaces and which never replaces one. */
export function isProvisional(level: SandboxLevel): boolean {
  return level === "process";
}

export const Judgement = v.object({
  round: v.number(),
  verdict: Verdict,
  /** Points of a scoring problem, else null. */
  score: v.nullable(v.number()),
  /** The most CPU time that a test took. */
  cpuMs: v.number(),
  /** The most memory that a test took. */
  memoryKiB: v.number(),
  /** Exact version of the compiler or interpreter. */
  toolchain: v.string(),
  level: SandboxLevel,
  judgedAt: Instant,
});
export type Judgement = v.InferOutput<typeof Judgement>;

/** A submission in a list, and in every live message about it. */
export const SubmissionView = v.object({
  id: v.string(),
  problem: Slug,
  problemName: LocalText,
  contest: v.nullable(Slug),
  /** The contest that was over when it was submitted to one of its problems, and so is out of that contest. */
  beside: v.optional(v.nullable(Slug)),
  label: v.nullable(v.string()),
  author: v.string(),
  language: LanguageId,
  submittedAt: Instant,
  contestTimeMs: v.nullable(Milliseconds),
  bytes: v.number(),
  /** `received` is all that is told where the contest's format tells nothing before the end. */
  state: v.picklist(["queued", "judging", "judged", "received"]),
  /** How many are judged before it, while it is queued and that is known; else null. */
  ahead: v.nullable(v.number()),
  /** Tests done of tests in all while judging, else null. */
  progress: v.nullable(v.object({ done: v.number(), total: v.number() })),
  judgement: v.nullable(Judgement),
});
export type SubmissionView = v.InferOutput<typeof SubmissionView>;

/** GET /api/submissions */
export const SubmissionList = v.object({ submissions: v.array(SubmissionView) });
export type SubmissionList = v.InferOutput<typeof SubmissionList>;

/**
 * What the author is shown of a test that was not passed, where the package says `full_feedback` (2025-09, "Test cases
 * with full feedback"): of samples unless it says otherwise, of secret tests only if it does. Texts are cut when long.
 */
export const FullFeedback = v.object({
  input: v.string(),
  answer: v.string(),
  output: v.string(),
  stderr: v.string(),
});
export type FullFeedback = v.InferOutput<typeof FullFeedback>;

/** One test as its author may see it: numbered, and nothing of hidden data. */
export const RunView = v.object({
  position: v.number(),
  sample: v.boolean(),
  verdict: RunVerdict,
  score: v.nullable(v.number()),
  /** The validator's message to the team, and the package's hint once the test was not passed; "" for none. */
  teamMessage: v.string(),
  hint: v.string(),
  full: v.nullable(FullFeedback),
  cpuMs: v.number(),
  wallMs: v.number(),
  memoryKiB: v.number(),
  /** Empty when the program ran once, else every time that it ran; the figures above are of the time that counts. */
  measurements: v.array(v.object({ verdict: RunVerdict, cpuMs: v.number(), wallMs: v.number() })),
});
export type RunView = v.InferOutput<typeof RunView>;

/** GET /api/submissions/:id */
export const SubmissionDetail = v.object({
  ...SubmissionView.entries,
  ...sourceEntries,
  compileOutput: v.string(),
  runs: v.array(RunView),
});
export type SubmissionDetail = v.InferOutput<typeof SubmissionDetail>;

/** GET /api/judging: can anything be judged now, and if not, why. */
export const JudgingStatus = v.object({
  judges: v.array(
    v.object({
      name: v.string(),
      slots: v.number(),
      level: v.nullable(SandboxLevel),
      reason: v.string(),
      languages: v.array(v.object({ id: LanguageId, version: v.string() })),
    }),
  ),
  waiting: v.number(),
  /** Why nothing is taken at present, as those who closed the queue say; null while it is open. */
  closed: v.nullable(v.string()),
});
export type JudgingStatus = v.InferOutput<typeof JudgingStatus>;

/** Messages to the author's own socket at /live/me. */
export const LiveAccountMessage = v.variant("type", [
  v.object({ type: v.literal("submission"), submission: SubmissionView }),
  v.object({ type: v.literal("progress"), submission: v.string(), done: v.number(), total: v.number() }),
  /** A queued submission has moved up. */
  v.object({ type: v.literal("ahead"), submission: v.string(), ahead: v.number() }),
  v.object({ type: v.literal("run"), run: CustomRunView }),
  LiveClarification,
]);
export type LiveAccountMessage = v.InferOutput<typeof LiveAccountMessage>;
