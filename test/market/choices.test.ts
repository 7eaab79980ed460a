import { once } from "node:events";
import { type IncomingMessage, request as httpRequest } from "node:http";
import { text as textIn } from "node:stream/consumers";
import { ChatOpenAI } from "@langchain/openai";
import OpenAI from "openai";
import * as v from "valibot";
import { afterEach, describe, expect, it } from "vitest";
import { ChatCompletion } from "../../protocol/chat-completion.ts";
import { OpenAIErrorBody } from "../../protocol/openai-error.ts";
import type { Job } from "../../protocol/provider.ts";
import { TextCompletion, TextCompletionChunk } from "../../protocol/text-completion.ts";
import { request } from "./consumer.ts";
import type { Script } from "./mock-script.ts";
import type { MarketAccount } from "./site.ts";
import { stage, undisturbed } from "./stage.ts";
import { checkStream, type StreamReport } from "./stream-check.ts";

/** Providers and consumers share this process: reading megabytes, it may be silent for seconds. */
const show = stage({ limits: { waitingPerConsumer: 8, stallMs: 8_000, totalMs: 50_000 } });

afterEach(async () => {
  await expect.poll(async () => (await show.site.books()).openHolds.count).toBe(0);
  expect((await show.site.books()).findings).toEqual([]);
});

type Body = { [field: string]: unknown };

const post = (path: string, { key }: MarketAccount, body: Body, more: RequestInit = {}) =>
  fetch(show.site.url + path, {
    method: "POST",
    body: JSON.stringify(body),
    ...more,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...more.headers },
  });

const ask = (consumer: MarketAccount, body: Body, more: RequestInit = {}) =>
  post("/v1/chat/completions", consumer, body, more);

const refusal = async (response: Response) => {
  const { error } = v.parse(OpenAIErrorBody, await response.json());
  return [response.status, error.code, error.param];
};

const client = ({ key }: MarketAccount) =>
  new OpenAI({ apiKey: key, baseURL: `${show.site.url}/v1`, maxRetries: 0 });

/** A request for so many answers of a text of so many tokens. */
const choices = (n: number, model: string, tokens: number, more: Body = {}) =>
  request(model, tokens, { n, seed: 70, ...more });

/** What an undisturbed provider answers to each. */
const undisturbedChoices = ({ n, seed, ...body }: Body): string[] =>
  Array.from({ length: Number(n) }, (_, choice) => undisturbed({ ...body, seed: Number(seed) + choice }));

