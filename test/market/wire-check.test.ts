import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { openAIError } from "../../protocol/openai-error.ts";
import { wireOver } from "./wire-check.ts";

const usage = {
  prompt_tokens: 3,
  completion_tokens: 2,
  total_tokens: 5,
  prompt_tokens_details: { cached_tokens: 0 },
  cost: 0,
  cost_nano: "0",
};
const message = { role: "assistant", content: "Hello!", refusal: null };
const completion = {
  id: "chatcmpl-12345678",
  object: "chat.completion",
  created: 1_700_000_000,
  model: "m",
  choices: [{ index: 0, message, logprobs: null, finish_reason: "stop" }],
  usage,
};
const head = { ...completion, object: "chat.completion.chunk", usage: undefined };
const chunk = (delta: object, finish_reason: string | null = null) =>
  `data: ${JSON.stringify({ ...head, choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
const DONE = "data: [DONE]\n\n";
const good = [
  chunk({ role: "assistant", content: "" }),
  chunk({ content: "Hello!" }),
  chunk({}, "stop"),
  DONE,
];

const json = { "content-type": "application/json", "x-request-id": "1" };
const events = { "content-type": "text/event-stream", "x-request-id": "1" };
const asked = { model: "m", messages: [{ role: "user" as const, content: "Hi" }] };

/** What is found wrong where the official client is answered so. */
async function found(
  body: object | string | ReadableStream,
  init: ResponseInit = {},
  use: (client: OpenAI) => Promise<unknown> = (client) => client.chat.completions.create(asked),
): Promise<string> {
  const wire = wireOver(
    async () =>
      new Response(typeof body === "string" || body instanceof ReadableStream ? body : JSON.stringify(body), {
        headers: json,
        ...init,
      }),
  );
  const client = new OpenAI({ apiKey: "k", baseURL: "http://host/v1", maxRetries: 0, fetch: wire.fetch });
  await use(client).catch(() => null);
  return wire.faults().join("\n");
}

const streamed = async (client: OpenAI): Promise<void> => {
  for await (const _ of await client.chat.completions.create({ ...asked, stream: true })) continue;
};
const firstOnly = async (client: OpenAI): Promise<void> => {
  for await (const _ of await client.chat.completions.create({ ...asked, stream: true })) break;
};
const two = async (client: OpenAI): Promise<void> => {
  for await (const _ of await client.chat.completions.create({ ...asked, n: 2, stream: true })) continue;
};
const respond = (client: OpenAI) => client.responses.create({ model: "m", input: "Hi" });
const respondStreamed = async (client: OpenAI): Promise<void> => {
  for await (const _ of await client.responses.create({ model: "m", input: "Hi", stream: true })) continue;
};

/** A stream that has not come to its end. */
const goingOn = (texts: readonly string[]) =>
  new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode(texts.join(""))) });

const text = (said: string, finish_reason: string | null) => {
  const { model, created } = completion;
  const choices = [{ index: 0, text: said, logprobs: null, finish_reason }];
  return `data: ${JSON.stringify({ id: "cmpl-12345678", object: "text_completion", created, model, choices })}\n\n`;
};
const goOn = async (client: OpenAI): Promise<void> => {
  for await (const _ of await client.completions.create({ model: "m", prompt: "Hi", stream: true })) continue;
};

describe("a wire", () => {
  it("finds nothing wrong with good answers, nor with those that a client leaves", async () => {
    expect(await found(completion)).toBe("");
    expect(await found(good.join(""), { headers: events }, streamed)).toBe("");
    expect(await found(goingOn(good.slice(0, 2)), { headers: events }, firstOnly)).toBe("");
    expect(await found(text("a", null) + text("", "stop") + DONE, { headers: events }, goOn)).toBe("");
    const refusal = openAIError("model_not_found", "Nobody has it.", "model");
    expect(await found(refusal, { status: 404, headers: { ...json, "x-should-retry": "false" } })).toBe("");
  });

  it.each<[what: string, fault: string, ...Parameters<typeof found>]>([
    ["a key that is not known", "surprise", { ...completion, surprise: 1 }],
    ["sums that do not add up", "sum", { ...completion, usage: { ...usage, total_tokens: 9 } }],
    ["a body that is no JSON", "JSON", "{"],
    ["an answer without an id of the request", "x-request-id", completion, { headers: {} }],
    ["a whole answer where a stream was asked for", "unlike what was asked", completion, {}, streamed],
    ["a stream that lacks its end", "[DONE]", good.slice(0, 3).join(""), { headers: events }, streamed],
    [
      "a stream that is wrong before a client leaves it",
      "no role",
      goingOn(good.slice(1, 3)),
      { headers: events },
      firstOnly,
    ],
    ["a choice that lacks its end", "choice 1: it is done", good.join(""), { headers: events }, two],
    ["a refusal of another shape", "error", { message: "no" }, { status: 404 }],
    [
      "a refusal with another's status",
      "has the status 404",
      openAIError("model_not_found", "No."),
      { status: 400 },
    ],
    [
      "a refusal that does not say whether to try again",
      "x-should-retry",
      openAIError("internal", "No."),
      { status: 500 },
    ],
    ["a text that lacks its end", "finish_reason", text("a", null) + DONE, { headers: events }, goOn],
    [
      "a text that goes on",
      "more is said",
      text("", "stop") + text("a", null) + DONE,
      { headers: events },
      goOn,
    ],
    ["a text in the shape of chat", "object", good.join(""), { headers: events }, goOn],
    ["a response in the shape of chat", "object", completion, {}, respond],
    ["an event in the shape of chat", "not a name", good.join(""), { headers: events }, respondStreamed],
    [
      "a model without its terms",
      "created",
      { id: "m", object: "model" },
      {},
      (client) => client.models.retrieve("m"),
    ],
    ["an address of which nothing is known", "nothing is known", {}, {}, (client) => client.batches.list()],
  ])("finds %s", async (_, fault, ...answer) => {
    expect(await found(...answer)).toContain(fault);
  });
});
