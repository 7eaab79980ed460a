import * as v from "valibot";
import { Statement, type LedgerEventKind } from "../protocol/ledger.ts";
import { Nano } from "../protocol/money.ts";
import type { BilledPart } from "../rules/billing.ts";
import { balanceOf, granted, held, heldOf, released, settled, type Posting } from "../rules/ledger.ts";
import { audited } from "./audit.ts";
import type { Env } from "./env.ts";

/**
 * The market's money. Each event is one batch of the database's, which happens as a whole or not; what must never happen is
 * refused by the tables themselves (migrations/0005_market_ledger.sql), whatever runs at the same time. Everything here may
 * be called again after a crash or a lost answer: an event happens once. `rules/ledger.ts` draws the events.
 */

interface LedgerEvent {
  id: string;
  kind: LedgerEventKind;
  job: string | null;
  note: string;
  /** Who granted, who is held for; null for what the market does by itself. */
  by: string | null;
}

/** The statements of an event; run them in one batch. */
function recorded(
  env: Env,
  { id, kind, job, note, by }: LedgerEvent,
  postings: Posting[],
): D1PreparedStatement[] {
  return [
    env.DB.prepare(
      "INSERT INTO ledger_events (id, kind, job, note, by_user, at) VALUES (?, ?, ?, ?, ?, ?)",
    ).bind(id, kind, job, note, by, Date.now()),
    // Without such an account the balance is null, which aborts; selecting its row would silently insert nothing.
    env.DB.prepare(
      `INSERT INTO postings (event, account, amount, balance)
       SELECT ?1, value ->> 0, value ->> 1,
         (SELECT balance + (value ->> 1) FROM ledger_accounts WHERE id = value ->> 0)
       FROM json_each(?2)`,
    ).bind(id, JSON.stringify(postings.map(({ account, amountNano }) => [account, amountNano]))),
  ];
}

/** Why the tables refuse an event, by what their errors say. */
const REFUSALS = [
  ["UNIQUE constraint failed: ledger_events", "repeated"],
  ["never_below_zero", "insufficient"],
  ["safe_balance", "too much"],
  ["nothing is held for this job", "not held"],
] as const;
type Refusal = (typeof REFUSALS)[number][1];

async function write(env: Env, statements: D1PreparedStatement[]): Promise<"written" | Refusal> {
  const written = await writeFor(env, statements);
  return Array.isArray(written) ? "written" : written;
}

/** The results, one for each statement; or why nothing was written. */
async function writeFor(env: Env, statements: D1PreparedStatement[]): Promise<D1Result[] | Refusal> {
  try {
    return await env.DB.batch(statements);
  } catch (error) {
    const text = error instanceof Error ? error.message : "";
    const refusal = REFUSALS.find(([part]) => text.includes(part));
    if (!refusal) throw error;
    return refusal[1];
  }
}

/**
 * The statements that give a new account its allowance, for the batch that makes the account.
 *
 * @param amountNano - 0 for none
 */
export function allowance(env: Env, user: string, amountNano: Nano): D1PreparedStatement[] {
  if (amountNano === 0) return [];
  return recorded(
    env,
    { id: `allowance:${user}`, kind: "allowance", job: null, note: "", by: null },
    granted(user, amountNano),
  );
}

export interface Grant {
  /** Of whoever sends it, the same each time that this grant is sent. */
  key: string;
  user: string;
  amountNano: Nano;
  note: string;
  /** The administrator. */
  by: string;
}

/**
 * Gives credits. `key taken` when another grant was made under the key, `too much` when the balance would be beyond safe
 * integers; then nothing was given.
 */
export async function grant(env: Env, wanted: Grant): Promise<"granted" | "key taken" | "too much"> {
  const { key, user, amountNano, note, by } = wanted;
  const id = `grant:${key}`;
  const written = await write(env, [
    ...recorded(env, { id, kind: "grant", job: null, note, by }, granted(user, amountNano)),
    audited(env, by, "ledger.grant", user, { amountNano, note }),
  ]);
  switch (written) {
    case "written":
      return "granted";
    case "too much":
      return "too much";
    case "repeated":
      return (await isGranted(env, id, wanted)) ? "granted" : "key taken";
    case "insufficient":
    case "not held":
      throw new Error(`A grant cannot be refused as ${written}.`);
    default:
      return written satisfies never;
  }
}

