import * as v from "valibot";
import { Count, Milliseconds } from "../protocol/text.ts";

/** How long the Market waits for what, and how much waits for it: `[vars.MARKET_LIMITS]` of wrangler.toml. */
export const MarketLimits = v.strictObject({
  /** For a provider to take a job, counted from when it was sent. */
  acceptMs: Milliseconds,
  /** For its first token, counted from when the job was sent: it reads the prompt. */
  firstTokenMs: Milliseconds,
  /** Between two of its messages about a job. */
  stallMs: Milliseconds,
  /** For all of a job, counted from its first dispatch. */
  totalMs: Milliseconds,
  /** For a slot to become free. */
  waitMs: Milliseconds,
  /** Jobs that wait, of all consumers together and of each. */
  waiting: v.pipe(Count, v.minValue(1)),
  waitingPerConsumer: v.pipe(Count, v.minValue(1)),
  /** The longest answer where a request names none, in tokens: as much is held for. */
  answerTokens: v.pipe(Count, v.minValue(1)),
  /** Delivered tokens are written down after so many of them or so much time: what a crash can lose. */
  saveTokens: v.pipe(Count, v.minValue(1)),
  saveMs: Milliseconds,
});
export type MarketLimits = v.InferOutput<typeof MarketLimits>;
