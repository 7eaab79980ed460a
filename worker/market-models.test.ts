import { evictDurableObject } from "cloudflare:test";
import * as v from "valibot";
import { afterEach, describe, expect, it } from "vitest";
import { ModelOffers } from "../protocol/market.ts";
import { market } from "./env.ts";
import {
  bindings,
  marketSays,
  newProvider,
  offerOf,
  providerHello,
  providerSocket,
  signedUp,
  Visitor,
  type Socket,
} from "./testing.ts";

const offered = async (): Promise<ModelOffers> =>
  v.parse(ModelOffers, await new Visitor().get("/api/market/models"));

async function connected(id: string, more: Parameters<typeof providerHello>[0] = {}): Promise<Socket> {
  const { token } = await newProvider(await signedUp(), id);
  const socket = await providerSocket(token);
  socket.send(providerHello(more));
  await socket.next(marketSays("welcome"));
  return socket;
}

const priced = (prompt: number, completion: number) => ({ prompt, cachedPrompt: 0, completion });

afterEach(async () => {
  await evictDurableObject(market(bindings), { webSockets: "close" }).catch(() => undefined);
});

describe("what the market offers", () => {
  it("is nothing while nobody is connected, and anybody may see that", async () => {
    await newProvider(await signedUp(), "o-away");
    expect(await offered()).toEqual({ models: [], feeBasisPoints: bindings.FEE_BASIS_POINTS, waiting: 0 });
  });

  it("is each offer with its terms, its provider, and how that did lately", async () => {
    await connected("o-whole", {
      slots: 3,
      offers: [offerOf({ features: ["deterministic", "prefill"] })],
    });
    const expected = {
      models: [
        {
          model: "tiny",
          offers: [
            {
              provider: "o-whole",
              kind: "native",
              prices: offerOf().prices,
              contextTokens: 2_048,
              maxOutputTokens: 1_024,
              quantisation: "Q8_0",
              engine: { name: "test engine", build: "1" },
              tasks: ["chat"],
              features: ["deterministic", "prefill"],
              tokensPerSecond: 100,
              success: expect.closeTo(0.85),
              slots: { total: 3, busy: 0 },
              draining: false,
              uptime: expect.any(Number),
            },
          ],
        },
      ],
      feeBasisPoints: bindings.FEE_BASIS_POINTS,
      waiting: 0,
    };
    expect(await offered()).toEqual(expected);
    await evictDurableObject(market(bindings), { webSockets: "hibernate" });
    expect(await offered()).toEqual(expected);
  });

  it("comes by model, in each the cheapest completion first, then the cheapest prompt, then by name", async () => {
    await connected("o-b", {
      offers: [
        offerOf({ offer: "dear", model: "zebra", prices: priced(1, 9) }),
        offerOf({ offer: "cheap", model: "zebra", prices: priced(5, 3) }),
        offerOf({ offer: "apple", model: "apple" }),
      ],
    });
    await connected("o-a", { offers: [offerOf({ model: "zebra", prices: priced(5, 3) })] });
    await connected("o-c", { offers: [offerOf({ model: "zebra", prices: priced(4, 3) })] });
    const { models } = await offered();
    expect(models.map(({ model, offers }) => [model, offers.map(({ provider }) => provider)])).toEqual([
      ["apple", ["o-b"]],
      ["zebra", ["o-c", "o-a", "o-b", "o-b"]],
    ]);
  });

  it("tells who takes no more jobs, and leaves out who has gone", async () => {
    const leaving = await connected("o-leaving");
    leaving.send({ type: "drain" });
    const offers = async () => (await offered()).models.flatMap((model) => model.offers);
    await expect.poll(offers).toMatchObject([{ provider: "o-leaving", draining: true }]);
    leaving.close();
    await expect.poll(offers).toEqual([]);
  });

  it("counts a provider that has been there since it was made as always there, though that was noted a while ago", async () => {
    await connected("o-always");
    const [since, noted] = [Date.now() - 7_200_000, Date.now() - 3_600_000];
    await bindings.DB.batch([
      bindings.DB.prepare("UPDATE providers SET created_at = ? WHERE id = 'o-always'").bind(since),
      bindings.DB.prepare(
        "UPDATE provider_sessions SET began_at = ?, seen_at = ? WHERE provider = 'o-always'",
      ).bind(since, noted),
    ]);
    expect((await offered()).models[0]?.offers[0]?.uptime).toBe(1);
  });
});