async function isGranted(env: Env, id: string, { user, amountNano, note, by }: Grant): Promise<boolean> {
  const row = await env.DB.prepare(
    `SELECT 1 AS same FROM ledger_events e JOIN postings p ON p.event = e.id AND p.account = ?2
     WHERE e.id = ?1 AND p.amount = ?3 AND e.note = ?4 AND e.by_user = ?5`,
  )
    .bind(id, balanceOf(user), amountNano, note, by)
    .first();
  return row !== null;
}

/**
 * - `held`          now or, by the same call, before; the job may be dispatched
 * - `insufficient`  the account has less
 * - `taken`         the job was held for with another amount or account, or has ended: it must not be dispatched
 */
export type Held = { type: "held" } | { type: "insufficient"; balanceNano: Nano } | { type: "taken" };

/**
 * Sets the worst case of a job aside. `job` is an id that is never used again, `user` the account that pays.
 *
 * @param beside - written in the same batch, or not at all
 */
export async function placeHold(
  env: Env,
  job: string,
  user: string,
  amountNano: Nano,
  beside: readonly D1PreparedStatement[] = [],
): Promise<Held> {
  const written = await write(env, [
    ...recorded(env, { id: `hold:${job}`, kind: "hold", job, note: "", by: user }, held(user, amountNano)),
    ...beside,
  ]);
  switch (written) {
    case "written":
      return { type: "held" };
    case "insufficient":
      return { type: "insufficient", balanceNano: await balance(env, user) };
    case "repeated": {
      const hold = await holdOf(env, job);
      const same = hold?.consumer === user && hold.heldNano === amountNano && hold.ended === null;
      return { type: same ? "held" : "taken" };
    }
    case "too much":
    case "not held":
      throw new Error(`A hold cannot be refused as ${written}.`);
    default:
      return written satisfies never;
  }
}

/** `now`: whether this call did it, and not one before; `ahead`: whether the hold for another job was placed with it. */
export type Ended =
  | { type: "ended"; by: "settle" | "release"; now: boolean; ahead: boolean }
  | { type: "not held" };

/** What the end of a job is written with: all of it, or nothing. */
export interface Beside {
  statements?: readonly D1PreparedStatement[];
  /** A hold for a job that may come under this key: placed only where the account has several times as much. */
  ahead?: HoldAhead | null;
}

export interface HoldAhead extends PlacedHold {
  apiKey: string;
}

/** How many times as much an account must have as is held ahead, so that nothing else it asks for fails for that. */
const AHEAD_OF_BALANCE = 4;

/** Also writes it into `holds_ahead`, until a job takes it. Nothing at all where the balance is too small or the key revoked. */
function heldAhead(env: Env, { job, consumer, heldNano, apiKey }: HoldAhead): D1PreparedStatement[] {
  const id = `hold:${job}`;
  const postings = held(consumer, heldNano).map(({ account, amountNano }) => [account, amountNano]);
  return [
    env.DB.prepare(
      `INSERT INTO ledger_events (id, kind, job, by_user, at) SELECT ?1, 'hold', ?2, ?3, ?4
       WHERE (SELECT balance FROM ledger_accounts WHERE id = ?5) / ?6 >= ?7
         AND EXISTS (SELECT 1 FROM api_keys WHERE id = ?8 AND revoked_at IS NULL)`,
    ).bind(id, job, consumer, Date.now(), balanceOf(consumer), AHEAD_OF_BALANCE, heldNano, apiKey),
    env.DB.prepare(
      `INSERT INTO postings (event, account, amount, balance)
       SELECT ?1, value ->> 0, value ->> 1,
         (SELECT balance + (value ->> 1) FROM ledger_accounts WHERE id = value ->> 0)
       FROM json_each(?2) WHERE EXISTS (SELECT 1 FROM ledger_events WHERE id = ?1)`,
    ).bind(id, JSON.stringify(postings)),
    env.DB.prepare(
      `INSERT INTO holds_ahead (job, consumer, held) SELECT ?1, ?2, ?3
       WHERE EXISTS (SELECT 1 FROM ledger_events WHERE id = ?4)`,
    ).bind(job, consumer, heldNano, id),
  ];
}

/** A hold as whoever placed it remembers it: what is held never changes. Any other amount is refused by the tables. */
export interface PlacedHold {
  job: string;
  consumer: string;
  heldNano: Nano;
}

/**
 * Pays a job out of its hold, as its bill says (`rules/billing.ts`), and gives the rest back. Does nothing if it ended.
 */
