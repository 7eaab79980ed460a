import { afterAll, afterEach, beforeAll } from "vitest";
import { parseChatRequest } from "../../protocol/chat.ts";
import { jobRequestOf } from "../../protocol/job.ts";
import type { Offer } from "../../protocol/offer.ts";
import { textOf, writeAnswer } from "./mock-engine.ts";
import { mockOffer, startMock, type MockProvider, type MockWishes } from "./mock-provider.ts";
import type { Script } from "./mock-script.ts";
import { startMarket, type MarketAccount, type MarketSite } from "./site.ts";

/** A provider of somebody's on a site, with what it may want to know of itself. */
export type StagedProvider = MockProvider & { id: string; owner: MarketAccount };

export interface Stage {
  readonly site: MarketSite;
  /** A model that nobody else in this file speaks of. */
  newModel(): string;
  /** A new provider of a new account's for `model`, connected until the test's end; those put up first are cheaper. */
  provider(
    model: string,
    script?: MockWishes["script"],
    wishes?: Partial<Omit<MockWishes, "script" | "offers">> & {
      offer?: Partial<Offer>;
      owner?: MarketAccount;
    },
  ): Promise<StagedProvider>;
}

/** A site for all tests of a file; every test has providers of its own. */
export function stage(...wishes: Parameters<typeof startMarket>): Stage {
  let site: MarketSite | null = null;
  const mocks: MockProvider[] = [];
  let models = 0;
  let dearness = 0;
  beforeAll(async () => void (site = await startMarket(...wishes)));
  afterEach(() => Promise.all(mocks.splice(0).map((mock) => mock.close())));
  afterAll(() => site?.close());
  const theSite = (): MarketSite => {
    if (site === null) throw new Error("The site has not started.");
    return site;
  };
  return {
    get site() {
      return theSite();
    },
    newModel: () => `model-${++models}`,
    async provider(model, script = {}, { offer = {}, owner, ...rest } = {}) {
      const account = owner ?? (await theSite().account("0"));
      const { id, token } = await account.provider();
      dearness += 1_000_000;
      const prices = {
        prompt: 500_000_000 + dearness,
        cachedPrompt: 100_000_000 + dearness,
        completion: 1_000_000_000 + dearness,
      };
      const offers = [mockOffer(model, { prices, ...offer })];
      const mock = startMock({ url: theSite().url, token, offers, script, ...rest });
      mocks.push(mock);
      await mock.ready();
      return Object.assign(mock, { id, owner: account });
    },
  };
}

/** What an undisturbed provider with this artifact answers to a request. */
export function undisturbed(body: object, artifact = "a"): string {
  const parsed = parseChatRequest(body);
  if (!parsed.ok) throw new Error(parsed.message);
  return textOf(writeAnswer(jobRequestOf(parsed.request, 100_000, null, false), artifact));
}

/** Behaves in this way with its first job only. */
export const once =
  (script: Script): MockWishes["script"] =>
  (_, index) =>
    index === 0 ? script : {};
