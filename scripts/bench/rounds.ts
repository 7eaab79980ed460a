/** One way of doing the same thing. */
export interface Arm {
  name: string;
  /** What it takes is seen from outside, unless it says a time of its own, in milliseconds. */
  run(): Promise<unknown>;
}

/** Times by arm, in milliseconds; the times at one index were measured in the same round. */
export type Times = ReadonlyMap<string, readonly number[]>;

/**
 * Runs all arms in each round, so that a noisy neighbour disturbs all of them alike; in another order each time, since
 * what one leaves the kernel to clear away, the next one pays for.
 *
 * @param random - gives numbers from 0 up to 1
 */
export async function timeRounds(
  arms: readonly Arm[],
  rounds: number,
  warmUp: number,
  random: () => number = Math.random,
): Promise<Times> {
  const times = new Map<string, number[]>(arms.map(({ name }) => [name, []]));
  for (let round = -warmUp; round < rounds; round++) {
    for (const { name, run } of shuffle(arms, random)) {
      const began = performance.now();
      const said = await run();
      const ms = typeof said === "number" ? said : performance.now() - began;
      if (round >= 0) times.get(name)?.push(ms);
    }
  }
  return times;
}

/** Each order is as likely as any other. */
export function shuffle<T>(items: readonly T[], random: () => number = Math.random): T[] {
  const drawn = items.map((item) => ({ item, lot: random() }));
  return drawn.sort((a, b) => a.lot - b.lot).map(({ item }) => item);
}

export interface Figures {
  name: string;
  rounds: number;
  medianMs: number;
  p90Ms: number;
}

/** What one arm takes more than another, by the rounds' own differences, so that slow rounds cancel out. */
export interface Difference {
  medianMs: number;
  p90Ms: number;
  /** How far off the median may well be: twice its standard error, taking the differences for normally distributed. */
  uncertaintyMs: number;
  /** The median of how many times as long it takes. */
  ratio: number;
}

export function figures(times: Times): Figures[] {
  return [...times].map(([name, all]) => ({
    name,
    rounds: all.length,
    medianMs: round(quantile(all, 0.5)),
    p90Ms: round(quantile(all, 0.9)),
  }));
}

/** @returns null when one of the two was not measured */
export function difference(times: Times, name: string, floor: string): Difference | null {
  const own = times.get(name);
  const its = times.get(floor);
  if (own === undefined || its === undefined) return null;
  const pairs = own.map((ms, index) => [ms, its[index] ?? NaN] as const);
  const more = pairs.map(([ms, other]) => ms - other);
  const median = quantile(more, 0.5);
  const p90 = quantile(more, 0.9);
  return {
    medianMs: round(median),
    p90Ms: round(p90),
    // A median's standard error is 1.253 standard deviations by the root of n; the ninth decile lies 1.282 of them off.
    uncertaintyMs: round((2 * 1.253 * (p90 - median)) / 1.282 / Math.sqrt(more.length)),
    ratio: round(
      quantile(
        pairs.map(([ms, other]) => ms / other),
        0.5,
      ),
    ),
  };
}

/** By the nearest rank: the least value that `share` of all do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

/** To hundredths: finer figures would only look exact. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