export async function settle(
  env: Env,
  hold: PlacedHold,
  parts: readonly Pick<BilledPart, "provider" | "earnedNano" | "feeNano">[],
  beside: Beside = {},
): Promise<Ended> {
  return end(env, hold.job, "settle", settled(hold.consumer, hold.heldNano, parts), beside);
}

/** Gives all of a job's hold back. Does nothing if the job ended. */
export async function release(env: Env, hold: PlacedHold, beside: Beside = {}): Promise<Ended> {
  return end(env, hold.job, "release", released(hold.consumer, hold.heldNano), beside);
}

async function end(
  env: Env,
  job: string,
  kind: "settle" | "release",
  postings: Posting[],
  { statements = [], ahead = null }: Beside,
): Promise<Ended> {
  const event: LedgerEvent = { id: `${kind}:${job}`, kind, job, note: "", by: null };
  const next = ahead === null ? [] : heldAhead(env, ahead);
  const own = recorded(env, event, postings);
  const written = await writeFor(env, [...own, ...next, ...statements]);
  if (Array.isArray(written)) {
    const placed = ahead !== null && written[own.length]?.meta.changes !== 0;
    return { type: "ended", by: kind, now: true, ahead: placed };
  }
  switch (written) {
    case "not held":
      return { type: "not held" };
    case "repeated": {
      const hold = await holdOf(env, job);
      if (!hold?.ended) throw new Error(`The job ${job} has an end that can't be found.`);
      const placed = ahead !== null && (await holdOf(env, ahead.job)) !== null;
      return { type: "ended", by: hold.ended, now: false, ahead: placed };
    }
    case "insufficient":
    case "too much":
      throw new Error(`The ${kind} of job ${job} was refused: ${written}.`);
    default:
      return written satisfies never;
  }
}

interface Hold {
  consumer: string;
  heldNano: Nano;
  ended: "settle" | "release" | null;
}

function holdOf(env: Env, job: string): Promise<Hold | null> {
  return env.DB.prepare(
    `SELECT e.by_user AS consumer,
       COALESCE((SELECT amount FROM postings WHERE event = e.id AND account = 'hold:' || e.by_user), 0) AS heldNano,
       (SELECT kind FROM ledger_events WHERE job = e.job AND kind IN ('settle', 'release')) AS ended
     FROM ledger_events e WHERE e.job = ? AND e.kind = 'hold'`,
  )
    .bind(job)
    .first<Hold>();
}

/** What an account may spend. */
export async function balance(env: Env, user: string): Promise<Nano> {
  const row = env.DB.prepare("SELECT balance FROM ledger_accounts WHERE id = ?").bind(balanceOf(user));
  const found = await row.first<number>("balance");
  if (found === null) throw new Error(`There is no account ${user}.`);
  return found;
}

const ENTRIES = 50;

/**
 * An account's balance, what is held, and its postings, newest first.
 *
 * @param before - the entry that those on this page come before; the newest without
 */
export async function statement(
  env: Env,
  user: string,
  before = Number.MAX_SAFE_INTEGER,
): Promise<Statement> {
  const [balances, entries] = await env.DB.batch<object>([
    env.DB.prepare(
      `SELECT MAX(balance) FILTER (WHERE kind = 'user') AS balanceNano, MAX(balance) FILTER (WHERE kind = 'hold') AS heldNano
       FROM ledger_accounts WHERE id IN (?, ?)`,
    ).bind(balanceOf(user), heldOf(user)),
    // Each account by its own index, so that a page of a long ledger reads no more rows than it shows.
    env.DB.prepare(
      `SELECT p.id, e.kind, p.part AS "of", p.amount AS amountNano, p.balance AS afterNano, e.job, e.note, e.at FROM (
         SELECT * FROM (SELECT *, 'balance' AS part FROM postings WHERE account = ?1 AND id < ?3 ORDER BY id DESC LIMIT ?4)
         UNION ALL
         SELECT * FROM (SELECT *, 'held' AS part FROM postings WHERE account = ?2 AND id < ?3 ORDER BY id DESC LIMIT ?4)
       ) p JOIN ledger_events e ON e.id = p.event ORDER BY p.id DESC LIMIT ?4`,
    ).bind(balanceOf(user), heldOf(user), before, ENTRIES + 1),
  ]);
  const found = v.parse(v.array(Statement.entries.entries.item), entries?.results);
  const shown = found.slice(0, ENTRIES);
  return {
    ...v.parse(v.object({ balanceNano: Nano, heldNano: Nano }), balances?.results[0]),
    entries: shown,
    next: found.length > ENTRIES ? (shown.at(-1)?.id ?? null) : null,
  };
}
