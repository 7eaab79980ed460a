import { audiencesOf } from "../submission-rows.ts";
import type { Env } from "../env.ts";
import { LEASE_MS } from "./judge-socket.ts";
import { isSubmission, readLeases, type HeldLease } from "./leases.ts";

/** So many leases that have ended are remembered, to tell a repeated result from an invented one. */
const ENDED = 1000;

/** A lease being worked on; D1 holds the lease itself, this adds what only matters while we live. */
export interface WatchedLease extends HeldLease {
  expiresAt: number;
  /** The accounts that follow it. */
  audience: string[];
}

/** The leases that are out, and those that ended lately. */
export class LeaseBook {
  readonly #env: Env;
  readonly #leases = new Map<string, WatchedLease>();
  readonly #ended = new Set<string>();

  constructor(env: Env) {
    this.#env = env;
  }

  /** Reads again what a queue that slept has forgotten; every lease gets its whole time. */
  async readAgain(): Promise<void> {
    for (const held of await readLeases(this.#env)) await this.add(held);
  }

  async add(held: HeldLease): Promise<WatchedLease> {
    const watched = {
      ...held,
      audience: await audienceOf(this.#env, held),
      expiresAt: Date.now() + LEASE_MS,
    };
    this.#leases.set(held.work.lease, watched);
    return watched;
  }

  /** The lease of this id if `judge` holds it. */
  held(judge: string, lease: string): WatchedLease | null {
    const watched = this.#leases.get(lease);
    return watched?.judge === judge ? watched : null;
  }

  of(judge: string): WatchedLease[] {
    return this.all().filter((lease) => lease.judge === judge);
  }

  all(): WatchedLease[] {
    return [...this.#leases.values()];
  }

  /** Its judge was heard of: these leases, if they are its own, last longer. */
  extend(judge: string, leases: readonly string[]): void {
    for (const id of leases) {
      const lease = this.held(judge, id);
      if (lease) lease.expiresAt = Date.now() + LEASE_MS;
    }
  }

  /** Only once D1 knows: until then the lease is out, and a judge that repeats its result must find it here. */
  remove({ work: { lease } }: HeldLease): void {
    this.#leases.delete(lease);
    this.#ended.add(lease);
    const [oldest] = this.#ended;
    if (this.#ended.size > ENDED && oldest !== undefined) this.#ended.delete(oldest);
  }

  hasEnded(lease: string): boolean {
    return this.#ended.has(lease);
  }
}

/** Nobody but the jury knows of a round that does not count, or of a time limit. */
async function audienceOf(env: Env, held: HeldLease): Promise<string[]> {
  if (!isSubmission(held)) return held.task?.user ? [held.task.user] : [];
  if (held.standing === "apart") return [];
  const { submission } = held.work;
  return (await audiencesOf(env, [submission])).get(submission) ?? [];
}
