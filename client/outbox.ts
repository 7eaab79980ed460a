import { createStore, del, set, values, type UseStore } from "idb-keyval";
import * as v from "valibot";
import { SessionView } from "../protocol/account.ts";
import { ErrorBody } from "../protocol/errors.ts";
import { Submit, SubmissionView } from "../protocol/submission.ts";
import { parseJson } from "./json.ts";
import { KEPT_AT } from "./kept-answers.ts";

/**
 * Submissions on their way, kept in this browser until the server has them. The page and the service worker both deliver from here.
 *
 *     put in --> waiting --delivered--> gone from here, in the account's list
 *                   |  ^                     (a key that comes again gets the first answer, so nothing is submitted twice)
 *                   |  '-- network away, site busy, somebody else signed in: later
 *                   '--refused for good--> refused --discarded by its author--> gone
 */
export const Entry = v.object({
  /** The submission's key. */
  key: v.pipe(v.string(), v.uuid()),
  /** Whose it is: nobody else's session delivers it. */
  account: v.string(),
  form: Submit,
  /** By this machine's clock; only for showing. The server's own time counts. */
  queuedAt: v.number(),
  /** Grows with every entry, whatever the machine's clock does. */
  order: v.number(),
  refusal: v.nullable(
    v.object({ code: v.string(), message: v.string(), details: v.optional(v.array(v.string())) }),
  ),
});
export type Entry = v.InferOutput<typeof Entry>;
export type Refusal = NonNullable<Entry["refusal"]>;

/** Where entries are kept. */
export interface Shelf {
  all(): Promise<Entry[]>;
  put(entry: Entry): Promise<void>;
  remove(key: string): Promise<void>;
}

/** The site as the outbox needs it. Both reject, with whatever, when it cannot be reached. */
export interface Recipient {
  /** The account of the session, or null. */
  account(): Promise<string | null>;
  post(form: Submit): Promise<{ status: number; body: unknown }>;
}

/** What became of one delivery. */
export type Delivery =
  | { type: "sent"; submission: SubmissionView }
  /** The site cannot be reached. */
  | { type: "away" }
  /** It may well be taken later: too many at once, a closed queue, a session that has ended. */
  | { type: "later"; refusal: Refusal }
  | { type: "refused"; refusal: Refusal };

/** Refusals that say nothing of the submission itself; beside them, everything that is the server's own trouble. */
const passing = new Set(["not_signed_in", "rate_limited"]);

/** What an answer to a submission means. */
export function deliveryOf(status: number, body: unknown): Delivery {
  const view = v.safeParse(SubmissionView, body);
  if (status < 300 && view.success) return { type: "sent", submission: view.output };
  const error = v.safeParse(ErrorBody, body);
  // A proxy's page, or a success that cannot be understood: the same key asks again later.
  if (!error.success) return { type: "away" };
  const { code, message, details } = error.output;
  const refusal = details === undefined ? { code, message } : { code, message, details };
  return { type: status >= 500 || passing.has(code) ? "later" : "refused", refusal };
}

async function deliver(recipient: Recipient, form: Submit): Promise<Delivery> {
  try {
    const { status, body } = await recipient.post(form);
    return deliveryOf(status, body);
  } catch {
    return { type: "away" };
  }
}

/** One account's entries, in the order in which they were put in. */
export async function entriesOf(shelf: Shelf, account: string): Promise<Entry[]> {
  return entriesFor(await shelf.all(), account);
}

export const entriesFor = (all: readonly Entry[], account: string): Entry[] =>
  all.filter((entry) => entry.account === account).sort((a, b) => a.order - b.order);

/** Puts a submission in. @returns its entry */
export async function putIn(shelf: Shelf, account: string, form: Submit, key: string): Promise<Entry> {
  const orders = (await shelf.all()).map(({ order }) => order);
  const order = Math.max(0, ...orders) + 1;
  const entry: Entry = { key, account, form: { ...form, key }, queuedAt: Date.now(), order, refusal: null };
  await shelf.put(entry);
  return entry;
}

