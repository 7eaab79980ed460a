import OpenAI, {
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
  BadRequestError,
  InternalServerError,
} from "openai";
import { LengthFinishReasonError } from "openai/error";
import type { ChatCompletionCreateParamsNonStreaming } from "openai/resources/chat/completions";
import { describe, expect, it } from "vitest";
import type { ChatJob } from "../../protocol/job.ts";
import type { Offer } from "../../protocol/offer.ts";
import { chatsOf } from "./mock-provider.ts";
import { stage, type StagedProvider } from "./stage.ts";
import { watchedWire } from "./wire-check.ts";

/** Long enough for a machine that has other things to do. */
const show = stage({ limits: { acceptMs: 10_000, firstTokenMs: 20_000, stallMs: 20_000, totalMs: 60_000 } });
const wire = watchedWire();

const messages = [{ role: "user" as const, content: "10 tokens, please" }];
const look = {
  type: "function" as const,
  function: { name: "look", parameters: { type: "object", properties: { text: { type: "string" } } } },
};
const tell = { type: "function" as const, function: { name: "tell" } };
const schema = { type: "object", properties: { text: { type: "string" } }, required: ["text"] };
const said = { name: "said", schema, strict: true };

/** The official client of somebody new. */
async function client(retries = 0): Promise<OpenAI> {
  const { key } = await show.site.account();
  return new OpenAI({
    apiKey: key,
    baseURL: `${show.site.url}/v1`,
    maxRetries: retries,
    fetch: wire.fetch,
  });
}

type Fields = Partial<Omit<ChatCompletionCreateParamsNonStreaming, "model" | "stream">> & {
  provider?: object;
};

/** What a provider is asked for where the client asks for this, beside 10 tokens; and what is answered. */
async function asked(fields: Fields, offer: Partial<Offer> = {}) {
  const model = show.newModel();
  const provider = await show.provider(model, {}, { offer });
  const completion = await (await client()).chat.completions.create({ model, messages, ...fields });
  const [job] = chatsOf(provider);
  if (job === undefined) throw new Error("nobody was asked");
  return { job, completion };
}

