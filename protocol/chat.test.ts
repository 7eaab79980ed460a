import { describe, expect, it } from "vitest";
import { chatRequestFields, maxTokensOf, parseChatRequest, samplingOf } from "./chat.ts";
import { hello, refusedParam, samples, taken } from "./testing/chat-requests.ts";

describe("a chat request", () => {
  it.each(samples)("is taken with %s", (_, body) => {
    expect(parseChatRequest(body)).toMatchObject({ ok: true });
  });

  it.each(samples)("has turns that can be read again, with %s", (_, body) => {
    const parsed = parseChatRequest(body);
    if (!parsed.ok) throw new Error(parsed.message);
    const sent = JSON.parse(JSON.stringify(parsed.request.messages));
    expect(parseChatRequest({ ...hello, messages: sent })).toEqual({
      ok: true,
      request: { ...taken(hello), messages: parsed.request.messages },
    });
  });

  it("may have null for every field that it may leave out", () => {
    const optional = chatRequestFields.filter((field) => field !== "model" && field !== "messages");
    const nulls = Object.fromEntries(optional.map((field) => [field, null]));
    expect(JSON.parse(JSON.stringify(taken({ ...hello, ...nulls })))).toEqual(taken(hello));
  });

  it("has the official defaults where it is silent", () => {
    expect(taken(hello)).toEqual({
      ...hello,
      stream: false,
      temperature: 1,
      top_p: 1,
      frequency_penalty: 0,
      presence_penalty: 0,
      stop: [],
      logprobs: false,
      tools: [],
      parallel_tool_calls: true,
    });
  });

  it("keeps nothing that it does not know", () => {
    const request = taken({
      ...hello,
      host: "http://127.0.0.1",
      messages: [{ ...hello.messages[0], host: "x" }],
    });
    expect(JSON.stringify(request)).not.toContain("host");
  });

  it("may limit the answer by either name, not by both", () => {
    expect(maxTokensOf(taken(hello))).toBeNull();
    expect(maxTokensOf(taken({ ...hello, max_tokens: 7 }))).toBe(7);
    expect(maxTokensOf(taken({ ...hello, max_completion_tokens: 8, max_tokens: null }))).toBe(8);
    expect(refusedParam({ ...hello, max_completion_tokens: 8, max_tokens: 8 })).toBe("max_tokens");
  });

  it("caps prices in credits, exactly to the nano-credit", () => {
    const caps = (prompt: unknown) =>
      taken({ ...hello, provider: { max_price: { prompt } } }).provider?.max_price?.prompt;
    expect([0.25, "0.25", 0, 1e-9, 0.29, 1.1, 1_000_000].map(caps)).toEqual([
      250_000_000, 250_000_000, 0, 1, 290_000_000, 1_100_000_000, 1_000_000_000_000_000,
    ]);
  });
});

describe("the sampling of a request", () => {
  it("has every value, by the official defaults", () => {
    expect(samplingOf(taken(hello))).toEqual({
      temperature: 1,
      topP: 1,
      frequencyPenalty: 0,
      presencePenalty: 0,
      logitBias: {},
      seed: null,
    });
  });

  it("has seeds that every engine takes, small ones unchanged", () => {
    const seedOf = (seed: number) => samplingOf(taken({ ...hello, seed })).seed;
    expect([0, 42, 2 ** 31 - 1].map(seedOf)).toEqual([0, 42, 2 ** 31 - 1]);
    for (const seed of [-1, -(2 ** 63), 2 ** 63, 2 ** 32 - 1, 123_456_789_012]) {
      const folded = seedOf(seed);
      expect(folded).toBeGreaterThanOrEqual(0);
      expect(folded).toBeLessThan(2 ** 31);
    }
    expect(seedOf(123_456_789_012)).not.toBe(seedOf(123_456_789_013));
  });
});
