import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { parseChatRequest } from "./chat.ts";
import { jobRequestOf } from "./job.ts";
import { MAX_OFFERS } from "./offer.ts";
import {
  MarketMessage,
  MAX_DELTA_TEXT,
  MAX_DELTA_TOKENS,
  MAX_PROVIDER_FRAME_BYTES,
  MAX_SLOTS,
  PROVIDER_PROTOCOL,
  ProviderMessage,
} from "./provider.ts";

const job = "job_7Qm2cX0a";

const offer = {
  offer: "tiny",
  model: "tabarena-tiny",
  tasks: ["chat", "completion"],
  contextTokens: 512,
  maxOutputTokens: 256,
  prices: { prompt: 5_000_000, cachedPrompt: 0, completion: 10_000_000 },
  artifact: { sha256: "a".repeat(64), quantisation: "Q8_0", bytes: 163_000 },
  engine: { name: "node-llama-cpp", build: "b11364 cpu" },
  features: ["prefill", "deterministic", "token_ids", "logprobs"],
  tokensPerSecond: 970.5,
};

const hello = {
  type: "hello",
  protocols: [PROVIDER_PROTOCOL],
  agent: "tabarena-agent 0.1.0",
  kind: "native",
  slots: 4,
  offers: [offer],
  holding: [job],
};

const usage = { promptTokens: 20, cachedPromptTokens: 4, completionTokens: 2 };

const delta = { type: "delta", job, seq: 0, text: "Hi", tokenCount: 2 };

const logprob = { token: "Hi", logprob: -0.1, bytes: [72, 105], top_logprobs: [] };

/** What a native agent says from its greeting to its leave. */
const native = [
  hello,
  { type: "accept", job, promptTokens: 20 },
  { ...delta, tokenIds: [310, 311], logprobs: [logprob, logprob] },
  { ...delta, seq: 1, text: "", tokenCount: 1 },
  { ...delta, seq: 2, text: "", reasoning: "They greet." },
  {
    ...delta,
    seq: 3,
    text: "",
    toolCalls: [
      { index: 0, name: "f", arguments: "" },
      { index: 0, arguments: "{}" },
    ],
  },
  {
    type: "finished",
    job,
    reason: "stop",
    deltas: 4,
    usage,
    timings: { promptMs: 12, completionMs: 40 },
  },
  { type: "refuse", job, reason: "too_long", message: "1810 tokens, of which 512 fit." },
  { type: "failed", job, deltas: 1, message: "The engine is out of memory.", usage: null },
  { type: "drain" },
];

/** A tab of a browser knows less: no ids of tokens, no count of the prompt before the end, no hash. */
const browser = [
  {
    ...hello,
    kind: "browser",
    offers: [
      {
        ...offer,
        artifact: { sha256: null, quantisation: "q4f16_1", bytes: null },
        engine: { name: "web-llm", build: "" },
        features: [],
        tokensPerSecond: null,
      },
    ],
    holding: [],
  },
  { type: "accept", job, promptTokens: null },
  delta,
  { type: "finished", job, reason: "cancelled", deltas: 1, usage, timings: null },
];

const request = {
  model: "tabarena-tiny",
  messages: [
    { role: "developer", content: "Be brief." },
    { role: "user", content: [{ type: "text", text: "What is the weather?" }] },
  ],
  seed: 7,
  stop: "\n",
  logprobs: true,
  tools: [{ type: "function", function: { name: "weather", parameters: { type: "object" } } }],
  response_format: { type: "json_object" },
  user: "user_123456",
  metadata: { invoice: "7" },
};

function jobOf(body: object, continuation: string | null = null) {
  const parsed = parseChatRequest(body);
  if (!parsed.ok) throw new Error(parsed.message);
  return {
    type: "job",
    job,
    offer: "tiny",
    request: jobRequestOf(parsed.request, 128, continuation, true),
    timeouts: { acceptMs: 2_000, firstTokenMs: 30_000, stallMs: 10_000, totalMs: 600_000 },
  };
}

