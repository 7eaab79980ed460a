import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { ChatCompletion, ChatCompletionChunk } from "../protocol/chat-completion.ts";
import { parseChatRequest, samplingOf } from "../protocol/chat.ts";
import { parseCompletionRequest } from "../protocol/completions.ts";
import type { FinishReason } from "../protocol/finish-reason.ts";
import {
  type AnswerHead,
  chunksOf,
  completionOf,
  emptyAnswer,
  finishChunk,
  gather,
  pieceChunk,
  roleChunk,
  usageChunk,
  usageOf,
} from "./answer-chunks.ts";
import type { Asked } from "./asked.ts";
import { beginStreams, blockOfChoice, choicesOf, wholeOfChoices } from "./choices.ts";
import { seededRandom } from "./seeded-random.ts";

const hello = { model: "m", messages: [{ role: "user", content: "Hello!" }] };

function chatOf(more: object): Asked {
  const parsed = parseChatRequest({ ...hello, ...more });
  if (!parsed.ok) throw new Error(parsed.message);
  return { type: "chat", request: parsed.request };
}

function completionsOf(more: object): Asked {
  const parsed = parseCompletionRequest({ model: "m", ...more });
  if (!parsed.ok) throw new Error(parsed.message);
  return { type: "completions", request: parsed.request };
}

const seedsOf = (asked: Asked) =>
  choicesOf(asked).map(({ type, request }) => (type === "embeddings" ? null : samplingOf(request).seed));

describe("what the jobs of a request are asked", () => {
  it("is the request itself where there is one choice", () => {
    for (const one of [chatOf({}), chatOf({ n: 1, seed: 2 ** 40 }), completionsOf({ prompt: "Once" })])
      expect(choicesOf(one)).toEqual([one]);
  });

  it("is what was asked, for each choice alone", () => {
    const more = { temperature: 0.5, stop: ["x"] };
    expect(choicesOf(chatOf({ n: 3, ...more }))).toEqual(Array(3).fill(chatOf({ n: 1, ...more })));
  });

  it("is one prompt of several, with all its choices before those of the next", () => {
    const asked = choicesOf(completionsOf({ prompt: ["Once", "Twice"], n: 2, seed: 5, echo: true }));
    expect(asked).toEqual([
      completionsOf({ prompt: "Once", n: 1, seed: 5, echo: true }),
      completionsOf({ prompt: "Once", n: 1, seed: 6, echo: true }),
      completionsOf({ prompt: "Twice", n: 1, seed: 5, echo: true }),
      completionsOf({ prompt: "Twice", n: 1, seed: 6, echo: true }),
    ]);
  });

  it.each([
    ["one after the other", 7, [7, 8, 9]],
    ["also below zero", -1, [2 ** 31 - 1, 0, 1]],
    ["also beyond 31 bits", 2 ** 31 + 4, [4, 5, 6]],
    ["also where a number is too great to be counted on", 2 ** 62, [0, 1, 2]],
  ])("has seeds %s, so that the choices differ and come again", (_, seed, seeds) => {
    expect(seedsOf(chatOf({ n: 3, seed }))).toEqual(seeds);
    expect(seedsOf(chatOf({ seed }))).toEqual(seeds.slice(0, 1));
  });

  it("has no seed where none was given", () => {
    expect(seedsOf(chatOf({ n: 2 }))).toEqual([null, null]);
  });
});

const jobs = ["00000000000000aa", "00000000000000bb", "00000000000000cc"];

const headOf = (choice: number): AnswerHead => ({
  job: jobs[choice] ?? "",
  created: 1_700_000_000 + choice,
  model: "tiny",
  includesUsage: true,
});

const usage = (times: number) =>
  usageOf({ promptTokens: 7, cachedPromptTokens: 3 * times, completionTokens: 5 * times }, 1_000_001 * times);

/** A choice's stream as the blocks that the Market writes. */
function streamOf(choice: number, words: readonly string[], reason: FinishReason): string[] {
  const head = headOf(choice);
  const chunks = [
    roleChunk(head),
    ...words.map((text) => pieceChunk(head, { text }, new Set())),
    finishChunk(head, reason),
    usageChunk(head, usage(choice)),
  ];
  return [...chunks.map((chunk) => `data: ${JSON.stringify(chunk)}`), "data: [DONE]"];
}

/** What the blocks become, in the order in which they come. */
function merged(blocks: readonly (readonly [choice: number, block: string])[], of = jobs): string[] {
  const streams = beginStreams(of);
  const text = blocks.map(([choice, block]) => blockOfChoice(streams, choice, block)).join("");
  return text.split("\n\n").slice(0, -1);
}

const chunksIn = (blocks: readonly string[]): ChatCompletionChunk[] =>
  blocks
    .filter((block) => block.startsWith("data: {"))
    .map((block) => v.parse(ChatCompletionChunk, JSON.parse(block.slice("data: ".length))));

