/**
 * What is left of the weight of something that was seen a while ago: half after `halfLifeMs`, a quarter after twice that.
 * A clock that was set back makes nothing heavier than it was.
 *
 * @param sinceMs when it was seen, and `nowMs` the present, both in milliseconds of the same clock
 */
export function faded(weight: number, sinceMs: number, nowMs: number, halfLifeMs: number): number {
  return weight * 0.5 ** (Math.max(0, nowMs - sinceMs) / halfLifeMs);
}
