import type { JudgeMessage, Lease, Outcome, QueueMessage } from "../protocol/judge.ts";
import { JudgingFailure } from "./failure.ts";
import { judgeSubmission } from "./judge-submission.ts";
import type { PackageCache } from "./package-cache.ts";
import type { Server } from "./server.ts";
import type { Slot } from "./slot.ts";

/** A page is told of progress at most this often. */
const PROGRESS_MS = 100;

/**
 * What a judge does with its leases:
 *
 *     leased -> waiting (for a slot) -> judging -> has an outcome -> settled: forgotten
 *                                                    |    ^
 *                                                    +----+ said again after every welcome
 *
 * The outcome is kept until the queue says `settled`, so that a connection lost at any point loses no verdict.
 */
export interface Leases {
  /** Leases that are worked on or have an outcome, for hello and heartbeats. */
  holding(): string[];
  handle(message: QueueMessage): void;
}

export interface LeasesOptions {
  slots: readonly Slot[];
  packages: Pick<PackageCache, "use">;
  server: Pick<Server, "fetchSource">;
  send(message: JudgeMessage): void;
  /** Told each verdict and each failure, in a line. */
  onOutcome(line: string): void;
}

export function openLeases({ slots, packages, server, send, onOutcome }: LeasesOptions): Leases {
  const free = [...slots];
  const waiting: Lease[] = [];
  /** Null until there is an outcome. */
  const held = new Map<string, Outcome | null>();

  const take = (lease: Lease): void => {
    const outcome = held.get(lease.lease);
    if (outcome === undefined) {
      held.set(lease.lease, null);
      waiting.push(lease);
      fill();
    } else if (outcome !== null) {
      send({ type: "result", lease: lease.lease, outcome } satisfies JudgeMessage);
    }
  };
  const fill = (): void => {
    while (free.length > 0 && waiting.length > 0) {
      const slot = free.shift();
      const lease = waiting.shift();
      if (slot !== undefined && lease !== undefined) void work(slot, lease);
    }
  };
  const work = async (slot: Slot, lease: Lease): Promise<void> => {
    const outcome = await judgeLease(slot, lease, packages, server, progress(lease.lease, send));
    held.set(lease.lease, outcome);
    send({ type: "result", lease: lease.lease, outcome } satisfies JudgeMessage);
    onOutcome(
      `${lease.submission}: ${outcome.type === "verdict" ? outcome.verdict : `failure: ${outcome.message}`}`,
    );
    free.push(slot);
    fill();
  };

  return {
    holding: () => [...held.keys()],
    handle: (message) => {
      switch (message.type) {
        case "welcome":
          for (const [lease, outcome] of held) if (outcome !== null) send({ type: "result", lease, outcome });
          return;
        case "lease": {
          const { type: _type, ...lease } = message;
          return take(lease);
        }
        case "settled":
          held.delete(message.lease);
          return;
        case "refused":
          return;
        default:
          message satisfies never;
      }
    },
  };
}

/** Tells progress, but not more often than a page can show it. */
function progress(lease: string, send: LeasesOptions["send"]): (done: number, total: number) => void {
  let last = 0;
  return (done, total) => {
    const now = performance.now();
    if (now - last < PROGRESS_MS) return;
    last = now;
    send({ type: "progress", lease, done, total });
  };
}

async function judgeLease(
  slot: Slot,
  lease: Lease,
  packages: LeasesOptions["packages"],
  server: LeasesOptions["server"],
  onProgress: (done: number, total: number) => void,
): Promise<Outcome> {
  try {
    const source = await server.fetchSource(lease.lease);
    return await packages.use(lease.package, (problem) =>
      judgeSubmission(slot, { problem, language: lease.language, source }, onProgress),
    );
  } catch (error) {
    if (!(error instanceof JudgingFailure)) console.error(error);
    return { type: "failure", message: error instanceof Error ? error.message : String(error) };
  }
}