/** Each choice's own stream, with what all have in common: the comments, the usage, an error, the end. */
function reports(text: string, n: number, includeUsage = false): StreamReport[] {
  return Array.from({ length: n }, (_, choice) => {
    const blocks = text.split("\n\n").filter((block) => {
      const found = /^data: .*?"choices":\[\{"index":(\d+)/.exec(block);
      return found === null || Number(found[1]) === choice;
    });
    return checkStream(new TextEncoder().encode(blocks.join("\n\n")), { includeUsage });
  });
}

const times = <Value>(count: number, value: Value): Value[] => Array.from({ length: count }, () => value);

/** Behaves in this way with the choice that has this seed, and with no other. */
const withSeed =
  (seed: number, script: Script, others: Script = {}) =>
  ({ request: asked }: Job): Script =>
    asked.type !== "embedding" && asked.sampling.seed === seed ? script : others;

const jobsOf = ({ id }: MarketAccount) =>
  show.site.rows(
    v.object({
      id: v.string(),
      ended: v.nullable(v.string()),
      cost: v.number(),
      completion_tokens: v.number(),
    }),
    "SELECT id, ended, cost, completion_tokens FROM jobs WHERE consumer = ? ORDER BY id",
    id,
  );

/** That what an account paid is what its jobs cost, and that nothing of it is held. */
async function costOf(consumer: MarketAccount): Promise<number> {
  await expect.poll(async () => (await jobsOf(consumer)).every(({ ended }) => ended !== null)).toBe(true);
  const cost = (await jobsOf(consumer)).reduce((sum, job) => sum + job.cost, 0);
  const { balanceNano, heldNano } = await consumer.statement();
  expect([1000e9 - balanceNano, heldNano]).toEqual([cost, 0]);
  return cost;
}

describe("several choices", () => {
  it("come to the official client as one answer, alike whenever they are asked for, and are paid for once each", async () => {
    const [model, consumer] = [show.newModel(), await show.site.account()];
    const provider = await show.provider(model);
    const body = choices(3, model, 12, { stream: false });
    const { data, response } = await client(consumer)
      .chat.completions.create({
        ...body,
        stream: false,
        messages: [{ role: "user", content: "12 tokens, please" }],
      })
      .withResponse();
    const whole = v.parse(ChatCompletion, data);
    const texts = whole.choices.map(({ message }) => message.content);
    expect(texts).toEqual(undisturbedChoices(body));
    expect(new Set(texts).size).toBe(3);
    expect(whole.usage.completion_tokens).toBe(36);
    expect(Number(whole.usage.cost_nano)).toBe(await costOf(consumer));
    const jobs = await jobsOf(consumer);
    expect(jobs.map(({ ended }) => ended)).toEqual(["finished", "finished", "finished"]);
    expect(jobs.map(({ id }) => id)).toContain(response.headers.get("x-request-id"));
    expect(whole.id).toBe(`chatcmpl-${response.headers.get("x-request-id")}`);
    expect(response.headers.get("x-provider")).toBe(provider.id);
    const again = v.parse(ChatCompletion, await (await ask(consumer, body)).json());
    expect(again.choices).toEqual(whole.choices);
  });

  it("come as one stream, in which each is told by its index as it would be alone", async () => {
    const [model, consumer] = [show.newModel(), await show.site.account()];
    await show.provider(model, { paceMs: 3 }, { slots: 8 });
    const body = choices(8, model, 20, { stream_options: { include_usage: true } });
    const text = await (await ask(consumer, body)).text();
    const all = reports(text, 8, true);
    expect(all.map(({ faults, end, finishReason }) => [faults, end, finishReason])).toEqual(
      times(8, [[], "done", "stop"]),
    );
    expect(all.map((report) => report.text)).toEqual(undisturbedChoices(body));
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    expect(Number(all[0]?.usage?.cost_nano)).toBe(await costOf(consumer));
    expect(all[0]?.usage?.completion_tokens).toBe(160);
    // They come together, and not one after the other.
    const order = [...text.matchAll(/"index":(\d)/g)].map(([, index]) => index);
    expect(order.lastIndexOf("0")).toBeGreaterThan(order.indexOf("7"));
  });

  it("are gathered by the official client's own helpers", async () => {
    const [model, consumer] = [show.newModel(), await show.site.account()];
    await show.provider(model);
    const runner = client(consumer).chat.completions.stream({
      model,
      n: 2,
      seed: 70,
      messages: [{ role: "user", content: "12 tokens, please" }],
    });
    const completion = await runner.finalChatCompletion();
    expect(completion.choices.map(({ index, message }) => [index, message.content])).toEqual([
      ...undisturbedChoices(choices(2, model, 12)).entries(),
    ]);
  });

  it("are generations to LangChain", async () => {
    const [model, consumer] = [show.newModel(), await show.site.account()];
    await show.provider(model);
    const chat = new ChatOpenAI({
      model,
      n: 3,
      modelKwargs: { seed: 70 },
      apiKey: consumer.key,
      maxRetries: 0,
      configuration: { baseURL: `${show.site.url}/v1` },
    });
    const { generations } = await chat.generate([[["user", "12 tokens, please"]]]);
    expect(generations[0]?.map(({ text }) => text)).toEqual(undisturbedChoices(choices(3, model, 12)));
  });

  it("wait for slots as requests of their own do", async () => {
    const [model, consumer] = [show.newModel(), await show.site.account()];
    await show.provider(model, { firstTokenMs: 700 }, { slots: 1 });
    const body = choices(3, model, 5);
    const all = reports(await (await ask(consumer, body)).text(), 3);
    expect(all.map(({ faults }) => faults)).toEqual([[], [], []]);
    expect(all.map(({ text }) => text)).toEqual(undisturbedChoices(body));
    expect(all[0]?.comments.length).toBeGreaterThan(0);
    const whole = v.parse(ChatCompletion, await (await ask(consumer, { ...body, stream: false })).json());
    expect(whole.choices.map(({ message }) => message.content)).toEqual(undisturbedChoices(body));
    await costOf(consumer);
  });

  it("have calls of tools of their own", async () => {
    const [model, consumer] = [show.newModel(), await show.site.account()];
    await show.provider(model);
    const tools = [{ type: "function", function: { name: "look", parameters: { type: "object" } } }];
    const body = choices(2, model, 12, { tools });
    const all = reports(await (await ask(consumer, body)).text(), 2);
    expect(all.map(({ faults, finishReason }) => [faults, finishReason])).toEqual([
      [[], "tool_calls"],
      [[], "tool_calls"],
    ]);
    const ids = all.flatMap(({ toolCalls }) => toolCalls.map(({ id }) => id));
    expect(new Set(ids).size).toBe(2);
  });
});

describe("completions of several prompts", () => {
  const prompts = ["5 tokens, please", "9 tokens, please"];

  it("have their choices in the order of the prompts, whole and as a stream", async () => {
    const [model, consumer] = [show.newModel(), await show.site.account()];
    await show.provider(model);
    const body = { model, prompt: prompts, n: 2, seed: 70, max_tokens: 100 };
    const whole = v.parse(TextCompletion, await client(consumer).completions.create(body));
    expect(whole.choices.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(whole.usage.completion_tokens).toBe(28);
    const texts = whole.choices.map(({ text }) => text);
    const alone = await client(consumer).completions.create({
      ...body,
      prompt: prompts[1] ?? "",
      n: 1,
      seed: 71,
    });
    expect(texts[3]).toBe(alone.choices[0]?.text);
    const streamed = ["", "", "", ""];
    for await (const chunk of await client(consumer).completions.create({ ...body, stream: true })) {
      for (const { index, text } of v.parse(TextCompletionChunk, chunk).choices) streamed[index] += text;
    }
    expect(streamed).toEqual(texts);
    await costOf(consumer);
  });

  it.each([
    ["n", { prompt: prompts, n: 9 }],
    ["n", { prompt: Array.from({ length: 6 }, () => "a"), n: 3 }],
    ["prompt", { prompt: Array.from({ length: 17 }, () => "a") }],
  ])("are refused by the field %s where they are too many", async (param, body) => {
    const response = await post("/v1/completions", await show.site.account(), { model: "m", ...body });
    expect(await refusal(response)).toEqual([400, "invalid_request", param]);
  });
});

describe("how many choices there may be", () => {
  it.each([0, 9, -1, 1.5, "2", [2], true])("is a whole number from 1 to 8: not %j", async (n) => {
    const response = await ask(await show.site.account(), { ...request("nobody's", 5), n });
    expect(await refusal(response)).toEqual([400, "invalid_request", "n"]);
  });

  it("is nothing that Responses have", async () => {
    const response = await post("/v1/responses", await show.site.account(), {
      model: "m",
      input: "Hello",
      n: 2,
    });
    expect(await refusal(response)).toEqual([400, "invalid_request", "n"]);
  });
});

describe("where one of the choices goes wrong", () => {
  it("a refusal of it is the answer: the others are cancelled, and nobody pays", async () => {
    const [model, consumer] = [show.newModel(), await show.site.account()];
    const refused: Script = { acceptMs: 150, fault: { type: "refuse", reason: "too_long" } };
    const provider = await show.provider(model, withSeed(72, refused, { paceMs: 20 }));
    for (const stream of [true, false]) {
      const response = await ask(consumer, choices(4, model, 100, { stream }));
      expect(await refusal(response)).toEqual([400, "context_length_exceeded", "messages"]);
      expect(response.headers.get("x-should-retry")).toBe("false");
    }
    expect(await costOf(consumer)).toBe(0);
    await expect
      .poll(() => provider.jobs.filter(({ heard }) => heard.some(({ type }) => type === "cancel")).length)
      .toBe(6);
    // All slots are free again.
    expect((await ask(consumer, choices(2, model, 5, { seed: 1 }))).status).toBe(200);
  });

  it("an account that can pay for one alone is refused, and nothing of it stays held", async () => {
    const [model, rich] = [show.newModel(), await show.site.account()];
    await show.provider(model);
    const body = choices(1, model, 5, { max_completion_tokens: 1_000, stream: false });
    const job = (await ask(rich, body)).headers.get("x-request-id");
    const { held } = await show.site.ended(job);
    const credits = ((held * 1.5) / 1e9).toFixed(9);
    const consumer = await show.site.account(credits);
    const before = (await consumer.statement()).balanceNano;
    for (const stream of [true, false])
      expect(await refusal(await ask(consumer, { ...body, n: 2, stream }))).toEqual([
        402,
        "insufficient_funds",
        null,
      ]);
    await expect.poll(async () => (await consumer.statement()).heldNano).toBe(0);
    expect((await consumer.statement()).balanceNano).toBe(before);
    expect((await ask(consumer, body)).status).toBe(200);
  });

  it("more than may wait at once are refused, all of them", async () => {
    const [model, consumer] = [show.newModel(), await show.site.account()];
    const provider = await show.provider(model, { firstTokenMs: 1_500 }, { slots: 1 });
    const first = ask(consumer, choices(3, model, 5));
    await expect.poll(() => provider.jobs.length).toBe(1);
    const response = await ask(consumer, choices(8, model, 5));
    expect(await refusal(response)).toEqual([429, "rate_limited", null]);
    expect(response.headers.get("x-ratelimit-limit-requests")).toBe("8");
    expect(reports(await (await first).text(), 3).every(({ end }) => end === "done")).toBe(true);
    await costOf(consumer);
  });

  it("one whose provider is lost is gone on with by another, while the others flow", async () => {
    const [model, consumer] = [show.newModel(), await show.site.account()];
    const cut = await show.provider(model, withSeed(71, { fault: { type: "hush", at: 4 } }, { paceMs: 20 }));
    const other = await show.provider(model);
    const body = choices(3, model, 40);
    const all = reports(await (await ask(consumer, body)).text(), 3);
    expect(all.map(({ faults, end }) => [faults, end])).toEqual(times(3, [[], "done"]));
    expect(all.map(({ text }) => text)).toEqual(undisturbedChoices(body));
    expect([cut.jobs.length, other.jobs.length]).toEqual([3, 1]);
    await costOf(consumer);
  });

  it("one that nobody can go on with ends the stream by one error, and the others are cancelled", async () => {
    const [model, consumer] = [show.newModel(), await show.site.account()];
    const fault: Script = { fault: { type: "fail", at: 3, tellsUsage: false } };
    const provider = await show.provider(model, withSeed(71, fault, { paceMs: 20 }));
    const text = await (await ask(consumer, choices(3, model, 200))).text();
    expect(text.match(/"error":/g)).toHaveLength(1);
    const all = reports(text, 3);
    expect(all.map(({ faults, end, error }) => [faults, end, error?.code])).toEqual(
      times(3, [[], "error", "provider_failed"]),
    );
    await expect
      .poll(() => provider.jobs.filter(({ heard }) => heard.some(({ type }) => type === "cancel")).length)
      .toBe(2);
    expect(await costOf(consumer)).toBeGreaterThan(0);
  });

  it("one that fails late breaks off a whole answer, and nobody pays", async () => {
    const [model, consumer] = [show.newModel(), await show.site.account()];
    const fault: Script = {
      acceptMs: 100,
      firstTokenMs: 1_000,
      paceMs: 700,
      fault: { type: "fail", at: 3, tellsUsage: true },
    };
    await show.provider(model, withSeed(71, fault));
    const response = await ask(consumer, choices(2, model, 20, { stream: false }));
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
    expect(await costOf(consumer)).toBe(0);
  });
});

describe("a consumer who hangs up", () => {
  it.each([
    ["in the middle of a stream", { stream: true }, { paceMs: 10 }, 300],
    ["before a stream has begun", { stream: true }, { firstTokenMs: 1_900 }, 100],
    ["while nothing comes", { stream: true }, { firstTokenMs: 1_900 }, 900],
    ["while a whole answer is written", { stream: false }, { paceMs: 30 }, 1_000],
  ])("frees all slots %s", async (_, more, script, afterMs) => {
    const [model, consumer] = [show.newModel(), await show.site.account()];
    const provider = await show.provider(model, withSeed(1, {}, script));
    const signal = AbortSignal.timeout(afterMs);
    const asked = ask(consumer, choices(4, model, 1_000, more), { signal });
    await expect(asked.then((response) => response.text())).rejects.toThrow();
    await expect
      .poll(() => provider.jobs.filter(({ heard }) => heard.some(({ type }) => type === "cancel")).length, {
        timeout: 10_000,
      })
      .toBe(4);
    await costOf(consumer);
    const ends = (await jobsOf(consumer)).map(({ ended }) => ended);
    expect(ends).toEqual(times(4, "cancelled"));
    expect((await ask(consumer, choices(1, model, 5, { seed: 1 }))).status).toBe(200);
  });
});

describe("a consumer who reads slowly", () => {
  it(
    "makes the providers of all choices pause, and loses nothing when he reads on",
    { timeout: 60_000 },
    async () => {
      const [model, consumer] = [show.newModel(), await show.site.account()];
      const filler = `${"slow reader ".repeat(5_000)}\n`;
      const provider = await show.provider(model, { tokensPerDelta: 125, filler, paceMs: 20 });
      // More than all buffers between the market and its consumer hold.
      const response = await paused(consumer, choices(2, model, 12_500, { max_tokens: 12_500 }));
      const told = (type: string) =>
        provider.jobs.filter(({ heard }) => heard.some((each) => each.type === type)).length;
      await expect.poll(() => told("pause"), { timeout: 20_000 }).toBe(2);
      response.resume();
      const all = reports(await textIn(response), 2);
      expect(
        all.map(({ faults, end, error, text }) => [faults, error?.code ?? end, text === filler.repeat(100)]),
      ).toEqual(times(2, [[], "done", true]));
      expect(told("resume")).toBe(2);
      await costOf(consumer);
    },
  );
});

/** The answer to a request, of which nothing has been read. */
async function paused({ key }: MarketAccount, body: Body): Promise<IncomingMessage> {
  const sending = httpRequest(`${show.site.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
  });
  sending.end(JSON.stringify(body));
  const [response]: IncomingMessage[] = await once(sending, "response");
  if (response === undefined) throw new Error("no response");
  return response.pause();
}

describe("with an Idempotency-Key", () => {
  it(
    "a crash in the middle neither keeps the key for ever nor lets anything be paid twice",
    { timeout: 90_000 },
    async () => {
      const [model, consumer] = [show.newModel(), await show.site.account()];
      const provider = await show.provider(model, withSeed(70, {}, { paceMs: 20 }));
      const headers = { "idempotency-key": "over a crash" };
      const body = choices(2, model, 100);
      const begun = await ask(consumer, body, { headers });
      expect(begun.status).toBe(200);
      const cutOff = begun.text().catch(() => "cut off");
      await expect
        .poll(async () => (await jobsOf(consumer)).filter(({ ended }) => ended === "finished").length)
        .toBe(1);
      await show.site.crash();
      expect(await cutOff).toBe("cut off");
      await expect.poll(() => provider.welcomes.length).toBeGreaterThan(1);
      const again = await ask(consumer, { ...body, stream: false }, { headers });
      const whole = v.parse(ChatCompletion, await again.json());
      expect(whole.choices.map(({ message }) => message.content)).toEqual(undisturbedChoices(body));
      await costOf(consumer);
      const jobs = await jobsOf(consumer);
      expect(jobs.map(({ ended }) => ended).toSorted()).toEqual(["finished", "finished", "interrupted"]);
      const paid = (await consumer.statement()).balanceNano;
      const third = await ask(consumer, body, { headers });
      expect(third.headers.get("idempotent-replayed")).toBe("true");
      expect(reports(await third.text(), 2).map(({ faults, text }) => [faults, text])).toEqual(
        undisturbedChoices(body).map((text) => [[], text]),
      );
      expect((await consumer.statement()).balanceNano).toBe(paid);
    },
  );
});
