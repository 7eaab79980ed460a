import { afterEach, describe, expect, it } from "vitest";
import { type Answer, ask, request } from "./consumer.ts";
import { promptTokensOf } from "./mock-engine.ts";
import { chatsOf } from "./mock-provider.ts";
import type { Fault, Script } from "./mock-script.ts";
import type { EndedJob, MarketAccount } from "./site.ts";
import { once, stage, undisturbed, type StagedProvider } from "./stage.ts";

const show = stage();
const TOKENS = 12;
/** So many tokens come before something goes wrong. */
const SOME = 5;

/** A machine that does other things at the same time may be so late. */
const SLACK_MS = 5_000;

/** Everybody whose money moved in this test, to be looked at after it. */
const jobs: EndedJob[] = [];
afterEach(async () => {
  const books = await show.site.books();
  expect(books.findings).toEqual([]);
  expect(books.openHolds.count).toBe(0);
  for (const job of jobs.splice(0)) {
    expect(job.parts.reduce((sum, { cost }) => sum + cost, 0)).toBe(job.cost);
    expect(job.parts.every(({ cost, fee, earned }) => cost === fee + earned)).toBe(true);
  }
});

interface Asked {
  answer: Answer;
  job: EndedJob;
  consumer: MarketAccount;
}

/** Sends a request from somebody new, and waits until it was written down what became of it. */
async function asked(body: { [field: string]: unknown }): Promise<Asked> {
  const { site } = show;
  const consumer = await site.account();
  const answer = await ask({ url: site.url, key: consumer.key, body });
  const job = await site.ended(answer.job);
  jobs.push(job);
  const { totalMs, waitMs } = site.limits;
  expect(answer.totalMs).toBeLessThan(totalMs + waitMs + SLACK_MS);
  expect(answer.stream?.faults ?? []).toEqual([]);
  const { balanceNano, heldNano } = await consumer.statement();
  expect([1000e9 - balanceNano, heldNano]).toEqual([job.cost, 0]);
  return { answer, job, consumer };
}

/** The tokens of the answer that each provider was paid for, in the order in which they served; and that they got the money. */
async function paid({ job }: Asked, ...providers: StagedProvider[]): Promise<number[]> {
  for (const { id, owner } of providers) {
    const earned = job.parts.filter(({ provider }) => provider === id).map((part) => part.earned);
    const sum = earned.reduce((all, one) => all + one, 0);
    expect((await owner.statement()).balanceNano).toBe(sum);
  }
  return providers.map(({ id }) =>
    job.parts
      .filter(({ provider }) => provider === id)
      .reduce((sum, { completion_tokens }) => sum + completion_tokens, 0),
  );
}

const whole = { stream: false };
const settledByPrompt = { temperature: 0, stream_options: { include_usage: true } };

describe("a stream that nothing disturbs", () => {
  it("is the provider's answer, with its usage, and the provider is paid for it less the fee", async () => {
    const model = show.newModel();
    const provider = await show.provider(model);
    const body = request(model, TOKENS, settledByPrompt);
    const done = await asked(body);
    expect(done.answer.stream).toMatchObject({
      end: "done",
      text: undisturbed(body),
      finishReason: "stop",
      model,
    });
    expect(done.answer.headers.get("content-type")).toMatch(/^text\/event-stream/);
    expect(await paid(done, provider)).toEqual([TOKENS]);
    const { usage } = done.answer.stream ?? {};
    expect(usage).toMatchObject({
      completion_tokens: TOKENS,
      prompt_tokens: promptTokensOf({ messages: [{ role: "user", content: `${TOKENS} tokens, please` }] }),
      cost_nano: String(done.job.cost),
    });
    const [part] = done.job.parts;
    expect(part?.fee).toBe(Math.floor(done.job.cost * 0.05));
    await expect.poll(() => provider.jobs[0]?.settled[0]?.amountNano).toBe(part?.earned);
  });

  it("comes as one piece without `stream`", async () => {
    const model = show.newModel();
    const provider = await show.provider(model);
    const body = request(model, TOKENS, whole);
    const done = await asked(body);
    expect(done.answer.whole?.choices[0]).toMatchObject({
      message: { content: undisturbed(body) },
      finish_reason: "stop",
    });
    expect(await paid(done, provider)).toEqual([TOKENS]);
  });

  it("ends by its length where no more tokens were asked for", async () => {
    const model = show.newModel();
    await show.provider(model);
    const { answer } = await asked(
      request(model, 40, { max_tokens: 7, stream_options: { include_usage: true } }),
    );
    expect(answer.stream).toMatchObject({ finishReason: "length", usage: { completion_tokens: 7 } });
  });

  it("tells tool calls in pieces, and probabilities when asked", async () => {
    const model = show.newModel();
    await show.provider(model);
    const tools = [{ type: "function", function: { name: "look", parameters: { type: "object" } } }];
    const called = await asked(request(model, 8, { tools }));
    expect(called.answer.stream).toMatchObject({ finishReason: "tool_calls", toolCalls: [{ name: "look" }] });
    const [call] = called.answer.stream?.toolCalls ?? [];
    expect(JSON.parse(call?.arguments ?? "")).toHaveProperty("text");
    const { answer } = await asked(request(model, 8, { logprobs: true, top_logprobs: 2 }));
    expect(answer.stream?.logprobs).toBe(8);
  });
});

