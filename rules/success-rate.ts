import { faded } from "./fading.ts";

/** How many successes and failures are taken for seen before anything was. A newcomer is trusted, but not for long. */
const BEFORE = { successes: 3.4, failures: 0.6 };
/** What is left of everything older when one more job ends: some seven jobs count. */
const KEPT = 0.85;
/** An old failure fades: a provider that mended itself need not prove it by jobs that it is not given. */
const HALF_LIFE_MS = 10 * 60_000;
const POOR = 0.7;
/** Three jobs in a row leave somewhat more than this. */
const KNOWN = 2.5;

/** How a provider's latest jobs ended, as faded counts. Plain data, so that it can be kept and taken up again. */
export interface SuccessRecord {
  successes: number;
  failures: number;
  /** Milliseconds: when the counts were what they are. */
  at: number;
}

export function noRecord(now: number): SuccessRecord {
  return { successes: 0, failures: 0, at: now };
}

/**
 * The record after one more job has ended, at `now` milliseconds. A failure is what the provider answers for: it was
 * lost, stalled, failed, or broke the protocol. That a consumer hung up is neither.
 */
export function withOutcome(
  record: SuccessRecord,
  outcome: "success" | "failure",
  now: number,
): SuccessRecord {
  const left = KEPT * faded(1, record.at, now, HALF_LIFE_MS);
  return {
    successes: record.successes * left + (outcome === "success" ? 1 : 0),
    failures: record.failures * left + (outcome === "failure" ? 1 : 0),
    at: Math.max(record.at, now),
  };
}

/** The share of jobs that is expected to succeed, as of `now`: the mean of the Beta distribution of what was seen. */
export function successRate(record: SuccessRecord, now: number): number {
  const left = faded(1, record.at, now, HALF_LIFE_MS);
  const successes = BEFORE.successes + record.successes * left;
  return successes / (successes + BEFORE.failures + record.failures * left);
}

/**
 * Whether a provider is to be passed over while others suit: after three or four failures in a row of one that was good,
 * after one of a newcomer, or with four of ten jobs lost all the time. With no more jobs that wears off: in minutes after
 * one failure, in about half an hour after any number of them.
 */
export function isPoor(record: SuccessRecord, now: number): boolean {
  return successRate(record, now) < POOR;
}

/** Whether fewer than three of a provider's jobs were seen lately: what it is like is not known yet. */
export function isNew({ successes, failures, at }: SuccessRecord, now: number): boolean {
  return faded(successes + failures, at, now, HALF_LIFE_MS) < KNOWN;
}
