import type { Env } from "../env.ts";
import type { HoldAhead, PlacedHold } from "../ledger.ts";
import { releaseAhead } from "./ahead-rows.ts";

interface Waiting extends HoldAhead {
  /** Milliseconds; 0 for one that is to be given back whatever the time is. */
  until: number;
}

/** The most holds ahead of one key: as many of its requests begin at once without any writing. */
const MOST_OF_A_KEY = 256;

/**
 * Holds that were placed with the end of a job for the next one of the same key. A request that comes in time takes one and
 * is dispatched at once; what nobody takes is given back.
 *
 *     placed --a request of the key takes it--> held for that job
 *        +-- nobody does, or the key is revoked or changed--> given back
 */
export class HoldsAhead {
  readonly #env: Env;
  readonly #keptMs: number;
  readonly #byKey = new Map<string, Waiting[]>();
  /** The versions of keys that were changed, infinite for those that were revoked: what was placed by one before is given back. */
  readonly #versions = new Map<string, number>();

  /** @param keptMs how long a hold waits for a request; 0 where none are placed */
  constructor(env: Env, keptMs: number) {
    this.#env = env;
    this.#keptMs = keptMs;
  }

  get isEmpty(): boolean {
    return this.#byKey.size === 0;
  }

  /** Whether one more is to be placed. */
  wants(apiKey: string): boolean {
    return this.#keptMs > 0 && (this.#byKey.get(apiKey)?.length ?? 0) < MOST_OF_A_KEY;
  }

  add(hold: HoldAhead, now: number): void {
    this.#keep({ ...hold, until: this.#isOld(hold) ? 0 : now + this.#keptMs });
  }

  #isOld({ apiKey, keyVersion }: HoldAhead): boolean {
    return keyVersion < (this.#versions.get(apiKey) ?? 0);
  }

  #keep(hold: Waiting): void {
    const kept = this.#byKey.get(hold.apiKey) ?? [];
    kept.push(hold);
    this.#byKey.set(hold.apiKey, kept);
  }

  /** A hold of at least so much that was placed by this version of the key, or null. */
  take({ apiKey, keyVersion }: Pick<HoldAhead, "apiKey" | "keyVersion">, nano: number): PlacedHold | null {
    const kept = this.#byKey.get(apiKey) ?? [];
    const at = kept.findIndex(
      (hold) =>
        hold.until > 0 && hold.heldNano >= nano && hold.keyVersion === keyVersion && !this.#isOld(hold),
    );
    if (at < 0) return null;
    const [hold] = kept.splice(at, 1);
    if (kept.length === 0) this.#byKey.delete(apiKey);
    return hold ?? null;
  }

  /** Gives back what waited for long enough. */
  giveBackOverdue(now: number): void {
    for (const [apiKey, kept] of this.#byKey) void this.#giveBack(apiKey, kept, ({ until }) => until <= now);
  }

  /** Gives back all that was held ahead for an account, which needs it for something else; returns whether any was. */
  async giveBackOf(consumer: string): Promise<boolean> {
    let given = 0;
    for (const [apiKey, kept] of this.#byKey)
      if (kept[0]?.consumer === consumer) given += await this.#giveBack(apiKey, kept, () => true);
    return given > 0;
  }

  /** Gives back all that was held ahead by earlier versions of a key, and takes no more of it. */
  async renew(apiKey: string, version: number): Promise<void> {
    this.#versions.set(apiKey, Math.max(version, this.#versions.get(apiKey) ?? 0));
    await this.#giveBack(apiKey, this.#byKey.get(apiKey) ?? [], (hold) => this.#isOld(hold));
  }

  /** Returns how many were given back; those that could not be are tried again by the clock, and taken by nobody. */
  async #giveBack(
    apiKey: string,
    kept: readonly Waiting[],
    isOver: (hold: Waiting) => boolean,
  ): Promise<number> {
    const over = kept.filter(isOver);
    const left = kept.filter((hold) => !isOver(hold));
    if (left.length === 0) this.#byKey.delete(apiKey);
    else this.#byKey.set(apiKey, left);
    let given = 0;
    for (const hold of over) {
      try {
        await releaseAhead(this.#env, hold);
        given++;
      } catch (error) {
        console.error(`the hold ahead ${hold.job} could not be given back, and is tried again`, error);
        this.#keep({ ...hold, until: 0 });
      }
    }
    return given;
  }
}
