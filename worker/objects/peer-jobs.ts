import type { ModelAlias } from "../../protocol/model-alias.ts";
import type { PeerJobState, PeerReceipts, PeerTicket } from "../../protocol/peer-job.ts";
import type { ProviderMessage } from "../../protocol/provider.ts";
import type { SignedReceipt } from "../../protocol/receipt.ts";
import { checkReceipt } from "../../rules/receipts.ts";
import { withOutcome } from "../../rules/success-rate.ts";
import type { Env } from "../env.ts";
import type { MarketLimits } from "../market-limits.ts";
import { receiptCrypto } from "../peer-crypto.ts";
import {
  agreedEnd,
  BROKE_OFF,
  endedJobOf,
  failedPeer,
  hear,
  type OpenPeerJob,
  type PeerEnding,
  peerJobOf,
  peerTermsOf,
} from "./open-peer-job.ts";
import { choosePeer, newPeerJob, type PeerOrder } from "./peer-choice.ts";
import { endPeerJob, openPeerJob, openPeerJobs, savePeerJobs } from "./peer-job-rows.ts";
import type { BookedProvider, ProviderBook } from "./provider-book.ts";
import { send } from "./provider-socket.ts";
import { ratingOf } from "./served-part.ts";

/** How often it is looked who is late, and written down how far jobs have come. */
const TICK_MS = 500;

/** A tab answers at once, or sleeps; the page goes to the relay then. */
const ACCEPT_MS = 2_000;

/** How long a provider that is asked for its last receipt is waited for. */
const LEAVE_MS = 5_000;

/** How long a consumer that asked for the end waits for it; it may ask again. */
const END_WAIT_MS = 1_500;

/** A slot whose job was taken away counts as busy until its provider says that it is free, or for so long. */
const LEAVING_MS = 10_000;

/** Peer jobs of one account at once: what is not begun costs nothing, and keeps a slot. */
const MOST_OPEN = 4;

export type PeerOpened =
  | { type: "ticket"; ticket: PeerTicket }
  /** Nobody takes it from peer to peer. */
  | { type: "none" }
  | { type: "insufficient"; neededNano: number; balanceNano: number }
  | { type: "too many"; most: number };

/** Makes the consumer's place at the signalling server, good for this job's provider until it expires. */
export type IssuePeer = (
  env: Env,
  ticket: { job: string; account: string; provider: string; expiresAt: number },
) => Promise<PeerTicket["peer"]>;

/** What a provider says about peer jobs; `refuse` is said of others too. */
export type PeerMessage = Extract<
  ProviderMessage,
  { type: "accept_peer" | "peer_begun" | "peer_receipt" | "peer_ended" | "refuse" }
>;
type Accepted = Extract<ProviderMessage, { type: "accept_peer" }>;

const NOT_TAKEN = "The provider did not take it from peer to peer.";
const GONE = "The provider has gone.";
const OPEN: PeerJobState = { state: "open" };

/**
 * The peer jobs of a market: offers that are chosen, money that is held, and receipts by which it is paid. What is said between
 * the two sides is drawn in protocol/peer-job.ts, a job's life in open-peer-job.ts. Nothing flows through here, so a Market that
 * starts anew goes on with those that it finds open.
 */
export class PeerJobs {
  readonly #env: Env;
  readonly #limits: MarketLimits;
  readonly #book: ProviderBook;
  readonly #issuePeer: IssuePeer;
  readonly #jobs = new Map<string, OpenPeerJob>();
  readonly #ends = new Map<string, PromiseWithResolvers<PeerJobState>>();
  /** Of jobs that their providers were asked to take. */
  readonly #answers = new Map<string, (answer: Accepted | "refused") => void>();
  #ticking = false;
  /** Set by the Market: a slot is free. */
  onFree: () => void = () => undefined;

  constructor(env: Env, limits: MarketLimits, book: ProviderBook, issuePeer: IssuePeer) {
    this.#env = env;
    this.#limits = limits;
    this.#book = book;
    this.#issuePeer = issuePeer;
  }