/** What may go wrong at a place where the consumer has nothing yet, or some of the answer. */
const breaks = (at: 0 | typeof SOME): [what: string, fault: Fault][] => [
  ["ends its socket", { type: "cut", at }],
  ["says nothing more", { type: "hush", at }],
  ["says that it failed, and what it used", { type: "fail", at, tellsUsage: true }],
  ["says that it failed", { type: "fail", at, tellsUsage: false }],
  ["says that it was cancelled, which nobody asked for", { type: "end early", at, reason: "cancelled" }],
  ["leaves a delta out", { type: "gap", at }],
  ["sends two deltas in the wrong order", { type: "swapped", at }],
  ["sends what is no JSON", { type: "garbage", at, garbage: "no JSON" }],
  ["speaks another protocol", { type: "garbage", at, garbage: "another protocol" }],
  ["sends a wrong field", { type: "garbage", at, garbage: "a wrong field" }],
  ["sends bytes", { type: "garbage", at, garbage: "binary" }],
  ["sends a message that is too long", { type: "garbage", at, garbage: "too much" }],
];

describe("where the consumer has nothing yet, another provider answers, unseen, when the first", () => {
  it.each<[what: string, fault: Fault]>([
    ["refuses, as it is busy", { type: "refuse", reason: "busy" }],
    ["refuses, as its engine is out of order", { type: "refuse", reason: "engine" }],
    ["refuses, as it makes no such offer any more", { type: "refuse", reason: "unknown_offer" }],
    ["never says yes or no", { type: "hush", at: "before accept" }],
    ["ends its socket before it says yes or no", { type: "cut", at: "before accept" }],
    [
      "sends what is no JSON instead of yes or no",
      { type: "garbage", at: "before accept", garbage: "no JSON" },
    ],
    ...breaks(0),
  ])("%s", async (_, fault) => {
    const model = show.newModel();
    const first = await show.provider(model, { fault });
    const second = await show.provider(model);
    const body = request(model, TOKENS);
    const done = await asked(body);
    expect(done.answer.stream).toMatchObject({ end: "done", text: undisturbed(body), finishReason: "stop" });
    expect(first.jobs).toHaveLength(1);
    expect(await paid(done, first, second)).toEqual([0, TOKENS]);
  });
});

describe("where the consumer has some of the answer, another goes on as if nothing were, when the first", () => {
  const cases: [what: string, fault: Fault][] = [
    ...breaks(SOME),
    ["sends more than any engine writes", { type: "flood", at: SOME }],
  ];
  it.each(cases)("%s; the answer is written anew and skipped where it is settled", async (_, fault) => {
    const model = show.newModel();
    const first = await show.provider(model, { fault });
    const second = await show.provider(model);
    const body = request(model, TOKENS, settledByPrompt);
    const done = await asked(body);
    expect(done.answer.stream).toMatchObject({ end: "done", text: undisturbed(body), finishReason: "stop" });
    expect(done.answer.stream?.usage?.completion_tokens).toBe(TOKENS);
    expect(chatsOf(second)[0]?.continuation).toBeNull();
    expect(await paid(done, first, second)).toEqual([SOME, TOKENS - SOME]);
  });

  it.each(cases)(
    "%s; where chance has a part in it, the answer is given as a beginning",
    async (_, fault) => {
      const model = show.newModel();
      const first = await show.provider(model, { fault });
      const second = await show.provider(model);
      const body = request(model, TOKENS);
      const done = await asked(body);
      expect(done.answer.stream).toMatchObject({
        end: "done",
        text: undisturbed(body),
        finishReason: "stop",
      });
      expect(undisturbed(body).startsWith(chatsOf(second)[0]?.continuation ?? "none")).toBe(true);
      expect(await paid(done, first, second)).toEqual([SOME, TOKENS - SOME]);
    },
  );

  it("ends its socket after its last word but one; nothing is paid twice", async () => {
    const model = show.newModel();
    const first = await show.provider(model, { fault: { type: "cut", at: "before end" } });
    const second = await show.provider(model);
    const body = request(model, TOKENS, settledByPrompt);
    const done = await asked(body);
    expect(done.answer.stream).toMatchObject({ end: "done", text: undisturbed(body), finishReason: "stop" });
    expect(await paid(done, first, second)).toEqual([TOKENS, 0]);
  });

  it("breaks off, and the second too: a third goes on", async () => {
    const model = show.newModel();
    const first = await show.provider(model, { fault: { type: "cut", at: 3 } });
    const second = await show.provider(model, { fault: { type: "fail", at: 7, tellsUsage: true } });
    const third = await show.provider(model);
    const body = request(model, TOKENS, settledByPrompt);
    const done = await asked(body);
    expect(done.answer.stream).toMatchObject({ end: "done", text: undisturbed(body), finishReason: "stop" });
    expect(await paid(done, first, second, third)).toEqual([3, 4, TOKENS - 7]);
  });

  it("breaks off; a whole answer is the same as any", async () => {
    const model = show.newModel();
    const first = await show.provider(model, { fault: { type: "cut", at: SOME } });
    const second = await show.provider(model);
    const body = request(model, TOKENS, { ...whole, temperature: 0 });
    const done = await asked(body);
    expect(done.answer.whole?.choices[0].message.content).toBe(undisturbed(body));
    const tokens = await paid(done, first, second);
    expect(tokens.reduce((sum, count) => sum + count, 0)).toBe(TOKENS);
  });
});

