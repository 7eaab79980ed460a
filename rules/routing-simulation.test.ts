import { describe, expect, it } from "vitest";
import { noFirstToken, withFirstToken } from "./first-token-estimate.ts";
import type { LiveOffer } from "./matching.ts";
import { chooseOf } from "./routing.ts";
import { seededRandom } from "./seeded-random.ts";
import { declaredSpeed, withSample } from "./speed-estimate.ts";
import { noRecord, withOutcome } from "./success-rate.ts";
import { job, offer, prices } from "./testing-offers.ts";

/** What a simulated provider is really like. Nobody in the market knows; it is found out by its jobs. */
interface Nature {
  price: number;
  firstTokenMs: number;
  tokensPerSecond: number;
  /** The share of its jobs that fails, by the time in milliseconds. */
  fails?: (now: number) => number;
  slots?: number;
  /** When it connects. */
  comesAt?: number;
}

const REQUESTS = 10_000;
const TOKENS = 200;
/** One ten-thousandth of an afternoon. */
const EVERY_MS = 1_000;

interface Served {
  at: number;
  provider: string;
}

/** Ten thousand requests, one after the other by chance, each of which keeps a slot as long as its provider takes. */
function simulate(natures: Record<string, Nature>, seed: number): Served[] {
  const random = seededRandom(seed);
  const offers = new Map(Object.entries(natures).map(([name, nature]) => [name, newOffer(name, nature)]));
  let running: { endsAt: number; end: () => void }[] = [];
  const served: Served[] = [];
  let now = 0;
  for (let request = 0; request < REQUESTS; request++) {
    now += -Math.log(1 - random()) * EVERY_MS;
    for (const { end } of running.filter(({ endsAt }) => endsAt <= now)) end();
    running = running.filter(({ endsAt }) => endsAt > now);
    const there = [...offers].filter(([name]) => now >= (natures[name]?.comesAt ?? 0));
    const needs = { ...job, completion: { expected: TOKENS, max: 500 } };
    const match = chooseOf(
      needs,
      there.map(([, each]) => each),
      now,
      Math.floor(random() * 2 ** 32),
    );
    if (match.type === "busy") continue;
    const chosen = match.offer;
    const nature = natures[chosen.provider];
    if (nature === undefined) throw new Error(`${chosen.provider} is no provider here.`);
    served.push({ at: now, provider: chosen.provider });
    chosen.slots.busy++;
    running.push(play(chosen, nature, now, random));
  }
  return served;
}

const newOffer = (name: string, { price, tokensPerSecond, slots = 8 }: Nature): LiveOffer =>
  offer(name, {
    prices: prices(price, price),
    speed: declaredSpeed(tokensPerSecond, 0),
    success: noRecord(0),
    firstToken: noFirstToken,
    slots: { total: slots, busy: 0 },
  });

/** One job: what it tells of its provider is known when it ends. */
function play(
  chosen: LiveOffer,
  { firstTokenMs, tokensPerSecond, fails = () => 0 }: Nature,
  now: number,
  random: () => number,
): { endsAt: number; end: () => void } {
  const isFailure = random() < fails(now);
  const blur = 0.7 + 0.6 * random();
  const beginsAt = now + firstTokenMs * blur;
  const endsAt = isFailure ? beginsAt : beginsAt + (1000 * TOKENS) / (tokensPerSecond * blur);
  const end = (): void => {
    chosen.slots.busy--;
    chosen.success = withOutcome(chosen.success, isFailure ? "failure" : "success", endsAt);
    if (isFailure) return;
    const sample = { ms: beginsAt - now, promptTokens: job.prompt.expected };
    chosen.firstToken = withFirstToken(chosen.firstToken, sample, beginsAt);
    chosen.speed = withSample(chosen.speed, { tokens: TOKENS, ms: endsAt - beginsAt }, endsAt);
  };
  return { endsAt, end };
}

type Annotate = (message: string) => Promise<unknown>;

/** Each provider's share of the jobs served from one moment to another; the reporter `verbose` prints them. */
async function sharesOf(
  annotate: Annotate,
  title: string,
  served: readonly Served[],
  from = 0,
  to = Infinity,
): Promise<(name: string) => number> {
  const within = served.filter(({ at }) => at >= from && at < to);
  const groups = Map.groupBy(within, ({ provider }) => provider);
  const shares = new Map([...groups].map(([name, jobs]) => [name, jobs.length / within.length]));
  const lines = [...shares]
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, share]) => `  ${name.padEnd(24)} ${(100 * share).toFixed(1).padStart(5)} %`);
  await annotate([`${title}, ${within.length} jobs:`, ...lines].join("\n"));
  return (name) => shares.get(name) ?? 0;
}

