import type { JudgeMessage, Lease, Outcome, QueueMessage } from "../protocol/judge.ts";
import type { Slot } from "./slot.ts";

/** A page is told of progress at most this often. */
const PROGRESS_MS = 100;

/**
 * What a judge does with its leases:
 *
 *     leased -> waiting (for a slot) -> worked on -> has an outcome -> settled: forgotten
 *                                                      |    ^
 *                                                      +----+ said again after every welcome
 *
 * The outcome is kept until the queue says `settled`, so that a connection lost at any point loses no verdict.
 */
export interface Leases {
  /** Leases that are worked on or have an outcome, for hello and heartbeats. */
  holding(): string[];
  handle(message: QueueMessage): void;
  /** Takes no more leases, and says so. Resolves once none is held, which is when the queue has settled the last. */
  drain(): Promise<void>;
}

export interface LeasesOptions {
  slots: readonly Slot[];
  /** Does the work of a lease. Whatever goes wrong is an outcome too. */
  work(slot: Slot, lease: Lease, onProgress: (done: number, total: number) => void): Promise<Outcome>;
  send(message: JudgeMessage): void;
  /** Told each verdict and each failure, in a line. */
  onOutcome(line: string): void;
}

export function openLeases({ slots, work, send, onOutcome }: LeasesOptions): Leases {
  const free = [...slots];
  const waiting: Lease[] = [];
  /** Null until there is an outcome. */
  const held = new Map<string, Outcome | null>();
  const drained: (() => void)[] = [];
  let draining = false;

  const take = (lease: Lease): void => {
    const outcome = held.get(lease.lease);
    if (outcome) return send({ type: "result", lease: lease.lease, outcome });
    // One that crossed our `leaving` is not in what that says we hold: the queue gives it to another judge.
    if (outcome === null || draining) return;
    held.set(lease.lease, null);
    waiting.push(lease);
    fill();
  };
  const fill = (): void => {
    while (free.length > 0 && waiting.length > 0) {
      const slot = free.shift();
      const lease = waiting.shift();
      if (slot !== undefined && lease !== undefined) void workOn(slot, lease);
    }
  };
  const workOn = async (slot: Slot, lease: Lease): Promise<void> => {
    const outcome = await work(slot, lease, progress(lease.lease, send));
    held.set(lease.lease, outcome);
    send({ type: "result", lease: lease.lease, outcome });
    onOutcome(describe(lease, outcome));
    free.push(slot);
    fill();
  };
  const forget = (lease: string): void => {
    // What is still worked on, the queue has given up: its result will be settled as well.
    if (held.get(lease)) held.delete(lease);
    if (draining && held.size === 0) for (const done of drained.splice(0)) done();
  };
  const sayLeaving = (): void => send({ type: "leaving", holding: [...held.keys()] });

  return {
    holding: () => [...held.keys()],
    handle: (message) => {
      switch (message.type) {
        case "welcome":
          for (const [lease, outcome] of held) if (outcome !== null) send({ type: "result", lease, outcome });
          if (draining) sayLeaving();
          return;
        case "lease":
          return take(message.lease);
        case "settled":
          return forget(message.lease);
        case "refused":
          return;
        default:
          message satisfies never;
      }
    },
    drain: () => {
      draining = true;
      sayLeaving();
      return held.size === 0 ? Promise.resolve() : new Promise((resolve) => drained.push(resolve));
    },
  };
}

function describe(lease: Lease, outcome: Outcome): string {
  const subject =
    lease.work === "submission"
      ? lease.submission
      : lease.work === "custom run"
        ? `custom run ${lease.lease}`
        : `time limit of ${lease.package}`;
  switch (outcome.type) {
    case "verdict":
      return `${subject}: ${outcome.verdict}`;
    case "run":
      return `${subject}: done`;
    case "time limit":
      return `${subject}: ${outcome.timeMs === null ? "none" : `${outcome.timeMs} ms`} (${outcome.explanation})`;
    case "failure":
      return `${subject}: failure: ${outcome.message}`;
    default:
      return outcome satisfies never;
  }
}

/** Tells progress, but not more often than a page can show it. */
function progress(lease: string, send: LeasesOptions["send"]): (done: number, total: number) => void {
  let last = -PROGRESS_MS;
  return (done, total) => {
    const now = performance.now();
    if (now - last < PROGRESS_MS) return;
    last = now;
    send({ type: "progress", lease, done, total });
  };
}
