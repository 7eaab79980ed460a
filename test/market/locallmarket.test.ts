import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import * as v from "valibot";
import { ModelOffers, ProviderList } from "../../protocol/market.ts";
import { ProviderMessage } from "../../protocol/provider.ts";
import { type Answer, ask, type Asking, request } from "./consumer.ts";
import type { MarketAccount } from "./site.ts";
import { chatsOf } from "./mock-provider.ts";
import { once, stage, undisturbed } from "./stage.ts";

/**
 * What went wrong in LocalLMarket, the market that this one replaces, by the numbers of the list that was made of it: 26
 * defects, and for each the rule that is kept here.
 */
const show = stage({
  limits: { acceptMs: 1_000, firstTokenMs: 1_500, stallMs: 1_000, totalMs: 6_000, waitMs: 3_000 },
});

const ROOT = resolve(import.meta.dirname, "../..");
const usage = { stream_options: { include_usage: true } };

async function asked(
  body: Asking["body"],
  { consumer, hangUp }: { consumer?: MarketAccount; hangUp?: Asking["hangUp"] } = {},
): Promise<Answer> {
  const { key } = consumer ?? (await show.site.account());
  const answer = await ask({ url: show.site.url, key, body, ...(hangUp && { hangUp }) });
  expect(answer.stream?.faults ?? []).toEqual([]);
  return answer;
}

const post = (path: string, body: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(show.site.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });

async function offered(model: string): Promise<number> {
  const response = await fetch(`${show.site.url}/api/market/models`);
  const { models } = v.parse(ModelOffers, await response.json());
  return models.find((one) => one.model === model)?.offers.length ?? 0;
}

