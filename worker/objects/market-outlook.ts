import { type FairQueue, inTurn, type QueueRefusal } from "../../rules/fair-queue.ts";
import { expectedEnd, outlooks, retryAfterMs } from "../../rules/wait-estimate.ts";
import type { MarketJob } from "./market-job.ts";
import type { BookedProvider, ProviderBook } from "./provider-book.ts";

/** What those who wait for a model are told, and those who may not. Providers are looked at as if they served it alone. */

/** What each waiting job is told. */
export function waitingTexts(
  queue: FairQueue<MarketJob>,
  book: ProviderBook,
  jobs: ReadonlyMap<string, MarketJob>,
  now: number,
): Map<string, string> {
  const texts = new Map<string, string>();
  const byModel = Map.groupBy(inTurn(queue), ({ needs }) => needs.model);
  for (const [model, waiting] of byModel) {
    for (const { job, ahead, startsAt } of outlooks(waiting, slotEnds(model, book, jobs, now), now)) {
      const when = startsAt === null ? "no slot at present" : `about ${Math.ceil((startsAt - now) / 1000)} s`;
      texts.set(job.job, `waiting, ${ahead} ahead, ${when}`);
    }
  }
  return texts;
}

/** When somebody who was refused is to come again, in milliseconds from now; nobody knows: null. */
export function waitAfter(
  refusal: QueueRefusal,
  { model, consumer }: { model: string; consumer: string },
  queue: FairQueue<MarketJob>,
  book: ProviderBook,
  jobs: ReadonlyMap<string, MarketJob>,
  now: number,
): number | null {
  const waiting = [...inTurn(queue)].filter(({ needs }) => needs.model === model);
  const wait = retryAfterMs(refusal, consumer, waiting, slotEnds(model, book, jobs, now), now);
  // Those who were refused together are not to come again together.
  return wait === null ? null : wait * (1 + Math.random() / 2);
}

function slotEnds(
  model: string,
  book: ProviderBook,
  jobs: ReadonlyMap<string, MarketJob>,
  now: number,
): number[] {
  return [...book.all()]
    .filter(({ offers }) => [...offers.values()].some((offer) => offer.model === model && !offer.draining))
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
