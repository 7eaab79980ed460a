import { keyOf } from "../../rules/asked.ts";
import type { ServedModel } from "../../rules/matching.ts";
import type { JobOrder } from "../job-order.ts";

/** Who asks for what. */
type Request = Pick<JobOrder, "consumer" | "asked">;

/** Engines keep the prompts of their latest requests only. */
const KEPT_MS = 15 * 60_000;
const MOST_KEPT = 20_000;

/**
 * Which provider served a conversation last, and by which model: its engine may still have what the next request begins with.
 * Conversations are known by the name that is asked for, so that an alias goes on with the model that it began with. In memory, and the
 * oldest are forgotten: without it the next turn is a little slower.
 */
export class Conversations {
  /** By their keys, those served last at the end. */
  readonly #served = new Map<number, { by: ServedModel; at: number }>();

  /** The provider and the model that served the conversation of this request lately, or null. */
  servedBy({ consumer, asked }: Request, now: number): ServedModel | null {
    const key = keyOf(consumer, asked);
    const served = key === null ? undefined : this.#served.get(key);
    return served !== undefined && now - served.at < KEPT_MS ? served.by : null;
  }

  /** A provider has read the prompt of this request, for this model. */
  serves({ consumer, asked }: Request, { provider, model }: ServedModel, now: number): void {
    const key = keyOf(consumer, asked);
    if (key === null) return;
    this.#served.delete(key);
    this.#served.set(key, { by: { provider, model }, at: now });
    const [oldest] = this.#served.keys();
    if (this.#served.size > MOST_KEPT && oldest !== undefined) this.#served.delete(oldest);
  }
}
