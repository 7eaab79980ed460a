import * as v from "valibot";
import { describe, expect, it } from "vitest";
import type { TokenLogprob } from "../protocol/chat-completion.ts";
import { TextCompletion, TextCompletionChunk } from "../protocol/text-completion.ts";
import { completionOf, usageOf } from "./answer-chunks.ts";
import {
  textChunk,
  textChunksOf,
  textCompletionOf,
  textFinishChunk,
  textLogprobs,
  textUsageChunk,
} from "./text-completion.ts";

const head = { job: "0".repeat(32), created: 1_700_000_000, model: "m", includesUsage: false };
const usage = usageOf({ promptTokens: 5, cachedPromptTokens: 0, completionTokens: 3 }, 11_000);

/** A token of these bytes; a part of a character has no text of its own. */
const token = (
  bytes: readonly number[],
  logprob = -1,
  top: TokenLogprob["top_logprobs"] = [],
): TokenLogprob => ({
  token: new TextDecoder().decode(new Uint8Array(bytes)),
  bytes: [...bytes],
  logprob,
  top_logprobs: top,
});
const said = (text: string): TokenLogprob => token([...new TextEncoder().encode(text)]);

const answer = (logprobs: TokenLogprob[] | null) =>
  completionOf(
    head,
    { text: " a time", reasoning: "", toolCalls: [], logprobs: logprobs ?? [] },
    logprobs !== null,
    "stop",
    usage,
  );

describe("an answer that goes on with a text", () => {
  it("has the shape of the official API, and what it begins with", () => {
    const plain = textCompletionOf(head, "", answer(null));
    expect(v.parse(TextCompletion, plain)).toEqual({
      id: `cmpl-${head.job}`,
      object: "text_completion",
      created: head.created,
      model: "m",
      choices: [{ index: 0, text: " a time", logprobs: null, finish_reason: "stop" }],
      usage,
    });
    expect(textCompletionOf(head, "Once upon", answer(null)).choices[0]?.text).toBe("Once upon a time");
  });

  it("never ends by calls of tools, of which there are none", () => {
    expect(textFinishChunk(head, "tool_calls").choices[0]?.finish_reason).toBe("stop");
  });

  it("has chunks of the same shape, with usage where it is asked for", () => {
    const asking = { ...head, includesUsage: true };
    for (const chunk of [
      textChunk(head, "a", null),
      textChunk(head, "a", textLogprobs([said("a")], { characters: 0 })),
      textFinishChunk(asking, "length"),
      textUsageChunk(asking, usage),
    ])
      expect(v.parse(TextCompletionChunk, chunk)).toEqual(chunk);
    expect(textChunk(asking, "a", null)).toHaveProperty("usage", null);
    expect(textChunk(head, "a", null)).not.toHaveProperty("usage");
  });

  it.each([true, false])(
    "is told again as a stream of its text, its end and its usage: %s",
    (includesUsage) => {
      const whole = textCompletionOf(head, "Once upon", answer([said(" a"), said(" time")]));
      const chunks = textChunksOf(whole, includesUsage).map((chunk) => v.parse(TextCompletionChunk, chunk));
      expect(chunks.flatMap(({ choices }) => choices.map(({ text }) => text)).join("")).toBe(
        "Once upon a time",
      );
      expect(chunks.flatMap(({ choices }) => choices.map((choice) => choice.finish_reason))).toEqual([
        null,
        "stop",
      ]);
      expect(chunks.flatMap((chunk) => chunk.usage ?? [])).toEqual(includesUsage ? [usage] : []);
      expect(chunks[0]?.choices[0]?.logprobs).toEqual(whole.choices[0]?.logprobs);
    },
  );
});

describe("probabilities in the older shape", () => {
  it("tell where each token begins in characters, and of parts of a character where it is", () => {
    const tokens = [said("ü"), token([0xf0, 0x9f]), token([0x98, 0x80]), said("!")];
    expect(textLogprobs(tokens, { characters: 0 }).text_offset).toEqual([0, 1, 2, 2]);
  });

  it("go on where the chunk before ended", () => {
    const place = { characters: 0 };
    textLogprobs([said("ab"), said("c")], place);
    expect(textLogprobs([said("d"), { ...said("\u{1f600}"), bytes: null }], place).text_offset).toEqual([
      3, 4,
    ]);
    expect(place.characters).toBe(5);
  });

  it("name the likeliest, and the drawn one beside them; of those that look alike the likeliest", () => {
    const top = [
      { token: "x", bytes: null, logprob: -0.1 },
      { token: "y", bytes: null, logprob: -2 },
      { token: "x", bytes: null, logprob: -9 },
      { token: "__proto__", bytes: null, logprob: -9.5 },
    ];
    const { tokens, token_logprobs, top_logprobs } = textLogprobs([token([0x7a], -5, top)], {
      characters: 0,
    });
    expect([tokens, token_logprobs]).toEqual([["z"], [-5]]);
    expect(Object.entries(top_logprobs[0] ?? {}).toSorted(([, a], [, b]) => b - a)).toEqual([
      ["x", -0.1],
      ["y", -2],
      ["z", -5],
      ["__proto__", -9.5],
    ]);
  });

  it("are one entry where none but the drawn one is asked for", () => {
    expect(textLogprobs([said("a")], { characters: 0 }).top_logprobs).toEqual([{ a: -1 }]);
  });
});
