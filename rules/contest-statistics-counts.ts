import type { Quartiles, VerdictCounts } from "../protocol/contest-statistics.ts";
import type { Verdict } from "../protocol/verdict.ts";
import { percentile } from "./percentile.ts";

export function countVerdicts(attempts: readonly { verdict: Verdict | null }[]): VerdictCounts {
  const counts: VerdictCounts = { AC: 0, WA: 0, TLE: 0, RTE: 0, MLE: 0, OLE: 0, CE: 0, pending: 0 };
  for (const { verdict } of attempts) counts[verdict ?? "pending"]++;
  return counts;
}

/** The share of judged submissions that were accepted; null when none is judged. */
export function acceptanceOf(counts: VerdictCounts): number | null {
  const judged = Object.values(counts).reduce((sum, count) => sum + count, 0) - counts.pending;
  return judged === 0 ? null : counts.AC / judged;
}

/** Null when there are no values. */
export function quartiles(values: readonly number[]): Quartiles | null {
  const lower = percentile(values, 0.25);
  const median = percentile(values, 0.5);
  const upper = percentile(values, 0.75);
  if (lower === null || median === null || upper === null) return null;
  return { least: Math.min(...values), lower, median, upper, most: Math.max(...values) };
}

/** What belongs together, in the order in which each group is met first. */
export function grouped<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
