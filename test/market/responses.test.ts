import OpenAI, { APIError, BadRequestError, NotFoundError, RateLimitError } from "openai";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import * as v from "valibot";
import { tinyModel, whyNoLlama } from "../../agent/testing.ts";
import { OpenAIErrorBody } from "../../protocol/openai-error.ts";
import { ResponseStreamEvent } from "../../protocol/response-event.ts";
import { Response as Answer } from "../../protocol/response.ts";
import { runAgent } from "../../scripts/agent-process.ts";
import { chatsOf } from "./mock-provider.ts";
import { once, stage, undisturbed } from "./stage.ts";
import { watchedWire } from "./wire-check.ts";

/** Long enough for a model that works here, on a machine that has other things to do. */
const show = stage({
  limits: {
    acceptMs: 10_000,
    firstTokenMs: 60_000,
    stallMs: 30_000,
    totalMs: 120_000,
    waitMs: 60_000,
    waitingPerConsumer: 1,
  },
});
const wire = watchedWire();
const TOKENS = 12;
const input = `${TOKENS} tokens, please`;

/** What a provider writes that nothing disturbs. */
const written = (model: string): string =>
  undisturbed({ model, messages: [{ role: "user", content: input }], temperature: 0 });

const clientOf = (key: string): OpenAI =>
  new OpenAI({ apiKey: key, baseURL: `${show.site.url}/v1`, maxRetries: 0, fetch: wire.fetch });

/** The official client, for somebody new. */
const client = async (credits?: string): Promise<OpenAI> => clientOf((await show.site.account(credits)).key);

/** The body as it came, without what the client adds. */
function bodyOf(response: OpenAI.Responses.Response): Answer {
  const { output_text: _, ...body } = response;
  return v.parse(Answer, body);
}

/** All events of a stream of the client's, checked one by one; and what it threw at the end. */
async function eventsOf(
  stream: AsyncIterable<unknown>,
): Promise<{ events: ResponseStreamEvent[]; thrown: unknown }> {
  const events: ResponseStreamEvent[] = [];
  try {
    for await (const event of stream) events.push(v.parse(ResponseStreamEvent, event));
  } catch (error) {
    return { events, thrown: error };
  }
  return { events, thrown: null };
}

const numbersOf = (events: readonly ResponseStreamEvent[]): number[] =>
  events.map((event) => event.sequence_number);

const deltasOf = (events: readonly ResponseStreamEvent[]): string =>
  events.map((event) => (event.type === "response.output_text.delta" ? event.delta : "")).join("");

/** The response that the last event has. */
function ended(events: readonly ResponseStreamEvent[]): Answer {
  const last = events.at(-1);
  if (last === undefined || !("response" in last)) throw new Error(`It ends by ${last?.type}.`);
  return last.response;
}

const textIn = ({ output }: Answer): string =>
  output.map((item) => (item.type === "message" ? (item.content[0]?.text ?? "") : "")).join("");

const tool = {
  type: "function" as const,
  name: "look",
  description: "looks something up",
  parameters: { type: "object", properties: { text: { type: "string" } } },
  strict: null,
};

