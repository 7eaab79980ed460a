import type { Offer } from "../protocol/offer.ts";
import type { Asked } from "../rules/asked.ts";
import type { WishLevels } from "../rules/wishes.ts";
import type { Server } from "./objects/answer.ts";

/**
 * What the Worker and the Market say to one another. The Worker reads, checks and names the caller; the Market finds a
 * provider, holds, relays and settles.
 */

/** Body of `POST /jobs` to the Market, which answers with the very response that the consumer gets. */
export interface JobOrder {
  /** Unlike any before (`newJobId`); what `x-request-id` and the answer's id tell. */
  job: string;
  /** The account that pays. */
  consumer: string;
  /** The id of the API key that the request came with. */
  apiKey: string;
  /** What was known of the key: nothing begins by a version that another took the place of. */
  keyVersion: number;
  /** The wishes of the key and of its account; null where there are none. Those of the request are in what is asked. */
  standing: Pick<WishLevels, "account" | "key"> | null;
  /** What the account's own alias of this name stands for; null where it has none. */
  aliased: readonly string[] | null;
  asked: Asked;
  /** There is a row of `idempotent_requests` for this job, in which the answer is to be kept. */
  keepsAnswer: boolean;
}

/**
 * Body of `POST /choices` to the Market: what is asked as a whole, once, since it may be long. The Market answers with one
 * response for all choices, in which those that were answered before are told again.
 */
export interface ChoicesOrder extends Omit<JobOrder, "job"> {
  /** In the order of the choices (`choicesOf`). */
  choices: { job: string; earlier: EarlierAnswer | null }[];
}

/** An answer that was given before. */
export interface EarlierAnswer {
  job: string;
  /** JSON of a `ChatCompletion`, a `TextCompletion` or a `Response`, as the address that was asked has it. */
  answer: string;
  /** Who began it; null where nobody wrote anything. */
  server: Server | null;
}

/** Keys are found to be revoked by the Worker, or by the Market when it holds. */
export const KEY_REVOKED = "This API key was revoked.";

/** A header of the Market's for the Worker: the key was changed since it was looked up. The request is to come again, by what it is now. */
export const KEY_CHANGED = "x-key-changed";

/**
 * As a UUID of version 7 (RFC 9562, section 5.7): the moment comes first, so that what is written one after the other stands
 * together in the tables, and few of their pages change. 80 random bits make it unlike any other.
 */
export function newJobId(): string {
  const moment = Date.now().toString(16).padStart(12, "0");
  return moment + crypto.randomUUID().replaceAll("-", "").slice(moment.length);
}

/** A provider that is connected at this moment. */
export interface ConnectedProvider {
  id: string;
  /** The account. */
  owner: string;
  kind: "native" | "browser";
  agent: string;
  slots: { total: number; busy: number };
  draining: boolean;
  /** The share of its next jobs that is expected to succeed, 0 to 1. */
  success: number;
  offers: { terms: Offer; tokensPerSecond: number | null }[];
}

export interface MarketPresence {
  providers: ConnectedProvider[];
  /** How many jobs wait for a slot. */
  waiting: number;
}