describe("an option of the official client's", () => {
  const sampling = (wishes: Partial<ChatJob["sampling"]>) => ({ sampling: expect.objectContaining(wishes) });

  it.each<[name: string, fields: Fields, job: object, offer?: Partial<Offer>]>([
    [
      "nothing",
      {},
      { stop: [], logprobs: null, tools: [], ...sampling({ temperature: 1, topP: 1, seed: null }) },
    ],
    ["temperature 0", { temperature: 0 }, sampling({ temperature: 0 })],
    ["top_p", { top_p: 0.25 }, sampling({ topP: 0.25 })],
    [
      "penalties",
      { frequency_penalty: 0.5, presence_penalty: -2 },
      sampling({ frequencyPenalty: 0.5, presencePenalty: -2 }),
    ],
    ["a seed", { seed: 7 }, sampling({ seed: 7 })],
    ["a seed of more than 31 bits", { seed: 2 ** 40 + 5 }, sampling({ seed: 5 })],
    [
      "logit_bias",
      { logit_bias: { "5": -100, "6": 1.5 } },
      sampling({ logitBias: { "5": -100, "6": 1.5 } }),
      { features: ["logit_bias"] },
    ],
    ["a stop string", { stop: "cat" }, { stop: ["cat"] }],
    ["stop strings", { stop: ["cat", "\n"] }, { stop: ["cat", "\n"] }],
    ["max_tokens", { max_tokens: 5 }, { maxTokens: 5 }],
    ["max_completion_tokens", { max_completion_tokens: 5 }, { maxTokens: 5 }],
    ["logprobs", { logprobs: true }, { logprobs: 0 }],
    ["top_logprobs", { logprobs: true, top_logprobs: 3 }, { logprobs: 3 }],
    ["tools", { tools: [look, tell] }, { tools: [look, tell], toolChoice: "auto", parallelToolCalls: true }],
    ["tool_choice none", { tools: [look], tool_choice: "none" }, { toolChoice: "none" }],
    ["tool_choice required", { tools: [look], tool_choice: "required" }, { toolChoice: "required" }],
    [
      "tool_choice by name",
      { tools: [tell, look], tool_choice: { type: "function", function: { name: "look" } } },
      {
        toolChoice: { type: "function", function: { name: "look" } },
      },
    ],
    ["one call at a time", { tools: [look], parallel_tool_calls: false }, { parallelToolCalls: false }],
    ["an object", { response_format: { type: "json_object" } }, { responseFormat: { type: "json_object" } }],
    [
      "a schema",
      { response_format: { type: "json_schema", json_schema: said } },
      { responseFormat: { type: "json_schema", json_schema: said } },
    ],
    [
      "messages of every role, in parts",
      {
        messages: [
          { role: "system", content: "Be kind." },
          { role: "developer", content: [{ type: "text", text: "Be brief." }] },
          {
            role: "user",
            name: "ada",
            content: [
              { type: "text", text: "Hello" },
              { type: "text", text: " you" },
            ],
          },
          {
            role: "assistant",
            content: null,
            tool_calls: [{ id: "c", type: "function", function: { name: "look", arguments: "{}" } }],
          },
          { role: "tool", tool_call_id: "c", content: "a cat" },
          { role: "assistant", content: [{ type: "refusal", refusal: "No." }] },
        ],
        tools: [look],
      },
      {
        messages: [
          { role: "system", content: "Be kind." },
          { role: "developer", content: [{ type: "text", text: "Be brief." }] },
          {
            role: "user",
            name: "ada",
            content: [
              { type: "text", text: "Hello" },
              { type: "text", text: " you" },
            ],
          },
          {
            role: "assistant",
            tool_calls: [{ id: "c", type: "function", function: { name: "look", arguments: "{}" } }],
          },
          { role: "tool", tool_call_id: "c", content: "a cat" },
          { role: "assistant", content: [{ type: "refusal", refusal: "No." }] },
        ],
      },
    ],
  ])("reaches the provider: %s", async (_, fields, job, offer) => {
    expect((await asked(fields, offer)).job).toMatchObject(job);
  });

  it.each<[name: string, fields: object]>([
    ["user", { user: "u" }],
    ["metadata", { metadata: { a: "b" } }],
    ["store", { store: true }],
    ["service_tier", { service_tier: "flex" }],
    ["verbosity", { verbosity: "low" }],
    ["reasoning_effort", { reasoning_effort: "minimal" }],
    ["prediction", { prediction: { type: "content", content: "x" } }],
    ["prompt_cache_key", { prompt_cache_key: "k" }],
    ["prompt_cache_retention", { prompt_cache_retention: "24h" }],
    ["safety_identifier", { safety_identifier: "s" }],
    ["modalities", { modalities: ["text"] }],
    ["fields that nobody knows", { thinking: { deeply: true }, top_k: 5, min_p: 0.1 }],
    [
      "null for what is left out",
      { stop: null, seed: null, logit_bias: null, max_tokens: null, temperature: null },
    ],
    ["null for what is not served", { functions: null, audio: null, web_search_options: null }],
  ])("changes nothing: %s", async (_, fields) => {
    const plain = await asked({});
    const { job, completion } = await asked(JSON.parse(JSON.stringify(fields)));
    expect(job).toEqual(plain.job);
    expect(completion.choices).toEqual(plain.completion.choices);
  });

  const tools = Array.from({ length: 129 }, (_, at) => ({ ...tell, function: { name: `tell-${at}` } }));
  it.each<[param: string, fields: object]>([
    ["messages", { messages: [] }],
    ["messages[0].role", { messages: [{ role: "function", name: "f", content: "x" }] }],
    ["messages[0].content", { messages: [{ role: "user" }] }],
    ["messages[0].content[0].type", { messages: [{ role: "user", content: [{ type: "video" }] }] }],
    ["temperature", { temperature: 2.1 }],
    ["top_p", { top_p: -0.1 }],
    ["frequency_penalty", { frequency_penalty: 3 }],
    ["seed", { seed: 1.5 }],
    ["stop", { stop: ["a", "b", "c", "d", "e"] }],
    ["stop", { stop: "" }],
    ["max_tokens", { max_tokens: 5, max_completion_tokens: 5 }],
    ["max_completion_tokens", { max_completion_tokens: 0 }],
    ["top_logprobs", { top_logprobs: 2 }],
    ["top_logprobs", { logprobs: true, top_logprobs: 21 }],
    ["logit_bias.cat", { logit_bias: { cat: 1 } }],
    ["logit_bias.5", { logit_bias: { "5": 101 } }],
    ["stream_options", { stream_options: { include_usage: true } }],
    ["tools", { tools }],
    ["tools[0].function.name", { tools: [{ type: "function", function: { name: "no spaces" } }] }],
    ["tools[0].type", { tools: [{ type: "custom", custom: { name: "c" } }] }],
    ["tool_choice", { tool_choice: "required" }],
    ["tool_choice", { tools: [look], tool_choice: { type: "function", function: { name: "tell" } } }],
    ["response_format.type", { response_format: { type: "yaml" } }],
    ["response_format.json_schema", { response_format: { type: "json_schema" } }],
    ["functions", { functions: [{ name: "f" }] }],
    ["function_call", { function_call: "auto" }],
    ["audio", { audio: { voice: "x", format: "wav" } }],
    ["modalities[1]", { modalities: ["text", "audio"] }],
    ["web_search_options", { web_search_options: {} }],
    ["provider.fastest", { provider: { fastest: true } }],
    ["metadata.a", { metadata: { a: 5 } }],
  ])("is refused by its name where it is wrong or not served: %s %j", async (param, fields) => {
    const body = JSON.parse(JSON.stringify({ model: "whatever", messages, ...fields }));
    const refused: unknown = await (
      await client()
    ).chat.completions
      .create(body)
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(BadRequestError);
    expect(refused).toMatchObject({ code: "invalid_request", type: "invalid_request_error", param });
  });
});

