import { describe, expect, it } from "vitest";
import { RequestReasons } from "../../protocol/choice-reasons.ts";
import { RequestList } from "../../protocol/market.ts";
import { type Answer, ask, request } from "./consumer.ts";
import type { MarketAccount } from "./site.ts";
import { once, stage, undisturbed, type StagedProvider } from "./stage.ts";

const show = stage();

const prices = (completion: number) => ({
  prices: { prompt: 500_000_000, cachedPrompt: 100_000_000, completion },
});

/** Sends a request with these wishes, and waits until it was written down who served it. */
async function served(
  model: string,
  provider: object | null,
  more: { [field: string]: unknown } = {},
  consumer?: MarketAccount,
): Promise<{ answer: Answer; by: string[] }> {
  const { key } = consumer ?? (await show.site.account());
  const body = request(model, 8, { temperature: 0, provider, ...more });
  const answer = await ask({ url: show.site.url, key, body });
  expect(answer.stream?.faults ?? []).toEqual([]);
  // Others were refused before anything was written down.
  if (answer.status !== 200 && answer.status !== 502) return { answer, by: [] };
  const { parts } = await show.site.ended(answer.job);
  return { answer, by: parts.map((part) => part.provider) };
}

/** Two that differ in their price, and in what they say that they can. */
async function cheapAndFast(model: string): Promise<[cheap: StagedProvider, fast: StagedProvider]> {
  const artifact = { sha256: "b".repeat(64), quantisation: "F16", bytes: 1 };
  return [
    await show.provider(model, {}, { offer: { ...prices(100_000_000), tokensPerSecond: 20 } }),
    await show.provider(model, {}, { offer: { ...prices(9_000_000_000), tokensPerSecond: 900, artifact } }),
  ];
}

