import * as v from "valibot";
import { Count, Instant } from "../protocol/text.ts";

/** How much of a device a tab may use, as its owner says. */
export const TabLimits = v.object({
  /** When it takes no more jobs; null for never. */
  until: v.nullable(Instant),
  /** The part of the time in which it may compute, so that the device stays cool and others' programs get their turn. */
  share: v.pipe(v.number(), v.minValue(0.1, "at least a tenth"), v.maxValue(1, "at most all of the time")),
  /** How many bytes may go over the link, both ways together; null for any. Weights are downloaded before, and not counted. */
  bytes: v.nullable(Count),
});
export type TabLimits = v.InferOutput<typeof TabLimits>;

/** Which limit ends an offer; the share only slows it down. */
export type LimitReached = "hours" | "data";

/** What counts against the limits. */
export interface TabUse {
  now: number;
  usedBytes: number;
}

/** The limit after which no more jobs may be taken; null while there is none. */
export function limitReached({ until, bytes }: TabLimits, { now, usedBytes }: TabUse): LimitReached | null {
  if (until !== null && now >= until) return "hours";
  if (bytes !== null && usedBytes >= bytes) return "data";
  return null;
}

/** Long pauses would look like a provider that has stalled. */
export const LONGEST_REST_MS = 2_000;

/** Shorter ones are not kept by any timer. */
export const SHORTEST_REST_MS = 20;

/**
 * How long to rest after some work, so that only `share` of the time is worked in.
 *
 * @param owedMs what was left to rest before
 * @param workedMs since the last rest
 * @returns `nowMs` to rest at once, which is nothing or between the shortest and the longest rest, and `owedMs` for the next time
 */
export function restAfter(
  owedMs: number,
  workedMs: number,
  share: number,
): { nowMs: number; owedMs: number } {
  const owes = owedMs + workedMs * (1 / share - 1);
  const nowMs = owes < SHORTEST_REST_MS ? 0 : Math.min(owes, LONGEST_REST_MS);
  return { nowMs, owedMs: owes - nowMs };
}
