import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { ChatCompletion, ChatCompletionChunk, TokenLogprob, Usage } from "./chat-completion.ts";

const usage = {
  prompt_tokens: 19,
  completion_tokens: 10,
  total_tokens: 29,
  prompt_tokens_details: { cached_tokens: 4 },
  completion_tokens_details: { reasoning_tokens: 0 },
  cost: 0.000_000_29,
  cost_nano: "290",
};

const completion = {
  id: "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT",
  object: "chat.completion",
  created: 1_741_569_952,
  model: "tabarena-tiny",
  choices: [
    {
      index: 0,
      message: { role: "assistant", content: "Hello! How can I assist you today?", refusal: null },
      logprobs: null,
      finish_reason: "stop",
    },
  ],
  usage,
};

const [choice] = completion.choices;
const toolCall = { id: "call_abc123", type: "function", function: { name: "f", arguments: "{}" } };
const logprob = {
  token: "é",
  logprob: -0.31,
  bytes: [195, 169],
  top_logprobs: [{ token: "e", logprob: -1.5, bytes: null }],
};

const chunk = {
  id: completion.id,
  object: "chat.completion.chunk",
  created: 1_694_268_190,
  model: "tabarena-tiny",
  choices: [{ index: 0, delta: { role: "assistant", content: "" }, logprobs: null, finish_reason: null }],
};

/** Everything in `value` that can be left out: the paths of all keys of objects. */
function keysOf(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = [...path, Array.isArray(value) ? Number(key) : key];
    return Array.isArray(value) ? keysOf(inner, here) : [here, ...keysOf(inner, here)];
  });
}

function without(value: unknown, [key, ...rest]: (string | number)[]): unknown {
  if (typeof value !== "object" || value === null || key === undefined)
    throw new Error("there is no such key");
  if (Array.isArray(value))
    return value.map((inner, index) => (index === key ? without(inner, rest) : inner));
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) =>
      name !== key ? [[name, inner]] : rest.length > 0 ? [[name, without(inner, rest)]] : [],
    ),
  );
}

/** The keys that are missed when they are left out. */
const required = (schema: v.GenericSchema, value: unknown): string[] =>
  keysOf(value)
    .filter((path) => !v.is(schema, without(value, path)))
    .map((path) => path.join("."));

const optionalIn = (schema: v.GenericSchema, value: unknown): string[] => {
  const needed = new Set(required(schema, value));
  return keysOf(value)
    .map((path) => path.join("."))
    .filter((path) => !needed.has(path));
};

describe("a served completion", () => {
  it.each<[string, object]>([
    ["text", completion],
    [
      "token probabilities",
      { ...completion, choices: [{ ...choice, logprobs: { content: [logprob], refusal: null } }] },
    ],
    [
      "calls and no text",
      {
        ...completion,
        choices: [
          {
            ...choice,
            message: { role: "assistant", content: null, refusal: null, tool_calls: [toolCall] },
            finish_reason: "tool_calls",
          },
        ],
      },
    ],
    [
      "thoughts",
      {
        ...completion,
        choices: [{ ...choice, message: { ...choice?.message, reasoning_content: "They greet." } }],
      },
    ],
    ["its engine", { ...completion, system_fingerprint: "node-llama-cpp b11364" }],
  ])("may have %s", (_, body) => {
    expect(v.safeParse(ChatCompletion, body).issues).toBeUndefined();
  });

  it("has all keys that the published schema requires, and the usage", () => {
    expect(optionalIn(ChatCompletion, completion)).toEqual([
      "usage.completion_tokens_details",
      "usage.completion_tokens_details.reasoning_tokens",
    ]);
  });

  it.each<[string, object]>([
    ["no choice", { ...completion, choices: [] }],
    ["two choices out of order", { ...completion, choices: [{ ...choice, index: 1 }, choice] }],
    ["two choices in one place", { ...completion, choices: [choice, choice] }],
    ["no reason for its end", { ...completion, choices: [{ ...choice, finish_reason: null }] }],
    ["a reason of the link's", { ...completion, choices: [{ ...choice, finish_reason: "cancelled" }] }],
    [
      "calls as its reason, and none there",
      { ...completion, choices: [{ ...choice, finish_reason: "tool_calls" }] },
    ],
    [
      "nothing said at all",
      {
        ...completion,
        choices: [{ ...choice, message: { role: "assistant", content: null, refusal: null } }],
      },
    ],
    ["a time in milliseconds as text", { ...completion, created: "1741569952000" }],
    ["an id of another kind", { ...completion, id: "7" }],
    ["the object of a chunk", { ...completion, object: "chat.completion.chunk" }],
    ["a key that is unknown", { ...completion, provider: "a" }],
  ])("never has %s", (_, body) => {
    expect(v.is(ChatCompletion, body)).toBe(false);
  });
});