describe("the streams of several choices, in whatever order their events come", () => {
  const words = [
    ["Good", " day", "!"],
    ["", "\n\ndata: [DONE]\n\n", "é漢"],
    Array.from({ length: 40 }, (_, at) => ` ${at}`),
  ];
  const reasons = ["stop", "length", "stop"] as const;
  const sources = words.map((each, choice) => streamOf(choice, each, reasons[choice] ?? "stop"));

  /** An interleaving of all streams by chance, with comments in between. */
  function interleaved(seed: number): [number, string][] {
    const random = seededRandom(seed);
    const left = sources.map((source) => [...source]);
    const blocks: [number, string][] = [];
    for (;;) {
      const open = left.flatMap((source, choice) => (source.length > 0 ? [choice] : []));
      const choice = open[Math.floor(random() * open.length)];
      if (choice === undefined) return blocks;
      const block = random() < 0.1 ? `: waiting ${choice}` : left[choice]?.shift();
      if (block !== undefined) blocks.push([choice, block]);
    }
  }

  it.each(Array.from({ length: 60 }, (_, seed) => seed))("are one that tells all of each (%i)", (seed) => {
    const blocks = merged(interleaved(seed));
    const chunks = chunksIn(blocks);
    expect(blocks.at(-1)).toBe("data: [DONE]");
    expect(blocks.filter((block) => block === "data: [DONE]")).toHaveLength(1);
    expect(new Set(chunks.map(({ id, created, model }) => `${id} ${created} ${model}`)).size).toBe(1);
    expect(chunks[0]?.id).toBe(`chatcmpl-${jobs[0]}`);
    for (const [choice, text] of words.entries()) {
      const own = chunks.flatMap(({ choices }) => choices.filter(({ index }) => index === choice));
      expect(own.map(({ delta }) => delta.content ?? "").join("")).toBe(text.join(""));
      expect(own.map(({ delta }) => delta.role).filter(Boolean)).toEqual(["assistant"]);
      expect(own[0]?.delta.role).toBe("assistant");
      expect(own.flatMap(({ finish_reason: reason }) => reason ?? [])).toEqual([reasons[choice]]);
      expect(own.at(-1)?.finish_reason).toBe(reasons[choice]);
    }
    expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true);
    expect(chunks.at(-1)?.usage).toEqual({
      ...usageOf({ promptTokens: 21, cachedPromptTokens: 9, completionTokens: 15 }, 3_000_003),
    });
  });

  it("tell how long the first that has no end yet waits, and not the others as well", () => {
    const [first, second] = [": 1st", ": 2nd"];
    const end = "data: [DONE]";
    expect(
      merged(
        [
          [1, second],
          [0, first],
          [0, end],
          [0, first],
          [1, second],
          [1, end],
          [1, second],
        ],
        jobs.slice(0, 2),
      ),
    ).toEqual([first, second, end]);
  });

  it("have no usage where none is told", () => {
    const bare = (choice: number): [number, string][] => {
      const head = { ...headOf(choice), includesUsage: false };
      return [
        [choice, `data: ${JSON.stringify(roleChunk(head))}`],
        [choice, `data: ${JSON.stringify(finishChunk(head, "stop"))}`],
        [choice, "data: [DONE]"],
      ];
    };
    const chunks = chunksIn(merged([...bare(1), ...bare(0)], jobs.slice(0, 2)));
    expect(chunks).toHaveLength(4);
    expect(chunks.every((chunk) => !("usage" in chunk))).toBe(true);
  });

  it("end by the error of one: nothing is said after it", () => {
    const error =
      'data: {"error":{"message":"Lost.","type":"server_error","param":null,"code":"provider_failed"}}';
    const [zero = []] = sources;
    const all: [number, string][] = [
      [0, zero[0] ?? ""],
      [1, error],
      ...zero.slice(1).map((block): [number, string] => [0, block]),
      [2, error],
    ];
    const blocks = merged(all);
    expect(blocks).toHaveLength(2);
    expect(blocks[1]).toBe(error);
  });

  it("keep the ids of tool calls apart", () => {
    const calls = chunksIn(
      merged(
        [0, 1].map((choice): [number, string] => {
          const piece = { text: "", toolCalls: [{ index: 0, name: "add", arguments: "{}" }] };
          return [choice, `data: ${JSON.stringify(pieceChunk(headOf(choice), piece, new Set()))}`];
        }),
      ),
    );
    const ids = calls.flatMap(({ choices }) => choices[0]?.delta.tool_calls?.map(({ id }) => id) ?? []);
    expect(new Set(ids).size).toBe(2);
  });
});

describe("the whole answers of several choices", () => {
  const answerOf = (choice: number, text: string): ChatCompletion => {
    const gathered = emptyAnswer();
    gather(gathered, { text });
    return completionOf(headOf(choice), gathered, false, "stop", usage(choice));
  };

  it("are one answer, in order, with the id of the first and what all of them used", () => {
    const whole = wholeOfChoices([answerOf(0, "a"), answerOf(1, "b"), answerOf(2, "c")]);
    expect(v.parse(ChatCompletion, whole)).toEqual(whole);
    expect(whole.choices.map(({ index, message }) => [index, message.content])).toEqual([
      [0, "a"],
      [1, "b"],
      [2, "c"],
    ]);
    expect([whole.id, whole.created]).toEqual([`chatcmpl-${jobs[0]}`, 1_700_000_000]);
    expect(whole.usage).toMatchObject({ prompt_tokens: 21, completion_tokens: 15, cost_nano: "3000003" });
  });

  it("tell the same as their streams", () => {
    const answers = [answerOf(0, "a"), answerOf(1, "b"), answerOf(2, "c")];
    const chunks = chunksIn(
      merged(
        answers.flatMap((answer, choice) =>
          chunksOf(answer, true).map((chunk): [number, string] => [choice, `data: ${JSON.stringify(chunk)}`]),
        ),
      ),
    );
    const texts = answers.map((_, choice) =>
      chunks
        .flatMap(({ choices }) => choices)
        .map(({ index, delta }) => (index === choice ? (delta.content ?? "") : ""))
        .join(""),
    );
    expect(texts).toEqual(["a", "b", "c"]);
    expect(chunks.at(-1)?.usage?.cost_nano).toBe("3000003");
  });
});
