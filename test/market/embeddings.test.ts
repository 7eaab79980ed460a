import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { OpenAIEmbeddings } from "@langchain/openai";
import { embed, embedMany } from "ai";
import OpenAI, { BadRequestError, InternalServerError } from "openai";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import * as v from "valibot";
import { tinyModel, whyNoLlama } from "../../agent/testing.ts";
import { EmbeddingsResponse, EmbeddingsUsage } from "../../protocol/embeddings.ts";
import { OpenAIErrorBody } from "../../protocol/openai-error.ts";
import { MAX_NUMBERS } from "../../protocol/vector.ts";
import { runAgent } from "../../scripts/agent-process.ts";
import { vectorOf } from "./mock-engine.ts";
import type { Fault } from "./mock-script.ts";
import { stage } from "./stage.ts";
import { watchedWire } from "./wire-check.ts";

/** A model that works here is slower than those that only say what they are told. */
const show = stage({ limits: { firstTokenMs: 30_000, totalMs: 60_000 } });
const TINY = "tabarena-tiny";
const wire = watchedWire();

const clientOf = (key: string, prefix = "/v1"): OpenAI =>
  new OpenAI({ apiKey: key, baseURL: show.site.url + prefix, maxRetries: 0, fetch: wire.fetch });

/** The official client, for somebody new. */
const client = async (credits?: string): Promise<OpenAI> => clientOf((await show.site.account(credits)).key);

const texts = ["The food was delicious.", "über 漢字 \u{1f600}", "a"];
const vectors = texts.map((text) => vectorOf(text));
const vectorsIn = ({ data }: OpenAI.CreateEmbeddingResponse): number[][] =>
  data.map(({ embedding }) => embedding);

/** So that a test knows who is asked first. It is no field of OpenAI's: the client sends it as it is. */
const cheapest = { provider: { sort: "price" } };

