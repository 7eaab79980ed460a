import * as v from "valibot";
import { Measurement } from "./judge.ts";
import { LanguageId } from "./language.ts";
import { Judgement, SubmissionView } from "./submission.ts";
import { Instant } from "./text.ts";
import { RunVerdict, Verdict } from "./verdict.ts";

/**
 * What those who manage a contest see of its submissions, and what they may do to them. Nothing of it is ever sent to
 * anybody else. Every act is written to the audit log in the batch that performs it.
 */

export const RoundState = v.picklist(["queued", "leased", "judged", "failed"]);
export type RoundState = v.InferOutput<typeof RoundState>;

/** Whether a round's judgement is the submission's verdict: `apart` belongs to a rejudging that is not applied (yet). */
export const RoundStanding = v.picklist(["counts", "apart"]);
export type RoundStanding = v.InferOutput<typeof RoundStanding>;

export const JurySubmissionView = v.object({
  ...SubmissionView.entries,
  team: v.nullable(v.object({ id: v.string(), name: v.string() })),
  roundState: RoundState,
  /** Why the last attempt gave no verdict; "" when it did. */
  failure: v.string(),
});
export type JurySubmissionView = v.InferOutput<typeof JurySubmissionView>;

/**
 * GET /api/contests/:slug/submissions?problem=A&team=&language=&verdict=WA&state=failed&before=: newest first.
 * `verdict` and `state` exclude each other; `before` is `next` of the page before.
 */
export const JurySubmissionList = v.object({
  submissions: v.array(JurySubmissionView),
  next: v.nullable(v.string()),
  teams: v.array(v.object({ id: v.string(), name: v.string() })),
});
export type JurySubmissionList = v.InferOutput<typeof JurySubmissionList>;

/** One round of judging: by a judge, or by a person who overrode the verdict. */
export const RoundView = v.object({
  round: v.number(),
  state: RoundState,
  standing: RoundStanding,
  attempt: v.number(),
  /** The judge's name; null before one took it, and where a person gave the verdict. */
  judge: v.nullable(v.string()),
  failure: v.string(),
  judgement: v.nullable(Judgement),
  override: v.nullable(v.object({ by: v.string(), reason: v.string() })),
});
export type RoundView = v.InferOutput<typeof RoundView>;

export const JuryRun = v.object({
  position: v.number(),
  name: v.string(),
  verdict: RunVerdict,
  score: v.nullable(v.number()),
  cpuMs: v.number(),
  wallMs: v.number(),
  memoryKiB: v.number(),
  outputBytes: v.number(),
  message: v.string(),
  teamMessage: v.string(),
  measurements: v.array(Measurement),
});
export type JuryRun = v.InferOutput<typeof JuryRun>;

/** GET /api/submissions/:id/jury?round=: the runs of one round, by default of the one that counts. */
export const JuryDetail = v.object({
  submission: JurySubmissionView,
  rounds: v.array(RoundView),
  round: v.number(),
  runs: v.array(JuryRun),
});
export type JuryDetail = v.InferOutput<typeof JuryDetail>;

/**
 * GET /api/submissions/:id/jury/tests/:position?round=: one test's files as texts, each cut at its start when long
 * (its bytes in all are told beside it).
 */
export const JuryTest = v.object({
  name: v.string(),
  input: v.object({ text: v.string(), bytes: v.number() }),
  answer: v.object({ text: v.string(), bytes: v.number() }),
  /** Null where no evidence was kept. */
  output: v.nullable(v.object({ text: v.string(), bytes: v.number() })),
  stderr: v.string(),
  feedback: v.record(v.string(), v.string()),
  transcript: v.nullable(v.string()),
});
export type JuryTest = v.InferOutput<typeof JuryTest>;

const Reason = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1, "must not be empty"),
  v.maxLength(500, "at most 500 characters"),
);

/** POST /api/submissions/:id/verdict: a verdict given by hand, as a round of its own. `score` for a scored problem. */
export const Override = v.strictObject({
  verdict: Verdict,
  score: v.nullable(v.pipe(v.number(), v.finite(), v.minValue(0))),
  reason: Reason,
});
export type Override = v.InferOutput<typeof Override>;

/** Which submissions of a contest a rejudging takes: those that match all that is given. */
export const RejudgingFilter = v.strictObject({
  /** Labels, as A. */
  problem: v.nullable(v.string()),
  team: v.nullable(v.string()),
  language: v.nullable(LanguageId),
  /** Verdicts that count now. `failed`: those without one because of judging errors. */
  verdicts: v.nullable(v.array(v.union([Verdict, v.literal("failed")]))),
  /** Ids; for one submission, or a few that were marked. */
  submissions: v.nullable(v.array(v.string())),
});
export type RejudgingFilter = v.InferOutput<typeof RejudgingFilter>;

/** POST /api/contests/:slug/rejudgings; with `?preview` only counts them, as RejudgingPreview. */
export const RejudgingForm = v.strictObject({
  filter: RejudgingFilter,
  reason: Reason,
  /** Whether every test is run, or only those that can still change the outcome. */
  extent: v.picklist(["deciding", "all"]),
});
export type RejudgingForm = v.InferOutput<typeof RejudgingForm>;

export const RejudgingPreview = v.object({ count: v.number() });
export type RejudgingPreview = v.InferOutput<typeof RejudgingPreview>;

/**
 * A set of submissions judged anew, apart from what counts:
 *
 *     judging --(every round has an outcome)--> ready --apply--> applied: the new verdicts count, an event for each change
 *        '--------------- cancel ---------------'--cancel--> cancelled: nothing has changed
 */
export const RejudgingState = v.picklist(["judging", "ready", "applied", "cancelled"]);
export type RejudgingState = v.InferOutput<typeof RejudgingState>;

export const RejudgingSummary = v.object({
  id: v.string(),
  contest: v.string(),
  reason: v.string(),
  by: v.string(),
  at: Instant,
  state: RejudgingState,
  total: v.number(),
  done: v.number(),
  /** Of those done: without a verdict because of judging errors. They keep the verdict that they have. */
  failed: v.number(),
});
export type RejudgingSummary = v.InferOutput<typeof RejudgingSummary>;

/** GET /api/contests/:slug/rejudgings */
export const RejudgingList = v.object({ rejudgings: v.array(RejudgingSummary) });
export type RejudgingList = v.InferOutput<typeof RejudgingList>;

/** GET /api/rejudgings/:id. POST /api/rejudgings/:id/apply and …/cancel answer with the same. */
export const RejudgingView = v.object({
  ...RejudgingSummary.entries,
  /** The old x new matrix: how many went from one verdict to another; null before there was one. */
  matrix: v.array(v.object({ from: v.nullable(Verdict), to: Verdict, count: v.number() })),
  /** Only submissions whose verdict or score changes. */
  changes: v.array(
    v.object({
      submission: v.string(),
      team: v.string(),
      label: v.string(),
      from: v.nullable(Verdict),
      to: Verdict,
      fromScore: v.nullable(v.number()),
      toScore: v.nullable(v.number()),
    }),
  ),
});
export type RejudgingView = v.InferOutput<typeof RejudgingView>;

/** GET /api/contests/:slug/audit: newest first, the last 200. */
export const AuditList = v.object({
  entries: v.array(
    v.object({
      at: Instant,
      /** Null for the system itself. */
      actor: v.nullable(v.string()),
      action: v.string(),
      subject: v.string(),
      data: v.record(v.string(), v.union([v.string(), v.number(), v.null()])),
    }),
  ),
});
export type AuditList = v.InferOutput<typeof AuditList>;