describe("a request's wishes about its provider", () => {
  it("decide who serves it", async () => {
    const model = show.newModel();
    const [cheap, fast] = await cheapAndFast(model);
    const wishes: [wish: object, by: StagedProvider][] = [
      [{ sort: "price" }, cheap],
      [{ sort: "throughput" }, fast],
      [{ order: [fast.id] }, fast],
      [{ order: ["nobody", cheap.id, fast.id], allow_fallbacks: false }, cheap],
      [{ quantizations: ["fp16"] }, fast],
      [{ quantizations: ["q4_0"] }, cheap],
      [{ preferred_min_throughput: 100 }, fast],
      [{ preferred_min_throughput: 5, sort: "price", verified: false }, cheap],
      [{ only: [fast.id] }, fast],
      [{ ignore: [fast.id], preferred_min_throughput: 5_000 }, cheap],
      [{ sort: "throughput", max_price: { completion: 1 } }, cheap],
    ];
    for (const [wish, { id }] of wishes) expect([wish, (await served(model, wish)).by]).toEqual([wish, [id]]);
  });

  it("are refused by name where nobody meets them", async () => {
    const model = show.newModel();
    await cheapAndFast(model);
    const refusals: [wish: object, more: { [field: string]: unknown }, status: number, param: string][] = [
      [{ quantizations: ["int8"] }, {}, 404, "provider.quantizations"],
      [{ order: ["nobody"], allow_fallbacks: false }, {}, 404, "provider.order"],
      [{ require_parameters: true }, { verbosity: "low" }, 400, "verbosity"],
      [{ verified: true }, {}, 400, "provider.verified"],
      [{ sort: "cheapest" }, {}, 400, "provider.sort"],
      [{ zdr: true }, {}, 400, "provider.zdr"],
    ];
    for (const [wish, more, status, param] of refusals) {
      const { answer } = await served(model, wish, more);
      expect([wish, answer.status, answer.error?.param]).toEqual([wish, status, param]);
    }
  });

  it("are told as reasons to who asked: why this one was chosen, and why not the other", async () => {
    const model = show.newModel();
    const [cheap, fast] = await cheapAndFast(model);
    const consumer = await show.site.account();
    const reasonsFor = async (wish: object, more: { [field: string]: unknown } = {}) => {
      const { answer } = await served(model, wish, more, consumer);
      return (await consumer.get(`/api/requests/${answer.job}/reasons`, RequestReasons)).reasons;
    };
    const told = await reasonsFor({ quantizations: ["fp16"] });
    expect(told).toMatchObject({
      sort: null,
      offers: [
        { provider: fast.id, chosen: true, reason: { why: "only" }, tokensPerSecond: 900, share: 1 },
        {
          provider: cheap.id,
          chosen: false,
          reason: { why: "demand", unmet: { demand: "quantisation" } },
          share: null,
        },
      ],
      unlisted: 0,
    });
    const [dear = 0, little = 0] = told?.offers.map(({ costNano }) => costNano) ?? [];
    expect(dear).toBeGreaterThan(little);
    const named = await reasonsFor({ order: [cheap.id] }, { stream: false });
    expect(named?.offers.map(({ provider, reason }) => [provider, reason.why])).toEqual([
      [cheap.id, "named"],
      [fast.id, "order"],
    ]);
    const capped = await reasonsFor({ max_price: { completion: 1 } });
    expect(capped?.offers[1]?.reason).toMatchObject({ why: "demand", unmet: { demand: "price" } });
  });

  it("are told as reasons while the answer is still written, of one that had to wait as of when it was sent", async () => {
    const model = show.newModel();
    const slow = await show.provider(model, { paceMs: 40 }, { slots: 1 });
    const consumer = await show.site.account();
    const asking = () => ask({ url: show.site.url, key: consumer.key, body: request(model, 40) });
    const first = asking();
    await expect.poll(() => slow.jobs[0]?.sent.length ?? 0).toBeGreaterThan(0);
    const second = asking();
    await expect.poll(() => slow.jobs[1]?.sent.length ?? 0, { timeout: 5_000 }).toBeGreaterThan(0);
    const { requests } = await consumer.get("/api/requests", RequestList);
    const waited = requests.find(({ end }) => end === "open");
    const reasons = async () =>
      (await consumer.get(`/api/requests/${waited?.job}/reasons`, RequestReasons)).reasons;
    await expect.poll(reasons).toMatchObject({
      offers: [{ provider: slow.id, reason: { why: "only" }, slots: { total: 1, busy: 0 } }],
    });
    const early = await reasons();
    expect(slow.jobs[1]?.sent.length).toBeLessThan(40);
    const answers = await Promise.all([first, second]);
    await show.site.ended(waited?.job ?? null);
    expect(answers.map(({ stream }) => stream?.end)).toEqual(["done", "done"]);
    expect(await reasons()).toEqual(early);
  });

  it("name who takes over, though that be many times as dear, and what is held covers it", async () => {
    const model = show.newModel();
    await show.provider(model, {}, { offer: prices(100_000_000) });
    const dear = await show.provider(model, {}, { offer: prices(9_000_000_000) });
    const lost = await show.provider(model, once({ fault: { type: "cut", at: 3 } }), {
      offer: prices(200_000_000),
      reconnectMs: null,
    });
    const order = [lost.id, dear.id];
    const { answer, by } = await served(model, { order });
    expect(by).toEqual(order);
    expect(answer.stream).toMatchObject({
      end: "done",
      text: undisturbed(request(model, 8, { temperature: 0 })),
    });
    const { cost, held } = await show.site.ended(answer.job);
    expect(cost).toBeLessThanOrEqual(held);
  });

  it.each([
    ["before its first token", "before accept" as const],
    ["in the middle of it", 3],
  ])("keep others from an answer whose provider is lost %s", async (_, at) => {
    const model = show.newModel();
    const lost = await show.provider(model, { fault: { type: "cut", at } }, { reconnectMs: null });
    const other = await show.provider(model);
    const { answer, by } = await served(model, { order: [lost.id, other.id], allow_fallbacks: false });
    expect(answer.stream?.error ?? answer.error).toMatchObject({ code: "provider_failed" });
    expect(by).toEqual([lost.id]);
    expect(other.jobs).toEqual([]);
  });
});

describe("without wishes", () => {
  it("nobody who is twice as dear or takes twenty times as long serves while a better one is free", async () => {
    const model = show.newModel();
    const best = await show.provider(model, {}, { offer: prices(1_000_000_000) });
    await show.provider(model, {}, { offer: { ...prices(1_000_000_000), tokensPerSecond: 5 } });
    await show.provider(model, {}, { offer: prices(4_000_000_000) });
    let others = 0;
    for (let count = 0; count < 12; count++) if ((await served(model, null)).by[0] !== best.id) others++;
    // The slow one is new here: one request in twenty may find out whether it really is.
    expect(others).toBeLessThan(5);
  });

  it("the next turn goes to who served the conversation, of two that are alike", async () => {
    const model = show.newModel();
    const offer = prices(1_000_000_000);
    await show.provider(model, {}, { offer });
    await show.provider(model, {}, { offer });
    const consumer = await show.site.account();
    for (let conversation = 0; conversation < 4; conversation++) {
      const messages: object[] = [{ role: "user", content: `Number ${conversation}, 5 tokens` }];
      const first = await served(model, null, { messages }, consumer);
      for (let turn = 0; turn < 3; turn++) {
        messages.push({ role: "assistant", content: "Yes." }, { role: "user", content: "And? 5 tokens" });
        expect((await served(model, null, { messages }, consumer)).by).toEqual(first.by);
      }
    }
  });
});