const market = [
  { type: "welcome", protocol: PROVIDER_PROTOCOL, provider: "attic", heartbeatMs: 15_000 },
  jobOf(request),
  jobOf({ model: "m", messages: [{ role: "user", content: "Hello!" }] }, "Hello"),
  { type: "pause", job },
  { type: "resume", job },
  { type: "cancel", job },
  { type: "settled", job, paid: usage, amountNano: 290 },
  { type: "unwelcome", message: "This token was revoked.", retry: false },
];

const overTheWire = (message: unknown): unknown => JSON.parse(JSON.stringify(message));

describe("the provider link", () => {
  it.each([...native, ...browser].map((message) => [message.type, message] as const))(
    "lets providers say %s",
    (_, message) => {
      expect(v.parse(ProviderMessage, overTheWire(message))).toEqual(message);
    },
  );

  it("takes offers of agents that do not say what can be asked of them as answering chats", () => {
    const { tasks: _, ...older } = offer;
    expect(v.parse(ProviderMessage, { ...hello, offers: [older] })).toMatchObject({
      offers: [{ tasks: ["chat"] }],
    });
  });

  it.each(market.map((message) => [message.type, message] as const))(
    "lets the Market say %s",
    (_, message) => {
      const sent = overTheWire(message);
      expect(overTheWire(v.parse(MarketMessage, sent))).toEqual(sent);
    },
  );

  it("ignores fields of later versions", () => {
    expect(v.parse(ProviderMessage, { ...delta, mood: "good" })).toEqual(delta);
  });

  it.each<[string, object]>([
    ["no type", { job }],
    ["another type", { ...delta, type: "stream-event" }],
    ["a message of the other side", { type: "cancel", job }],
    ["an id that is none", { ...delta, job: "../7" }],
    ["a place before the first", { ...delta, seq: -1 }],
    ["a place beyond counting", { ...delta, seq: 2 ** 53 }],
    ["text beyond the limit", { ...delta, text: "x".repeat(MAX_DELTA_TEXT + 1) }],
    ["thoughts beyond the limit", { ...delta, reasoning: "x".repeat(MAX_DELTA_TEXT + 1) }],
    ["no count of tokens", { ...delta, tokenCount: undefined }],
    ["less than no tokens", { ...delta, tokenCount: -1 }],
    ["more tokens than can be", { ...delta, tokenCount: MAX_DELTA_TOKENS + 1 }],
    ["part of a token", { ...delta, tokenCount: 0.5 }],
    ["fewer ids than tokens", { ...delta, tokenIds: [310] }],
    ["more probabilities than tokens", { ...delta, logprobs: [logprob, logprob, logprob] }],
    ["no pieces of calls", { ...delta, toolCalls: [] }],
    ["a call of a place beyond the limit", { ...delta, toolCalls: [{ index: 128, arguments: "" }] }],
    ["an end for a reason that is none", { ...native[6], reason: "abort" }],
    ["an end without its usage", { ...native[6], usage: undefined }],
    ["more cached than there was", { ...native[6], usage: { ...usage, cachedPromptTokens: 21 } }],
    ["a refusal for a reason of its own", { ...native[7], reason: "mood" }],
    ["a refusal beyond the limit", { ...native[7], message: "x".repeat(501) }],
    ["slots beyond the limit", { ...hello, slots: MAX_SLOTS + 1 }],
    ["half a slot", { ...hello, slots: 0.5 }],
    ["no versions", { ...hello, protocols: undefined }],
    ["versions without end", { ...hello, protocols: Array.from({ length: 17 }, (_, version) => version) }],
    ["two offers of one id", { ...hello, offers: [offer, { ...offer, model: "other" }] }],
    [
      "offers beyond the limit",
      {
        ...hello,
        offers: Array.from({ length: MAX_OFFERS + 1 }, (_, id) => ({ ...offer, offer: `o${id}` })),
      },
    ],
    ["a name that nobody can ask for", { ...hello, offers: [{ ...offer, model: "a b" }] }],
    ["a name of control characters", { ...hello, offers: [{ ...offer, model: "a\r\nb" }] }],
    ["a longer answer than the context", { ...hello, offers: [{ ...offer, maxOutputTokens: 513 }] }],
    ["a price below nothing", { ...hello, offers: [{ ...offer, prices: { ...offer.prices, prompt: -1 } }] }],
    [
      "a fraction of a nano-credit",
      { ...hello, offers: [{ ...offer, prices: { ...offer.prices, prompt: 0.5 } }] },
    ],
    ["a feature that is none", { ...hello, offers: [{ ...offer, features: ["magic"] }] }],
    [
      "a hash that is none",
      { ...hello, offers: [{ ...offer, artifact: { ...offer.artifact, sha256: "abc" } }] },
    ],
    ["a speed without end", { ...hello, offers: [{ ...offer, tokensPerSecond: Infinity }] }],
  ])("hears from no provider: %s", (_, message) => {
    expect(v.is(ProviderMessage, message)).toBe(false);
  });

  it.each<[string, unknown]>([
    ["nothing", null],
    ["a list", [delta]],
    ["a text", "delta"],
    ["an empty object", {}],
  ])("hears from nobody: %s", (_, message) => {
    expect(v.is(ProviderMessage, message)).toBe(false);
    expect(v.is(MarketMessage, message)).toBe(false);
  });

  it("misses every field of every message but those that may be absent", () => {
    const optional = new Set(["tokenIds", "logprobs", "reasoning", "toolCalls"]);
    for (const message of [...native, ...browser]) {
      for (const field of Object.keys(message).filter((name) => !optional.has(name))) {
        expect(v.is(ProviderMessage, { ...message, [field]: undefined }), `${message.type}.${field}`).toBe(
          false,
        );
        expect(v.is(ProviderMessage, { ...message, [field]: Number.NaN }), `${message.type}.${field}`).toBe(
          false,
        );
      }
    }
    for (const message of market) {
      for (const field of Object.keys(message)) {
        expect(v.is(MarketMessage, { ...message, [field]: undefined }), `${message.type}.${field}`).toBe(
          false,
        );
        expect(v.is(MarketMessage, { ...message, [field]: [] }), `${message.type}.${field}`).toBe(false);
      }
    }
  });

  it("has room for the longest text of a delta in any script, escaped", () => {
    const longest = {
      ...delta,
      text: "\u0001".repeat(MAX_DELTA_TEXT),
      reasoning: "語".repeat(MAX_DELTA_TEXT),
    };
    // The first text is written as \u0001, the second as itself: three bytes each.
    const bytes = JSON.stringify(longest).length + 2 * MAX_DELTA_TEXT;
    expect(v.is(ProviderMessage, longest)).toBe(true);
    expect(bytes).toBeLessThan(MAX_PROVIDER_FRAME_BYTES);
  });
});

describe("what a provider is asked for", () => {
  it("has all that shapes the answer, with nothing left to the engine", () => {
    expect(jobOf(request).request).toEqual({
      type: "chat",
      messages: request.messages,
      continuation: null,
      sampling: {
        temperature: 1,
        topP: 1,
        frequencyPenalty: 0,
        presencePenalty: 0,
        logitBias: {},
        seed: 7,
      },
      stop: ["\n"],
      maxTokens: 128,
      logprobs: 0,
      tokenIds: true,
      tools: request.tools,
      toolChoice: "auto",
      parallelToolCalls: true,
      responseFormat: { type: "json_object" },
    });
  });

  it("has nothing of who asks", () => {
    const sent = JSON.stringify(jobOf(request));
    expect(sent).not.toContain("user_123456");
    expect(sent).not.toContain("invoice");
  });

  it("has no tools to choose from where there are none", () => {
    expect(jobOf({ ...request, tools: null, logprobs: false }).request).toMatchObject({
      tools: [],
      toolChoice: "none",
      logprobs: null,
    });
  });

  it("has as many alternatives of each token as were asked for", () => {
    expect(jobOf({ ...request, top_logprobs: 20 }).request.logprobs).toBe(20);
  });
});
