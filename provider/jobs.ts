import type { JobRequest } from "../protocol/job.ts";
import { formatCredits } from "../protocol/money.ts";
import {
  type Job,
  MAX_SLOTS,
  type MarketMessage,
  type ProviderMessage,
  type RefusalReason,
} from "../protocol/provider.ts";
import { EngineError, type LanguageEngine, type PreparedJob } from "./engine.ts";
import { openOutbox, type Outbox } from "./outbox.ts";

/**
 * The jobs of a provider, from the Market's `job` until nothing is left to say about it:
 *
 *     preparing --accept--> writing --finished, failed--> ended --settled--> over
 *         |                    |                            |
 *         |                    +-- cancel, or the link is lost: the engine stops --> ended
 *         |                                                 +-- link lost, then cancel: went elsewhere --> over
 *         +-- refuse, cancel, or the link is lost --> over
 *
 * An end is told again after each reconnect, until it is settled. Deltas are told once: what the Market did not get, it
 * gets from somebody else.
 */
export interface Jobs {
  handle(message: MarketMessage): void;
  /** Ids of all jobs that are not over, for the next hello. */
  holding(): string[];
  /** The link was lost. */
  onLost(): void;
  /** The link has room again. */
  onRoom(): void;
  /** Takes no more jobs; resolves once those that it has have ended, and were settled or had their time for it. */
  drain(): Promise<void>;
  /** As `drain`, but what is being written is broken off. */
  stop(): Promise<void>;
}

export interface JobsOptions {
  /** How many jobs it works on at once. */
  slots: number;
  /** By the offers' ids. */
  offers: ReadonlyMap<string, Served>;
  link: { send(message: ProviderMessage): boolean; backedUp(): boolean };
  /** Told what became of each job, in words. */
  say(line: string): void;
}

/** What stands behind an offer. */
export interface Served {
  engine: LanguageEngine;
  maxOutputTokens: number;
}

type End = ProviderMessage & { type: "finished" | "failed" };

interface HeldJob {
  abort: AbortController;
  outbox: Outbox;
  /** Null while it goes on. */
  end: End | null;
  /** The link on which it came is gone. */
  orphaned: boolean;
  /** And the Market said since that it went elsewhere: nobody waits for how it ends. */
  elsewhere: boolean;
}

/** What a hello may name. Those whose end was never settled would else become more and more. */
const MAX_HELD = 4 * MAX_SLOTS;

/** As long as a Market that is there needs to write down what is paid for. */
const SETTLE_MS = 2_000;

const MAX_MESSAGE = 500;