describe("the official client", () => {
  it("gets a whole answer, with who served it, for how much, and what it costs", async () => {
    const model = show.newModel();
    const provider = await show.provider(model, {}, { offer: { prices: PRICES } });
    const {
      data,
      response,
      request_id: job,
    } = await (
      await client()
    ).responses
      .create({ model, input, instructions: "Be brief.", temperature: 0, metadata: { a: "b" }, store: false })
      .withResponse();
    expect(data.output_text).not.toBe("");
    const body = bodyOf(data);
    expect(body).toMatchObject({
      id: `resp_${job}`,
      status: "completed",
      instructions: "Be brief.",
      metadata: { a: "b" },
      usage: { output_tokens: TOKENS },
    });
    const done = await show.site.ended(job);
    expect(body.usage?.cost_nano).toBe(String(done.cost));
    const headers = ["x-provider", "x-price-prompt", "x-price-completion"].map((name) =>
      response.headers.get(name),
    );
    expect(headers).toEqual([provider.id, "0.5", "1.25"]);
    expect(chatsOf(provider)[0]?.messages[0]).toEqual({ role: "system", content: "Be brief." });
  });

  it("gets a stream that says the same, and its helper puts it together", async () => {
    const model = show.newModel();
    await show.provider(model);
    const openai = await client();
    const stream = await openai.responses.create({ model, input, temperature: 0, stream: true });
    const { events, thrown } = await eventsOf(stream);
    expect(thrown).toBeNull();
    expect(numbersOf(events)).toEqual(events.map((_, index) => index));
    expect(events.map(({ type }) => type).filter((type) => !type.endsWith(".delta"))).toEqual([
      "response.created",
      "response.in_progress",
      "response.output_item.added",
      "response.content_part.added",
      "response.output_text.done",
      "response.content_part.done",
      "response.output_item.done",
      "response.completed",
    ]);
    expect([deltasOf(events), textIn(ended(events))]).toEqual([written(model), written(model)]);

    const helped = await openai.responses.stream({ model, input, temperature: 0 }).finalResponse();
    expect(helped.output_text).toBe(written(model));
    const whole = bodyOf(await openai.responses.create({ model, input, temperature: 0 }));
    expect(textIn(whole)).toBe(written(model));
  });

  it("gets events under their names, and no [DONE]", async () => {
    const model = show.newModel();
    await show.provider(model);
    const { key } = await show.site.account();
    const response = await fetch(`${show.site.url}/responses`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify({ model, input, stream: true }),
    });
    expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
    expect(response.headers.get("x-provider")).not.toBeNull();
    const blocks = (await response.text()).split("\n\n").filter((block) => block !== "" && block[0] !== ":");
    for (const block of blocks) {
      const [, name, data = ""] = /^event: (.+)\ndata: (.+)$/.exec(block) ?? [];
      expect(v.parse(ResponseStreamEvent, JSON.parse(data)).type).toBe(name);
    }
    expect(blocks.length).toBeGreaterThan(TOKENS);
  });

  it("is told that an answer is not complete where it had no more tokens", async () => {
    const model = show.newModel();
    await show.provider(model);
    const openai = await client();
    const asked = { model, input, max_output_tokens: 5 };
    const whole = bodyOf(await openai.responses.create(asked));
    const { events } = await eventsOf(await openai.responses.create({ ...asked, stream: true }));
    for (const response of [whole, ended(events)])
      expect(response).toMatchObject({
        status: "incomplete",
        incomplete_details: { reason: "max_output_tokens" },
        usage: { output_tokens: 5 },
        output: [{ status: "incomplete" }],
      });
  });

  it("calls tools, sends back what they say with all that was said before, and gets an answer", async () => {
    const model = show.newModel();
    const provider = await show.provider(model);
    const openai = await client();
    const first = await openai.responses.create({ model, input, tools: [tool] });
    const [call] = bodyOf(first).output;
    if (call?.type !== "function_call") throw new Error("no call of a function");
    expect([call.name, call.status]).toEqual(["look", "completed"]);
    expect(JSON.parse(call.arguments)).toHaveProperty("text");

    const stream = await openai.responses.create({ model, input, tools: [tool], stream: true });
    const { events } = await eventsOf(stream);
    expect(ended(events).output).toMatchObject([{ name: "look", arguments: call.arguments }]);

    const conversation: OpenAI.Responses.ResponseInput = [
      { role: "user", content: input },
      ...first.output.filter((item) => item.type === "function_call"),
      { type: "function_call_output", call_id: call.call_id, output: "a cat" },
    ];
    const second = await openai.responses.create({
      model,
      input: conversation,
      tools: [tool],
      tool_choice: "none",
    });
    expect(second.output_text).not.toBe("");
    expect(chatsOf(provider).at(-1)?.messages).toEqual([
      { role: "user", content: input },
      {
        role: "assistant",
        tool_calls: [
          { id: call.call_id, type: "function", function: { name: "look", arguments: call.arguments } },
        ],
      },
      { role: "tool", content: "a cat", tool_call_id: call.call_id },
    ]);
  });

  it("gets JSON after a schema, which the provider is told", async () => {
    const model = show.newModel();
    const provider = await show.provider(model);
    const schema = { type: "object", properties: { text: { type: "string" } } };
    const format = { type: "json_schema" as const, name: "said", schema, strict: true };
    const parsed = await (await client()).responses.parse({ model, input, text: { format } });
    expect(JSON.parse(parsed.output_text)).toHaveProperty("text");
    expect(chatsOf(provider)[0]?.responseFormat).toEqual({
      type: "json_schema",
      json_schema: { name: "said", schema, strict: true },
    });
  });

  it("gets the probabilities of tokens where they are to be included", async () => {
    const model = show.newModel();
    await show.provider(model);
    const asked = { model, input, include: ["message.output_text.logprobs" as const] };
    const openai = await client();
    const { events } = await eventsOf(await openai.responses.create({ ...asked, stream: true }));
    for (const { output } of [bodyOf(await openai.responses.create(asked)), ended(events)]) {
      const [message] = output;
      expect(message?.type === "message" ? message.content[0]?.logprobs : []).toHaveLength(TOKENS);
    }
  });
});

