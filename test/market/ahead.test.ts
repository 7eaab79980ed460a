import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { RequestReasons } from "../../protocol/choice-reasons.ts";
import { ApiKeyList } from "../../protocol/api-key.ts";
import { ask, request } from "./consumer.ts";
import { stage } from "./stage.ts";

/** Long enough to be seen on a busy machine. */
const KEPT_MS = 2_000;
const set = stage({ vars: { HOLD_AHEAD_MS: KEPT_MS } });

const Ahead = v.object({ job: v.string(), consumer: v.string(), held: v.number() });
const aheadOf = async (consumer: string) =>
  (await set.site.rows(Ahead, "SELECT job, consumer, held FROM holds_ahead")).filter(
    (hold) => hold.consumer === consumer,
  );

/** Everything that an account has, whether it is set aside or not. */
async function worthOf(account: { statement(): Promise<{ balanceNano: number; heldNano: number }> }) {
  const { balanceNano, heldNano } = await account.statement();
  return balanceNano + heldNano;
}

describe("a hold that was placed ahead", () => {
  it("is what the next request of the same key begins with, and is given back when none comes", async () => {
    const model = set.newModel();
    await set.provider(model);
    const consumer = await set.site.account("1");
    const one = { url: set.site.url, key: consumer.key, body: request(model, 20) };
    const before = await worthOf(consumer);

    const first = await ask(one);
    const { cost } = await set.site.ended(first.job);
    const [ahead] = await aheadOf(consumer.id);
    expect(ahead?.job).not.toBe(first.job);
    const second = await ask(one);
    expect(second.stream).toMatchObject({ end: "done" });
    expect(second.job).toBe(ahead?.job);
    expect((await set.site.ended(second.job)).cost).toBe(cost);
    const { reasons } = await consumer.get(`/api/requests/${second.job}/reasons`, RequestReasons);
    expect(reasons?.offers[0]).toMatchObject({ chosen: true, reason: { why: "only" } });
    expect(await worthOf(consumer)).toBe(before - 2 * cost);

    await expect.poll(() => aheadOf(consumer.id)).toEqual([]);
    const { balanceNano, heldNano } = await consumer.statement();
    expect([balanceNano, heldNano]).toEqual([before - 2 * cost, 0]);
    expect((await set.site.books()).findings).toEqual([]);
  });

  it("is not taken by a request that may cost more, nor by another key", async () => {
    const model = set.newModel();
    await set.provider(model);
    const [consumer, other] = [await set.site.account("1"), await set.site.account("1")];
    const one = { url: set.site.url, key: consumer.key, body: request(model, 5, { max_tokens: 5 }) };
    await set.site.ended((await ask(one)).job);
    const [ahead] = await aheadOf(consumer.id);
    const dearer = await ask({ ...one, body: request(model, 100, { max_tokens: 100 }) });
    const others = await ask({ ...one, key: other.key });
    expect(ahead).toBeDefined();
    expect([dearer.stream?.end, others.stream?.end]).toEqual(["done", "done"]);
    expect([dearer.job, others.job]).not.toContain(ahead?.job);
    expect((await ask(one)).job).toBe(ahead?.job);
  });

  it("is placed only where the account has several times as much", async () => {
    const model = set.newModel();
    await set.provider(model);
    const consumer = await set.site.account("0.0005");
    const one = { url: set.site.url, key: consumer.key, body: request(model, 20) };
    const first = await set.site.ended((await ask(one)).job);
    expect(first.held * 4).toBeGreaterThan((await consumer.statement()).balanceNano);
    expect(await aheadOf(consumer.id)).toEqual([]);
    expect((await ask(one)).stream?.end).toBe("done");
  });

  it("is given back for a request of the account that needs all there is", async () => {
    const model = set.newModel();
    const price = 500_000_000_000;
    const prices = { prompt: price, cachedPrompt: price, completion: price };
    await set.provider(model, {}, { offer: { prices, maxOutputTokens: 4_000, contextTokens: 8_000 } });
    const consumer = await set.site.account("2");
    const one = { url: set.site.url, key: consumer.key, body: request(model, 5, { max_tokens: 5 }) };
    const { held } = await set.site.ended((await ask(one)).job);
    expect(await aheadOf(consumer.id)).toHaveLength(1);
    const perToken = price / 1_000_000;
    const most = 5 + Math.floor(((await worthOf(consumer)) - held) / perToken);
    expect((await consumer.statement()).balanceNano).toBeLessThan(held + (most - 5) * perToken);
    const all = await ask({ ...one, body: request(model, 5, { max_tokens: most }) });
    expect([all.status, all.stream?.end]).toEqual([200, "done"]);
    const more = await ask({ ...one, body: request(model, 5, { max_tokens: most }) });
    expect([more.status, more.error?.code]).toEqual([402, "insufficient_funds"]);
  });

  it("is given back when its key is revoked, with which nothing begins any more", async () => {
    const model = set.newModel();
    const provider = await set.provider(model);
    const consumer = await set.site.account("1");
    const one = { url: set.site.url, key: consumer.key, body: request(model, 20) };
    await set.site.ended((await ask(one)).job);
    expect(await aheadOf(consumer.id)).toHaveLength(1);
    const { keys } = await consumer.get("/api/keys", ApiKeyList);
    await consumer.remove(`/api/keys/${keys[0]?.id}`);
    expect(await aheadOf(consumer.id)).toEqual([]);
    expect((await consumer.statement()).heldNano).toBe(0);
    const refused = await ask(one);
    expect([refused.status, refused.error?.code]).toEqual([401, "invalid_api_key"]);
    expect(provider.jobs).toHaveLength(1);
  });

  it("is given back after a crash, also where a job had taken it that was not written down yet", async () => {
    const model = set.newModel();
    await set.provider(model, { paceMs: 20 });
    const consumer = await set.site.account("1");
    const one = { url: set.site.url, key: consumer.key, body: request(model, 20) };
    const before = await worthOf(consumer);
    const { cost } = await set.site.ended((await ask(one)).job);
    const cut = ask({ ...one, body: request(model, 180) });
    await expect.poll(async () => (await aheadOf(consumer.id)).length).toBeLessThanOrEqual(1);
    await set.site.crash();
    await cut;
    await expect.poll(async () => (await consumer.statement()).heldNano).toBe(0);
    expect(await aheadOf(consumer.id)).toEqual([]);
    expect((await consumer.statement()).balanceNano).toBeLessThanOrEqual(before - cost);
    expect((await set.site.books()).findings).toEqual([]);
  });
});