export function openJobs({ slots, offers, link, say }: JobsOptions): Jobs {
  const jobs = new Map<string, HeldJob>();
  let draining = false;
  /** Each looks whether what it waits for has come. */
  const watchers = new Set<() => void>();

  const running = (): number => [...jobs.values()].filter(({ end }) => end === null).length;
  const changed = (): void => watchers.forEach((watch) => watch());
  const forget = (id: string): void => {
    jobs.delete(id);
    changed();
  };
  const forgetOldest = (): void => {
    for (const [id, { end }] of jobs) {
      if (jobs.size < MAX_HELD) return;
      if (end !== null) jobs.delete(id);
    }
  };
  const refuse = (id: string, { reason, message }: EngineError): void => {
    link.send({ type: "refuse", job: id, reason, message: cut(message) });
    say(`job ${id}: refused (${reason}: ${message})`);
  };

  const take = (job: Job): void => {
    const no = (reason: RefusalReason, message: string): void =>
      refuse(job.job, new EngineError(reason, message));
    if (draining) return no("draining", "it takes no more jobs");
    const served = offers.get(job.offer);
    if (served === undefined) return no("unknown_offer", `there is no offer "${job.offer}" here`);
    if (running() >= slots) return no("busy", `all ${slots} slots are taken`);
    forgetOldest();
    const held: HeldJob = {
      abort: new AbortController(),
      outbox: openOutbox({
        send: (seq, piece) => link.send({ type: "delta", job: job.job, seq, ...piece }),
        backedUp: link.backedUp,
      }),
      end: null,
      orphaned: false,
      elsewhere: false,
    };
    jobs.set(job.job, held);
    void work(job, held, served);
  };

  const work = async (job: Job, held: HeldJob, { engine, maxOutputTokens }: Served): Promise<void> => {
    const { signal } = held.abort;
    let prepared: PreparedJob;
    try {
      prepared = await engine.prepare(bounded(job.request, maxOutputTokens));
    } catch (error) {
      forget(job.job);
      if (!signal.aborted) refuse(job.job, asEngineError(error));
      return;
    }
    // Nobody waits for it, and what was prepared is still to be ended.
    if (signal.aborted) forget(job.job);
    else link.send({ type: "accept", job: job.job, promptTokens: prepared.promptTokens });
    const end = await write(job.job, prepared, held);
    if (!jobs.has(job.job)) return;
    held.end = end;
    link.send(end);
    if (end.type === "failed") say(`job ${job.job}: failed (${end.message})`);
    if (held.elsewhere) forget(job.job);
    else changed();
  };

  const breakOff = (held: HeldJob): void => {
    held.abort.abort();
    held.outbox.drop();
  };
  const waitFor = (holds: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const watch = (): void => {
        if (!holds()) return;
        watchers.delete(watch);
        resolve();
      };
      watchers.add(watch);
      watch();
    });
  const drain = async (): Promise<void> => {
    if (!draining) link.send({ type: "drain" });
    draining = true;
    await waitFor(() => running() === 0);
    await within(
      SETTLE_MS,
      waitFor(() => jobs.size === 0),
    );
  };

  return {
    handle(message) {
      switch (message.type) {
        case "welcome":
          if (draining) link.send({ type: "drain" });
          for (const { end } of jobs.values()) if (end !== null) link.send(end);
          return;
        case "job":
          return take(message);
        case "cancel": {
          const held = jobs.get(message.job);
          if (held === undefined) return;
          held.elsewhere = held.orphaned;
          if (held.end === null) breakOff(held);
          else if (held.elsewhere) forget(message.job);
          return;
        }
        case "pause":
          return jobs.get(message.job)?.outbox.pause();
        case "resume":
          return jobs.get(message.job)?.outbox.resume();
        case "settled": {
          if (!jobs.has(message.job)) return;
          const { paid, amountNano } = message;
          say(
            `job ${message.job}: earned ${formatCredits(amountNano)} credits for ${paid.promptTokens} tokens read ` +
              `and ${paid.completionTokens} written`,
          );
          return forget(message.job);
        }
        case "unwelcome":
          return;
        default:
          return void (message satisfies never);
      }
    },
    holding: () => [...jobs.keys()],
    onLost() {
      for (const held of jobs.values()) {
        held.orphaned = true;
        if (held.end === null) breakOff(held);
      }
    },
    onRoom() {
      for (const { end, outbox } of jobs.values()) if (end === null) outbox.onRoom();
    },
    drain,
    stop() {
      for (const held of jobs.values()) if (held.end === null) breakOff(held);
      return drain();
    },
  };
}

/** With no more to write than is offered. */
function bounded(request: JobRequest, maxOutputTokens: number): JobRequest {
  if (request.type === "embedding") return request;
  return { ...request, maxTokens: Math.min(request.maxTokens, maxOutputTokens) };
}

/** Writes a job's answer. Never fails: what goes wrong is an end too. */
async function write(job: string, prepared: PreparedJob, { abort, outbox }: HeldJob): Promise<End> {
  try {
    const ending = await prepared.write(outbox.add, abort.signal);
    return { type: "finished", job, ...ending, deltas: outbox.end() };
  } catch (error) {
    const { message } = asEngineError(error);
    return { type: "failed", job, deltas: outbox.end(), message: cut(message), usage: null };
  }
}

function asEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  return new EngineError("engine", error instanceof Error ? error.message : String(error));
}

const cut = (message: string): string => message.slice(0, MAX_MESSAGE);

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([work, late]);
  clearTimeout(timer);
}
