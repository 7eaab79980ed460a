import { ChatOpenAI, type ChatOpenAIFields } from "@langchain/openai";
import * as v from "valibot";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { tinyModel, whyNoLlama } from "../../agent/testing.ts";
import { ModelOffers } from "../../protocol/market.ts";
import { runAgent } from "../../scripts/agent-process.ts";
import { chatsOf, mockOffer, startMock, type MockProvider } from "./mock-provider.ts";
import type { Script } from "./mock-script.ts";
import { startMarket, type MarketAccount, type MarketSite } from "./site.ts";
import { watchedWire } from "./wire-check.ts";

/** One request may wait, so that a second is refused: long enough for that to be met, and for a model that works here. */
const LIMITS = {
  acceptMs: 10_000,
  firstTokenMs: 60_000,
  stallMs: 30_000,
  totalMs: 120_000,
  waitMs: 60_000,
  waitingPerConsumer: 1,
};

const TINY = "tabarena-tiny";
const QUESTION = "10 tokens, please";

const wire = watchedWire();
let site: MarketSite;
let consumer: MarketAccount;
let owner: MarketAccount;
const mocks: MockProvider[] = [];

beforeAll(async () => {
  site = await startMarket({ limits: LIMITS });
  [consumer, owner] = [await site.account(), await site.account("0")];
});
afterEach(() => Promise.all(mocks.splice(0).map((mock) => mock.close())));
afterAll(() => site?.close());

/** The model as LangChain has it, and how often it has sent a request. */
function chatModel(
  model: string,
  { key = consumer.key, retries = 0 } = {},
  fields: Partial<ChatOpenAIFields> = {},
) {
  const answers: number[] = [];
  const chat = new ChatOpenAI({
    ...fields,
    model,
    apiKey: key,
    maxRetries: retries,
    configuration: {
      baseURL: `${site.url}/v1`,
      fetch: async (input, init) => {
        const response = await wire.fetch(input, init);
        answers.push(response.status);
        return response;
      },
    },
  });
  return { chat, answers };
}

async function mockOf(model: string, script: Script = { paceMs: 5 }, slots = 4): Promise<MockProvider> {
  const { token } = await owner.provider();
  const mock = startMock({ url: site.url, token, offers: [mockOffer(model)], script, slots });
  mocks.push(mock);
  await mock.ready();
  return mock;
}

const Used = v.object({
  usage_metadata: v.object({ input_tokens: v.number(), output_tokens: v.number(), total_tokens: v.number() }),
});
const usedBy = (message: unknown) => v.parse(Used, message).usage_metadata;

