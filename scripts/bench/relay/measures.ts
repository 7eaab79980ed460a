import { setTimeout as sleep } from "node:timers/promises";
import { shuffle } from "../rounds.ts";
import type { Arm, ArmName, Arms } from "./arms.ts";
import { usedMs } from "./children.ts";
import type { Outcome } from "./consumer.ts";
import type { Task } from "./load.ts";
import type { Wish } from "./model.ts";

/** How much of everything a round measures. */
export interface Scale {
  /** Requests one after the other. */
  idle: number;
  /** Streams that run all the time. */
  streams: readonly number[];
  /** Of each answer of those. */
  tokens: number;
  windowMs: number;
  burst: number;
  /** Requests in the same moment. */
  starts: readonly number[];
  /** Consumers who hang up, of each kind, and how long the last waits with it. */
  hangUps: number;
  hangUpMs: number;
  /** Streams held open; begun over so long, and then held for so long. */
  held: number;
  heldBeginMs: number;
  heldMs: number;
  /** Between arms, so that what one leaves to be done is not done in another's time. */
  quietMs: number;
}

export const fullScale: Scale = {
  idle: 25,
  streams: [20, 200],
  tokens: 250,
  windowMs: 5_000,
  burst: 2_000,
  starts: [20, 200],
  hangUps: 10,
  hangUpMs: 2_000,
  held: 500,
  heldBeginMs: 3_000,
  heldMs: 10_000,
  quietMs: 300,
};

const TOKENS_PER_SECOND = 50;

/** When consumers hang up. */
export const hangUpKinds = ["before the first token", "at 50 tokens/s", "at a token in 2 s"] as const;
export type HangUpKind = (typeof hangUpKinds)[number];

/** What streams at once were like, in one round. */
export interface StreamsSample {
  firstMs: Float64Array;
  latencyMs: Float64Array;
  answers: number;
  /** Processors' time within the window, in milliseconds; null where the system does not tell. */
  used: { server: number; writer: number; load: number } | null;
}

/** All that was measured of an arm, an entry for each round, or for each request of all rounds. */
export interface Samples {
  idleFirstMs: number[];
  /** Processors' time of what stands between, over all idle requests of a round; empty where the system does not tell. */
  idleUsedMs: number[];
  streams: Map<number, StreamsSample[]>;
  burstTokensPerSecond: number[];
  starts: Map<number, { served: number; allFirstMs: number | null }[]>;
  /** From the hang-up to the model's being told; null for never. */
  hangUpMs: Map<HangUpKind, (number | null)[]>;
  held: { whole: number; atOnce: number }[];
  troubles: string[];
}

export const noSamples = (): Samples => ({
  idleFirstMs: [],
  idleUsedMs: [],
  streams: new Map(),
  burstTokensPerSecond: [],
  starts: new Map(),
  hangUpMs: new Map(),
  held: [],
  troubles: [],
});

export type AllSamples = ReadonlyMap<ArmName, Samples>;

/** One round of everything: each kind of load for all arms, in an order that chance gives, before the next kind. */
export async function measureRound(open: Arms, scale: Scale, all: AllSamples): Promise<void> {
  const each = async (measure: (arm: Arm, samples: Samples) => Promise<void>): Promise<void> => {
    for (const arm of shuffle(open.arms)) {
      const samples = all.get(arm.name);
      if (samples !== undefined) await measure(arm, samples);
      await sleep(scale.quietMs);
    }
  };
  await measureIdle(open, scale, all);
  for (const streams of scale.streams)
    await each((arm, samples) => measureStreams(open, arm, streams, scale, samples));
  await each((arm, samples) => measureBurst(open, arm, scale.burst, samples));
  for (const starts of scale.starts) await each((arm, samples) => measureStarts(open, arm, starts, samples));
  for (const kind of hangUpKinds)
    await each((arm, samples) => measureHangUps(open, arm, kind, scale, samples));
  await each((arm, samples) => measureHeld(open, arm, scale, samples));
}

/** Between two requests of somebody alone. */
const IDLE_GAP_MS = 40;
const IDLE_TOKENS = 5;

let wishes = 0;
const wishFor = (tokens: number, tokensPerSecond: number | null, firstTokenMs = 0): Wish => ({
  id: `wish-${wishes++}`,
  tokens,
  tokensPerSecond,
  firstTokenMs,
});

interface Planned {
  wish: Wish;
  afterMs?: number;
  hangUpMs?: number;
}

async function request(
  open: Arms,
  arm: Arm,
  planned: readonly Planned[],
  samples: Samples,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const requests = planned.map(({ wish, afterMs = 0, hangUpMs = null }) => ({ wish, afterMs, hangUpMs }));
  await open.load.run({ type: "requests", target: arm.target, requests }, (said) => {
    if (said.type === "outcomes") outcomes.push(...said.outcomes);
  });
  for (const { trouble } of outcomes) if (trouble !== null) samples.troubles.push(trouble);
  return outcomes;
}

/** @throws Error when the arm does not answer: there is nothing to measure then */
async function requestOne(open: Arms, arm: Arm, wish: Wish, samples: Samples): Promise<Outcome> {
  const [outcome] = await request(open, arm, [{ wish }], samples);
  if (!outcome?.whole) throw new Error(`${arm.name} does not answer: ${outcome?.trouble ?? "nothing"}`);
  return outcome;
}

