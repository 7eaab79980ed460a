import { conversationKey } from "../../rules/conversation-key.ts";
import type { JobOrder } from "../job-order.ts";

/** Who asks for what. */
type Asked = Pick<JobOrder, "consumer" | "request">;

/** Engines keep the prompts of their latest requests only. */
const KEPT_MS = 15 * 60_000;
const MOST_KEPT = 20_000;

/**
 * Which provider served a conversation last: its engine may still have what the next request begins with. In memory, and the
 * oldest are forgotten: without it the next turn is a little slower.
 */
export class Conversations {
  /** By their keys, those served last at the end. */
  readonly #served = new Map<number, { provider: string; at: number }>();

  /** The provider that served the conversation of this request lately, or null. */
  servedBy(order: Asked, now: number): string | null {
    const served = this.#served.get(keyOf(order));
    return served !== undefined && now - served.at < KEPT_MS ? served.provider : null;
  }

  /** A provider has read the prompt of this request. */
  serves(order: Asked, provider: string, now: number): void {
    const key = keyOf(order);
    this.#served.delete(key);
    this.#served.set(key, { provider, at: now });
    const [oldest] = this.#served.keys();
    if (this.#served.size > MOST_KEPT && oldest !== undefined) this.#served.delete(oldest);
  }
}

const keyOf = ({ consumer, request }: Asked): number =>
  conversationKey(consumer, request.model, request.messages);