describe("the official client's wishes about its provider", () => {
  it("go as a field that it does not know, and are obeyed", async () => {
    const model = show.newModel();
    const [, second] = [await show.provider(model), await show.provider(model)];
    const body = { model, messages, provider: { only: [second.id] } };
    const { response } = await (await client()).chat.completions.create(body).withResponse();
    expect(response.headers.get("x-provider")).toBe(second.id);
  });
});

describe("the official client's helpers", () => {
  it("put a stream together: its text, its usage, its probabilities", async () => {
    const model = show.newModel();
    await show.provider(model);
    const openai = await client();
    const wishes = { model, messages, temperature: 0, logprobs: true };
    const stream = openai.chat.completions.stream({ ...wishes, stream_options: { include_usage: true } });
    let text = "";
    stream.on("content", (delta) => void (text += delta));
    const { choices, usage } = await stream.finalChatCompletion();
    const whole = await openai.chat.completions.create(wishes);
    expect(choices[0]?.message.content).toBe(whole.choices[0]?.message.content);
    expect([text, choices[0]?.logprobs?.content?.length]).toEqual([choices[0]?.message.content, 10]);
    expect(usage).toEqual(whole.usage);
  });

  it("put several answers together, as they come whole", async () => {
    const model = show.newModel();
    await show.provider(model);
    const openai = await client();
    const wishes = { model, messages, seed: 7, n: 3 };
    const { choices } = await openai.chat.completions.stream(wishes).finalChatCompletion();
    const whole = await openai.chat.completions.create(wishes);
    const texts = ({ choices }: OpenAI.ChatCompletion) =>
      choices.map(({ index, message }) => [index, message.content]);
    expect(choices.map(({ index, message }) => [index, message.content])).toEqual(texts(whole));
    expect(new Set(whole.choices.map(({ message }) => message.content)).size).toBe(3);
  });

  it("call functions, and send back what they say", async () => {
    const model = show.newModel();
    const provider = await show.provider(model);
    const heard: string[] = [];
    const run = (text: string): string => (heard.push(text), "a cat");
    const runner = (await client()).chat.completions.runTools(
      {
        model,
        messages,
        tools: [{ type: "function", function: { ...look.function, function: run, description: "looks" } }],
      },
      { maxChatCompletions: 2 },
    );
    await runner.done();
    expect(heard).toHaveLength(2);
    const [, second] = chatsOf(provider);
    expect(second?.messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool"]);
    expect(second?.messages[2]).toMatchObject({ content: "a cat" });
  });

  it("call functions in streams too", async () => {
    const model = show.newModel();
    await show.provider(model);
    const heard: string[] = [];
    const run = (text: string): string => (heard.push(text), "a cat");
    const runner = (await client()).chat.completions.runTools(
      {
        model,
        messages,
        stream: true,
        tools: [{ type: "function", function: { ...look.function, function: run, description: "looks" } }],
      },
      { maxChatCompletions: 1 },
    );
    await runner.done();
    expect(heard.map((text) => JSON.parse(text))).toEqual([{ text: expect.any(String) }]);
  });

  it("parse an object after a schema, and throw where it was cut off", async () => {
    const model = show.newModel();
    await show.provider(model);
    const openai = await client();
    const wishes = { model, messages, response_format: { type: "json_schema" as const, json_schema: said } };
    const { choices } = await openai.chat.completions.parse(wishes);
    expect(choices[0]?.message.parsed).toEqual({ text: expect.any(String) });
    const cut = openai.chat.completions.parse({ ...wishes, max_tokens: 4 });
    await expect(cut).rejects.toBeInstanceOf(LengthFinishReasonError);
  });
});

describe("several calls at once", () => {
  /** Says two calls whose pieces come in turn, to the job that came as the `at`th. */
  async function callTwice(provider: StagedProvider, at: number): Promise<void> {
    await expect.poll(() => provider.jobs.length).toBe(at + 1);
    const job = provider.jobs[at]?.job.job ?? "";
    const pieces = [
      { index: 0, name: "look", arguments: '{"text":' },
      { index: 1, name: "tell", arguments: "{" },
      { index: 0, arguments: '"a"}' },
      { index: 1, arguments: "}" },
    ];
    provider.say({ type: "accept", job, promptTokens: 9 });
    for (const [seq, piece] of pieces.entries())
      provider.say({ type: "delta", job, seq, text: "", tokenCount: 1, toolCalls: [piece] });
    const usage = { promptTokens: 9, cachedPromptTokens: 0, completionTokens: pieces.length };
    provider.say({
      type: "finished",
      job,
      reason: "tool_calls",
      deltas: pieces.length,
      usage,
      timings: null,
    });
  }

  it("are put together by their places, in chat and in responses, whole and as streams", async () => {
    const model = show.newModel();
    const provider = await show.provider(
      model,
      { fault: { type: "hush", at: "before accept" } },
      { slots: 8 },
    );
    const openai = await client();
    const chat = { model, messages, tools: [look, tell] };
    const tools = chat.tools.map(({ function: { name } }) => ({
      type: "function" as const,
      name,
      parameters: { type: "object" },
      strict: false,
    }));
    const responses = { model, input: "Look!", tools };
    const asked = [
      async () => (await openai.chat.completions.create(chat)).choices[0]?.message.tool_calls,
      async () =>
        (await openai.chat.completions.stream(chat).finalChatCompletion()).choices[0]?.message.tool_calls,
      async () => (await openai.responses.create(responses)).output,
      async () => (await openai.responses.stream(responses).finalResponse()).output,
    ];
    for (const [at, ask] of asked.entries()) {
      const [calls] = await Promise.all([ask(), callTwice(provider, at)]);
      const plain = calls?.map((call) => ("function" in call ? call.function : call));
      expect([at, plain]).toMatchObject([
        at,
        [
          { name: "look", arguments: '{"text":"a"}' },
          { name: "tell", arguments: "{}" },
        ],
      ]);
    }
  });
});

describe("the official client's patience", () => {
  it("ends at its timeout, and so does the job", async () => {
    const model = show.newModel();
    const provider = await show.provider(model, { firstTokenMs: 10_000 });
    const openai = await client();
    const asking = openai.chat.completions.create({ model, messages }, { timeout: 1_000 });
    await expect(asking).rejects.toBeInstanceOf(APIConnectionTimeoutError);
    await expect.poll(() => provider.jobs[0]?.heard.map(({ type }) => type)).toContain("cancel");
  });

  it("ends by its signal, and so does the job", async () => {
    const model = show.newModel();
    const provider = await show.provider(model, { firstTokenMs: 10_000 });
    const abort = new AbortController();
    const asking = (await client()).chat.completions.create({ model, messages }, { signal: abort.signal });
    asking.catch(() => undefined);
    await expect.poll(() => provider.jobs.length).toBe(1);
    abort.abort();
    await expect(asking).rejects.toBeInstanceOf(APIUserAbortError);
    await expect.poll(() => provider.jobs[0]?.heard.map(({ type }) => type)).toContain("cancel");
  });

  it("has an error of its own kind for providers that fail, and asks as often as it was told to", async () => {
    const model = show.newModel();
    const failing = { fault: { type: "fail", at: 0, tellsUsage: false } } as const;
    const provider = await show.provider(model, failing, { offer: { features: [] } });
    const openai = await client(1);
    const before = wire.statuses.length;
    const refused: unknown = await openai.chat.completions
      .create({ model, messages })
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(InternalServerError);
    expect(refused).toBeInstanceOf(APIError);
    expect(refused).toMatchObject({
      status: 502,
      code: "provider_failed",
      type: "server_error",
      param: null,
    });
    expect(wire.statuses.slice(before)).toEqual([502, 502]);
    expect(provider.jobs.length).toBeGreaterThanOrEqual(2);
  });
});
