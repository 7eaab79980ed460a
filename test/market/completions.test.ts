import OpenAI, { APIError, BadRequestError, NotFoundError } from "openai";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import * as v from "valibot";
import { tinyModel, whyNoLlama } from "../../agent/testing.ts";
import { parseCompletionRequest } from "../../protocol/completions.ts";
import { completionJobOf, type CompletionJob } from "../../protocol/job.ts";
import { OpenAIErrorBody } from "../../protocol/openai-error.ts";
import { TextCompletion, TextCompletionChunk } from "../../protocol/text-completion.ts";
import { runAgent } from "../../scripts/agent-process.ts";
import { textOf, writeAnswer } from "./mock-engine.ts";
import { once, stage, type StagedProvider } from "./stage.ts";
import { watchedWire } from "./wire-check.ts";

/** Long enough for a model that works here, on a machine that has other things to do. */
const show = stage({
  limits: {
    acceptMs: 10_000,
    firstTokenMs: 60_000,
    stallMs: 30_000,
    totalMs: 120_000,
    waitMs: 60_000,
  },
});
const TOKENS = 12;
const prompt = `Once upon ${TOKENS} tokens,`;

/** The one that was put up first serves it. */
const byPrice = { provider: { sort: "price" } };

/** What a provider with the artifact `a` writes that nothing disturbs. */
function written(more: object = {}): string {
  const parsed = parseCompletionRequest({ model: "m", prompt, ...more });
  if (!parsed.ok) throw new Error(parsed.message);
  return textOf(writeAnswer(completionJobOf(parsed.request, TOKENS, null, false), "a"));
}

const wire = watchedWire();

const clientOf = (key: string): OpenAI =>
  new OpenAI({ apiKey: key, baseURL: `${show.site.url}/v1`, maxRetries: 0, fetch: wire.fetch });

/** The official client, for somebody new. */
const client = async (credits?: string): Promise<OpenAI> => clientOf((await show.site.account(credits)).key);

const checked = (body: unknown): TextCompletion => v.parse(TextCompletion, body);

/** All chunks of a stream of the client's, checked one by one; and what it threw at the end. */
async function chunksOf(
  stream: AsyncIterable<unknown>,
): Promise<{ chunks: TextCompletionChunk[]; thrown: unknown }> {
  const chunks: TextCompletionChunk[] = [];
  try {
    for await (const chunk of stream) chunks.push(v.parse(TextCompletionChunk, chunk));
  } catch (error) {
    return { chunks, thrown: error };
  }
  return { chunks, thrown: null };
}

const choicesOf = (chunks: readonly TextCompletionChunk[]) =>
  chunks.flatMap(({ choices }): TextCompletionChunk["choices"][number][] => [...choices]);

const textIn = (chunks: readonly TextCompletionChunk[]): string =>
  choicesOf(chunks)
    .map(({ text }) => text)
    .join("");

/** What a provider was asked, each time. */
const jobsOf = ({ jobs }: StagedProvider): CompletionJob[] =>
  jobs.map(({ job: { request } }) => {
    if (request.type !== "completion") throw new Error(`It was asked for a ${request.type}.`);
    return request;
  });

const PRICES = { prompt: 500_000_000, cachedPrompt: 100_000_000, completion: 1_250_000_000 };

