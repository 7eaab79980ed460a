import * as v from "valibot";
import { Milliseconds } from "./text.ts";
import { Verdict } from "./verdict.ts";

/** A whole number from `least` to `most`; what is refused is told the bound it broke. */
export function whole(least: number, most: number) {
  return v.pipe(
    v.number("must be a number"),
    v.integer("must be a whole number"),
    v.minValue(least, `must be at least ${least}`),
    v.maxValue(most, `must be at most ${most}`),
  );
}

/** Settings of one format, and no others. */
function settings<const Entries extends v.ObjectEntries>(entries: Entries) {
  return v.strictObject(entries, ({ expected }) =>
    expected === "never" ? "is not a setting of this type" : "is required",
  );
}

const PenaltyMinutes = whole(0, 1000);
const Percent = whole(0, 100);

/** How a contest names its problems: A, B, C … */
export const ProblemLabel = v.pipe(v.string(), v.regex(/^[A-Z]$/, "not a problem's label, one of A to Z"));

/** What a full solution of each problem is worth, by label. */
export const ProblemPoints = v.pipe(
  v.unknown(),
  // To valibot a list is a record too.
  v.check((points) => !Array.isArray(points), "must say the points of each problem"),
  v.record(ProblemLabel, whole(1, 100_000), "must say the points of each problem"),
);
export type ProblemPoints = v.InferOutput<typeof ProblemPoints>;

/** Problems solved, then minutes: as at the ICPC World Finals. */
export const IcpcFormat = settings({
  type: v.literal("icpc"),
  /** Minutes for each rejected attempt on a problem that is solved later. Which verdicts reject: `penalised`. */
  penaltyMinutes: PenaltyMinutes,
});
export type IcpcFormat = v.InferOutput<typeof IcpcFormat>;

/**
 * What a team is told of its own submissions while the contest runs: everything; the points of the whole submission; or
 * only that it was received.
 */
export const Feedback = v.picklist(["full", "score", "none"], "must be full, score or none");
export type Feedback = v.InferOutput<typeof Feedback>;

/** Points for parts of a problem: as at the International Olympiad in Informatics. */
export const IoiFormat = settings({
  type: v.literal("ioi"),
  /** Of each test group the best score over all submissions, added up; or the one submission with the most points. */
  counts: v.picklist(["groups", "best"], "must be groups or best"),
  feedback: Feedback,
  /** Of problems that are only accepted or rejected: scored ones have the points that their package says. */
  points: ProblemPoints,
});
export type IoiFormat = v.InferOutput<typeof IoiFormat>;

/** Points of the problems solved, then the time of the last of them with penalties: as at AtCoder. */
export const AtCoderFormat = settings({
  type: v.literal("atcoder"),
  points: ProblemPoints,
  /** Minutes for each rejected attempt on a problem that is solved later. */
  penaltyMinutes: PenaltyMinutes,
});
export type AtCoderFormat = v.InferOutput<typeof AtCoderFormat>;

/** Points that decay by the minute: as in Codeforces' rounds. */
export const CodeforcesFormat = settings({
  type: v.literal("codeforces"),
  points: ProblemPoints,
  /** How much of a problem's points is lost from the contest's start to its end; Codeforces: 48. */
  decayPercent: Percent,
  /** Points for each rejected attempt on a problem that is solved later; Codeforces: 50. */
  deduction: whole(0, 100_000),
  /** The share of its points that a solved problem brings at least; Codeforces: 30. */
  floorPercent: Percent,
});
export type CodeforcesFormat = v.InferOutput<typeof CodeforcesFormat>;

/** What becomes of homework that is handed in at the deadline or after. */
export const LatePolicy = v.variant(
  "type",
  [
    /** It does not count. */
    settings({ type: v.literal("refused") }),
    /** It loses a share of its points for each day begun since the deadline, and counts no more from the hard end on. */
    settings({
      type: v.literal("daily"),
      percent: Percent,
      /** In contest time; null for the contest's end. */
      hardEndMs: v.nullable(Milliseconds),
    }),
  ],
  "must be of the type refused or daily",
);
export type LatePolicy = v.InferOutput<typeof LatePolicy>;

/** Points until a deadline. */
export const HomeworkFormat = v.pipe(
  settings({
    type: v.literal("homework"),
    /** Of problems that are only accepted or rejected: scored ones have the points that their package says. */
    points: ProblemPoints,
    /** In contest time: what is handed in at this millisecond is late. */
    deadlineMs: v.pipe(Milliseconds, v.minValue(1, "must be after the contest's start")),
    late: LatePolicy,
    /** The submission with the most points, late ones after what they lose; or the last one. */
    counts: v.picklist(["best", "last"], "must be best or last"),
  }),
  v.forward(
    v.check(
      ({ late, deadlineMs }) =>
        late.type !== "daily" || late.hardEndMs === null || late.hardEndMs > deadlineMs,
      "the hard end must be after the deadline",
    ),
    ["late"],
  ),
);
export type HomeworkFormat = v.InferOutput<typeof HomeworkFormat>;

/** The rules of the game: how attempts become points and ranks. `rules/formats` has what each of them does. */
export const ContestFormat = v.variant(
  "type",
  [IcpcFormat, IoiFormat, AtCoderFormat, CodeforcesFormat, HomeworkFormat],
  "must be of the type icpc, ioi, atcoder, codeforces or homework",
);
export type ContestFormat = v.InferOutput<typeof ContestFormat>;

/** What one judging of a submission found, as far as points and ranks go. */
export const JudgedResult = v.object({
  verdict: Verdict,
  /** Points of a scored problem, else null. */
  score: v.nullable(v.number()),
  /** The points of each test group of a problem whose score is the sum of them; empty for any other. */
  groups: v.array(v.object({ name: v.string(), score: v.number() })),
});
export type JudgedResult = v.InferOutput<typeof JudgedResult>;

/** One team's standing on one problem in any format, complete in itself. */
export const FormatCell = v.object({
  team: v.string(),
  label: v.string(),
  /**
   * Judged attempts that count, compile errors never. Where what comes after the accepted one is ignored, those up to
   * and with it: all but that one were rejected.
   */
  attempts: v.number(),
  /** Attempts without a result to show that could still change the cell. */
  pending: v.number(),
  /** Contest time in ms of the submission that made the solution full; null without one. */
  solvedAt: v.nullable(Milliseconds),
  /** What the row gets for it: 1 for a problem solved in `icpc`. */
  points: v.number(),
  /** What was taken for it: minutes in `icpc` and `atcoder`, points in `codeforces` and `homework`, else 0. */
  penalty: v.number(),
  /** The submissions that the result comes from, in the order of their time. */
  counted: v.array(v.string()),
  result: v.picklist(["none", "partial", "full"]),
});
export type FormatCell = v.InferOutput<typeof FormatCell>;
