import type { QueueRefusal } from "./fair-queue.ts";

/** Sooner it makes no sense to come again. */
const LEAST_RETRY_MS = 1000;

/** A job that has taken longer than expected is expected to take another such part of what was expected. */
const OVERDUE = 1 / 4;

/** What a waiting job is expected to keep a slot busy for, in milliseconds. */
export interface ExpectedJob {
  expectedMs: number;
}

/** How a waiting job stands: `ahead` are served before it; `startsAt` is in milliseconds, null without any slot. */
export interface Outlook<J> {
  job: J;
  ahead: number;
  startsAt: number | null;
}

/**
 * When a job that is being served is expected to end, in milliseconds. One that is overdue is nothing that could be known
 * of: it is not taken for over, but for a little longer than it has taken so far.
 *
 * @param job when it was dispatched, how long one like it takes, and the longest that it may take, in milliseconds
 */
export function expectedEnd(
  job: { dispatchedAt: number; expectedMs: number; totalMs: number },
  now: number,
): number {
  const end = Math.max(job.dispatchedAt + job.expectedMs, now + job.expectedMs * OVERDUE);
  return Math.max(now, Math.min(end, job.dispatchedAt + job.totalMs));
}

/**
 * When each waiting job is expected to start: in their order, each at the slot that is free first. The walk can end
 * wherever the caller has seen enough. For n jobs and s slots it takes n log s steps.
 *
 * @param inTurn in the order in which they are served
 * @param slotEnds when each slot is expected to be free, in milliseconds; past times for slots that are. Where slots also
 *   serve others than these jobs, only the share of them that these jobs get
 */
export function* outlooks<J extends ExpectedJob>(
  inTurn: Iterable<J>,
  slotEnds: readonly number[],
  now: number,
): Generator<Outlook<J>, void> {
  const heap = slotEnds.map((end) => Math.max(end, now)).toSorted((a, b) => a - b);
  let ahead = 0;
  for (const job of inTurn) {
    const startsAt = heap[0] ?? null;
    yield { job, ahead, startsAt };
    ahead++;
    if (startsAt !== null) replaceLeast(heap, startsAt + job.expectedMs);
  }
}

/**
 * When somebody who was refused is to come again, in milliseconds from now: as soon as a place is expected to be free. A
 * whole queue gets one when its next job starts, a consumer's part of it when the consumer's next one does. Whoever was
 * refused together with many others adds a chance of his own to it.
 *
 * @returns null when nobody knows, as there is no slot
 */
export function retryAfterMs<J extends ExpectedJob & { consumer: string }>(
  refusal: QueueRefusal,
  consumer: string,
  inTurn: Iterable<J>,
  slotEnds: readonly number[],
  now: number,
): number | null {
  if (slotEnds.length === 0) return null;
  const free = nextStart(refusal === "consumer_full" ? consumer : null, inTurn, slotEnds, now);
  return Math.max(LEAST_RETRY_MS, Math.ceil(free - now));
}

/** When the next job starts, of this consumer or of anybody; where none of them waits, when the next slot is free. */
function nextStart<J extends ExpectedJob & { consumer: string }>(
  consumer: string | null,
  inTurn: Iterable<J>,
  slotEnds: readonly number[],
  now: number,
): number {
  for (const { job, startsAt } of outlooks(inTurn, slotEnds, now))
    if (startsAt !== null && (consumer === null || job.consumer === consumer)) return startsAt;
  return Math.min(...slotEnds);
}

/** Of a binary heap with the least number first, replaces that one. */
function replaceLeast(heap: number[], value: number): void {
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    const child = (heap[left + 1] ?? Infinity) < (heap[left] ?? Infinity) ? left + 1 : left;
    const least = heap[child];
    if (least === undefined || least >= value) break;
    heap[at] = least;
    at = child;
  }
  heap[at] = value;
}
