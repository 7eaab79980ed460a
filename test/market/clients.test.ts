import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { APICallError, generateText, streamText } from "ai";
import OpenAI, { AuthenticationError, BadRequestError, NotFoundError } from "openai";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import * as v from "valibot";
import { tinyModel, whyNoLlama } from "../../agent/testing.ts";
import { ChatCompletion, ChatCompletionChunk } from "../../protocol/chat-completion.ts";
import { Model } from "../../protocol/model.ts";
import { runAgent } from "../../scripts/agent-process.ts";
import { mockOffer, startMock, type MockProvider } from "./mock-provider.ts";
import { startMarket, type MarketAccount, type MarketSite } from "./site.ts";
import { watchedWire } from "./wire-check.ts";

/** Those of `npm start`, since a model works here, on a machine that has other things to do. */
const LIMITS = { acceptMs: 10_000, firstTokenMs: 60_000, stallMs: 30_000, totalMs: 120_000, waitMs: 60_000 };

const TINY = "tabarena-tiny";
const capital = [{ role: "user" as const, content: "What is the capital of France?" }];
const CAPITAL = "The capital of France is Paris.";
/** Of a small vocabulary: most of what is ever said. */
const FORBIDDEN = Array.from({ length: 1_000 }, (_, id) => id + 3);
const count = [{ role: "user" as const, content: "Count to 20." }];

const wire = watchedWire();
let site: MarketSite;
let consumer: MarketAccount;
let owner: MarketAccount;
const mocks: MockProvider[] = [];
const ends: (() => Promise<void>)[] = [];

beforeAll(async () => {
  site = await startMarket({ limits: LIMITS });
  [consumer, owner] = [await site.account(), await site.account("0")];
});
afterEach(() => Promise.all(mocks.splice(0).map((mock) => mock.close())));
afterAll(async () => {
  await Promise.all(ends.map((end) => end()));
  await site?.close();
});

/** A client of OpenAI's, and how often it has sent a request. */
function openai(
  wishes: { key?: string; prefix?: string; retries?: number; onSend?: () => Promise<void> } = {},
) {
  const { key = consumer.key, prefix = "/v1", retries, onSend } = wishes;
  const sent = { count: 0 };
  const client = new OpenAI({
    apiKey: key,
    baseURL: site.url + prefix,
    ...(retries !== undefined && { maxRetries: retries }),
    fetch: async (input, init) => {
      sent.count++;
      const response = await wire.fetch(input, init);
      await onSend?.();
      return response;
    },
  });
  return { client, sent };
}

/** A provider that does as it is told, for what the tiny model cannot show. */
async function mockOf(model: string): Promise<MockProvider> {
  const { token } = await owner.provider();
  const mock = startMock({ url: site.url, token, offers: [mockOffer(model)], script: { paceMs: 5 } });
  mocks.push(mock);
  await mock.ready();
  return mock;
}

const aiSdk = (key = consumer.key) =>
  createOpenAICompatible({
    name: "tabarena",
    apiKey: key,
    baseURL: `${site.url}/v1`,
    includeUsage: true,
    fetch: wire.fetch,
  });

