import * as v from "valibot";
import { LanguageId } from "./language.ts";
import { sourceEntries } from "./source.ts";
import { Slug } from "./text.ts";
import { RunVerdict } from "./verdict.ts";

/** The largest input that a reader may run a program on, in characters. */
export const MAX_CUSTOM_INPUT = 64 * 1024;

/**
 * POST /api/runs: runs a program on the judge, on a problem's samples or on input of one's own, for languages that no
 * browser runtime covers. Goes after every submission, is rate-limited, and is forgotten after an hour.
 */
export const CustomRun = v.strictObject({
  problem: Slug,
  contest: v.optional(Slug),
  language: v.string(),
  ...sourceEntries,
  /** What the program reads; null for the samples. */
  input: v.nullable(v.pipe(v.string(), v.maxLength(MAX_CUSTOM_INPUT))),
});
export type CustomRun = v.InferOutput<typeof CustomRun>;

/** One time that the program ran. */
export const CustomRunTest = v.object({
  /** The sample's name (`sample/1`); null for input of one's own. */
  test: v.nullable(v.string()),
  /** On a sample as a submission would get it; on input of one's own null unless the program did not end well. */
  verdict: v.nullable(RunVerdict),
  /** Null when a signal ended it. */
  exitCode: v.nullable(v.number()),
  signal: v.nullable(v.number()),
  cpuMs: v.number(),
  wallMs: v.number(),
  memoryKiB: v.number(),
  /** The first 64 KiB of what it wrote, of so many bytes in all. */
  output: v.string(),
  outputBytes: v.number(),
  stderr: v.string(),
  /** Why a sample was rejected; samples are no secret. "" when it was not. */
  message: v.string(),
});
export type CustomRunTest = v.InferOutput<typeof CustomRunTest>;

export const CustomRunResult = v.object({
  compiled: v.boolean(),
  compileOutput: v.string(),
  toolchain: v.string(),
  tests: v.array(CustomRunTest),
});
export type CustomRunResult = v.InferOutput<typeof CustomRunResult>;

/** GET /api/runs/:id, and on the author's socket whenever it changes. */
export const CustomRunView = v.object({
  id: v.string(),
  language: LanguageId,
  state: v.picklist(["queued", "running", "done", "failed"]),
  result: v.nullable(CustomRunResult),
  /** Why the judge could not run it, once it has failed; "" before. */
  failure: v.string(),
});
export type CustomRunView = v.InferOutput<typeof CustomRunView>;
