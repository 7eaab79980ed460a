import type { Limits } from "../sandbox.ts";
import type { Exit, Launched } from "./launch.ts";
import { type GroupUsage, lookAtGroup } from "./process-group.ts";

/** Why we end a program. */
export type Stop = "cpu" | "wall" | "memory" | "output" | "processes" | "closing";

/** Asks for a program's end; the first reason counts. */
export interface Stopper {
  stop(why: Stop): void;
  why(): Stop | null;
  asked: Promise<void>;
}

export function makeStopper(): Stopper {
  const { promise, resolve } = Promise.withResolvers<void>();
  let first: Stop | null = null;
  return {
    stop: (why) => {
      first ??= why;
      resolve();
    },
    why: () => first,
    asked: promise,
  };
}

export interface Watched {
  /** Null when we stopped it. */
  exit: Exit | null;
  stopped: Stop | null;
  /** By performance.now(). */
  endedAt: number;
  wallMs: number;
  cpuMs: number;
  memoryKiB: number;
}

/** A look takes milliseconds where there are many processes; looking may take a tenth of a processor, not more. */
const SHARE_OF_LOOKING = 1 / 10;
const SHORTEST_PAUSE_MS = 10;
/** Most programs end soon: a figure of their memory needs an early look. */
const FIRST_PAUSE_MS = 2;

/**
 * Watches a program that has just started, until it has ended or should be ended, and measures it. Its group still
 * stands afterwards.
 */
export async function watch(launched: Launched, limits: Limits, stopper: Stopper): Promise<Watched> {
  const began = performance.now();
  const seen = { cpuMs: 0, memoryKiB: 0 };
  const end: { exit: Exit | null; at: number } = { exit: null, at: Infinity };
  const ended = (async () => {
    end.exit = await launched.ended;
    end.at = performance.now();
  })();
  // Whoever stopped it does not wait for this any more.
  ended.catch(() => undefined);
  const isOver = (): boolean => end.exit !== null || stopper.why() !== null;

  for (let pauseMs = FIRST_PAUSE_MS; !isOver();) {
    await atMost(pauseMs, Promise.race([ended, stopper.asked]), undefined);
    if (isOver()) break;
    const from = performance.now();
    const usage = await look(launched, seen);
    const why = exceeded(limits, seen, usage.processes, from - began);
    if (why !== null && !isOver()) stopper.stop(why);
    pauseMs = Math.max(SHORTEST_PAUSE_MS, (performance.now() - from) / SHARE_OF_LOOKING);
  }
  const { exit, at } = end;
  const endedAt = Math.min(at, performance.now());
  // What it used until it was stopped, or what it has left behind.
  const left = await look(launched, seen);
  const cpuMs = Math.max(seen.cpuMs, left.cpuMs + (exit?.waitedMs ?? 0));
  const { memoryKiB } = seen;
  return { exit, stopped: stopper.why(), endedAt, wallMs: endedAt - began, cpuMs, memoryKiB };
}

/** What orphans used is lost once they are gone, so the most that was seen counts. */
async function look(
  { group, ours }: Launched,
  seen: Pick<GroupUsage, "cpuMs" | "memoryKiB">,
): Promise<GroupUsage> {
  const usage = await lookAtGroup(group, ours);
  seen.cpuMs = Math.max(seen.cpuMs, usage.cpuMs + usage.waitedMs);
  seen.memoryKiB = Math.max(seen.memoryKiB, usage.memoryKiB);
  return usage;
}

function exceeded(
  limits: Limits,
  seen: Pick<GroupUsage, "cpuMs" | "memoryKiB">,
  processes: number,
  wallMs: number,
): Stop | null {
  if (seen.cpuMs > limits.cpuMs) return "cpu";
  // Before memory: a crowd of processes takes that as well, and how much depends on when it is looked at.
  if (processes > limits.processes) return "processes";
  if (seen.memoryKiB * 1024 > limits.memoryBytes) return "memory";
  return wallMs > limits.wallMs ? "wall" : null;
}

/** Waits for a promise, but not for long: then it is `otherwise` that counts. */
export function atMost<T>(ms: number, promise: Promise<T>, otherwise: T): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(otherwise), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