async function measureIdle(open: Arms, { idle }: Scale, all: AllSamples): Promise<void> {
  const servers = open.arms.map(({ server }) => server);
  for (const arm of open.arms)
    await requestOne(open, arm, wishFor(IDLE_TOKENS, TOKENS_PER_SECOND), noSamples());
  const before = usedMs(servers);
  for (let turn = 0; turn < idle; turn++) {
    for (const arm of shuffle(open.arms)) {
      const samples = all.get(arm.name) ?? noSamples();
      const { askedAt, firstAt } = await requestOne(
        open,
        arm,
        wishFor(IDLE_TOKENS, TOKENS_PER_SECOND),
        samples,
      );
      samples.idleFirstMs.push((firstAt ?? NaN) - askedAt);
      await sleep(IDLE_GAP_MS);
    }
  }
  const after = usedMs(servers);
  open.arms.forEach(({ name, server }, index) => {
    if (server === null || before === null || after === null) return;
    all.get(name)?.idleUsedMs.push((after[index] ?? NaN) - (before[index] ?? NaN));
  });
}

async function measureStreams(
  open: Arms,
  arm: Arm,
  streams: number,
  { tokens, windowMs }: Scale,
  samples: Samples,
): Promise<void> {
  const pids = [arm.server, arm.writer, open.load.pid];
  const task: Task = {
    type: "streams",
    target: arm.target,
    streams,
    tokens,
    tokensPerSecond: TOKENS_PER_SECOND,
    windowMs,
  };
  let before: number[] | null = null;
  let after: number[] | null = null;
  await open.load.run(task, (said) => {
    if (said.type === "window begins") before = usedMs(pids);
    if (said.type === "window ends") after = usedMs(pids);
    if (said.type !== "streams") return;
    const { firstMs, latencyMs, answers, troubles } = said;
    const used = between(before, after);
    append(samples.streams, streams, { firstMs, latencyMs, answers, used });
    samples.troubles.push(...troubles);
  });
}

function between(before: number[] | null, after: number[] | null): StreamsSample["used"] {
  if (before === null || after === null) return null;
  const [server = NaN, writer = NaN, load = NaN] = after.map((ms, index) => ms - (before[index] ?? NaN));
  return { server, writer, load };
}

async function measureBurst(open: Arms, arm: Arm, tokens: number, samples: Samples): Promise<void> {
  const { firstSentAt, lastAt } = await requestOne(open, arm, wishFor(tokens, null), samples);
  samples.burstTokensPerSecond.push((tokens / ((lastAt ?? NaN) - (firstSentAt ?? NaN))) * 1000);
}

const START_TOKENS = 20;

async function measureStarts(open: Arms, arm: Arm, starts: number, samples: Samples): Promise<void> {
  const planned = Array.from({ length: starts }, () => ({ wish: wishFor(START_TOKENS, TOKENS_PER_SECOND) }));
  const outcomes = await request(open, arm, planned, samples);
  const served = outcomes.filter(({ whole }) => whole);
  const began = Math.min(...outcomes.map(({ askedAt }) => askedAt));
  const allFirst = Math.max(...served.map(({ firstAt }) => firstAt ?? NaN));
  append(samples.starts, starts, {
    served: served.length,
    allFirstMs: served.length === starts ? allFirst - began : null,
  });
}

/** Nobody waits longer for a model to stop. */
const STOP_MS = 5_000;

function planHangUp(kind: HangUpKind, hangUpMs: number): Planned {
  switch (kind) {
    case "before the first token":
      return { wish: wishFor(10, TOKENS_PER_SECOND, 60_000), hangUpMs };
    case "at 50 tokens/s":
      return { wish: wishFor(1_000, TOKENS_PER_SECOND), hangUpMs };
    case "at a token in 2 s":
      return { wish: wishFor(20, 0.5), hangUpMs };
    default:
      return kind satisfies never;
  }
}

async function measureHangUps(
  open: Arms,
  arm: Arm,
  kind: HangUpKind,
  { hangUps, hangUpMs }: Scale,
  samples: Samples,
): Promise<void> {
  const planned = Array.from({ length: hangUps }, (_, at) =>
    planHangUp(kind, ((at + 1) / hangUps) * hangUpMs),
  );
  const outcomes = await request(open, arm, planned, samples);
  for (let waited = 0; waited < STOP_MS; waited += 50) {
    if (outcomes.every(({ id }) => open.cancelledAt.has(id))) break;
    await sleep(50);
  }
  for (const { id, hungUpAt } of outcomes) {
    const at = open.cancelledAt.get(id);
    append(samples.hangUpMs, kind, at === undefined || hungUpAt === null ? null : at - hungUpAt);
  }
}

const HELD_TOKENS_PER_SECOND = 5;

async function measureHeld(
  open: Arms,
  arm: Arm,
  { held, heldBeginMs, heldMs }: Scale,
  samples: Samples,
): Promise<void> {
  const tokens = Math.ceil((HELD_TOKENS_PER_SECOND * (heldBeginMs + heldMs)) / 1000);
  const planned = Array.from({ length: held }, (_, at) => ({
    wish: wishFor(tokens, HELD_TOKENS_PER_SECOND),
    afterMs: (heldBeginMs * at) / held,
  }));
  const outcomes = await request(open, arm, planned, samples);
  const whole = outcomes.filter((outcome) => outcome.whole);
  samples.held.push({ whole: whole.length, atOnce: mostAtOnce(whole) });
}

/** How many were between their first token and their last in the same moment. */
function mostAtOnce(outcomes: readonly Outcome[]): number {
  const changes = outcomes
    .flatMap(({ firstAt, lastAt }) => [
      { at: firstAt ?? NaN, by: 1 },
      { at: lastAt ?? NaN, by: -1 },
    ])
    .toSorted((a, b) => a.at - b.at);
  let open = 0;
  return Math.max(0, ...changes.map(({ by }) => (open += by)));
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