describe("a stream ends by an error event", () => {
  const tools = [{ type: "function", function: { name: "look", parameters: { type: "object" } } }];
  const broken: Script = { fault: { type: "cut", at: SOME } };

  it.each<[what: string, more: { [field: string]: unknown }]>([
    ["in the middle of a tool call", { tools, temperature: 0 }],
    ["in the middle of an object", { response_format: { type: "json_object" }, temperature: 0 }],
  ])("where its provider is lost %s, and begins again where nothing was said", async (_, more) => {
    const model = show.newModel();
    const first = await show.provider(model, (_job, index) =>
      index === 0 ? broken : { fault: { type: "cut", at: 0 } },
    );
    const second = await show.provider(model);
    const lost = await asked(request(model, TOKENS, more));
    expect(lost.answer.stream).toMatchObject({ end: "error", error: { code: "provider_failed" } });
    expect(await paid(lost, first, second)).toEqual([SOME, 0]);

    const begun = await asked(request(model, TOKENS, more));
    expect(begun.answer.stream?.end).toBe("done");
  });

  it("where nobody can go on with what chance had a part in", async () => {
    const model = show.newModel();
    const first = await show.provider(model, broken, { offer: { features: [] } });
    const second = await show.provider(model, {}, { offer: { features: [] } });
    const done = await asked(request(model, TOKENS));
    expect(done.answer.stream).toMatchObject({ end: "error", error: { code: "provider_failed" } });
    expect(await paid(done, first, second)).toEqual([SOME, 0]);
  });

  it("where the second writes something else, of which nothing is shown", async () => {
    const model = show.newModel();
    const features = { features: ["deterministic" as const] };
    const first = await show.provider(model, broken, { offer: features });
    const second = await show.provider(model, {}, { offer: features, artifact: "another" });
    const body = request(model, TOKENS, { temperature: 0 });
    const done = await asked(body);
    expect(done.answer.stream).toMatchObject({ end: "error", error: { code: "provider_failed" } });
    expect(undisturbed(body).startsWith(done.answer.stream?.text ?? "none")).toBe(true);
    expect(await paid(done, first, second)).toEqual([SOME, 0]);
  });

  it("where all providers are lost, one after the other", async () => {
    const model = show.newModel();
    const script: Script = { fault: { type: "cut", at: SOME } };
    for (let count = 0; count < 3; count++)
      await show.provider(model, script, { reconnectMs: null, offer: { features: [] } });
    const { answer } = await asked(request(model, TOKENS));
    expect(answer.stream?.end).toBe("error");
  });

  it("and a request that nobody answers by a status that is worth another try", async () => {
    const model = show.newModel();
    await show.provider(model, { fault: { type: "refuse", reason: "engine" } });
    const { site } = show;
    const consumer = await site.account();
    const answer = await ask({ url: site.url, key: consumer.key, body: request(model, TOKENS) });
    const { code } = answer.error ?? answer.stream?.error ?? {};
    expect(["provider_failed", "no_provider", "queue_full"]).toContain(code);
    expect((await site.ended(answer.job)).cost).toBe(0);
  });
});