describe.skipIf(whyNoLlama !== null)(`the native agent with the tiny model ${whyNoLlama ?? ""}`, () => {
  beforeAll(async () => {
    const { token } = await owner.provider("tiny");
    const lines: string[] = [];
    const end = runAgent(agentSettings(token), (line) => void lines.push(line));
    ends.push(end);
    await vi.waitUntil(() => lines.some((line) => line.includes("connected to")), { timeout: 120_000 });
  });

  describe("serves the official client", () => {
    it.each(["/v1", ""])("at %j, with a whole answer", async (prefix) => {
      const { client } = openai({ prefix });
      const { data, request_id: job } = await client.chat.completions
        .create({ model: TINY, messages: capital, temperature: 0 })
        .withResponse();
      const { id, choices, usage } = v.parse(ChatCompletion, { ...data });
      expect(choices[0]).toMatchObject({ message: { content: CAPITAL }, finish_reason: "stop" });
      expect(usage.completion_tokens).toBeGreaterThan(2);
      expect(id).toBe(`chatcmpl-${job}`);
    });

    it("with a stream that says the same, and what it used and costs", async () => {
      const { client } = openai();
      const stream = await client.chat.completions.create({
        model: TINY,
        messages: capital,
        temperature: 0,
        stream: true,
        stream_options: { include_usage: true },
      });
      let text = "";
      let usage: OpenAI.CompletionUsage | null | undefined;
      for await (const chunk of stream) {
        v.assert(ChatCompletionChunk, chunk);
        text += chunk.choices[0]?.delta.content ?? "";
        usage = chunk.usage;
      }
      expect(text).toBe(CAPITAL);
      expect(usage?.total_tokens).toBe((usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0));
    });

    it("with developer messages and messages in parts", async () => {
      const { client } = openai();
      const completion = await client.chat.completions.create({
        model: TINY,
        messages: [
          { role: "developer", content: "You are a pirate." },
          { role: "user", content: [{ type: "text", text: "What is the capital of France?" }] },
        ],
        temperature: 0,
      });
      expect(completion.choices[0]?.message.content).toContain("Paris");
    });

    it("with the same story for the same seed", async () => {
      const { client } = openai();
      const tell = async (seed: number) => {
        const messages = [{ role: "user" as const, content: "Tell me a story about a fox." }];
        const completion = await client.chat.completions.create({
          model: TINY,
          messages,
          seed,
          temperature: 1,
        });
        return completion.choices[0]?.message.content;
      };
      const story = await tell(7);
      expect(await tell(7)).toBe(story);
      expect(new Set([story, await tell(8), await tell(9)]).size).toBeGreaterThan(1);
    });

    it("with the same words at temperature 0, whole or as a stream, whatever the seed", async () => {
      const { client } = openai();
      const asked = { model: TINY, messages: count, temperature: 0, max_tokens: 24 };
      const texts = new Set<string | null | undefined>();
      for (const seed of [1, 2]) {
        const whole = await client.chat.completions.create({ ...asked, seed });
        const { choices } = await client.chat.completions.stream({ ...asked, seed }).finalChatCompletion();
        for (const choice of [whole.choices[0], choices[0]]) texts.add(choice?.message.content);
      }
      expect([texts.size, texts.has("")]).toEqual([1, false]);
    });

    it.each<[string, object]>([
      ["a penalty for what was said before", { frequency_penalty: 2 }],
      ["tokens that may not be said", { logit_bias: Object.fromEntries(FORBIDDEN.map((id) => [id, -100])) }],
    ])("with other words for %s", async (_, fields) => {
      const { client } = openai();
      const asked = { model: TINY, messages: count, temperature: 0, max_tokens: 48 };
      const say = async (more: object) =>
        (await client.chat.completions.create({ ...asked, ...more })).choices[0]?.message.content;
      expect(await say(fields)).not.toBe(await say({}));
    });

    it("where nothing that it asks for may be without effect", async () => {
      const { client } = openai();
      const asked = { model: TINY, messages: capital, temperature: 0, seed: 7, logprobs: true };
      const body = { ...asked, provider: { require_parameters: true } };
      const { choices } = await client.chat.completions.create(body);
      expect(choices[0]?.message.content).toBe(CAPITAL);
    });

    it("up to a stop string, which is not part of the answer", async () => {
      const { client } = openai();
      const completion = await client.chat.completions.create({
        model: TINY,
        messages: capital,
        temperature: 0,
        stop: [" Paris"],
      });
      expect(completion.choices[0]).toMatchObject({
        message: { content: "The capital of France is" },
        finish_reason: "stop",
      });
    });

    it.each(["max_tokens", "max_completion_tokens"] as const)(
      "up to as many tokens as %s says",
      async (field) => {
        const { client } = openai();
        const completion = await client.chat.completions.create({
          model: TINY,
          messages: count,
          temperature: 0,
          [field]: 5,
        });
        expect(completion.choices[0]?.finish_reason).toBe("length");
        expect(completion.usage?.completion_tokens).toBe(5);
      },
    );

    it("with the probabilities of its tokens", async () => {
      const { client } = openai();
      const completion = await client.chat.completions.create({
        model: TINY,
        messages: capital,
        temperature: 0,
        logprobs: true,
        top_logprobs: 3,
      });
      const tokens = completion.choices[0]?.logprobs?.content ?? [];
      expect(tokens.length).toBeGreaterThan(2);
      for (const { logprob, top_logprobs } of tokens) {
        expect(logprob).toBeLessThanOrEqual(0);
        expect(top_logprobs).toHaveLength(3);
        expect(top_logprobs[0]?.logprob).toBeCloseTo(logprob, 5);
      }
    });

    it("that breaks a stream off, and pays no more than came", async () => {
      const { client } = openai();
      const stream = await client.chat.completions.create({ model: TINY, messages: count, stream: true });
      let job = "";
      for await (const { id } of stream) {
        job = id.replace("chatcmpl-", "");
        break;
      }
      const { ended, completion_tokens } = await site.ended(job);
      expect(["cancelled", "finished"]).toContain(ended);
      if (ended === "cancelled") expect(completion_tokens).toBeLessThan(60);
    });

    it("with the list of models, and each of them", async () => {
      const { client } = openai();
      const { data } = await client.models.list();
      expect(data.map(({ id }) => id)).toContain(TINY);
      const model = await client.models.retrieve(TINY);
      expect(v.parse(Model, { ...model })).toMatchObject({
        id: TINY,
        owned_by: "tiny",
        pricing: { completion: "0.000000005" },
        offers: [
          {
            provider: "tiny",
            price: { completion: "0.005" },
            features: expect.arrayContaining(["logprobs"]),
          },
        ],
      });
    });
  });

  describe("serves the AI SDK", () => {
    it("with a whole answer", async () => {
      const { text, usage, finishReason } = await generateText({
        model: aiSdk()(TINY),
        prompt: "What is the capital of France?",
        temperature: 0,
      });
      expect([text, finishReason]).toEqual([CAPITAL, "stop"]);
      expect(usage.outputTokens).toBeGreaterThan(2);
    });

    it("with a stream", async () => {
      const result = streamText({
        model: aiSdk()(TINY),
        prompt: "What is the capital of France?",
        temperature: 0,
      });
      let text = "";
      for await (const piece of result.textStream) text += piece;
      expect([text, await result.finishReason]).toEqual([CAPITAL, "stop"]);
      const { inputTokens, outputTokens, totalTokens } = await result.usage;
      expect(totalTokens).toBe((inputTokens ?? NaN) + (outputTokens ?? NaN));
    });
  });

  const agentSettings = (token: string) => ({
    url: site.url,
    token,
    model: TINY,
    gguf: tinyModel,
    price: "0.005",
    slots: 2,
    threads: 1,
  });
});

