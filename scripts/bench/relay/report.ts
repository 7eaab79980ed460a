import { availableParallelism } from "node:os";
import { difference, quantile, round } from "../rounds.ts";
import type { ArmName } from "./arms.ts";
import {
  type AllSamples,
  type HangUpKind,
  hangUpKinds,
  type Samples,
  type Scale,
  type StreamsSample,
} from "./measures.ts";

/** What the relay promises on a machine with two cores. */
const ADDED_FIRST_MS = 5;
const TIMES_FLOOR = 3;
const CPU_PER_THOUSAND_MS = 75;
const HANG_UP_MS = 1_000;

/** All times in milliseconds. Of rounds, a figure is the median of the rounds' own; `worst…` is the worst round's. */
export interface ArmReport {
  name: ArmName;
  idle: {
    requests: number;
    firstP50: number;
    firstP95: number;
    /** What it takes more than `direct`, by the medians. */
    added: number | null;
    addedUncertainty: number | null;
    cpuPerRequest: number | null;
  };
  streams: StreamsReport[];
  burst: { tokensPerSecond: number; worstTokensPerSecond: number };
  starts: {
    streams: number;
    rounds: number;
    served: number;
    asked: number;
    allFirst: number | null;
    worstAllFirst: number | null;
  }[];
  hangUps: {
    when: HangUpKind;
    hangUps: number;
    median: number | null;
    worst: number | null;
    unseen: number;
  }[];
  held: { asked: number; leastWhole: number; leastAtOnce: number } | null;
  troubles: { trouble: string; times: number }[];
}

export interface StreamsReport {
  streams: number;
  firstP50: number;
  firstP95: number;
  added: number | null;
  tokenP50: number;
  tokenP99: number;
  worstTokenP99: number;
  /** How many times `floor`'s, in the same round. */
  timesFloorP50: number | null;
  timesFloorP99: number | null;
  tokens: number;
  answers: number;
  /** Processors' time of the server for 1,000 tokens. */
  cpuPerThousand: number | null;
  /** Of all processors' time, what each took: 0 to 1. */
  share: { server: number; writer: number; load: number } | null;
}

export interface Target {
  target: string;
  figure: string | null;
  met: boolean | null;
}

export interface RelayReport {
  scale: Scale;
  arms: ArmReport[];
  targets: Target[];
}

export function reportOf(all: AllSamples, scale: Scale): RelayReport {
  const arms = [...all].map(([name, samples]) => armReport(name, samples, all, scale));
  return { scale, arms, targets: compare(arms, scale) };
}

function armReport(name: ArmName, samples: Samples, all: AllSamples, scale: Scale): ArmReport {
  const firsts = new Map([...all].map(([arm, { idleFirstMs }]) => [arm, idleFirstMs]));
  const added = name === "direct" ? null : difference(firsts, name, "direct");
  const { idleFirstMs, idleUsedMs, burstTokensPerSecond, held } = samples;
  const perRound = idleFirstMs.length / Math.max(1, idleUsedMs.length);
  return {
    name,
    idle: {
      requests: idleFirstMs.length,
      firstP50: round(quantile(idleFirstMs, 0.5)),
      firstP95: round(quantile(idleFirstMs, 0.95)),
      added: added?.medianMs ?? null,
      addedUncertainty: added?.uncertaintyMs ?? null,
      cpuPerRequest: idleUsedMs.length === 0 ? null : round(mean(idleUsedMs) / perRound),
    },
    streams: scale.streams.map((streams) => streamsReport(streams, name, all, scale.windowMs)),
    burst: {
      tokensPerSecond: Math.round(quantile(burstTokensPerSecond, 0.5)),
      worstTokensPerSecond: Math.round(Math.min(...burstTokensPerSecond)),
    },
    starts: scale.starts.map((streams) => startsReport(streams, samples)),
    hangUps: hangUpKinds.map((when) => hangUpReport(when, samples)),
    held:
      held.length === 0
        ? null
        : {
            asked: scale.held,
            leastWhole: Math.min(...held.map(({ whole }) => whole)),
            leastAtOnce: Math.min(...held.map(({ atOnce }) => atOnce)),
          },
    troubles: counted(samples.troubles),
  };
}

function streamsReport(streams: number, name: ArmName, all: AllSamples, windowMs: number): StreamsReport {
  const roundsOf = (arm: ArmName): StreamsSample[] => all.get(arm)?.streams.get(streams) ?? [];
  const own = roundsOf(name);
  const median = (figure: (sample: StreamsSample) => number): number => round(quantile(own.map(figure), 0.5));
  const beside = (
    arm: ArmName,
    compared: (own: number, other: number) => number,
    figure: (sample: StreamsSample) => number,
  ) => {
    if (name === arm) return null;
    const others = roundsOf(arm).map(figure);
    const pairs = own.map((sample, index) => compared(figure(sample), others[index] ?? NaN));
    return pairs.length === 0 ? null : round(quantile(pairs, 0.5));
  };
  const less = (a: number, b: number): number => a - b;
  const times = (a: number, b: number): number => a / b;
  const used = own.flatMap((sample) =>
    sample.used === null ? [] : [{ ...sample.used, tokens: sample.latencyMs.length }],
  );
  const whole = windowMs * availableParallelism();
  const medianOf = (figure: (one: (typeof used)[number]) => number): number =>
    round(quantile(used.map(figure), 0.5));
  const tokenP99 = (sample: StreamsSample): number => quantileOf(sample.latencyMs, 0.99);
  return {
    streams,
    firstP50: median((sample) => quantileOf(sample.firstMs, 0.5)),
    firstP95: median((sample) => quantileOf(sample.firstMs, 0.95)),
    added: beside("direct", less, (sample) => quantileOf(sample.firstMs, 0.5)),
    tokenP50: median((sample) => quantileOf(sample.latencyMs, 0.5)),
    tokenP99: median(tokenP99),
    worstTokenP99: round(Math.max(...own.map(tokenP99))),
    timesFloorP50: beside("floor", times, (sample) => quantileOf(sample.latencyMs, 0.5)),
    timesFloorP99: beside("floor", times, tokenP99),
    tokens: own.reduce((sum, { latencyMs }) => sum + latencyMs.length, 0),
    answers: own.reduce((sum, sample) => sum + sample.answers, 0),
    cpuPerThousand:
      used.length === 0 || name === "direct"
        ? null
        : medianOf(({ server, tokens }) => (server / tokens) * 1000),
    share:
      used.length === 0
        ? null
        : {
            server: medianOf(({ server }) => server / whole),
            writer: medianOf(({ writer }) => writer / whole),
            load: medianOf(({ load }) => load / whole),
          },
  };
}

