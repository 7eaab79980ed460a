import { type FairQueue, inTurn, type QueueRefusal } from "../../rules/fair-queue.ts";
import { expectedEnd, outlooks, retryAfterMs } from "../../rules/wait-estimate.ts";
import type { JobNeeds } from "../../rules/matching.ts";
import type { MarketJob } from "./market-job.ts";
import type { BookedProvider, ProviderBook } from "./provider-book.ts";

/**
 * What those who wait for a model, or for one of several, are told, and those who may not. Providers are looked at as if they
 * served these alone.
 */

/** What each waiting job is told. */
export function waitingTexts(
  queue: FairQueue<MarketJob>,
  book: ProviderBook,
  jobs: ReadonlyMap<string, MarketJob>,
  now: number,
): Map<string, string> {
  const texts = new Map<string, string>();
  const byModels = Map.groupBy(inTurn(queue), ({ needs }) => needs.models?.join(" ") ?? null);
  for (const waiting of byModels.values()) {
    const models = waiting[0]?.needs.models ?? null;
    for (const { job, ahead, startsAt } of outlooks(waiting, slotEnds(models, book, jobs, now), now)) {
      const when = startsAt === null ? "no slot at present" : `about ${Math.ceil((startsAt - now) / 1000)} s`;
      texts.set(job.job, `waiting, ${ahead} ahead, ${when}`);
    }
  }
  return texts;
}

/** When somebody who was refused is to come again, in milliseconds from now; nobody knows: null. */
export function waitAfter(
  refusal: QueueRefusal,
  { models, consumer }: Pick<JobNeeds, "models" | "consumer">,
  queue: FairQueue<MarketJob>,
  book: ProviderBook,
  jobs: ReadonlyMap<string, MarketJob>,
  now: number,
): number | null {
  const waiting = [...inTurn(queue)].filter(({ needs }) => overlap(needs.models, models));
  const wait = retryAfterMs(refusal, consumer, waiting, slotEnds(models, book, jobs, now), now);
  // Those who were refused together are not to come again together.
  return wait === null ? null : wait * (1 + Math.random() / 2);
}

/** Whether two jobs may wait for the same slot. */
const overlap = (some: JobNeeds["models"], others: JobNeeds["models"]): boolean =>
  some === null || others === null || some.some((model) => others.includes(model));

function slotEnds(
  models: JobNeeds["models"],
  book: ProviderBook,
  jobs: ReadonlyMap<string, MarketJob>,
  now: number,
): number[] {
  return [...book.all()]
    .filter(({ offers }) =>
      [...offers.values()].some((offer) => (models?.includes(offer.model) ?? true) && !offer.draining),
    )
    .flatMap((provider) => endsOf(provider, jobs, now));
}

function endsOf({ slots, serving }: BookedProvider, jobs: ReadonlyMap<string, MarketJob>, now: number) {
  const ends = [...serving].map((id) => {
    const job = jobs.get(id);
    if (!job?.part) return now;
    const { expectedMs, totalBy } = job;
    const dispatchedAt = job.part.beganAt;
    return expectedEnd({ dispatchedAt, expectedMs, totalMs: (totalBy ?? now) - dispatchedAt }, now);
  });
  return [...ends, ...Array.from({ length: Math.max(0, slots.total - slots.busy) }, () => now)];
}