/** What the server sends, to the letter. */
async function raw(key: string, body: object): Promise<{ status: number; headers: Headers; body: unknown }> {
  const response = await wire.fetch(`${show.site.url}/v1/embeddings`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

describe("the official client", () => {
  it.each(["/v1", ""])("asks for base64 without being told, and reads it, at %j", async (prefix) => {
    const model = show.newModel();
    const provider = await show.provider(model);
    const { key } = await show.site.account();
    const {
      data,
      response,
      request_id: job,
    } = await clientOf(key, prefix).embeddings.create({ model, input: texts }).withResponse();
    expect(vectorsIn(data)).toEqual(vectors);
    expect(data.data.map(({ index }) => index)).toEqual([0, 1, 2]);
    const done = await show.site.ended(job ?? null);
    expect(done).toMatchObject({ ended: "finished", finish_reason: "stop", completion_tokens: 0 });
    expect(data.usage).toEqual({
      prompt_tokens: done.prompt_tokens,
      total_tokens: done.prompt_tokens,
      cost: done.cost / 1e9,
      cost_nano: String(done.cost),
    });
    expect(done.prompt_tokens).toBeGreaterThan(0);
    expect(done.cost).toBeGreaterThan(0);
    expect(response.headers.get("x-provider")).toBe(provider.id);
    expect(provider.jobs[0]?.job.request).toEqual({ type: "embedding", inputs: texts, dimensions: null });
  });

  it("gets numbers, or base64 as it is, as it asks", async () => {
    const model = show.newModel();
    await show.provider(model);
    const { key } = await show.site.account();
    const floats = await clientOf(key).embeddings.create({ model, input: texts, encoding_format: "float" });
    expect(vectorsIn(floats)).toEqual(vectors);
    const sent = async (encoding_format: string) =>
      v.parse(EmbeddingsResponse, (await raw(key, { model, input: texts[0], encoding_format })).body).data;
    expect(await sent("float")).toEqual([{ object: "embedding", index: 0, embedding: vectors[0] }]);
    const base64 = Buffer.from(Float32Array.from(vectors[0] ?? []).buffer).toString("base64");
    expect(await sent("base64")).toEqual([{ object: "embedding", index: 0, embedding: base64 }]);
  });

  it("gets vectors as long as it asks for", async () => {
    const model = show.newModel();
    await show.provider(model);
    const answer = await (await client()).embeddings.create({ model, input: texts, dimensions: 3 });
    expect(vectorsIn(answer)).toEqual(texts.map((text) => vectorOf(text, 3)));
  });

  it("gets thousands of vectors in one answer", async () => {
    const model = show.newModel();
    await show.provider(model);
    const { key } = await show.site.account();
    const input = Array.from({ length: 2_048 }, (_, index) => `text ${index}`);
    const answer = await clientOf(key).embeddings.create({
      model,
      input,
      encoding_format: "float",
      dimensions: 256,
    });
    expect(vectorsIn(answer)).toEqual(input.map((text) => vectorOf(text, 256)));
  });

  it("asks again under the same Idempotency-Key, and gets the same without paying twice", async () => {
    const model = show.newModel();
    const provider = await show.provider(model);
    const openai = await client();
    const ask = () =>
      openai.embeddings
        .create({ model, input: texts }, { headers: { "idempotency-key": "once" } })
        .withResponse();
    const first = await ask();
    const again = await ask();
    expect(again.data).toEqual(first.data);
    expect(again.response.headers.get("idempotent-replayed")).toBe("true");
    expect(again.response.headers.get("x-provider")).toBe(provider.id);
    expect(provider.jobs).toHaveLength(1);
  });
});

describe("Vercel's AI SDK", () => {
  const models = (key: string) =>
    createOpenAICompatible({
      name: "tabarena",
      apiKey: key,
      baseURL: `${show.site.url}/v1`,
      fetch: wire.fetch,
    });

  it("embeds a text, and many", async () => {
    const model = show.newModel();
    await show.provider(model);
    const embedding = models((await show.site.account()).key).embeddingModel(model);
    const one = await embed({ model: embedding, value: "a" });
    expect(one.embedding).toEqual(vectorOf("a"));
    expect(one.usage.tokens).toBeGreaterThan(0);
    expect((await embedMany({ model: embedding, values: texts })).embeddings).toEqual(vectors);
  });
});

describe("LangChain", () => {
  it("embeds a query, and documents in batches", async () => {
    const model = show.newModel();
    const provider = await show.provider(model);
    const embeddings = new OpenAIEmbeddings({
      model,
      apiKey: (await show.site.account()).key,
      batchSize: 2,
      configuration: { baseURL: `${show.site.url}/v1`, fetch: wire.fetch },
    });
    expect(await embeddings.embedQuery("a")).toEqual(vectorOf("a"));
    expect(await embeddings.embedDocuments(texts)).toEqual(vectors);
    expect(provider.jobs).toHaveLength(3);
  });
});

describe.skipIf(whyNoLlama !== null)(`the native agent with the tiny model ${whyNoLlama ?? ""}`, () => {
  let end: (() => Promise<void>) | null = null;
  beforeAll(async () => {
    const { token } = await (await show.site.account("0")).provider();
    const lines: string[] = [];
    const settings = {
      url: show.site.url,
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

  it("makes vectors of length 1, the nearer the more alike texts are", async () => {
    const { key } = await show.site.account();
    const input = ["The capital of France is Paris.", "The capital of France is Paris!", "7 + 8 = 15"];
    const { data, usage } = await clientOf(key).embeddings.create({ model: TINY, input });
    const [one = [], alike = [], other = []] = data.map(({ embedding }) => embedding);
    const product = (a: number[], b: number[]) =>
      a.reduce((sum, number, at) => sum + number * (b[at] ?? 0), 0);
    expect(product(one, one)).toBeCloseTo(1, 4);
    expect(product(one, alike)).toBeGreaterThan(product(one, other));
    expect(usage.prompt_tokens).toBeGreaterThan(10);
    expect(v.parse(EmbeddingsUsage, usage).cost).toBeGreaterThan(0);
    const embeddings = new OpenAIEmbeddings({
      model: TINY,
      apiKey: key,
      configuration: { baseURL: `${show.site.url}/v1`, fetch: wire.fetch },
    });
    expect(await embeddings.embedQuery(input[0] ?? "")).toHaveLength(one.length);
  });
});

const lies: [string, Fault][] = [
  ["leaves a vector out", { type: "vector left out", vector: 1 }],
  ["sends a vector twice", { type: "vector twice", vector: 1 }],
  ["sends vectors of different lengths", { type: "vector spoilt", vector: 1, how: "too short" }],
  ["sends what is no number", { type: "vector spoilt", vector: 2, how: "not a number" }],
  ["sends half a number", { type: "vector spoilt", vector: 0, how: "half a number" }],
  ["sends a vector of no text", { type: "vector spoilt", vector: 0, how: "of no text" }],
  ["sends no base64", { type: "vector spoilt", vector: 0, how: "no base64" }],
  ["sends no vector", { type: "vector spoilt", vector: 1, how: "no vector" }],
  ["floods", { type: "flood", at: 2 }],
  ["leaves a delta out", { type: "gap", at: 1 }],
  ["tells of more than there was", { type: "miscount", by: 1 }],
  ["ends before it is done", { type: "end early", at: 2, reason: "stop" }],
  ["fails in the middle", { type: "fail", at: 2, tellsUsage: true }],
  ["is lost in the middle", { type: "cut", at: 2 }],
  ["says garbage", { type: "garbage", at: 1, garbage: "a wrong field" }],
  ["refuses", { type: "refuse", reason: "unsupported" }],
  ["falls silent", { type: "hush", at: 1 }],
];

describe("where a provider", () => {
  it.each(lies)("%s, another serves, and alone is paid", async (_name, fault) => {
    const model = show.newModel();
    const liar = await show.provider(model, { fault });
    const honest = await show.provider(model);
    const { data, request_id: job } = await (
      await client()
    ).embeddings
      .create({ model, input: texts, ...cheapest })
      .withResponse();
    expect(vectorsIn(data)).toEqual(vectors);
    expect(liar.jobs).toHaveLength(1);
    const { parts, cost } = await show.site.ended(job ?? null);
    expect(parts.map(({ provider }) => provider)).toEqual([liar.id, honest.id]);
    expect(parts.map((part) => part.cost)).toEqual([0, cost]);
  });

  it("says everything twice, it is heard once", async () => {
    const model = show.newModel();
    await show.provider(model, { fault: { type: "twice" } });
    const { data, request_id: job } = await (
      await client()
    ).embeddings
      .create({ model, input: texts })
      .withResponse();
    expect(vectorsIn(data)).toEqual(vectors);
    expect((await show.site.ended(job ?? null)).parts).toHaveLength(1);
  });

  it("lies and there is no other, the request fails and costs nothing", async () => {
    const model = show.newModel();
    await show.provider(model, { fault: { type: "vector left out", vector: 0 } });
    const account = await show.site.account();
    const failed = await clientOf(account.key)
      .embeddings.create({ model, input: texts })
      .catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(InternalServerError);
    expect(failed).toMatchObject({ status: 502, code: "provider_failed" });
    expect((await account.statement()).balanceNano).toBe(1_000_000_000_000);
  });

  it("claims more than the texts can have, the bound is paid", async () => {
    const model = show.newModel();
    await show.provider(model, {
      claim: () => ({ promptTokens: 1_000_000_000, cachedPromptTokens: 0, completionTokens: 1_000_000_000 }),
    });
    const { data, request_id: job } = await (
      await client()
    ).embeddings
      .create({ model, input: "a" })
      .withResponse();
    const {
      prompt_bound: bound,
      completion_tokens: written,
      cost,
      held,
    } = await show.site.ended(job ?? null);
    expect(data.usage.prompt_tokens).toBe(bound);
    expect(bound).toBeLessThan(100);
    expect(written).toBe(0);
    expect(cost).toBeLessThanOrEqual(held);
  });
});

describe("a request for embeddings", () => {
  const refused = async (body: object, credits?: string) => {
    const { status, body: answer } = await raw((await show.site.account(credits)).key, body);
    return { status, ...v.parse(OpenAIErrorBody, answer).error };
  };

  it("is refused where one of its texts fits in no context, and served where only all together do not", async () => {
    const model = show.newModel();
    await show.provider(model, {}, { offer: { contextTokens: 10, maxOutputTokens: 10 } });
    const long = "word ".repeat(2_000);
    expect(await refused({ model, input: ["a", long] })).toMatchObject({
      status: 400,
      code: "context_length_exceeded",
      param: "input",
    });
    const many = Array.from({ length: 50 }, () => "a short text of some words");
    const answer = await (await client()).embeddings.create({ model, input: many });
    expect(answer.data).toHaveLength(50);
    expect(answer.usage.prompt_tokens).toBeGreaterThan(10);
  });

  it("is refused where its provider finds a text too long, and by its own name", async () => {
    const model = show.newModel();
    await show.provider(model, { fault: { type: "refuse", reason: "too_long" } });
    expect(await refused({ model, input: "a" })).toMatchObject({
      code: "context_length_exceeded",
      param: "input",
    });
  });

  it("is refused where the vectors are more than an answer may have", async () => {
    const model = show.newModel();
    await show.provider(model, {}, {});
    const input = Array.from({ length: 2_048 }, () => "a");
    const error = await refused({ model, input, dimensions: MAX_NUMBERS / 2_048 + 1 });
    expect(error).toMatchObject({ status: 400, code: "invalid_request", param: "dimensions" });
  });

  it("is refused where the model's vectors are so long that all together are too many", async () => {
    const model = show.newModel();
    const fault: Fault = { type: "vector spoilt", vector: 0, how: "too long" };
    const providers = [await show.provider(model, { fault }), await show.provider(model, { fault })];
    const account = await show.site.account();
    const input = Array.from({ length: 300 }, () => "a");
    const { status, body } = await raw(account.key, { model, input });
    const { error } = v.parse(OpenAIErrorBody, body);
    expect([status, error.code, error.param]).toEqual([400, "invalid_request", "input"]);
    expect(error.message).toMatch(/send several requests/);
    // Each is told to stop, and none is blamed.
    for (const { jobs } of providers) await expect.poll(() => jobs[0]?.heard[0]?.type).toBe("cancel");
    expect((await account.statement()).balanceNano).toBe(1_000_000_000_000);
  });

  it("is refused by the field where nobody makes vectors of that length", async () => {
    const model = show.newModel();
    await show.provider(model, { fault: { type: "refuse", reason: "unsupported" } });
    const codes = async (more: object) => {
      const { status, code, param } = await refused({ model, input: "a", ...more });
      return [status, code, param];
    };
    expect(await codes({ dimensions: 5 })).toEqual([400, "unsupported_parameter", "dimensions"]);
    expect(await codes({})).toEqual([400, "unsupported_parameter", null]);
  });

  it("is refused where the model is offered for conversations only", async () => {
    const model = show.newModel();
    await show.provider(model, {}, { offer: { tasks: ["chat"] } });
    expect((await refused({ model, input: "a" })).status).toBe(400);
  });

  it("is refused by what the official client throws for token ids", async () => {
    const sent = (await client()).embeddings.create({ model: "m", input: [[1, 2], [3]] });
    await expect(sent).rejects.toBeInstanceOf(BadRequestError);
  });

  it("sets aside what its texts can cost, and nothing for an answer", async () => {
    const model = show.newModel();
    await show.provider(model);
    // 0.5 credits per million tokens, of which there are fewer than a hundred.
    const answer = await (await client("0.00005")).embeddings.create({ model, input: "a" });
    expect(answer.data).toHaveLength(1);
    expect(await refused({ model, input: "a ".repeat(1_000) }, "0.00005")).toMatchObject({
      status: 402,
      code: "insufficient_funds",
    });
  });

  it("whose consumer has gone is not paid for", async () => {
    const model = show.newModel();
    // Who has gone is noticed by what is written, which begins after some seconds.
    const provider = await show.provider(model, { paceMs: 400 });
    const input = Array.from({ length: 20 }, (_, index) => `text ${index}`);
    const leaving = new AbortController();
    const asked = (await client()).embeddings.create({ model, input }, { signal: leaving.signal });
    asked.catch(() => undefined);
    await expect.poll(() => provider.jobs[0]?.sent.length).toBeGreaterThan(1);
    leaving.abort();
    await expect(asked).rejects.toThrow();
    const { ended, cost } = await show.site.ended(provider.jobs[0]?.job.job ?? null);
    expect([ended, cost]).toEqual(["cancelled", 0]);
  });

  it("tells nothing of how fast texts are written", async () => {
    const model = show.newModel();
    await show.provider(model);
    const { request_id: job } = await (
      await client()
    ).embeddings
      .create({ model, input: texts })
      .withResponse();
    await show.site.ended(job ?? null);
    const pace = v.object({ first_token_ms: v.nullable(v.number()), writing_ms: v.nullable(v.number()) });
    const sql = "SELECT first_token_ms, writing_ms FROM job_parts WHERE job = ?";
    expect(await show.site.rows(pace, sql, job ?? "")).toEqual([{ first_token_ms: null, writing_ms: null }]);
  });
});