describe("the usage", () => {
  it.each<[string, object]>([
    ["a total that is no sum", { ...usage, total_tokens: 30 }],
    ["more cached than there was", { ...usage, prompt_tokens_details: { cached_tokens: 20 } }],
    ["two costs", { ...usage, cost: 0.1 }],
    ["a cost with a fraction of a nano-credit", { ...usage, cost_nano: "290.5" }],
    ["a negative cost", { ...usage, cost: -1e-9, cost_nano: "-1" }],
    ["half a token", { ...usage, completion_tokens: 9.5, total_tokens: 28.5 }],
  ])("never has %s", (_, body) => {
    expect(v.is(Usage, usage)).toBe(true);
    expect(v.is(Usage, body)).toBe(false);
  });
});

describe("a token's probability", () => {
  it.each<[string, object]>([
    ["an infinity", { ...logprob, logprob: -Infinity }],
    ["bytes that are none", { ...logprob, bytes: [256] }],
    [
      "21 alternatives",
      { ...logprob, top_logprobs: Array.from({ length: 21 }, () => logprob.top_logprobs[0]) },
    ],
    ["alternatives of alternatives", { ...logprob, top_logprobs: [logprob] }],
  ])("never has %s", (_, body) => {
    expect(v.is(TokenLogprob, logprob)).toBe(true);
    expect(v.is(TokenLogprob, body)).toBe(false);
  });
});

describe("a served chunk", () => {
  const [first] = chunk.choices;
  const piece = (delta: object, more: object = {}) => ({ ...chunk, choices: [{ ...first, delta, ...more }] });

  it.each<[string, object]>([
    ["the role", chunk],
    ["text", piece({ content: "Hello" })],
    ["no usage yet", { ...chunk, usage: null }],
    ["the end", piece({}, { finish_reason: "stop" })],
    ["the usage, at last", { ...chunk, choices: [], usage }],
    ["token probabilities", piece({ content: "é" }, { logprobs: { content: [logprob], refusal: null } })],
    ["thoughts", piece({ reasoning_content: "They greet." })],
    [
      "a piece of a call",
      piece({
        tool_calls: [
          { index: 0, id: "call_abc123", type: "function", function: { name: "f", arguments: "" } },
        ],
      }),
    ],
    ["more of a call", piece({ tool_calls: [{ index: 0, function: { arguments: '{"a' } }] })],
  ])("may have %s", (_, body) => {
    expect(v.safeParse(ChatCompletionChunk, body).issues).toBeUndefined();
  });

  it("has all keys that the published schema requires", () => {
    expect(optionalIn(ChatCompletionChunk, chunk)).toEqual([
      "choices.0.delta.role",
      "choices.0.delta.content",
      "choices.0.logprobs",
    ]);
  });

  it.each<[string, object]>([
    ["neither a choice nor the usage", { ...chunk, choices: [] }],
    ["no choice and no usage yet", { ...chunk, choices: [], usage: null }],
    ["the usage beside a choice", { ...chunk, usage }],
    ["two choices", { ...chunk, choices: [first, { ...first, index: 1 }] }],
    ["a message in place of a delta", { ...chunk, choices: [{ ...choice, finish_reason: null }] }],
    ["another role", piece({ role: "user" })],
    ["a call without its index", piece({ tool_calls: [{ function: { arguments: "" } }] })],
    ["an error beside", { ...chunk, error: { message: "a" } }],
  ])("never has %s", (_, body) => {
    expect(v.is(ChatCompletionChunk, body)).toBe(false);
  });
});
