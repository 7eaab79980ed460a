import type { ChatCompletionRequest } from "../protocol/chat.ts";
import type { Offer } from "../protocol/offer.ts";
import type { ResponseEcho } from "../protocol/response.ts";

/**
 * What the Worker and the Market say to one another. The Worker reads, checks and names the caller; the Market finds a
 * provider, holds, relays and settles.
 */

/** How a job is answered: in the shape of the address that was asked. Nobody looks at it but the form of the answer. */
export type Surface =
  | { type: "chat" }
  /** `echo` is what the answer repeats of its request. */
  | { type: "responses"; echo: ResponseEcho };

/** Body of `POST /jobs` to the Market, which answers with the very response that the consumer gets. */
export interface JobOrder {
  /** Unlike any before (`newJobId`); what `x-request-id` and the answer's id tell. */
  job: string;
  /** The account that pays. */
  consumer: string;
  /** The id of the API key that the request came with. */
  apiKey: string;
  request: ChatCompletionRequest;
  surface: Surface;
  /** There is a row of `idempotent_requests` for this job, in which the answer is to be kept. */
  keepsAnswer: boolean;
}

/** Keys are found to be revoked by the Worker, or by the Market when it holds. */
export const KEY_REVOKED = "This API key was revoked.";

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