describe("LangChain", () => {
  it("is given a whole answer, and what it used", async () => {
    await mockOf("lc-whole");
    const { chat } = chatModel("lc-whole");
    const message = await chat.invoke(QUESTION);
    expect(message.text.length).toBeGreaterThan(10);
    expect(message.response_metadata).toMatchObject({ finish_reason: "stop", model_name: "lc-whole" });
    const { input_tokens: input, output_tokens: output, total_tokens: total } = usedBy(message);
    expect([output, total]).toEqual([10, input + 10]);
  });

  it("is given a stream token by token, while it is written, and what it used at its end", async () => {
    const mock = await mockOf("lc-stream", { paceMs: 20 });
    const { chat } = chatModel("lc-stream");
    let text = "";
    let pieces = 0;
    let writtenAtFirst: number | null = null;
    let last: unknown;
    for await (const chunk of await chat.stream("40 tokens, please")) {
      if (chunk.text !== "") {
        pieces++;
        writtenAtFirst ??= mock.jobs[0]?.sent.length ?? 0;
      }
      text += chunk.text;
      if (chunk.usage_metadata) last = chunk;
    }
    expect(usedBy(last).output_tokens).toBe(40);
    expect(pieces).toBeGreaterThan(20);
    expect(writtenAtFirst).toBeLessThan(40);
    expect(text).toBe(mock.jobs[0]?.sent.map((delta) => delta.text).join(""));
  });

  it("stops the provider when its signal is aborted", async () => {
    const mock = await mockOf("lc-abort");
    const abort = new AbortController();
    const reading = async (): Promise<void> => {
      const stream = await chatModel("lc-abort").chat.stream("190 tokens, please", { signal: abort.signal });
      for await (const _ of stream) abort.abort();
    };
    await reading().catch(() => undefined);
    await expect.poll(() => mock.jobs[0]?.heard.map(({ type }) => type)).toContain("cancel");
    expect(mock.jobs[0]?.sent.length).toBeLessThan(190);
  });

  const look = {
    type: "function" as const,
    function: {
      name: "look",
      description: "Looks something up.",
      parameters: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
    },
  };

  it("calls tools, whole and from their pieces, and goes on with what they gave", async () => {
    const mock = await mockOf("lc-tools");
    const chat = chatModel("lc-tools").chat.bindTools([look]);
    const asked = await chat.invoke(QUESTION);
    const [call] = asked.tool_calls ?? [];
    expect(call).toMatchObject({ name: "look", args: { text: expect.any(String) }, id: expect.any(String) });
    expect(asked.response_metadata["finish_reason"]).toBe("tool_calls");

    let gathered: typeof asked | undefined;
    for await (const chunk of await chat.stream(QUESTION)) gathered = gathered?.concat(chunk) ?? chunk;
    expect(gathered?.tool_calls?.map(({ name, args }) => ({ name, args }))).toEqual([
      { name: "look", args: call?.args },
    ]);

    const result = { role: "tool", content: "found", tool_call_id: call?.id ?? "" };
    await chat.invoke([{ role: "user", content: QUESTION }, asked, result]);
    expect(
      chatsOf(mock)
        .at(-1)
        ?.messages.map(({ role }) => role),
    ).toEqual(["user", "assistant", "tool"]);
  });

  it("is given an object after a schema", async () => {
    const mock = await mockOf("lc-object");
    const schema = {
      title: "answer",
      type: "object",
      properties: { text: { type: "string" } },
      required: ["text"],
      additionalProperties: false,
    };
    const structured = chatModel("lc-object").chat.withStructuredOutput(schema, { method: "jsonSchema" });
    expect(await structured.invoke(QUESTION)).toEqual({ text: expect.any(String) });
    expect(chatsOf(mock)[0]?.responseFormat).toMatchObject({ type: "json_schema" });
  });

  it("does not send again what there are no funds for, nor what nobody offers", async () => {
    await mockOf("lc-dear");
    const poor = chatModel("lc-dear", { key: (await site.account("0")).key, retries: 3 });
    await expect(poor.chat.invoke(QUESTION)).rejects.toMatchObject({
      status: 402,
      code: "insufficient_funds",
    });
    const unknown = chatModel("lc-unheard-of", { retries: 3 });
    await expect(unknown.chat.invoke(QUESTION)).rejects.toMatchObject({
      status: 404,
      code: "model_not_found",
      lc_error_code: "MODEL_NOT_FOUND",
    });
    const stranger = chatModel("lc-dear", { key: `tab-key-${"0".repeat(64)}`, retries: 3 });
    await expect(stranger.chat.invoke(QUESTION)).rejects.toMatchObject({
      status: 401,
      lc_error_code: "MODEL_AUTHENTICATION",
    });
    expect([poor.answers, unknown.answers, stranger.answers]).toEqual([[402], [404], [401]]);
  });

  it("sends again when too many of its requests wait, and is served when there is a place", async () => {
    const mock = await mockOf("lc-busy", { paceMs: 20 }, 1);
    const { chat, answers } = chatModel("lc-busy", { retries: 6 });
    const served = chat.invoke("190 tokens, please");
    await expect.poll(() => mock.jobs.length).toBe(1);
    const waiting = chat.invoke(QUESTION);
    await expect.poll(waitingRequests).toBe(1);
    const texts = (await Promise.all([served, waiting, chat.invoke(QUESTION)])).map(({ text }) => text);
    expect(texts.every((text) => text !== "")).toBe(true);
    expect(answers).toContain(429);
    expect(answers.filter((status) => status === 200)).toHaveLength(3);
  });

  const waitingRequests = async (): Promise<number> =>
    v.parse(ModelOffers, await (await fetch(`${site.url}/api/market/models`)).json()).waiting;
});

describe.skipIf(whyNoLlama !== null)(`LangChain with the native agent ${whyNoLlama ?? ""}`, () => {
  let end: (() => Promise<void>) | null = null;

  beforeAll(async () => {
    const { token } = await owner.provider("tiny-lc");
    const lines: string[] = [];
    const settings = {
      url: site.url,
      token,
      model: TINY,
      gguf: tinyModel,
      price: "0.005",
      slots: 1,
      threads: 1,
    };
    end = runAgent(settings, (line) => void lines.push(line));
    await vi.waitUntil(() => lines.some((line) => line.includes("connected to")), { timeout: 120_000 });
  });
  afterAll(() => end?.());

  it("is given the same answer whole and as a stream", async () => {
    // Of one that is set later the model that it is made of hears nothing.
    const { chat } = chatModel(TINY, {}, { temperature: 0 });
    const question = "What is the capital of France?";
    const { text } = await chat.invoke(question);
    let streamed = "";
    for await (const chunk of await chat.stream(question)) streamed += chunk.text;
    expect([text, streamed]).toEqual(Array(2).fill("The capital of France is Paris."));
  });
});