  get open(): number {
    return this.#jobs.size;
  }

  isOpen(job: string): boolean {
    return this.#jobs.has(job);
  }

  /** Goes on with the jobs of a Market that is gone. One that nobody took ends. */
  async restore(shard: string): Promise<void> {
    for (const job of await openPeerJobs(this.#env, shard)) {
      this.#add(job);
      if (job.keys.provider === null) void this.#end(job, failedPeer(NOT_TAKEN, "cancelled"), false);
    }
  }

  /** Finds a provider's tab for a job, holds for it and asks whether it takes it. */
  async begin(order: PeerOrder, aliases: readonly ModelAlias[]): Promise<PeerOpened> {
    const own = [...this.#jobs.values()].filter(({ consumer }) => consumer === order.consumer);
    if (own.length >= MOST_OPEN) return { type: "too many", most: MOST_OPEN };
    const now = Date.now();
    this.#book.freeOverdue(now);
    const chosen = choosePeer(order, this.#book, aliases, now);
    if (chosen === null) return { type: "none" };
    const { model } = chosen.offer;
    const job = newPeerJob(order, chosen.offer, this.#limits.totalMs, this.#env.FEE_BASIS_POINTS, now);
    this.#add(job);
    this.#takeSlot(job);
    let isHeld = false;
    try {
      const held = await openPeerJob(this.#env, job, {
        model,
        asked: order.asked.model,
        reasons: chosen.reasons,
      });
      if (held.type === "taken") throw new Error(`The job ${job.job} was begun before.`);
      if (held.type === "insufficient")
        return { type: "insufficient", neededNano: job.terms.heldNano, balanceNano: held.balanceNano };
      isHeld = true;
    } finally {
      if (!isHeld) {
        this.#freeSlot(job, null);
        this.#forget(job);
      }
    }
    return this.#offer(job, model);
  }

  async #offer(job: OpenPeerJob, model: string): Promise<PeerOpened> {
    const { job: id, consumer: account, provider, expiresAt } = job;
    let peer: PeerTicket["peer"];
    try {
      peer = await this.#issuePeer(this.#env, { job: id, account, provider, expiresAt });
    } catch (error) {
      void this.#end(job, failedPeer(NOT_TAKEN, "cancelled"), true);
      throw error;
    }
    const answer = await this.#ask(job, peer.id);
    if (answer === "refused" || answer === "silent") {
      void this.#end(job, failedPeer(NOT_TAKEN, answer), answer === "refused");
      return { type: "none" };
    }
    const { providerKey, peer: providerPeer } = answer;
    job.state = "issued";
    job.keys.provider = providerKey;
    job.isDirty = true;
    const { heldNano } = job.terms;
    const rest = { provider, offer: job.offer, model, heldNano, providerKey, providerPeer, peer };
    return { type: "ticket", ticket: { ...peerTermsOf(job), ...rest } };
  }

  async #ask(job: OpenPeerJob, consumerPeer: string): Promise<Accepted | "refused" | "silent"> {
    const by = this.#book.get(job.provider);
    if (by === null) return "refused";
    const answer = await new Promise<Accepted | "refused" | "silent">((resolve) => {
      this.#answers.set(job.job, resolve);
      setTimeout(() => resolve("silent"), ACCEPT_MS);
      send(by.socket, peerJobOf(job, consumerPeer));
    });
    this.#answers.delete(job.job);
    return answer;
  }

  // From a provider

  /** What a provider says about a peer job; false where that is none that is open here. */
  heard(provider: BookedProvider, message: PeerMessage): boolean {
    const job = this.#jobs.get(message.job);
    if (job === undefined) return false;
    // Of others' jobs nobody says anything.
    if (job.provider === provider.id) void this.#hearProvider(job, message);
    return true;
  }

  async #hearProvider(job: OpenPeerJob, message: PeerMessage): Promise<void> {
    switch (message.type) {
      case "accept_peer":
        return this.#answers.get(job.job)?.(message);
      case "refuse":
        if (job.state === "offered") return this.#answers.get(job.job)?.("refused");
        return void (await this.#end(job, failedPeer(NOT_TAKEN, "refused"), true));
      case "peer_begun":
        job.isDirty ||= !job.begun;
        job.begun = true;
        return;
      case "peer_receipt":
        return this.#hearFromProvider(job, message.receipts);
      case "peer_ended": {
        await this.#hearFromProvider(job, message.receipts);
        const isFailed = message.fault === "failed";
        const said = isFailed ? failedPeer("The provider's engine failed.", "failed") : BROKE_OFF;
        return void (await this.#end(job, agreedEnd(job) ?? job.leaving?.ending ?? said, true));
      }
      default:
        message satisfies never;
    }
  }

  async #hearFromProvider(job: OpenPeerJob, receipts: readonly SignedReceipt[]): Promise<void> {
    const isTrue = await this.#hear(job, receipts);
    const agreed = agreedEnd(job);
    if (agreed !== null) await this.#end(job, agreed, true);
    else if (!isTrue)
      await this.#end(
        job,
        failedPeer("The provider showed a receipt with a false signature.", "breach"),
        false,
      );
  }