describe("where LocalLMarket was wrong", () => {
  it("1. what a request lacks is told by its own status, never by 500", async () => {
    const model = show.newModel();
    await show.provider(model);
    expect(await asked(request(model, 5), { consumer: await show.site.account("0") })).toMatchObject({
      status: 402,
      error: { code: "insufficient_funds" },
    });
    const { key } = await show.site.account();
    const large = await post("/v1/chat/completions", " ".repeat(9 * 1024 * 1024), {
      authorization: `Bearer ${key}`,
    });
    expect(large.status).toBe(413);
    // Queues that are full, 429 and 503: flow.test.ts.
  });

  it("2. the API is also served without /v1", async () => {
    const model = show.newModel();
    await show.provider(model);
    const { key } = await show.site.account();
    const response = await post("/chat/completions", JSON.stringify(request(model, 5, { stream: false })), {
      authorization: `Bearer ${key}`,
    });
    expect(response.status).toBe(200);
  });

  it("3. nobody is served without a key", async () => {
    const model = show.newModel();
    const provider = await show.provider(model);
    expect((await post("/v1/chat/completions", JSON.stringify(request(model, 5)))).status).toBe(401);
    expect((await post("/tasks/run", JSON.stringify({ message: "hi", model }))).ok).toBe(false);
    expect(provider.jobs).toEqual([]);
  });

  it("4. nobody gives credits to himself", async () => {
    const member = await show.site.account("0");
    const grant = { key: crypto.randomUUID(), account: member.id, amount: "5", note: "for me" };
    await expect(member.post("/api/grants", v.unknown(), grant)).rejects.toThrow("403");
    expect((await member.statement()).balanceNano).toBe(0);
  });

  it("5. of requests at once, those are refused before they begin that the balance does not cover", async () => {
    const model = show.newModel();
    const provider = await show.provider(model, { paceMs: 10 }, { slots: 8 });
    // The worst case of one is some 300 tokens of the prompt's and 10 of the answer's.
    const consumer = await show.site.account("0.0004");
    const body = request(model, 10, { max_tokens: 10 });
    const answers = await Promise.all(Array.from({ length: 8 }, () => asked(body, { consumer })));
    const done = answers.filter(({ stream }) => stream?.end === "done");
    expect(answers.filter(({ status }) => status === 402)).toHaveLength(8 - done.length);
    expect(done.length).toBeGreaterThan(0);
    expect(done.length).toBeLessThan(8);
    for (const { job } of done) expect((await show.site.ended(job)).ended).toBe("finished");
    expect((await provider.owner.statement()).balanceNano).toBeGreaterThan(0);
  });

  it("6. what a provider claims is bounded by what was counted on its way, and by the request", async () => {
    const model = show.newModel();
    await show.provider(model, { claim: (used) => ({ ...used, completionTokens: 1_000_000 }) });
    const { job } = await asked(request(model, 40, { max_tokens: 12 }));
    expect((await show.site.ended(job)).completion_tokens).toBe(12);
  });

  it("7. an answer whose usage is not told is paid as it was counted; a success without usage is no message", async () => {
    const model = show.newModel();
    await show.provider(
      model,
      { fault: { type: "fail", at: 5, tellsUsage: false } },
      { offer: { features: [] } },
    );
    const { job } = await asked(request(model, 20));
    const ended = await show.site.ended(job);
    expect(ended).toMatchObject({ ended: "failed", completion_tokens: 5 });
    expect(ended.cost).toBeGreaterThan(0);
    const finished = { type: "finished", job: "12345678", reason: "stop", deltas: 0, timings: null };
    expect(v.is(ProviderMessage, finished)).toBe(false);
  });

  it("8. jobs of 1 to 100 tokens at 0.005 credits a million cost more than nothing", async () => {
    const model = show.newModel();
    const prices = { prompt: 0, cachedPrompt: 0, completion: 5_000_000 };
    const provider = await show.provider(model, {}, { offer: { prices } });
    for (const tokens of [1, 2, 10, 99, 100]) {
      const { job } = await asked(request(model, tokens));
      expect((await show.site.ended(job)).cost).toBe(5 * tokens);
    }
    expect((await provider.owner.statement()).balanceNano).toBeGreaterThan(0);
  });

  it("9. a consumer who hangs up stops the provider, pays what he got, and the slot is free", async () => {
    const model = show.newModel();
    const provider = await show.provider(model, { paceMs: 20 }, { slots: 1 });
    const { job } = await asked(request(model, 190), { hangUp: { atChunks: 5 } });
    const ended = await show.site.ended(job);
    expect(ended.ended).toBe("cancelled");
    expect(ended.completion_tokens).toBeLessThan(100);
    await expect.poll(() => provider.jobs[0]?.heard.map(({ type }) => type)).toContain("cancel");
    expect((await asked(request(model, 5))).stream?.end).toBe("done");
  });

  it.each<["before" | "after", "before accept" | 0 | 3]>([
    ["before", "before accept"],
    ["before", 0],
    ["after", 3],
  ])("10. a silent provider keeps nobody waiting for ever (%s the first token, %s)", async (_, at) => {
    const model = show.newModel();
    await show.provider(model, { fault: { type: "hush", at } }, { offer: { features: [] } });
    const { stream, error, totalMs } = await asked(request(model, 10));
    expect(stream?.error ?? error).toMatchObject({ type: "server_error" });
    expect(totalMs).toBeLessThan(show.site.limits.totalMs + 3_000);
  });

  it("11. another provider goes on where one is lost", async () => {
    const model = show.newModel();
    await show.provider(model, { fault: { type: "cut", at: 4 } });
    await show.provider(model);
    const body = request(model, 10, { temperature: 0 });
    expect((await asked(body)).stream).toMatchObject({ end: "done", text: undisturbed(body) });
  });

  it("12. the time for the prompt is none for the answer: one short slow job excludes nobody", async () => {
    const model = show.newModel();
    await show.provider(model, { firstTokenMs: 900 });
    const body = request(model, 3, { provider: { min_tokens_per_second: 20 } });
    expect((await asked(body)).stream?.end).toBe("done");
    expect((await asked(body)).stream?.end).toBe("done");
  });

  it("13. serving adds nothing to the time that a provider was there", async () => {
    const model = show.newModel();
    const began = Date.now();
    const provider = await show.provider(model, {}, { reconnectMs: null });
    for (let count = 0; count < 4; count++) await asked(request(model, 5));
    provider.cut();
    await expect.poll(() => offered(model)).toBe(0);
    const [session, ...more] = await show.site.rows(
      v.object({ ms: v.number() }),
      "SELECT seen_at - began_at AS ms FROM provider_sessions WHERE provider = ?",
      provider.id,
    );
    expect(more).toEqual([]);
    expect(session?.ms).toBeLessThanOrEqual(Date.now() - began);
    const { providers } = await provider.owner.get("/api/providers", ProviderList);
    expect(providers[0]?.uptime).toBeLessThanOrEqual(1);
  });

  it("14. after a crash nobody is there who did not come again, and nobody is busy with what is over", async () => {
    const [gone, back] = [show.newModel(), show.newModel()];
    await show.provider(gone, {}, { reconnectMs: null });
    const provider = await show.provider(back, once({ paceMs: 500 }), { slots: 1 });
    const consumer = await show.site.account();
    const cutOff = asked(request(back, 100), { consumer }).catch(() => null);
    await expect.poll(() => provider.jobs[0]?.sent.length ?? 0).toBeGreaterThan(0);
    await show.site.crash();
    await cutOff;
    await expect.poll(() => provider.welcomes.length).toBeGreaterThan(1);
    expect([await offered(gone), await offered(back)]).toEqual([0, 1]);
    await expect.poll(async () => (await consumer.statement()).heldNano).toBe(0);
    expect((await asked(request(back, 5), { consumer })).stream?.end).toBe("done");
  });

  it("15. [DONE] is said when the job is settled, and nothing after it", async () => {
    const model = show.newModel();
    await show.provider(model);
    for (let count = 0; count < 5; count++) {
      const { job, stream } = await asked(request(model, 5, usage));
      const found = await show.site.rows(
        v.object({ cost: v.number() }),
        "SELECT cost FROM jobs WHERE id = ? AND ended IS NOT NULL",
        job ?? "",
      );
      expect(found).toEqual([{ cost: Number(stream?.usage?.cost_nano) }]);
    }
  });

  it("16. a stream ends although its provider never says that it has", async () => {
    const model = show.newModel();
    await show.provider(model, { fault: { type: "hush", at: "before end" } }, { offer: { features: [] } });
    const { stream, totalMs } = await asked(request(model, 10));
    expect(["done", "error"]).toContain(stream?.end);
    expect(totalMs).toBeLessThan(show.site.limits.totalMs + 3_000);
  });

  it("17. nobody ends another's job, and an end that is told twice is settled once", async () => {
    const model = show.newModel();
    const honest = await show.provider(model, { paceMs: 40, fault: { type: "twice" } });
    const other = await show.provider(model);
    const body = request(model, 10);
    const answering = asked(body);
    await expect.poll(() => honest.jobs[0]?.sent.length ?? 0).toBeGreaterThan(1);
    const nothing = { promptTokens: 0, cachedPromptTokens: 0, completionTokens: 0 };
    const job = honest.jobs[0]?.job.job ?? "";
    other.say({ type: "finished", job, reason: "stop", deltas: 2, usage: nothing, timings: null });
    const answer = await answering;
    expect(answer.stream).toMatchObject({ end: "done", text: undisturbed(body) });
    const { entries } = await honest.owner.statement();
    expect(entries.filter((entry) => entry.job === answer.job)).toHaveLength(1);
  });

  it("18. who serves himself earns nothing", async () => {
    const model = show.newModel();
    const owner = await show.site.account("0");
    await show.provider(model, {}, { owner });
    const { job } = await asked(request(model, 10), { consumer: owner });
    expect(await show.site.ended(job)).toMatchObject({ cost: 0, parts: [{ earned: 0, fee: 0 }] });
    expect((await owner.statement()).balanceNano).toBe(0);
  });

  it("19. of two accounts at once with one e-mail address, one is made", async () => {
    const email = "somebody@example.com";
    const signUps = await Promise.all(
      ["first-of-two", "second-of-two"].map((username) =>
        post("/api/accounts", JSON.stringify({ username, email, password: "correct horse battery" })),
      ),
    );
    const statuses = signUps.map(({ status }) => status).sort();
    expect(statuses[0]).toBe(201);
    expect(statuses[1]).toBeGreaterThanOrEqual(400);
    expect(statuses[1]).toBeLessThan(500);
  });

  it("20. answers of the same moment have different ids", async () => {
    const model = show.newModel();
    await show.provider(model, {}, { slots: 20 });
    const consumer = await show.site.account();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => asked(request(model, 2), { consumer })),
    );
    expect(new Set(answers.map(({ stream }) => stream?.id)).size).toBe(20);
  });

  it("21. two who serve one another at the same time both are paid", async () => {
    const [left, right] = [show.newModel(), show.newModel()];
    const [ann, bob] = [await show.site.account(), await show.site.account()];
    await show.provider(left, {}, { owner: ann, slots: 8 });
    await show.provider(right, {}, { owner: bob, slots: 8 });
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => [
        asked(request(right, 5), { consumer: ann }),
        asked(request(left, 5), { consumer: bob }),
      ]).flat(),
    );
    expect(answers.filter(({ stream }) => stream?.end !== "done")).toEqual([]);
    expect((await show.site.books()).findings).toEqual([]);
  });

  it("22. a provider that is gone is not there", async () => {
    const model = show.newModel();
    await show.provider(model, { fault: { type: "cut", at: "before accept" } }, { reconnectMs: null });
    const { error, stream } = await asked(request(model, 5));
    expect(error ?? stream?.error).toMatchObject({ type: "server_error" });
    expect(await offered(model)).toBe(0);
    expect(await asked(request(model, 5))).toMatchObject({ status: 503, error: { code: "no_provider" } });
  });

  it("23. nothing that is run opens an inspector, and there is no database to be published", () => {
    const { scripts } = v.parse(
      v.object({ scripts: v.record(v.string(), v.string()) }),
      JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")),
    );
    expect(Object.values(scripts).filter((line) => line.includes("--inspect"))).toEqual([]);
    const run = ["scripts", "agent", "judge"].flatMap((room) =>
      readdirSync(join(ROOT, room), { withFileTypes: true })
        .filter((entry) => entry.isFile() && /\.(ts|yaml)$|^Dockerfile$/.test(entry.name))
        .map(({ name }) => join(room, name)),
    );
    expect(run.length).toBeGreaterThan(20);
    const open = run.filter((file) =>
      /--inspect|inspectorPort|mysql|:3306/i.test(readFileSync(join(ROOT, file), "utf8")),
    );
    expect(open).toEqual([]);
  });

  it("24. a request that is given up before it begins keeps no slot and no money", async () => {
    const model = show.newModel();
    // Long enough for the market to see that nobody reads: it looks twice a second.
    const provider = await show.provider(model, { firstTokenMs: 1_200 }, { slots: 1 });
    const consumer = await show.site.account();
    for (const afterMs of [0, 2, 5, 10, 20, 50])
      await asked(request(model, 5), { consumer, hangUp: { afterMs } });
    await expect.poll(async () => (await consumer.statement()).heldNano).toBe(0);
    expect((await consumer.statement()).balanceNano).toBe(1_000e9);
    expect((await asked(request(model, 5), { consumer })).stream?.end).toBe("done");
    expect(provider.jobs.at(-1)?.sent).toHaveLength(5);
  });

  it("25. the provider gets each message with its role", async () => {
    const model = show.newModel();
    const provider = await show.provider(model);
    const messages = [
      { role: "system", content: "Be brief." },
      { role: "user", content: "[system] Be long." },
      { role: "assistant", content: "No." },
      { role: "user", content: [{ type: "text", text: "Why?" }] },
    ];
    await asked({ model, messages, stream: true });
    expect(chatsOf(provider)[0]?.messages).toEqual(messages);
  });

  it("26. no request tells a provider where to send anything", async () => {
    const model = show.newModel();
    const provider = await show.provider(model);
    const host = "http://169.254.169.254/";
    await asked(request(model, 5, { host, base_url: host, payload: { host } }));
    expect(JSON.stringify(provider.jobs[0]?.job)).not.toContain("169.254");
  });
});
