import type { BookedOffer } from "../../protocol/market.ts";

/** What the offers of a model can be sorted by. */
export const orders = {
  provider: ({ provider }: BookedOffer) => provider,
  prompt: ({ prices }: BookedOffer) => prices.prompt,
  cachedPrompt: ({ prices }: BookedOffer) => prices.cachedPrompt,
  completion: ({ prices }: BookedOffer) => prices.completion,
  firstToken: ({ firstTokenMs }: BookedOffer) => firstTokenMs?.half ?? null,
  speed: ({ writtenPerSecond, tokensPerSecond }: BookedOffer) => writtenPerSecond?.half ?? tokensPerSecond,
  free: ({ slots, draining }: BookedOffer) => (draining ? 0 : Math.max(0, slots.total - slots.busy)),
  success: ({ success }: BookedOffer) => success,
  uptime: ({ uptime }: BookedOffer) => uptime,
  context: ({ contextTokens }: BookedOffer) => contextTokens,
  weights: ({ quantisation }: BookedOffer) => quantisation,
} satisfies Record<string, (offer: BookedOffer) => string | number | null>;

export type OrderId = keyof typeof orders;

export interface Order {
  by: OrderId;
  direction: "ascending" | "descending";
}

/** Of these more is better, so that the first click shows the most. */
const moreIsBetter: ReadonlySet<OrderId> = new Set(["speed", "free", "success", "uptime", "context"]);

/** The order after a click on a column's head: the other way round where it is that column already. */
export function nextOrder(order: Order | null, by: OrderId): Order {
  if (order?.by === by)
    return { by, direction: order.direction === "ascending" ? "descending" : "ascending" };
  return { by, direction: moreIsBetter.has(by) ? "descending" : "ascending" };
}

/**
 * Sorted by one column; equals stay in the order in which they came, and what is unknown comes last, either way.
 * @param order null leaves them as they came
 */
export function sorted(offers: readonly BookedOffer[], order: Order | null): readonly BookedOffer[] {
  if (order === null) return offers;
  const valueOf: (offer: BookedOffer) => string | number | null = orders[order.by];
  const sign = order.direction === "ascending" ? 1 : -1;
  return offers.toSorted((one, other) => {
    const [a, b] = [valueOf(one), valueOf(other)];
    if (a === b) return 0;
    if (a === null) return 1;
    if (b === null) return -1;
    return (a < b ? -1 : 1) * sign;
  });
}