  /** Returns whether all signatures under these receipts are true; what both have signed counts, whatever else is there. */
  async #hear(job: OpenPeerJob, receipts: readonly SignedReceipt[]): Promise<boolean> {
    const { consumer, provider } = job.keys;
    if (provider === null) return receipts.length === 0;
    const news = receipts.filter(({ receipt }) => receipt.seq >= (job.best?.receipt.seq ?? 0));
    const heard = await Promise.all(
      news.map(async (signed) => ({
        signed,
        checked: await checkReceipt(signed, { consumer, provider }, receiptCrypto),
      })),
    );
    if (job.state !== "ending") hear(job, heard);
    return heard.every(
      ({ signed, checked }) =>
        checked.byProvider === (signed.provider !== null) &&
        checked.byConsumer === (signed.consumer !== null),
    );
  }

  /** The provider's socket has ended: what it was asked it does not answer; what goes from peer to peer goes on. */
  lost(provider: BookedProvider): void {
    for (const id of provider.serving) this.#answers.get(id)?.("refused");
  }

  /**
   * A provider is connected again.
   * @param holding the jobs that it knows of; null where it was not gone, and only the Market slept
   */
  back(provider: BookedProvider, holding: readonly string[] | null): void {
    for (const job of this.#jobs.values()) {
      if (job.provider !== provider.id || job.state !== "issued") continue;
      this.#takeSlot(job);
      if (holding !== null && !holding.includes(job.job)) void this.#end(job, failedPeer(GONE, "lost"), true);
      else if (job.leaving) send(provider.socket, { type: "cancel", job: job.job });
    }
  }

  // From a consumer

  /** Null for what is no open job of this consumer's; `false signature` where one is not by a key of the ticket. */
  async tell(
    id: string,
    consumer: string,
    { receipts, ended }: PeerReceipts,
  ): Promise<PeerJobState | "false signature" | null> {
    const job = this.#jobs.get(id);
    if (job?.consumer !== consumer) return null;
    const isTrue = await this.#hear(job, receipts);
    const agreed = agreedEnd(job);
    if (agreed !== null) return this.#end(job, agreed, true);
    if (!isTrue) return "false signature";
    if (ended === null) return OPEN;
    return this.#leave(
      job,
      ended === "failed" ? failedPeer("The provider broke off.", "cancelled") : BROKE_OFF,
    );
  }

  /** The page found no way to the provider: everything comes back, where nothing has begun. Null as above. */
  async toRelay(id: string, consumer: string): Promise<PeerJobState | null> {
    const job = this.#jobs.get(id);
    return job?.consumer === consumer ? this.#leave(job, BROKE_OFF) : null;
  }

  /** Ends a job for its consumer, once its provider has told what it has; at once where that can be nothing. */
  async #leave(job: OpenPeerJob, ending: PeerEnding): Promise<PeerJobState> {
    if (!job.begun && job.best === null) return this.#end(job, ending, false);
    if (job.leaving === null) {
      job.leaving = { ending, until: Date.now() + LEAVE_MS };
      this.#cancel(job);
    }
    const later = new Promise<PeerJobState>((resolve) => setTimeout(() => resolve(OPEN), END_WAIT_MS));
    return Promise.race([this.#endOf(job).promise, later]);
  }

  #cancel({ provider, job }: OpenPeerJob): void {
    const by = this.#book.get(provider);
    if (by) send(by.socket, { type: "cancel", job });
  }

  // The end of a job

  #endOf({ job }: OpenPeerJob): PromiseWithResolvers<PeerJobState> {
    const end = this.#ends.get(job) ?? Promise.withResolvers<PeerJobState>();
    this.#ends.set(job, end);
    return end;
  }

  /**
   * Settles a job by what both sides have signed. May be asked for again: the first end is the only one.
   * @param isOver whether its provider knows that; if not, it is told
   */
  #end(job: OpenPeerJob, ending: PeerEnding, isOver: boolean): Promise<PeerJobState> {
    const end = this.#endOf(job);
    if (job.state === "ending") return end.promise;
    job.state = "ending";
    if (!isOver) this.#cancel(job);
    this.#freeSlot(job, isOver ? null : Date.now() + LEAVING_MS);
    void this.#settle(job, ending).then(end.resolve);
    return end.promise;
  }

  async #settle(job: OpenPeerJob, ending: PeerEnding): Promise<PeerJobState> {
    const ended = endedJobOf(job, ending, Date.now());
    this.#rate(job, ended.served.parts[0]?.outcome ?? ending.outcome);
    await endPeerJob(this.#env, job, ended);
    const { parts, usage, costNano } = ended.bill;
    const by = this.#book.get(job.provider);
    if (by) {
      const paid = parts[0]?.usage ?? usage;
      send(by.socket, { type: "settled", job: job.job, paid, amountNano: parts[0]?.earnedNano ?? 0 });
    }
    this.#forget(job);
    return { state: "settled", paid: usage, costNano };
  }

  /** Whoever serves himself proves nothing to others. */
  #rate(job: OpenPeerJob, outcome: PeerEnding["outcome"]): void {
    const by = this.#book.get(job.provider);
    const rating = job.owner === job.consumer ? null : ratingOf(outcome);
    if (by === null || rating === null) return;
    const now = Date.now();
    by.isRated = true;
    for (const offer of by.offers.values()) offer.success = withOutcome(offer.success, rating, now);
  }

  #add(job: OpenPeerJob): void {
    this.#jobs.set(job.job, job);
    this.#tick();
  }

  #forget(job: OpenPeerJob): void {
    this.#jobs.delete(job.job);
    this.#ends.delete(job.job);
  }

  #takeSlot({ provider, job }: OpenPeerJob): void {
    const by = this.#book.get(provider);
    if (by) this.#book.take(by, job);
  }

  #freeSlot({ provider, job }: OpenPeerJob, until: number | null): void {
    const by = this.#book.get(provider);
    if (by) this.#book.free(by, job, until);
    this.onFree();
  }

  // By the clock

  #tick(): void {
    if (this.#ticking) return;
    this.#ticking = true;
    setTimeout(() => {
      this.#ticking = false;
      this.#lookAtClocks(Date.now());
      void savePeerJobs(this.#env, [...this.#jobs.values()]);
      if (this.open > 0) this.#tick();
    }, TICK_MS);
  }

  #lookAtClocks(now: number): void {
    for (const job of this.#jobs.values()) {
      const isHere = this.#book.get(job.provider) !== null;
      if (job.state !== "issued") continue;
      if (job.leaving && now >= job.leaving.until) void this.#end(job, job.leaving.ending, false);
      else if (now >= job.expiresAt)
        void this.#end(job, isHere ? BROKE_OFF : failedPeer(GONE, "lost"), false);
    }
  }
}
