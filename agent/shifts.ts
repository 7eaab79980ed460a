import { setTimeout as sleep } from "node:timers/promises";
import { isWithin, nextChange, type Schedule, wallTime } from "./schedule.ts";

/**
 * When an agent serves, by its hours:
 *
 *     off --the hours begin--> opening --> serving --the hours end--> leaving --all is done--> off
 *      ^                          |           |                         |
 *      |                          |           |                         +--drainMs are over: broken off--> off
 *      +-------the hours end------+           |
 *                                             +-- drain, stop --> over: from every other state too
 *
 * While it is off it has no connection, so that the Market asks others, and no engine, so that the machine's memory is its
 * owner's. Without hours it is never off.
 */
export interface Shifts {
  /** Rejected where a shift can't begin; else fulfilled at the end. */
  over: Promise<void>;
  /** Begins no more shifts; resolves once what the present one has is done. */
  drain(): Promise<void>;
  /** As `drain`, but what it has is broken off. */
  stop(): Promise<void>;
}

/** A stretch of serving, with what it needs for that. */
export interface Shift {
  /** Takes no more jobs, finishes what it has, takes leave, and gives back what it needed. */
  drain(): Promise<void>;
  /** As `drain`, but what it has is broken off; also while it drains. */
  stop(): Promise<void>;
}

export interface ShiftsOptions {
  /** Null for always. */
  schedule: Schedule | null;
  /** Opens all that is needed. Once the signal is aborted, nobody waits for it, and what it still opens is stopped. */
  begin(signal: AbortSignal): Promise<Shift>;
  /** After so long, what a drain at the end of the hours waits for is broken off. */
  drainMs: number;
  say(line: string): void;
  clock?: Clock;
}

export interface Clock {
  now(): Date;
  /** Fulfilled after so many milliseconds, or when the signal is aborted. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** A machine that slept, or whose clock was set, notices within that time. */
const LOOK_MS = 30_000;

const CLOCK: Clock = {
  now: () => new Date(),
  wait: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
};

export function openShifts({ schedule, begin, drainMs, say, clock = CLOCK }: ShiftsOptions): Shifts {
  const ending = new AbortController();
  let shift: Shift | null = null;

  const isOn = (): boolean => schedule === null || isWithin(schedule, clock.now());
  const waitUntil = async (holds: () => boolean, signal: AbortSignal): Promise<void> => {
    while (!holds() && !signal.aborted) {
      const next = schedule === null ? null : nextChange(schedule, clock.now());
      const rest = next === null ? LOOK_MS : next.getTime() - clock.now().getTime();
      await clock.wait(Math.max(0, Math.min(rest, LOOK_MS)), signal);
    }
  };
  const sayOff = (hours: Schedule): void => {
    const next = nextChange(hours, clock.now());
    say(
      `is off: its hours are ${hours.text} (${hours.timeZone})` +
        (next === null ? "" : `; it serves again from ${wallTime(hours, next)}`),
    );
  };
  const serveOnce = async (): Promise<void> => {
    const off = new AbortController();
    const signal = AbortSignal.any([ending.signal, off.signal]);
    const atEnd = schedule === null ? null : waitUntil(() => !isOn(), signal).then(() => off.abort());
    const opened = await orAborted(begin(signal), signal);
    if (opened === null) return;
    shift = opened;
    // Never where there are no hours.
    await Promise.race([atEnd ?? aborted(signal), aborted(signal)]);
    if (ending.signal.aborted) return;
    say("its hours are over: takes no more jobs, and finishes those that it has");
    await within(drainMs, opened);
    shift = null;
  };
  const serve = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      if (schedule !== null && !isOn()) sayOff(schedule);
      await waitUntil(isOn, ending.signal);
      if (!ending.signal.aborted) await serveOnce();
    }
  };
  return {
    // Not at once: whoever ends it must have been given the means.
    over: Promise.resolve().then(serve),
    async drain() {
      ending.abort();
      await shift?.drain();
    },
    async stop() {
      ending.abort();
      await shift?.stop();
    },
  };
}

/** Null where the signal came first. What is opened after that is stopped, and what fails is of no interest. */
async function orAborted(opening: Promise<Shift>, signal: AbortSignal): Promise<Shift | null> {
  try {
    const first = await Promise.race([opening, aborted(signal)]);
    if (first !== undefined && !signal.aborted) return first;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  opening.then((late) => late.stop()).catch(() => undefined);
  return null;
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });

async function within(ms: number, shift: Shift): Promise<void> {
  const drained = shift.drain();
  const timer = setTimeout(() => void shift.stop(), ms);
  await drained;
  clearTimeout(timer);
}