const PRICES = { prompt: 500_000_000, cachedPrompt: 100_000_000, completion: 1_250_000_000 };

describe("a refusal", () => {
  const refusalOf = async (request: Promise<unknown>): Promise<APIError> => {
    const error: unknown = await request.catch((reason: unknown) => reason);
    if (!(error instanceof APIError)) throw new Error(`not refused: ${String(error)}`);
    v.parse(OpenAIErrorBody, { error: error.error });
    expect(error.headers?.get("x-provider")).toBeNull();
    return error;
  };

  it("of 402 speaks of the field that this address has", async () => {
    const model = show.newModel();
    await show.provider(model);
    const error = await refusalOf((await client("0")).responses.create({ model, input }));
    expect(error).toMatchObject({ status: 402, code: "insufficient_funds" });
    expect(error.message).toContain("max_output_tokens");
  });

  it("of 404 names the model", async () => {
    const error = await refusalOf((await client()).responses.create({ model: "unheard-of", input }));
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({ code: "model_not_found", param: "model" });
  });

  it("of what no provider can do names the field that asks for it", async () => {
    const model = show.newModel();
    await show.provider(model, {}, { offer: { features: [] } });
    const openai = await client();
    const image = {
      type: "input_image" as const,
      image_url: "data:image/png;base64,AA==",
      detail: "auto" as const,
    };
    const asked = [
      [{ input: [{ role: "user" as const, content: [image] }] }, "input[0].content[0]"],
      [{ input, text: { format: { type: "json_object" as const } } }, "text.format"],
      [{ input, tools: [tool] }, "tools"],
    ] as const;
    for (const [fields, param] of asked) {
      const body = JSON.parse(JSON.stringify({ model, ...fields }));
      const error = await refusalOf(openai.responses.create(body));
      expect(error).toBeInstanceOf(BadRequestError);
      expect(error).toMatchObject({ code: "unsupported_parameter", param });
    }
  });

  it("of 429 comes when too many requests of an account wait", async () => {
    const model = show.newModel();
    await show.provider(model, { firstTokenMs: 5_000 }, { slots: 1 });
    const openai = await client();
    const hangUp = new AbortController();
    const begin = () =>
      openai.responses.create({ model, input, stream: true }, { signal: hangUp.signal }).catch(() => null);
    const waiting = [begin()];
    await expect
      .poll(async () => (await show.site.rows(v.object({ n: v.number() }), OPEN, model))[0]?.n)
      .toBe(1);
    waiting.push(begin());
    await expect
      .poll(async () => (await show.site.rows(v.object({ n: v.number() }), OPEN, model))[0]?.n)
      .toBe(2);
    const error = await refusalOf(openai.responses.create({ model, input }));
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error.headers?.get("retry-after-ms")).not.toBeNull();
    hangUp.abort();
    await Promise.all(waiting);
  });

  const OPEN = "SELECT count(*) AS n FROM jobs WHERE model = ? AND ended IS NULL";
});