function startsReport(streams: number, samples: Samples): ArmReport["starts"][number] {
  const own = samples.starts.get(streams) ?? [];
  const times = own.flatMap(({ allFirstMs }) => (allFirstMs === null ? [] : [allFirstMs]));
  return {
    streams,
    rounds: own.length,
    served: own.reduce((sum, { served }) => sum + served, 0),
    asked: own.length * streams,
    allFirst: times.length === 0 ? null : round(quantile(times, 0.5)),
    worstAllFirst: times.length === 0 ? null : round(Math.max(...times)),
  };
}

function hangUpReport(when: HangUpKind, samples: Samples): ArmReport["hangUps"][number] {
  const all = samples.hangUpMs.get(when) ?? [];
  const seen = all.filter((ms) => ms !== null);
  return {
    when,
    hangUps: all.length,
    median: seen.length === 0 ? null : round(quantile(seen, 0.5)),
    worst: seen.length === 0 ? null : round(Math.max(...seen)),
    unseen: all.length - seen.length,
  };
}

/** Which promises hold. */
export function compare(arms: readonly ArmReport[], scale: Scale): Target[] {
  const own = arms.find(({ name }) => name === "tabarena");
  if (own === undefined) return [];
  const most = Math.max(...scale.streams);
  const streams = own.streams.find((one) => one.streams === most);
  const starts = own.starts.find((one) => one.streams === Math.max(...scale.starts));
  const hangUps = own.hangUps.reduce((sum, one) => sum + one.hangUps, 0);
  const unseen = own.hangUps.reduce((sum, one) => sum + one.unseen, 0);
  const slowest = Math.max(...own.hangUps.map(({ worst }) => worst ?? 0));
  return [
    atMost(
      `first token at most ${ADDED_FIRST_MS} ms after direct's, p50, idle`,
      own.idle.added,
      ADDED_FIRST_MS,
      "ms",
    ),
    atMost(
      `token latency at ${most} streams at most ${TIMES_FLOOR} times the floor's, p50`,
      streams?.timesFloorP50,
      TIMES_FLOOR,
      "times",
    ),
    atMost(
      `token latency at ${most} streams at most ${TIMES_FLOOR} times the floor's, p99`,
      streams?.timesFloorP99,
      TIMES_FLOOR,
      "times",
    ),
    atMost(
      `at most ${CPU_PER_THOUSAND_MS} ms of processors for 1,000 tokens at ${most} streams`,
      streams?.cpuPerThousand,
      CPU_PER_THOUSAND_MS,
      "ms",
    ),
    target(
      `all of ${starts?.streams ?? 0} simultaneous starts served`,
      starts !== undefined && starts.asked > 0,
      {
        figure: `${starts?.served} of ${starts?.asked}`,
        met: starts?.served === starts?.asked,
      },
    ),
    target(`the model told to stop within ${HANG_UP_MS / 1000} s of every hang-up`, hangUps > 0, {
      figure: `${slowest} ms at worst${unseen > 0 ? `, ${unseen} of ${hangUps} never` : ""}`,
      met: unseen === 0 && slowest <= HANG_UP_MS,
    }),
    target(`${scale.held} streams held at once, all whole`, own.held !== null, {
      figure: `${own.held?.leastWhole} whole, ${own.held?.leastAtOnce} at once`,
      met: own.held?.leastWhole === scale.held && own.held?.leastAtOnce === scale.held,
    }),
  ];
}

function atMost(name: string, figure: number | null | undefined, most: number, unit: string): Target {
  const measured = typeof figure === "number" && !Number.isNaN(figure);
  return target(name, measured, { figure: `${figure} ${unit}`, met: measured && figure <= most });
}

function target(name: string, measured: boolean, { figure, met }: { figure: string; met: boolean }): Target {
  return { target: name, figure: measured ? figure : null, met: measured ? met : null };
}

const quantileOf = (values: Float64Array, share: number): number => quantile([...values], share);

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function counted(troubles: readonly string[]): ArmReport["troubles"] {
  const times = new Map<string, number>();
  for (const trouble of troubles) times.set(trouble, (times.get(trouble) ?? 0) + 1);
  return [...times].map(([trouble, count]) => ({ trouble, times: count })).slice(0, 10);
}