const usual: Nature = { price: 1000, firstTokenMs: 300, tokensPerSecond: 50 };
const HOUR = 3_600_000;

describe("in a market of ten thousand requests", { timeout: 60_000 }, () => {
  it("the better an offer is, the larger its share; one that is much worse gets little or none", async ({
    annotate,
  }) => {
    const share = await sharesOf(
      annotate,
      "mixed offers",
      simulate(
        {
          usual,
          "just as good": usual,
          "a tenth dearer": { ...usual, price: 1100 },
          "half as dear again": { ...usual, price: 1500 },
          "a third slower": { ...usual, tokensPerSecond: 33 },
          "four times slower": { ...usual, tokensPerSecond: 12 },
          "slow to begin": { ...usual, firstTokenMs: 8_000 },
          "one in four fails": { ...usual, fails: () => 0.25 },
        },
        1,
      ),
    );
    expect(Math.abs(share("usual") - share("just as good"))).toBeLessThan(0.04);
    expect(share("usual")).toBeGreaterThan(share("a tenth dearer"));
    expect(share("a tenth dearer")).toBeGreaterThan(share("half as dear again"));
    expect(share("usual")).toBeGreaterThan(1.5 * share("a third slower"));
    for (const worse of ["half as dear again", "four times slower", "slow to begin", "one in four fails"])
      expect(share(worse)).toBeLessThan(0.06);
  });

  it("a cheap one gets what it has room for, and the others the rest", async ({ annotate }) => {
    const share = await sharesOf(
      annotate,
      "a cheap one of two slots",
      simulate({ cheap: { ...usual, price: 500, slots: 2 }, usual, also: usual }, 2),
    );
    expect(share("cheap")).toBeGreaterThan(0.2);
    expect(share("usual") + share("also")).toBeGreaterThan(0.4);
  });

  it("newcomers among many that are known are not starved, and get what they are worth", async ({
    annotate,
  }) => {
    const known = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`known ${index}`, usual]));
    const comesAt = HOUR;
    const served = simulate(
      { ...known, newcomer: { ...usual, comesAt }, "dearer newcomer": { ...usual, price: 1200, comesAt } },
      3,
    );
    const first = served.filter(({ at }) => at >= comesAt && at < comesAt + 5 * 60_000);
    expect(first.filter(({ provider }) => provider.endsWith("newcomer")).length).toBeGreaterThan(3);
    const share = await sharesOf(annotate, "two newcomers, from their second hour", served, comesAt + HOUR);
    expect(share("newcomer")).toBeGreaterThan(0.03);
    expect(share("dearer newcomer")).toBeGreaterThan(0);
    expect(share("dearer newcomer")).toBeLessThan(share("newcomer"));
  });

  it("a flaky cheap one loses its share, and gets it back after mending", async ({ annotate }) => {
    const isBad = (now: number): boolean => now > 0.5 * HOUR && now < 1.5 * HOUR;
    const served = simulate(
      {
        cheap: { ...usual, price: 700, slots: 30, fails: (now) => (isBad(now) ? 0.6 : 0) },
        usual: { ...usual, slots: 30 },
        also: { ...usual, slots: 30 },
      },
      4,
    );
    const before = await sharesOf(annotate, "before the cheap one fails", served, 0, 0.5 * HOUR);
    const meanwhile = await sharesOf(
      annotate,
      "while it fails three of five",
      served,
      0.6 * HOUR,
      1.5 * HOUR,
    );
    const after = await sharesOf(annotate, "half an hour after it has mended", served, 2 * HOUR);
    expect(before("cheap")).toBeGreaterThan(0.8);
    expect(meanwhile("cheap")).toBeLessThan(0.15);
    expect(after("cheap")).toBeGreaterThan(0.8);
  });

  it("the same seed gives the same market", () => {
    const natures = { usual, dear: { ...usual, price: 1150 }, flaky: { ...usual, fails: () => 0.3 } };
    expect(simulate(natures, 5)).toEqual(simulate(natures, 5));
  });
});
