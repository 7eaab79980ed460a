import { effect } from "@preact/signals";
import { SubmissionView, type Submit } from "../protocol/submission.ts";
import { ApiError, refusalOf } from "./api.ts";
import { away, observeSilence } from "./network.ts";
import {
  browserShelf,
  deliverAll,
  deliveryOf,
  entriesFor,
  entriesOf,
  OUTBOX_TAG,
  outboxNews,
  putIn,
  site,
  taking,
  type Delivery,
  type Entry,
  type OutboxNews,
} from "./outbox.ts";
import { account, sessionKnown } from "./session.ts";
import { absorb, feedOpened, waiting, waitingForOthers, type Submitted } from "./submissions.ts";
import { newUuid } from "./uuid.ts";

/**
 * The page's side of the outbox: what is submitted goes through it, and what waits in it is delivered whenever the site may be
 * there again. Loaded soon after the page has been drawn, so that it is there when the network is not.
 */

interface HandedIn {
  /** All that was delivered, with those that had waited. */
  sent: SubmissionView[];
  outcome: Submitted | ApiError;
}

/** Hands in a submission for the signed-in account; kept first and sent then, so that no closed lid loses it. */
export async function handIn(form: Submit): Promise<HandedIn> {
  const me = account.value?.id;
  if (me === undefined) return { sent: [], outcome: new ApiError("not_signed_in", "") };
  const key = newUuid();
  try {
    await putIn(browserShelf, me, form, key);
  } catch {
    return withoutOutbox({ ...form, key });
  }
  const { sent, watched } = await taking(() => deliverAll(browserShelf, site, me, key));
  const outcome = outcomeOf(watched, key);
  await showWaiting(sent.length);
  if (!(outcome instanceof ApiError) && "queued" in outcome) await askForSync();
  return { sent, outcome };
}

/** Where the browser keeps nothing, a submission is made now or not at all. */
async function withoutOutbox(form: Submit & { key: string }): Promise<HandedIn> {
  const delivery = await site.post(form).then(
    ({ status, body }) => deliveryOf(status, body),
    (): Delivery => ({ type: "away" }),
  );
  const sent = delivery.type === "sent" ? [delivery.submission] : [];
  const lost = new ApiError("offline", "");
  return { sent, outcome: delivery.type === "away" ? lost : outcomeOf(delivery, form.key) };
}

function outcomeOf(delivery: Delivery | null, key: string): Submitted | ApiError {
  switch (delivery?.type) {
    case "sent":
      return { sent: delivery.submission.id };
    case "later":
    case "refused":
      return refusalOf(delivery.refusal);
    case "away":
      observeSilence();
      return { queued: key };
    case undefined:
      return { queued: key };
    default:
      return delivery satisfies never;
  }
}

/** Delivers what waits for the signed-in account. */
export async function deliverNow(): Promise<void> {
  const me = account.value?.id;
  if (me === undefined) return;
  try {
    const before = await entriesOf(browserShelf, me);
    if (before.length === 0) return;
    const delivered = taking(() => deliverAll(browserShelf, site, me));
    await absorb(delivered.then(({ sent }) => sent));
    const after = await entriesOf(browserShelf, me);
    // Others are told of changes only, else two pages would answer each other for ever.
    if (after.length !== before.length || refused(after) !== refused(before)) {
      await showWaiting((await delivered).sent.length);
    }
  } catch (error) {
    // A browser that keeps nothing has nothing to deliver.
    console.error(error);
  }
}

const refused = (entries: readonly Entry[]): number =>
  entries.filter(({ refusal }) => refusal !== null).length;

/** Takes an entry out, by its author's wish. */
export async function discard(key: string): Promise<void> {
  await browserShelf.remove(key);
  await showWaiting(0);
}

/** Shows what waits, here and on the site's other pages. */
async function showWaiting(sent: number): Promise<void> {
  await readWaiting();
  news?.postMessage({ sent } satisfies OutboxNews);
}

async function readWaiting(): Promise<void> {
  const me = account.value?.id;
  const all = await browserShelf.all();
  if (account.value?.id !== me) return;
  waiting.value = me === undefined ? [] : entriesFor(all, me);
  waitingForOthers.value = all.filter((entry) => entry.account !== me && entry.refusal === null).length;
}

/** The service worker delivers even when this page has been closed, where the browser knows how. */
async function askForSync(): Promise<void> {
  const registration = await globalThis.navigator.serviceWorker?.getRegistration();
  // Not every browser has it, and some ask the reader, who may say no; then it is delivered by the next page.
  if (registration && "sync" in registration) await registerSync(registration.sync).catch(() => undefined);
}

async function registerSync(sync: unknown): Promise<void> {
  if (typeof sync !== "object" || sync === null || !("register" in sync)) return;
  if (typeof sync.register === "function") await sync.register(OUTBOX_TAG);
}

let news: BroadcastChannel | null = null;

/** How often what could not be delivered is tried again while the site is there. */
const RETRY_MS = 60_000;

/** Begins to deliver: now, when somebody signs in, when the site is there again, and now and then. */
export function startDelivery(): void {
  if (news !== null) return;
  news = outboxNews();
  news.addEventListener("message", ({ data }: MessageEvent<OutboxNews>) => {
    // What others have delivered is asked for, as after a reconnection.
    if (data.sent > 0) feedOpened.value += 1;
    void readWaiting();
  });
  effect(() => {
    // Each of these may mean that there is a way again.
    const occasions = [account.value?.id, feedOpened.value];
    if (!away.value && occasions[0] !== undefined) void deliverNow();
  });
  effect(() => {
    // Of nobody too: what waits for others is told.
    if (sessionKnown.value) void readWaiting().catch((error: unknown) => console.error(error));
  });
  setInterval(() => {
    if (!away.value && waiting.value.some(({ refusal }) => refusal === null)) void deliverNow();
  }, RETRY_MS);
}
