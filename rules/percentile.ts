/**
 * The smallest of these values that at least this share of them does not exceed (the nearest rank): always one that was
 * seen, never one between two. With a share of a half it is the median, with 0.9 what nine of ten don't exceed, with 0.1
 * what nine of ten reach, or more of them where some are equal.
 *
 * @param values in any order
 * @param share more than 0, at most 1
 * @returns null when there are no values
 * @throws RangeError when the share is none
 */
export function percentile(values: readonly number[], share: number): number | null {
  if (!(share > 0 && share <= 1))
    throw new RangeError(`${share} is not a share of more than 0 and at most 1.`);
  // 0.1 of 30 is a little more than 3 in floating point, and must not be the fourth.
  const rank = Math.ceil(values.length * share - 1e-9);
  return values.toSorted((a, b) => a - b)[rank - 1] ?? null;
}
