import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { billJob, type Bill } from "../rules/billing.ts";
import { seededRandom } from "../rules/seeded-random.ts";
import { auditBooks } from "./books.ts";
import type { Env } from "./env.ts";
import {
  endHold,
  endHolds,
  grant,
  placeHold,
  releasing,
  settling,
  type Ended,
  type Grant,
  type Held,
} from "./ledger.ts";
import { bindings } from "./testing.ts";

/**
 * Random operations of several accounts at once, in random order, each sent up to three times, and each crashing before its
 * batch, between any two statements of it, or after it with the answer lost, until it comes through. After every step the
 * books are recomputed here, apart from the audit's own SQL.
 */

const STEPS = env.TEST_LONG ? 500 : 50;
const USERS = 4;

class Crash extends Error {}

/** The bindings with a database that crashes every other time. */
function crashing(random: () => number): Env {
  const { DB } = bindings;
  const batch = async <Row>(statements: D1PreparedStatement[]): Promise<D1Result<Row>[]> => {
    const at = Math.floor(random() * (statements.length + 2) * 2);
    if (at < statements.length) {
      const cut = statements.toSpliced(at, 0, DB.prepare("SELECT json('{')"));
      await expect(DB.batch(cut)).rejects.toThrow();
      throw new Crash();
    }
    const results = await DB.batch<Row>(statements);
    if (at === statements.length) throw new Crash();
    return results;
  };
  const database = new Proxy(DB, {
    get(target, name) {
      if (name === "batch") return batch;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { ...bindings, DB: database };
}

async function insist<Answer>(
  random: () => number,
  operation: (env: Env) => Promise<Answer>,
): Promise<Answer> {
  for (;;) {
    try {
      return await operation(crashing(random));
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
  }
}

interface Job {
  id: string;
  consumer: string;
  heldNano: number;
  bill: Bill;
  holds: Held["type"][];
  ends: Ended[];
}

const holdOf = ({ id, consumer, heldNano }: Job) => ({ job: id, consumer, heldNano });

/** Its accounts, the grants, and every job with what each call about it was told. */
class World {
  readonly #random: () => number;
  readonly #users: readonly string[];
  readonly #jobs: Job[] = [];
  /** Batches that ended several jobs. */
  together = 0;
  readonly #grants: Pick<Grant, "user" | "amountNano">[] = [];

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.#users = Array.from({ length: USERS }, (_, index) => `user-${seed}-${index}`);
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #anyone(): string {
    return this.#users[this.#below(USERS)] ?? "";
  }

  async begin(): Promise<void> {
    await bindings.DB.batch(
      this.#users.map((user) =>
        bindings.DB.prepare(
          `INSERT INTO users (id, username, display_name, password_hash, role, created_at)
           VALUES (?1, ?1, '', '-', 'member', 0)`,
        ).bind(user),
      ),
    );
  }

  /** Starts some things at once and waits for all of them. */
  async step(): Promise<void> {
    const operations = Array.from({ length: 1 + this.#below(4) }, () => this.#operations()).flat();
    const calls = operations.flatMap((operation) =>
      Array.from({ length: 1 + this.#below(3) }, () => operation),
    );
    const order = calls.map((call) => ({ call, at: this.#random() })).sort((a, b) => a.at - b.at);
    await Promise.all(order.map(({ call }) => call()));
  }

  #operations(): (() => Promise<void>)[] {
    const kind = this.#below(10);
    if (kind < 2) return [this.#grant()];
    if (kind < 4) return [this.#hold(this.#newJob())];
    const job = kind < 6 ? this.#newJob() : this.#jobs[this.#below(this.#jobs.length)];
    if (!job) return [];
    if (kind === 9) return [this.#endTogether()];
    // All that can be asked of one job, at the same time.
    return [this.#hold(job), this.#settle(job), this.#release(job)].filter(() => this.#below(3) > 0);
  }

  #newJob(): Job {
    const heldNano = this.#below(3000);
    const consumer = this.#anyone();
    const prices = { prompt: 0, cachedPrompt: 0, completion: 1_000_000 };
    const parts = Array.from({ length: this.#below(3) }, () => {
      const tokens = this.#below(heldNano);
      return {
        provider: this.#anyone(),
        prices,
        deliveredTokens: tokens,
        deliveredBytes: tokens,
        claimed: null,
      };
    });
    const bounds = { promptTokens: 0, maxTokens: heldNano };
    const bill = billJob({ consumer, bounds, heldNano, feeBasisPoints: 500, parts });
    const job: Job = { id: crypto.randomUUID(), consumer, heldNano, bill, holds: [], ends: [] };
    this.#jobs.push(job);
    return job;
  }

  #grant(): () => Promise<void> {
    const by = this.#anyone();
    const wanted = {
      key: crypto.randomUUID(),
      user: this.#anyone(),
      amountNano: 1 + this.#below(9000),
      note: "",
      by,
    };
    this.#grants.push(wanted);
    return async () => expect(await insist(this.#random, (env) => grant(env, wanted))).toBe("granted");
  }

  #hold(job: Job): () => Promise<void> {
    return async () => {
      const { id, consumer, heldNano } = job;
      job.holds.push((await insist(this.#random, (env) => placeHold(env, id, consumer, heldNano))).type);
    };
  }

  #settle(job: Job): () => Promise<void> {
    return async () => {
      job.ends.push(await insist(this.#random, (env) => endHold(env, settling(holdOf(job), job.bill.parts))));
    };
  }

  /** Some jobs in one batch, and each by itself where that can't be. */
  #endTogether(): () => Promise<void> {
    const open = this.#jobs.filter(({ holds, ends }) => holds.includes("held") && ends.length === 0);
    const jobs = open.slice(0, 1 + this.#below(4));
    return async () => {
      const ends = jobs.map((job) => settling(holdOf(job), job.bill.parts));
      const told = await insist(this.#random, (env) => endHolds(env, ends, []));
      if (told === null) return void (await Promise.all(jobs.map((job) => this.#settle(job)())));
      for (const [index, job] of jobs.entries()) job.ends.push(...told.slice(index, index + 1));
      if (jobs.length > 1) this.together++;
    };
  }

  #release(job: Job): () => Promise<void> {
    return async () => {
      job.ends.push(await insist(this.#random, (env) => endHold(env, releasing(holdOf(job)))));
    };
  }

  /** What each account must have by what the calls were told, which must be one story. */
  expected(): Map<string, number> {
    const balances = new Map<string, number>();
    const add = (account: string, amount: number) =>
      balances.set(account, (balances.get(account) ?? 0) + amount);
    for (const { user, amountNano } of this.#grants) {
      add("mint", -amountNano);
      add(`user:${user}`, amountNano);
    }
    for (const { consumer, heldNano, bill, holds, ends } of this.#jobs) {
      const by = new Set(ends.flatMap((end) => (end.type === "ended" ? [end.by] : [])));
      expect(by.size).toBeLessThanOrEqual(1);
      // None, if the answer of the first was lost.
      expect(ends.filter((end) => end.type === "ended" && end.now).length).toBeLessThanOrEqual(1);
      if (by.has("settle")) {
        add(`user:${consumer}`, -bill.costNano);
        add("fees", bill.feeNano);
        for (const { provider, earnedNano } of bill.parts) add(`user:${provider}`, earnedNano);
      } else if (by.size === 0 && holds.includes("held")) {
        add(`user:${consumer}`, -heldNano);
        add(`hold:${consumer}`, heldNano);
      }
    }
    return balances;
  }

  /** Ends what is still held for. */
  async finish(): Promise<void> {
    for (const job of this.#jobs) await this.#release(job)();
  }

  /** What was tried, so that a test knows that it tried enough. */
  tally(): Record<"settled" | "released" | "refused", number> {
    const ended = (kind: string) =>
      this.#jobs.filter(({ ends }) => ends.some((end) => end.type === "ended" && end.by === kind)).length;
    const refused = this.#jobs.filter(({ holds }) => holds.includes("insufficient")).length;
    return { settled: ended("settle"), released: ended("release"), refused };
  }
}

/** Every account by the sum of its postings, none of which may have left anybody but the mint below zero. */
async function recomputed(): Promise<Map<string, number>> {
  const [accounts, postings] = await bindings.DB.batch<{ account: string; amount: number; balance: number }>([
    bindings.DB.prepare("SELECT id AS account, 0 AS amount, balance FROM ledger_accounts"),
    bindings.DB.prepare("SELECT account, amount, balance FROM postings ORDER BY id"),
  ]);
  const sums = new Map<string, number>();
  for (const { account, amount, balance } of postings?.results ?? []) {
    const sum = (sums.get(account) ?? 0) + amount;
    sums.set(account, sum);
    if (balance !== sum || (balance < 0 && account !== "mint")) expect.unreachable(`${account}: ${balance}`);
  }
  const stored = new Map((accounts?.results ?? []).map(({ account, balance }) => [account, balance]));
  expect(present(stored)).toEqual(present(sums));
  expect([...sums.values()].reduce((all, sum) => all + sum, 0)).toBe(0);
  return sums;
}

const present = (balances: Map<string, number>) =>
  Object.fromEntries([...balances].filter(([, balance]) => balance !== 0));

describe("the books, with everything at once and a crash everywhere", () => {
  it(
    "balance after every step, nobody is below zero, and everybody has what they were told",
    { timeout: 1_200_000 },
    async () => {
      const world = new World(5);
      await world.begin();
      for (let step = 0; step < STEPS; step++) {
        await world.step();
        expect(present(await recomputed())).toEqual(present(world.expected()));
        expect((await auditBooks(bindings)).findings).toEqual([]);
      }
      const { settled, released, refused } = world.tally();
      expect(Math.min(settled, released, refused, world.together)).toBeGreaterThan(0);
      await world.finish();
      expect(present(await recomputed())).toEqual(present(world.expected()));
      const { openHolds, totals } = await auditBooks(bindings);
      expect([openHolds.count, totals.heldNano]).toEqual([0, "0"]);
    },
  );
});