describe("the official client", () => {
  const messages = [{ role: "user" as const, content: "10 tokens, please" }];

  it.each([
    ["an unknown key", { key: `tab-key-${"0".repeat(64)}` }, {}, AuthenticationError, "invalid_api_key"],
    ["a model that nobody ever offered", {}, { model: "unheard-of" }, NotFoundError, "model_not_found"],
    ["a field that is wrong", {}, { temperature: 3 }, BadRequestError, "invalid_request"],
  ])("is told %s once, as an error of its own kind", async (_, wishes, fields, kind, code) => {
    await mockOf("errors");
    const { client, sent } = openai(wishes);
    const error = await client.chat.completions
      .create({ model: "errors", messages, ...fields })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(kind);
    expect(error).toMatchObject({ code, requestID: expect.stringMatching(/./) });
    expect(sent.count).toBe(1);
  });

  it("does not send again what there are no funds for", async () => {
    await mockOf("dear");
    const { client, sent } = openai({ key: (await site.account("0")).key });
    const error = await client.chat.completions
      .create({ model: "dear", messages })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ status: 402, code: "insufficient_funds", type: "insufficient_quota" });
    expect(sent.count).toBe(1);
  });

  it("sends again when no provider was there, and is served when one has come", async () => {
    const model = "late";
    const before = await mockOf(model);
    await before.close();
    await expect.poll(async () => (await listed()).includes(model)).toBe(false);
    let mock: MockProvider | null = null;
    const { client, sent } = openai({
      retries: 5,
      onSend: async () => {
        mock ??= await mockOf(model);
      },
    });
    const completion = await client.chat.completions.create({ model, messages });
    expect(completion.choices[0]?.finish_reason).toBe("stop");
    expect(sent.count).toBe(2);
  });

  it("throws where a stream ends by an error event", async () => {
    const { token } = await owner.provider();
    const offers = [mockOffer("broken", { features: [] })];
    const script = { fault: { type: "cut", at: 3 } } as const;
    const mock = startMock({ url: site.url, token, offers, script, reconnectMs: null });
    mocks.push(mock);
    await mock.ready();
    const { client } = openai();
    const stream = await client.chat.completions.create({ model: "broken", messages, stream: true });
    let chunks = 0;
    const reading = async (): Promise<void> => {
      for await (const _ of stream) chunks++;
    };
    await expect(reading()).rejects.toMatchObject({ code: "provider_failed" });
    expect(chunks).toBe(4);
  });

  it("puts tool calls together from their pieces", async () => {
    await mockOf("tools");
    const { client } = openai();
    const tool = { type: "function" as const, function: { name: "look", parameters: { type: "object" } } };
    const stream = client.chat.completions.stream({ model: "tools", messages, tools: [tool] });
    const { choices } = await stream.finalChatCompletion();
    expect(choices[0]?.finish_reason).toBe("tool_calls");
    const [call] = choices[0]?.message.tool_calls ?? [];
    if (call?.type !== "function") throw new Error("no call of a function");
    expect(call.function.name).toBe("look");
    expect(JSON.parse(call.function.arguments)).toHaveProperty("text");
  });

  const listed = async (): Promise<string[]> =>
    (await openai().client.models.list()).data.map(({ id }) => id);
});

describe("the AI SDK", () => {
  const prompt = "10 tokens, please";

  it("does not send again what there are no funds for", async () => {
    await mockOf("dear-too");
    const poor = aiSdk((await site.account("0")).key);
    const error = await generateText({ model: poor("dear-too"), prompt }).catch((reason: unknown) => reason);
    expect(APICallError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ statusCode: 402, isRetryable: false });
  });

  it("stops the provider when its signal is aborted", async () => {
    const mock = await mockOf("long");
    const abort = new AbortController();
    const { textStream } = streamText({
      model: aiSdk()("long"),
      prompt: "190 tokens, please",
      abortSignal: abort.signal,
      onError: () => {},
    });
    let pieces = 0;
    for await (const _ of textStream) if (++pieces === 5) abort.abort();
    await expect.poll(() => mock.jobs[0]?.heard.map(({ type }) => type)).toContain("cancel");
    expect(mock.jobs[0]?.sent.length).toBeLessThan(190);
  });
});