describe("a provider that does not keep to the rules gains nothing by", () => {
  it.each<[what: string, script: Script, tokens: number]>([
    ["saying everything twice", { fault: { type: "twice" } }, TOKENS],
    ["telling of more deltas than there were", { fault: { type: "miscount", by: 3 } }, TOKENS],
    [
      "claiming ten times the tokens",
      { claim: (used) => ({ ...used, completionTokens: used.completionTokens * 10 }) },
      TOKENS,
    ],
    ["claiming fewer: it gets those", { claim: (used) => ({ ...used, completionTokens: 3 }) }, 3],
  ])("%s", async (_, script, tokens) => {
    const model = show.newModel();
    const provider = await show.provider(model, script);
    const second = await show.provider(model);
    const body = request(model, TOKENS, settledByPrompt);
    const done = await asked(body);
    expect(done.answer.stream).toMatchObject({ end: "done", text: undisturbed(body) });
    expect(await paid(done, provider, second)).toEqual([tokens, 0]);
  });

  it("saying that each token is many: no more are paid than there are bytes, nor than were asked for", async () => {
    const model = show.newModel();
    const provider = await show.provider(model, { inflation: 50 });
    const body = request(model, TOKENS, { max_tokens: 30, temperature: 0 });
    const done = await asked(body);
    expect(done.answer.stream?.finishReason).toBe("length");
    const [tokens = 0] = await paid(done, provider);
    const bytes = new TextEncoder().encode(done.answer.stream?.text).length;
    expect(tokens).toBeLessThanOrEqual(Math.min(30, bytes));
    expect(undisturbed(body).startsWith(done.answer.stream?.text ?? "none")).toBe(true);
  });

  it("claiming a prompt of a million tokens: the bound is paid at most", async () => {
    const model = show.newModel();
    const provider = await show.provider(model, {
      claim: (used) => ({ ...used, promptTokens: 1_000_000, cachedPromptTokens: 0 }),
    });
    const done = await asked(request(model, TOKENS));
    expect(done.job.prompt_tokens).toBeLessThanOrEqual(done.job.prompt_bound);
    expect(done.job.cost).toBeLessThanOrEqual(done.job.held);
    expect(await paid(done, provider)).toEqual([TOKENS]);
  });

  it("saying that it finished by tool calls without any", async () => {
    const model = show.newModel();
    await show.provider(model, { fault: { type: "end early", at: SOME, reason: "tool_calls" } });
    const { answer } = await asked(request(model, TOKENS));
    expect(answer.stream?.end).toBe("done");
  });

  it("speaking of another's job", async () => {
    const model = show.newModel();
    const honest = await show.provider(model, { paceMs: 40 });
    const stranger = await show.provider(model);
    const body = request(model, TOKENS, settledByPrompt);
    const asking = asked(body);
    await expect.poll(() => honest.jobs[0]?.sent.length ?? 0).toBeGreaterThan(1);
    const job = honest.jobs[0]?.job.job ?? "";
    stranger.say({ type: "accept", job, promptTokens: 1_000 });
    stranger.say({ type: "delta", job, seq: 2, text: "I was never asked", tokenCount: 4 });
    const usage = { promptTokens: 0, cachedPromptTokens: 0, completionTokens: 4 };
    stranger.say({ type: "finished", job, reason: "stop", deltas: 3, usage, timings: null });
    const done = await asking;
    expect(done.answer.stream).toMatchObject({ end: "done", text: undisturbed(body) });
    expect(await paid(done, honest, stranger)).toEqual([TOKENS, 0]);
  });
});

describe("a provider that comes and goes", () => {
  it("gets no more jobs while it drains, and those that it has go on", async () => {
    const model = show.newModel();
    const first = await show.provider(model, { paceMs: 40 });
    const second = await show.provider(model);
    const body = request(model, TOKENS);
    const asking = asked(body);
    await expect.poll(() => first.jobs[0]?.sent.length ?? 0).toBeGreaterThan(1);
    first.say({ type: "drain" });
    await asked(body);
    const done = await asking;
    expect(done.answer.stream).toMatchObject({ end: "done", text: undisturbed(body) });
    expect([first.jobs.length, second.jobs.length]).toEqual([1, 1]);
  });

  it("hears of the settlement of a job whose end it could not tell", async () => {
    const model = show.newModel();
    const provider = await show.provider(model, once({ fault: { type: "cut", at: SOME } }));
    await asked(request(model, TOKENS, { temperature: 0 }));
    await expect.poll(() => provider.welcomes.length).toBeGreaterThan(1);
    await expect.poll(() => provider.jobs.map(({ ending }) => ending)).not.toContainEqual(expect.anything());
  });
});
