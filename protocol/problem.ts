import * as v from "valibot";
import { LanguageId } from "./language.ts";
import { Instant, LocalText, Locale, Sha256, Slug } from "./text.ts";

export const ProblemState = v.picklist(["draft", "published", "withdrawn"]);
export type ProblemState = v.InferOutput<typeof ProblemState>;

/** The `type` key of an ICPC problem package (2025-09). */
export const ProblemType = v.picklist(["pass-fail", "scoring", "interactive", "multi-pass", "submit-answer"]);
export type ProblemType = v.InferOutput<typeof ProblemType>;

/** How output is compared when the package brings no validator of its own (2025-09, "Default output validator"). */
export const CheckerOptions = v.object({
  caseSensitive: v.boolean(),
  spaceChangeSensitive: v.boolean(),
  floatAbsoluteTolerance: v.nullable(v.number()),
  floatRelativeTolerance: v.nullable(v.number()),
});
export type CheckerOptions = v.InferOutput<typeof CheckerOptions>;

/** Whether verdicts come from comparing output, from a program of the package, or from a dialogue with one. */
export const CheckerKind = v.picklist(["default", "custom", "interactive"]);
export type CheckerKind = v.InferOutput<typeof CheckerKind>;

export const ProblemLimits = v.object({
  /** Null while it is being inferred from the jury's submissions; such a problem cannot be published. */
  timeMs: v.nullable(v.number()),
  memoryMiB: v.number(),
  outputMiB: v.number(),
  codeKiB: v.number(),
});
export type ProblemLimits = v.InferOutput<typeof ProblemLimits>;

export const ProblemSummary = v.object({
  slug: Slug,
  name: LocalText,
  types: v.array(ProblemType),
  state: ProblemState,
  /** How many accounts have an accepted submission, and how many have tried. */
  solvedBy: v.number(),
  triedBy: v.number(),
  /** The reader's own state; null when not signed in or never tried. */
  mine: v.nullable(v.picklist(["tried", "solved"])),
});
export type ProblemSummary = v.InferOutput<typeof ProblemSummary>;

/** GET /api/problems */
export const ProblemList = v.object({ problems: v.array(ProblemSummary) });
export type ProblemList = v.InferOutput<typeof ProblemList>;

/** A sample as the statement shows it; for an interactive problem a dialogue, `<` lines to and `>` lines from the program. */
export const Sample = v.object({
  name: v.string(),
  input: v.string(),
  answer: v.string(),
  interaction: v.optional(v.string()),
});
export type Sample = v.InferOutput<typeof Sample>;

/** A statement rendered when the package was imported: safe HTML with MathML, nothing to run. */
export const Statement = v.object({ locale: Locale, html: v.string() });
export type Statement = v.InferOutput<typeof Statement>;

/** GET /api/problems/:slug and GET /api/contests/:slug/problems/:label */
export const ProblemView = v.object({
  slug: Slug,
  name: LocalText,
  types: v.array(ProblemType),
  state: ProblemState,
  limits: ProblemLimits,
  languages: v.array(LanguageId),
  checker: CheckerKind,
  checkerOptions: CheckerOptions,
  statements: v.array(Statement),
  samples: v.array(Sample),
  credits: v.array(v.string()),
  license: v.string(),
  /** Languages in which a solution of the jury's can be had for comparison (GET /api/problems/:slug/yardstick); none in a contest. */
  yardsticks: v.array(LanguageId),
  /** The contest the problem is seen in, if any. */
  contest: v.nullable(v.object({ slug: Slug, label: v.string(), name: v.string() })),
});
export type ProblemView = v.InferOutput<typeof ProblemView>;

/**
 * GET /api/problems/:slug/yardstick?language=: a solution of the jury's, run in the reader's browser beside the reader's own, so that
 * times mean something on any machine. Only where the problem's owner said so (whoever looks can read it), and never of a problem that
 * belongs to a contest which has not ended.
 */
export const Yardstick = v.object({
  language: LanguageId,
  files: v.array(v.object({ name: v.string(), text: v.string() })),
  entryPoint: v.nullable(v.string()),
});
export type Yardstick = v.InferOutput<typeof Yardstick>;

/** PATCH /api/problems/:slug: what an owner sets beside the package. */
export const ChangeProblem = v.strictObject({ sharesYardstick: v.boolean() });
export type ChangeProblem = v.InferOutput<typeof ChangeProblem>;

export const ImportMessage = v.object({
  severity: v.picklist(["error", "warning"]),
  /** Path inside the package, or the empty string for the package as a whole. */
  file: v.string(),
  message: v.string(),
});
export type ImportMessage = v.InferOutput<typeof ImportMessage>;

/** POST /api/problems (a zip): what was found in the package. Any error means that nothing was stored. */
export const ImportReport = v.object({
  slug: v.nullable(Slug),
  name: v.nullable(LocalText),
  hash: Sha256,
  messages: v.array(ImportMessage),
  counts: v.object({
    statements: v.number(),
    samples: v.number(),
    secret: v.number(),
    groups: v.number(),
    submissions: v.number(),
  }),
});
export type ImportReport = v.InferOutput<typeof ImportReport>;

/** GET /api/organise/problems: the organiser's shelf, drafts and withdrawn ones included. */
export const ShelfEntry = v.object({
  slug: Slug,
  name: LocalText,
  state: ProblemState,
  types: v.array(ProblemType),
  owner: v.string(),
  hash: Sha256,
  importedAt: Instant,
  /** Whether browsers may be given a solution of the jury's to compare times with. */
  sharesYardstick: v.boolean(),
  report: ImportReport,
});
export type ShelfEntry = v.InferOutput<typeof ShelfEntry>;
export const Shelf = v.object({ problems: v.array(ShelfEntry) });
export type Shelf = v.InferOutput<typeof Shelf>;