/** The one that was put up first serves it. */
const byPrice = { provider: { sort: "price" } };

describe("a provider that is lost in the middle", () => {
  const lost = { fault: { type: "cut", at: 5 } } as const;

  it("is followed by another in the same sequence of events", async () => {
    const model = show.newModel();
    const first = await show.provider(model, once(lost), { reconnectMs: null });
    const second = await show.provider(model);
    const { data: stream, response } = await (
      await client()
    ).responses
      .create({ model, input, temperature: 0, stream: true, ...byPrice })
      .withResponse();
    const { events, thrown } = await eventsOf(stream);
    expect(thrown).toBeNull();
    expect(numbersOf(events)).toEqual(events.map((_, index) => index));
    expect([deltasOf(events), textIn(ended(events))]).toEqual([written(model), written(model)]);
    expect([first.jobs.length, second.jobs.length]).toEqual([1, 1]);
    expect(response.headers.get("x-provider")).toBe(first.id);
  });

  it("leaves a whole answer as it would have been", async () => {
    const model = show.newModel();
    await show.provider(model, once(lost), { reconnectMs: null });
    await show.provider(model);
    const whole = await (await client()).responses.create({ model, input, temperature: 0, ...byPrice });
    expect(textIn(bodyOf(whole))).toBe(written(model));
  });

  it("ends the stream by a failure and an error where nobody can go on", async () => {
    const model = show.newModel();
    await show.provider(model, lost, { reconnectMs: null, offer: { features: [] } });
    const stream = await (await client()).responses.create({ model, input, stream: true });
    const { events, thrown } = await eventsOf(stream);
    const failed = ended(events);
    expect(failed).toMatchObject({ status: "failed", error: { code: "server_error" }, usage: null });
    expect(textIn(failed)).toBe(deltasOf(events));
    expect(deltasOf(events)).not.toBe("");
    expect(thrown).toMatchObject({ code: "provider_failed" });
  });

  it("is answered by a status where nothing was said yet", async () => {
    const model = show.newModel();
    await show.provider(model, { fault: { type: "cut", at: 0 } }, { reconnectMs: null });
    const error = await (
      await client()
    ).responses
      .create({ model, input, stream: true })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ status: expect.toSatisfy((status: number) => status >= 500) });
  });
});

describe("a request that is sent again with its Idempotency-Key", () => {
  it("gets the same answer, whole or as a stream, from the address that it was sent to and no other", async () => {
    const model = show.newModel();
    const provider = await show.provider(model);
    const openai = await client();
    const options = { headers: { "Idempotency-Key": "once" } };
    const asked = { model, input, tools: [tool], tool_choice: "auto" as const };
    const first = bodyOf(await openai.responses.create(asked, options));
    const { data, response } = await openai.responses.create(asked, options).withResponse();
    expect(bodyOf(data)).toEqual(first);
    expect([response.headers.get("idempotent-replayed"), response.headers.get("x-provider")]).toEqual([
      "true",
      provider.id,
    ]);
    const { events } = await eventsOf(await openai.responses.create({ ...asked, stream: true }, options));
    expect(ended(events)).toEqual(first);

    const others = [
      openai.responses.create({ ...asked, metadata: { a: "b" } }, options),
      openai.chat.completions.create({ model, messages: [{ role: "user", content: input }] }, options),
    ];
    for (const other of others) await expect(other).rejects.toMatchObject({ code: "idempotency_conflict" });
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

  it("answers, whole and as a stream", async () => {
    const openai = await client();
    const asked = { model: TINY, input: "What is the capital of France?", temperature: 0 };
    const whole = bodyOf(await openai.responses.create(asked));
    expect(textIn(whole)).toBe("The capital of France is Paris.");
    const { events } = await eventsOf(await openai.responses.create({ ...asked, stream: true }));
    expect([deltasOf(events), textIn(ended(events))]).toEqual([textIn(whole), textIn(whole)]);
  });
});
