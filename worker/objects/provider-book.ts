import type { Offer } from "../../protocol/offer.ts";
import type { LiveOffer } from "../../rules/matching.ts";
import { tokensPerSecond } from "../../rules/speed-estimate.ts";
import { type SuccessRecord, successRate } from "../../rules/success-rate.ts";
import type { ConnectedProvider, MarketPresence } from "../job-order.ts";
import type { MeasuredOffer, Rating } from "./provider-rows.ts";

/** One model of a connected provider: what the rules choose by, and the terms as the provider said them. */
export interface BookedOffer extends LiveOffer {
  terms: Offer;
}

export interface BookedProvider {
  id: string;
  owner: string;
  kind: "native" | "browser";
  agent: string;
  session: string;
  socket: WebSocket;
  /** Shared by all of its offers. */
  slots: { total: number; busy: number };
  offers: Map<string, BookedOffer>;
  /** The jobs that it works on. */
  serving: Set<string>;
  /** Whether more was seen of it than is written down. */
  isRated: boolean;
  /** Jobs that were taken from it and may still keep a slot busy, and until when they are waited for. */
  leaving: Map<string, number>;
}

/** What is known of a provider when it says hello. */
export type Introduction = Omit<BookedProvider, "slots" | "offers" | "serving" | "isRated" | "leaving"> & {
  slots: number;
  offers: MeasuredOffer[];
  success: SuccessRecord;
  draining: boolean;
};

/** The providers that are connected, their offers and their slots. */
export class ProviderBook {
  readonly #providers = new Map<string, BookedProvider>();
  /** One whose socket was replaced by a newer one is not found by it any more. */
  readonly #bySocket = new Map<WebSocket, BookedProvider>();
  #offers: BookedOffer[] | null = null;
  #byModel: Map<string, BookedOffer[]> | null = null;

  add({ slots: total, offers, success, draining, ...known }: Introduction): BookedProvider {
    const slots = { total, busy: 0 };
    const provider: BookedProvider = {
      ...known,
      slots,
      offers: new Map(
        offers.map(({ terms, speed, firstToken }) => [
          terms.offer,
          {
            terms,
            provider: known.id,
            offer: terms.offer,
            owner: known.owner,
            model: terms.model,
            tasks: terms.tasks,
            prices: terms.prices,
            contextTokens: terms.contextTokens,
            maxOutputTokens: terms.maxOutputTokens,
            features: terms.features,
            quantisation: terms.artifact.quantisation,
            firstToken,
            speed,
            success,
            slots,
            draining,
          },
        ]),
      ),
      serving: new Set(),
      isRated: false,
      leaving: new Map(),
    };
    this.#providers.set(provider.id, provider);
    this.#bySocket.set(provider.socket, provider);
    this.#forgetOffers();
    return provider;
  }

  remove(id: string): void {
    const provider = this.#providers.get(id);
    if (provider) this.#bySocket.delete(provider.socket);
    this.#providers.delete(id);
    this.#forgetOffers();
  }

  get(id: string): BookedProvider | null {
    return this.#providers.get(id) ?? null;
  }

  at(socket: WebSocket): BookedProvider | null {
    return this.#bySocket.get(socket) ?? null;
  }

  all(): Iterable<BookedProvider> {
    return this.#providers.values();
  }

  offers(): readonly BookedOffer[] {
    this.#offers ??= [...this.#providers.values()].flatMap(({ offers }) => [...offers.values()]);
    return this.#offers;
  }

  /** Of one of these models; null for all. */
  offersOf(models: readonly string[] | null): readonly BookedOffer[] {
    if (models === null) return this.offers();
    const byModel = (this.#byModel ??= Map.groupBy(this.offers(), (offer) => offer.model));
    const [only, ...others] = models.map((model) => byModel.get(model) ?? []);
    return others.length === 0 ? (only ?? []) : [only ?? [], ...others].flat();
  }

  #forgetOffers(): void {
    this.#offers = null;
    this.#byModel = null;
  }

  drop(provider: BookedProvider, offer: string): void {
    provider.offers.delete(offer);
    this.#forgetOffers();
  }

  take(provider: BookedProvider, job: string): void {
    provider.serving.add(job);
    count(provider);
  }

  /** @param until when a slot that may still be busy with the job counts as free; null where it is free */
  free(provider: BookedProvider, job: string, until: number | null): void {
    provider.serving.delete(job);
    if (until === null) provider.leaving.delete(job);
    else provider.leaving.set(job, until);
    count(provider);
  }

  /** Frees the slots of jobs that were waited for long enough; returns whether there are any. */
  freeOverdue(now: number): boolean {
    let freed = false;
    for (const provider of this.#providers.values()) {
      for (const [job, until] of provider.leaving) {
        if (until > now) continue;
        provider.leaving.delete(job);
        freed = true;
      }
      count(provider);
    }
    return freed;
  }

  presence(now: number): MarketPresence["providers"] {
    return [...this.#providers.values()].map((provider): ConnectedProvider => {
      const { id, owner, kind, agent, slots, offers } = provider;
      const [any] = offers.values();
      return {
        id,
        owner,
        kind,
        agent,
        slots: { ...slots },
        draining: any?.draining ?? false,
        success: any === undefined ? 1 : successRate(any.success, now),
        offers: [...offers.values()].map(({ terms, speed }) => ({
          terms,
          tokensPerSecond: tokensPerSecond(speed, now),
        })),
      };
    });
  }
}

/** What is to be written down of a provider of which something was seen, if anything is. */
export function takeRating(provider: BookedProvider): Rating | null {
  const [any] = provider.offers.values();
  if (!provider.isRated || any === undefined) return null;
  provider.isRated = false;
  const offers = [...provider.offers.values()].map(({ offer, speed, firstToken }) => ({
    offer,
    speed,
    firstToken,
  }));
  return { provider: provider.id, success: any.success, offers };
}

function count({ slots, serving, leaving }: BookedProvider): void {
  slots.busy = serving.size + leaving.size;
}
