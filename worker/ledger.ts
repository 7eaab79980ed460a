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

/** How a hold ends. */
export interface HoldEnd {
  kind: "settle" | "release";
  hold: PlacedHold;
  postings: Posting[];
  /** A hold for a job that may come under this key: placed only where the account has several times as much. */
  ahead: HoldAhead | null;
}

/** A hold as whoever placed it remembers it: what is held never changes. Any other amount is refused by the tables. */
export interface PlacedHold {
  job: string;
  consumer: string;
  heldNano: Nano;
}

export interface HoldAhead extends PlacedHold {
  apiKey: string;
  /** The version of the key by which the job before began, and by which the next one must. */
  keyVersion: number;
}

/** A job is paid out of its hold, as its bill says (`rules/billing.ts`), and the rest comes back. */
export const settling = (
  hold: PlacedHold,
  parts: readonly Pick<BilledPart, "provider" | "earnedNano" | "feeNano">[],
  ahead: HoldAhead | null = null,
): HoldEnd => ({
  kind: "settle",
  hold,
  postings: settled(hold.consumer, hold.heldNano, parts),
  ahead,
});

/** All of a job's hold comes back. */
export const releasing = (hold: PlacedHold, ahead: HoldAhead | null = null): HoldEnd => ({
  kind: "release",
  hold,
  postings: released(hold.consumer, hold.heldNano),
  ahead,
});

/**
 * Ends a hold. Does nothing if it ended.
 *
 * @param beside - written in the same batch, or not at all
 */
export async function endHold(
  env: Env,
  end: HoldEnd,
  beside: readonly D1PreparedStatement[] = [],
): Promise<Ended> {
  const written = await writeFor(env, [...endsRecorded(env, [end]), ...beside]);
  if (Array.isArray(written)) return endedNow(end, eventsOf(written));
  const { kind, hold, ahead } = end;
  switch (written) {
    case "not held":
      return { type: "not held" };
    case "repeated": {
      const found = await holdOf(env, hold.job);
      if (!found?.ended) throw new Error(`The job ${hold.job} has an end that can't be found.`);
      const placed = ahead !== null && (await holdOf(env, ahead.job)) !== null;
      return { type: "ended", by: found.ended, now: false, ahead: placed };
    }
    case "insufficient":
    case "too much":
      throw new Error(`The ${kind} of job ${hold.job} was refused: ${written}.`);
    default:
      return written satisfies never;
  }
}

/**
 * Ends some holds in one batch, which costs little more than that of one.
 *
 * @param beside - written in the same batch, or not at all
 * @returns null where any of them can't be ended now, whatever the reason: then none was, and each is to be ended by itself
 */
export async function endHolds(
  env: Env,
  ends: readonly HoldEnd[],
  beside: readonly D1PreparedStatement[],
): Promise<Ended[] | null> {
  const written = await writeFor(env, [...endsRecorded(env, ends), ...beside]);
  if (!Array.isArray(written)) return null;
  const events = eventsOf(written);
  return ends.map((end) => endedNow(end, events));
}

const EventRows = v.array(v.object({ id: v.string() }));

const eventsOf = ([events]: readonly D1Result[]): Set<string> =>
  new Set(v.parse(EventRows, events?.results).map(({ id }) => id));

const endedNow = ({ kind, ahead }: HoldEnd, events: ReadonlySet<string>): Ended => ({
  type: "ended",
  by: kind,
  now: true,
  ahead: ahead !== null && events.has(`hold:${ahead.job}`),
});

/** How many times as much an account must have as is held ahead, so that nothing else it asks for fails for that. */
const AHEAD_OF_BALANCE = 4;

/**
 * The statements that end holds and place those ahead, which are also written into `holds_ahead` until a job takes them. Of a
 * hold ahead nothing is written where the account has too little once the others are done, or where its key was revoked or
 * changed. The first statement gives the ids of the events that happened.
 */
function endsRecorded(env: Env, ends: readonly HoldEnd[]): D1PreparedStatement[] {
  const events: [id: string, kind: LedgerEventKind, job: string, by: string | null, ...ahead: unknown[]][] =
    [];
  const postings: [event: string, account: string, amount: number][] = [];
  const changes = new Map<string, number>();
  const post = (event: string, { account, amountNano }: Posting): void => {
    postings.push([event, account, amountNano]);
    changes.set(account, (changes.get(account) ?? 0) + amountNano);
  };
  for (const { kind, hold, postings: own } of ends) {
    const id = `${kind}:${hold.job}`;
    events.push([id, kind, hold.job, null]);
    for (const posting of own) post(id, posting);
  }
  const aheads = ends.flatMap(({ ahead }) => ahead ?? []);
  for (const { job, consumer, heldNano, apiKey, keyVersion } of aheads) {
    const id = `hold:${job}`;
    const account = balanceOf(consumer);
    events.push([
      id,
      "hold",
      job,
      consumer,
      account,
      changes.get(account) ?? 0,
      heldNano,
      apiKey,
      keyVersion,
    ]);
    for (const posting of held(consumer, heldNano)) post(id, posting);
  }
  const statements = [
    env.DB.prepare(
      `INSERT INTO ledger_events (id, kind, job, by_user, at)
       SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, ?2 FROM json_each(?1)
       WHERE value ->> 4 IS NULL OR (
         (SELECT balance + (value ->> 5) FROM ledger_accounts WHERE id = value ->> 4) / ?3 >= value ->> 6
         AND EXISTS (SELECT 1 FROM api_keys WHERE id = value ->> 7 AND version = value ->> 8 AND revoked_at IS NULL))
       ORDER BY key RETURNING id`,
    ).bind(JSON.stringify(events), Date.now(), AHEAD_OF_BALANCE),
    // Without such an account the balance is null, which aborts; selecting its row would silently insert nothing.
    env.DB.prepare(
      `INSERT INTO postings (event, account, amount, balance)
       SELECT value ->> 0, value ->> 1, value ->> 2,
         (SELECT balance FROM ledger_accounts WHERE id = value ->> 1)
           + SUM(value ->> 2) OVER (PARTITION BY value ->> 1 ORDER BY key)
       FROM json_each(?) WHERE EXISTS (SELECT 1 FROM ledger_events WHERE id = value ->> 0) ORDER BY key`,
    ).bind(JSON.stringify(postings)),
  ];
  if (aheads.length > 0) statements.push(aheadWritten(env, aheads));
  return statements;
}

const aheadWritten = (env: Env, aheads: readonly HoldAhead[]): D1PreparedStatement =>
  env.DB.prepare(
    `INSERT INTO holds_ahead (job, consumer, held) SELECT value ->> 0, value ->> 1, value ->> 2
     FROM json_each(?) WHERE EXISTS (SELECT 1 FROM ledger_events WHERE id = 'hold:' || (value ->> 0))`,
  ).bind(JSON.stringify(aheads.map(({ job, consumer, heldNano }) => [job, consumer, heldNano])));

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