/**
 * Delivers what waits for an account, in order; stops at the first that cannot be delivered now, so that none overtakes another.
 * @param watched the key of the one whose author looks on: a refusal is told to them at once and not kept
 * @returns what was delivered, and what became of the watched one; null when it was not its turn
 */
export async function deliverAll(
  shelf: Shelf,
  recipient: Recipient,
  account: string,
  watched?: string,
): Promise<{ sent: SubmissionView[]; watched: Delivery | null }> {
  const waiting = (await entriesOf(shelf, account)).filter(({ refusal }) => refusal === null);
  const sent: SubmissionView[] = [];
  // What somebody submits this moment, they submit by the session that they see.
  const others = waiting.some(({ key }) => key !== watched);
  if (others && !(await isSignedIn(recipient, account))) return { sent, watched: null };
  for (const entry of waiting) {
    const delivery = await deliver(recipient, entry.form);
    const isWatched = entry.key === watched;
    if (delivery.type === "sent") sent.push(delivery.submission);
    if (delivery.type === "sent" || (isWatched && delivery.type !== "away")) await shelf.remove(entry.key);
    else if (delivery.type === "refused") await shelf.put({ ...entry, refusal: delivery.refusal });
    if (isWatched) return { sent, watched: delivery };
    if (delivery.type === "away" || delivery.type === "later") return { sent, watched: null };
  }
  return { sent, watched: null };
}

async function isSignedIn(recipient: Recipient, account: string): Promise<boolean> {
  try {
    return (await recipient.account()) === account;
  } catch {
    return false;
  }
}

let database: UseStore | undefined;
const store = (): UseStore => (database ??= createStore("outbox", "submissions"));

/** The entries of this browser. Rejects where the browser keeps nothing, as some private modes do. */
export const browserShelf: Shelf = {
  async all() {
    const kept: unknown[] = await values(store());
    // What a later version of the site has put in is that version's to deliver.
    return kept.flatMap((one) => {
      const parsed = v.safeParse(Entry, one);
      return parsed.success ? [parsed.output] : [];
    });
  },
  put: (entry) => set(entry.key, entry, store()),
  remove: (key) => del(key, store()),
};

/** An answer that takes longer is not waited for; the key lets it be asked for again. */
const PATIENCE_MS = 20_000;

/** This site. */
export const site: Recipient = {
  async account() {
    const response = await fetch("/api/session", {
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    // A kept copy does not tell who is signed in now.
    if (!response.ok || response.headers.has(KEPT_AT)) throw new Error("The site is away.");
    return v.parse(SessionView, await response.json()).account?.id ?? null;
  },
  async post(form) {
    const response = await fetch("/api/submissions", {
      method: "POST",
      body: JSON.stringify(form),
      headers: { accept: "application/json", "content-type": "application/json" },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return { status: response.status, body: parseJson(await response.text()) };
  },
};

/** Pages and the service worker take turns, where the browser has a way to; without one the keys still prevent doubles. */
export async function taking<T>(turn: () => Promise<T>): Promise<T> {
  const { locks } = navigator;
  return locks === undefined ? turn() : locks.request("outbox", turn);
}

/** The service worker is asked by this name to deliver as soon as there is a network. */
export const OUTBOX_TAG = "outbox";

/** How many submissions were delivered when the outbox changed. */
export interface OutboxNews {
  sent: number;
}

/** Where pages and the service worker tell each other that the outbox has changed. */
export const outboxNews = (): BroadcastChannel => new BroadcastChannel("outbox");

/**
 * For the service worker: delivers what waits for whoever is signed in.
 * @throws Error when something still waits, so that the browser tries again later
 */
export async function deliverWaiting(shelf = browserShelf, recipient = site): Promise<void> {
  await taking(async () => {
    const account = await recipient.account();
    if (account === null) return;
    const { sent } = await deliverAll(shelf, recipient, account);
    const left = (await entriesOf(shelf, account)).some(({ refusal }) => refusal === null);
    const news = outboxNews();
    news.postMessage({ sent: sent.length } satisfies OutboxNews);
    news.close();
    if (left) throw new Error("Not all submissions could be delivered.");
  });
}
