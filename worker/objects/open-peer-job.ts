import type { JobEnd, PartOutcome } from "../../protocol/market.ts";
import type { Prices } from "../../protocol/money.ts";
import type { FinishReason } from "../../protocol/finish-reason.ts";
import type { PeerTerms } from "../../protocol/peer-job.ts";
import type { PeerJob } from "../../protocol/provider.ts";
import type { SignedReceipt } from "../../protocol/receipt.ts";
import {
  type CheckedReceipt,
  isSame,
  type Settlement,
  settlementOf,
  type SettlementTerms,
  usageOfReceipt,
} from "../../rules/receipts.ts";
import { billOf, type EndedJob, type JobTerms, type PartRecord } from "./job-rows.ts";

/**
 * How many tokens of a peer job may be written and not countersigned: what one side can cost the other. Two receipts come in it,
 * so that at 50 tokens a second the way back may take 600 ms before anybody waits.
 */
export const PEER_INTERVAL = 64;

/**
 * A peer job that was held for and has no end yet.
 *
 *     offered --accept_peer--> issued --peer_begun--> begun --last receipt, peer_ended, expiry--> ending --settled--> over
 *        |                       |                      |                                          ^
 *        +--refused, silent------+--relay, left---------+--relay, left--> leaving --peer_ended,----+
 *                                                                        or 5 s without it
 *
 * Before it has begun nobody can owe anything, and all of the hold comes back at once. After that the provider may have receipts
 * that were not told yet, and is asked for them before the consumer's word is taken.
 */
export interface OpenPeerJob {
  job: string;
  consumer: string;
  provider: string;
  /** The account that the provider belongs to. */
  owner: string;
  offer: string;
  prices: Prices;
  keys: { consumer: string; provider: string | null };
  terms: JobTerms;
  createdAt: number;
  expiresAt: number;
  begun: boolean;
  /** What it would be settled by now: signed by both. */
  best: SignedReceipt | null;
  forked: Settlement["forked"];
  state: "offered" | "issued" | "ending";
  /** How it ends once the provider was heard, and until when that is waited for; null while nobody wants to end it. */
  leaving: { ending: PeerEnding; until: number } | null;
  /** Whether more is known than is written down. */
  isDirty: boolean;
}

/** How a peer job ends, apart from what is paid. */
export interface PeerEnding {
  ended: Exclude<JobEnd, "open">;
  reason: FinishReason | null;
  error: string | null;
  outcome: PartOutcome;
}

/** It was stopped, or somebody is not there any more, and what both had signed by then is paid for. */
export const BROKE_OFF: PeerEnding = { ended: "cancelled", reason: null, error: null, outcome: "cancelled" };

export const failedPeer = (error: string, outcome: PartOutcome): PeerEnding => ({
  ended: "failed",
  reason: null,
  error,
  outcome,
});

const settlementTerms = ({ job, terms, prices }: OpenPeerJob): SettlementTerms => ({
  job,
  maxTokens: terms.bounds.maxTokens,
  promptBound: terms.bounds.promptTokens,
  prices,
});

export const peerTermsOf = (job: OpenPeerJob): PeerTerms => ({
  ...settlementTerms(job),
  interval: PEER_INTERVAL,
  expiresAt: job.expiresAt,
});

/** What the provider is told. */
export const peerJobOf = (job: OpenPeerJob, consumerPeer: string): PeerJob => ({
  ...peerTermsOf(job),
  type: "peer_job",
  offer: job.offer,
  consumerKey: job.keys.consumer,
  consumerPeer,
});

/** Takes receipts whose signatures were checked: whatever comes again or late changes nothing. */
export function hear(
  job: OpenPeerJob,
  heard: readonly { signed: SignedReceipt; checked: CheckedReceipt }[],
): void {
  const known = job.best && { receipt: job.best.receipt, byProvider: true, byConsumer: true };
  const all = [...(known ? [known] : []), ...heard.map(({ checked }) => checked)];
  const { receipt, forked } = settlementOf(all, settlementTerms(job));
  const forks = {
    provider: job.forked.provider || forked.provider,
    consumer: job.forked.consumer || forked.consumer,
  };
  const news = heard.find(
    ({ checked }) =>
      checked.byProvider && checked.byConsumer && receipt !== null && isSame(checked.receipt, receipt),
  );
  const isNew = news !== undefined && !(job.best && isSame(job.best.receipt, news.signed.receipt));
  if (isNew) job.best = news.signed;
  if (isNew || forks.provider !== job.forked.provider || forks.consumer !== job.forked.consumer)
    job.isDirty = true;
  job.forked = forks;
}

/** The end that both have signed; null where there is none yet. */
export function agreedEnd({ best }: OpenPeerJob): PeerEnding | null {
  const end = best?.receipt.end ?? null;
  if (end === null) return null;
  return end === "cancelled"
    ? BROKE_OFF
    : { ended: "finished", reason: end, error: null, outcome: "finished" };
}

/** As the ledger and the pages have it. */
export function endedJobOf(job: OpenPeerJob, ending: PeerEnding, at: number): EndedJob {
  const part = partOf(job, ending.outcome);
  return {
    hold: { job: job.job, consumer: job.consumer, heldNano: job.terms.heldNano },
    bill: billOf(job.consumer, job.terms, [part]),
    served: { parts: [part], reasons: null },
    ending: { ended: ending.ended, reason: ending.reason, error: ending.error, firstTokenAt: null, at },
    late: null,
    model: null,
    answer: null,
    ahead: null,
  };
}

const partOf = (
  { provider, owner, prices, createdAt, best, forked }: OpenPeerJob,
  outcome: PartOutcome,
): PartRecord => ({
  provider,
  owner,
  prices,
  beganAt: createdAt,
  deliveredTokens: best?.receipt.tokens ?? 0,
  deliveredBytes: best?.receipt.bytes ?? 0,
  claimed: best && usageOfReceipt(best.receipt),
  outcome: forked.provider ? "breach" : outcome,
  pace: null,
  saved: null,
});