describe("the official client", () => {
  it("gets a whole text, with who served it, for how much, and what it costs", async () => {
    const model = show.newModel();
    const provider = await show.provider(model, {}, { offer: { prices: PRICES } });
    const openai = await client();
    const {
      data,
      response,
      request_id: job,
    } = await openai.completions.create({ model, prompt, max_tokens: TOKENS }).withResponse();
    const body = checked(data);
    expect(body).toMatchObject({
      id: `cmpl-${job}`,
      model,
      choices: [{ text: written(), logprobs: null, finish_reason: "stop" }],
      usage: { completion_tokens: TOKENS },
    });
    const done = await show.site.ended(job);
    expect([body.usage.cost_nano, body.usage.prompt_tokens]).toEqual([String(done.cost), done.prompt_tokens]);
    const headers = ["x-provider", "x-price-prompt", "x-price-completion"].map((name) =>
      response.headers.get(name),
    );
    expect(headers).toEqual([provider.id, "0.5", "1.25"]);
    expect(jobsOf(provider)).toMatchObject([{ prompt, continuation: null }]);
  });

  it("gets a stream that says the same, under one id, with its usage where it asks for that", async () => {
    const model = show.newModel();
    await show.provider(model);
    const openai = await client();
    const asked = { model, prompt, max_tokens: 99, stream: true } as const;
    const { chunks, thrown } = await chunksOf(await openai.completions.create(asked));
    expect([thrown, textIn(chunks)]).toEqual([null, written()]);
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
    expect(choicesOf(chunks).filter((choice) => choice.finish_reason !== null)).toMatchObject([
      { text: "", finish_reason: "stop" },
    ]);
    expect(chunks.some((chunk) => "usage" in chunk)).toBe(false);

    const withUsage = { ...asked, stream_options: { include_usage: true } };
    const told = (await chunksOf(await openai.completions.create(withUsage))).chunks;
    expect(
      told.map(({ usage }) => usage?.completion_tokens ?? null).filter((count) => count !== null),
    ).toEqual([TOKENS]);
    expect(told.at(-1)?.choices).toEqual([]);
  });

  it("gets events of data alone, and [DONE], without /v1 too", async () => {
    const model = show.newModel();
    await show.provider(model);
    const { key } = await show.site.account();
    const response = await fetch(`${show.site.url}/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify({ model, prompt, stream: true }),
    });
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    const events = (await response.text()).split("\n\n").filter((event) => !event.startsWith(":"));
    expect(events.splice(-2)).toEqual(["data: [DONE]", ""]);
    for (const event of events) v.parse(TextCompletionChunk, JSON.parse(event.replace(/^data: /, "")));
  });

  it("gets 16 tokens where it says nothing, and is told that there was more", async () => {
    const model = show.newModel();
    await show.provider(model);
    const answer = checked(await (await client()).completions.create({ model, prompt: "40 tokens" }));
    expect(answer.choices[0]?.finish_reason).toBe("length");
    expect(answer.usage.completion_tokens).toBe(16);
  });

  it("gets the prompt again where it asks for that, which costs nothing", async () => {
    const model = show.newModel();
    await show.provider(model);
    const openai = await client();
    const asked = { model, prompt, echo: true };
    const { data, request_id: job } = await openai.completions.create(asked).withResponse();
    const whole = checked(data);
    expect(whole.choices[0]?.text).toBe(prompt + written());
    expect(whole.usage.completion_tokens).toBe(TOKENS);
    expect((await show.site.ended(job)).completion_tokens).toBe(TOKENS);
    const { chunks } = await chunksOf(await openai.completions.create({ ...asked, stream: true }));
    expect([chunks[0]?.choices[0]?.text, textIn(chunks)]).toEqual([prompt, prompt + written()]);
  });

  it("gets probabilities in the older shape, the same in pieces", async () => {
    const model = show.newModel();
    await show.provider(model);
    const openai = await client();
    const asked = { model, prompt, logprobs: 2 };
    const [choice] = checked(await openai.completions.create(asked)).choices;
    expect(choice?.logprobs?.tokens.join("")).toBe(written());
    const { chunks } = await chunksOf(await openai.completions.create({ ...asked, stream: true }));
    const pieces = choicesOf(chunks).flatMap(({ logprobs }) => logprobs ?? []);
    expect(pieces.length).toBeGreaterThan(1);
    for (const list of ["tokens", "token_logprobs", "top_logprobs", "text_offset"] as const)
      expect(pieces.flatMap((piece): unknown[] => piece[list])).toEqual(choice?.logprobs?.[list]);
    const characters = [...written()];
    choice?.logprobs?.text_offset.forEach((offset, index) => {
      const token = choice.logprobs?.tokens[index] ?? "";
      expect(characters.slice(offset, offset + [...token].length).join("")).toBe(token);
    });
  });

  it("has its options told to the provider", async () => {
    const model = show.newModel();
    const provider = await show.provider(model);
    await (
      await client()
    ).completions.create({
      model,
      prompt: [prompt],
      max_tokens: 7,
      temperature: 0.5,
      top_p: 0.9,
      frequency_penalty: 1,
      presence_penalty: -1,
      seed: 42,
      stop: ["###"],
      user: "u",
      n: 1,
      best_of: 1,
    });
    expect(jobsOf(provider)).toEqual([
      {
        type: "completion",
        prompt,
        continuation: null,
        sampling: {
          temperature: 0.5,
          topP: 0.9,
          frequencyPenalty: 1,
          presencePenalty: -1,
          logitBias: {},
          seed: 42,
        },
        stop: ["###"],
        maxTokens: 7,
        logprobs: null,
        tokenIds: false,
      },
    ]);
  });
});

describe("a refusal", () => {
  const refusalOf = async (request: Promise<unknown>): Promise<APIError> => {
    const error: unknown = await request.catch((reason: unknown) => reason);
    if (!(error instanceof APIError)) throw new Error(`not refused: ${String(error)}`);
    v.parse(OpenAIErrorBody, { error: error.error });
    return error;
  };

  it("of 402 speaks of the field that this address has", async () => {
    const model = show.newModel();
    await show.provider(model);
    const error = await refusalOf((await client("0")).completions.create({ model, prompt }));
    expect(error).toMatchObject({ status: 402, code: "insufficient_funds" });
    expect(error.message).toMatch(/smaller max_tokens/);
  });

  it("of 404 names the model that nobody has", async () => {
    const error = await refusalOf((await client()).completions.create({ model: "unheard-of", prompt }));
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({ code: "model_not_found", param: "model" });
  });

  it("says so where the model is offered, but for other tasks only, and the other way round", async () => {
    const chats = show.newModel();
    const completes = show.newModel();
    await show.provider(chats, {}, { offer: { tasks: ["chat"] } });
    await show.provider(completes, {}, { offer: { tasks: ["completion"] } });
    const openai = await client();
    const messages = [{ role: "user" as const, content: "Hello" }];
    const asked: [() => Promise<unknown>, RegExp][] = [
      [() => openai.completions.create({ model: chats, prompt }), /by nobody who serves completions with it/],
      [
        () => openai.chat.completions.create({ model: completes, messages }),
        /by nobody who answers chats with it/,
      ],
    ];
    for (const [request, message] of asked) {
      const error = await refusalOf(request());
      expect(error).toBeInstanceOf(BadRequestError);
      expect(error).toMatchObject({ code: "unsupported_parameter", param: "model" });
      expect(error.message).toMatch(message);
    }
    expect(checked(await openai.completions.create({ model: completes, prompt })).choices[0]?.text).toBe(
      written(),
    );
  });

  it("of what no provider can do names the field that asks for it", async () => {
    const model = show.newModel();
    const offer = { features: [], contextTokens: 50, maxOutputTokens: 20 };
    await show.provider(model, {}, { offer });
    const openai = await client();
    const asked: [object, code: string, param: string][] = [
      [{ logprobs: 1 }, "unsupported_parameter", "logprobs"],
      [{ max_tokens: 30 }, "invalid_request", "max_tokens"],
      [{ max_tokens: 60 }, "context_length_exceeded", "prompt"],
    ];
    for (const [fields, code, param] of asked) {
      const error = await refusalOf(openai.completions.create({ model, prompt, ...fields }));
      expect(error).toMatchObject({ status: 400, code, param });
    }
  });

  it("of a prompt that is too long for the provider's engine names the prompt", async () => {
    const model = show.newModel();
    await show.provider(model, { fault: { type: "refuse", reason: "too_long" } });
    const error = await refusalOf((await client()).completions.create({ model, prompt }));
    expect(error).toMatchObject({ status: 400, code: "context_length_exceeded", param: "prompt" });
  });
});

describe("a provider that is lost in the middle", () => {
  const lost = { fault: { type: "cut", at: 5 } } as const;
  /** Of a socket that is cut, what was said last may be lost with it; of what it says before it fails, nothing is. */
  const failed = { fault: { type: "fail", at: 5, tellsUsage: false } } as const;

  it.each([
    ["goes on from what was written, given as it is", {}, true],
    ["writes it anew where nothing is left to chance", { temperature: 0 }, false],
  ])("is followed by another that %s", async (_, more, isGiven) => {
    const model = show.newModel();
    const first = await show.provider(model, once(failed));
    const second = await show.provider(model);
    const asked = { model, prompt, stream: true, echo: true, ...more, ...byPrice } as const;
    const { data, request_id: job } = await (await client()).completions.create(asked).withResponse();
    const { chunks, thrown } = await chunksOf(data);
    expect([thrown, textIn(chunks)]).toEqual([null, prompt + written(more)]);
    const [{ continuation = "none" } = {}] = jobsOf(second);
    expect(continuation !== null && written(more).startsWith(continuation)).toBe(isGiven);
    if (!isGiven) expect(continuation).toBeNull();
    const { parts } = await show.site.ended(job);
    expect(parts.map(({ provider, completion_tokens }) => [provider, completion_tokens])).toEqual([
      [first.id, 5],
      [second.id, TOKENS - 5],
    ]);
  });

  it("leaves a whole text as it would have been", async () => {
    const model = show.newModel();
    await show.provider(model, once(lost), { reconnectMs: null });
    await show.provider(model);
    const whole = await (await client()).completions.create({ model, prompt, ...byPrice });
    expect(checked(whole).choices[0]?.text).toBe(written());
  });

  it("ends the stream by an error where nobody can go on", async () => {
    const model = show.newModel();
    await show.provider(model, lost, { reconnectMs: null, offer: { features: [] } });
    const stream = await (await client()).completions.create({ model, prompt, stream: true });
    const { chunks, thrown } = await chunksOf(stream);
    expect(textIn(chunks)).not.toBe("");
    expect(choicesOf(chunks).every((choice) => choice.finish_reason === null)).toBe(true);
    expect(thrown).toMatchObject({ code: "provider_failed" });
  });
});

describe("a request that is sent again with its Idempotency-Key", () => {
  it("gets the same text, whole or as a stream, from the address that it was sent to and no other", async () => {
    const model = show.newModel();
    const provider = await show.provider(model);
    const openai = await client();
    const options = { headers: { "Idempotency-Key": "once" } };
    const asked = { model, prompt, echo: true, logit_bias: {} };
    const first = checked(await openai.completions.create(asked, options));
    const { data, response } = await openai.completions.create(asked, options).withResponse();
    expect(checked(data)).toEqual(first);
    expect([response.headers.get("idempotent-replayed"), response.headers.get("x-provider")]).toEqual([
      "true",
      provider.id,
    ]);
    const again = { ...asked, stream: true, stream_options: { include_usage: true } } as const;
    const { chunks, thrown } = await chunksOf(await openai.completions.create(again, options));
    expect([thrown, textIn(chunks)]).toEqual([null, first.choices[0]?.text]);
    expect(chunks.at(-1)).toMatchObject({ id: first.id, usage: first.usage });

    const messages = [{ role: "user" as const, content: prompt }];
    const others = [
      () => openai.completions.create({ ...asked, echo: false }, options),
      () => openai.chat.completions.create({ model, messages }, options),
    ];
    for (const other of others) await expect(other()).rejects.toMatchObject({ code: "idempotency_conflict" });
    expect(provider.jobs).toHaveLength(1);
  });
});

const TINY = "tabarena-tiny";

describe.skipIf(whyNoLlama !== null)(`the native agent with the tiny model ${whyNoLlama ?? ""}`, () => {
  let end: () => Promise<void> = async () => {};
  beforeAll(async () => {
    const { token } = await (await show.site.account("0")).provider();
    const lines: string[] = [];
    const settings = { model: TINY, gguf: tinyModel, price: "0.005", slots: 2, threads: 1 };
    end = runAgent({ url: show.site.url, token, ...settings }, (line) => void lines.push(line));
    await vi.waitUntil(() => lines.some((line) => line.includes("connected to")), { timeout: 120_000 });
  });
  afterAll(() => end());

  it("goes on with a text, whole and as a stream", async () => {
    const openai = await client();
    const asked = { model: TINY, prompt: "The capital of France is", temperature: 0, max_tokens: 8 };
    const whole = checked(await openai.completions.create(asked));
    const { chunks, thrown } = await chunksOf(await openai.completions.create({ ...asked, stream: true }));
    expect([thrown, textIn(chunks)]).toEqual([null, whole.choices[0]?.text]);
    expect(whole.choices[0]?.text).not.toBe("");
    expect(whole.usage.completion_tokens).toBeGreaterThan(0);
  });
});
