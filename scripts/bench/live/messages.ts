import * as v from "valibot";

/** What the benchmark and the process with the spectators' sockets say to each other. Times are of relay/clock.ts. */

export const SpectatorsMessage = v.variant("type", [
  v.object({ type: v.literal("ready") }),
  /** All follow, and each has its board. */
  v.object({ type: v.literal("following"), tookMs: v.number(), boardBytes: v.number() }),
  /** Each socket has had one more message: when, and how large it was. */
  v.object({ type: v.literal("told"), at: v.array(v.number()), bytes: v.number() }),
]);
export type SpectatorsMessage = v.InferOutput<typeof SpectatorsMessage>;
