import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LanguageEngine } from "../provider/engine.ts";
import { openLlamaEngine } from "./llama-engine.ts";
import {
  chatRequest,
  completionRequest,
  sampling,
  tinyModel,
  whyNoLlama,
  type Written,
  written,
} from "./testing.ts";

const skipped = whyNoLlama === null ? "" : ` (skipped: ${whyNoLlama})`;
/** A conversation as our model's template has it. */
const asked = (said: string): string => `<|im_start|>user\n${said}<|im_end|>\n<|im_start|>assistant\n`;
const story = asked("Tell me a story about a cat.");

describe.skipIf(whyNoLlama !== null)(`going on with a text${skipped}`, { timeout: 60_000 }, () => {
  let engine: LanguageEngine;
  beforeAll(async () => {
    engine = await openLlamaEngine({
      path: tinyModel,
      sha256: null,
      tasks: null,
      slots: 2,
      contextTokens: null,
      threads: 1,
      gpu: false,
    });
  }, 120_000);
  afterAll(() => engine.close());

  const rest = (...[prompt, wishes]: Parameters<typeof completionRequest>): Promise<Written> =>
    written(engine, completionRequest(prompt, wishes));

  it("is what the model writes after it, with no turn around it", async () => {
    const { text, ending, tokenIds } = await rest(`${asked("What is the capital of France?")}The capital of`);
    expect(text).toBe(" France is Paris.");
    expect(ending).toMatchObject({ reason: "stop", usage: { completionTokens: tokenIds.length } });
  });

  it("reads names of special tokens as those, so that a template written by hand is the template", async () => {
    const byHand = await rest(asked("What is 2 + 3?"), { logprobs: 2 });
    const byTemplate = await written(engine, chatRequest("What is 2 + 3?", { logprobs: 2 }));
    expect(byHand.pieces).toEqual(byTemplate.pieces);
    expect(byHand.ending.usage.promptTokens).toBe(byTemplate.ending.usage.promptTokens);
  });

  it("has one token for the beginning, also where the text names it, and of an empty text that alone", async () => {
    const plain = await engine.prepare(completionRequest("Hello"));
    const named = await engine.prepare(completionRequest("<s>Hello"));
    const empty = await engine.prepare(completionRequest(""));
    expect([plain.promptTokens, named.promptTokens, empty.promptTokens]).toEqual([2, 2, 1]);
    expect((await rest("", { maxTokens: 3 })).ending.usage.completionTokens).toBeGreaterThan(0);
  });

  it.each([0, 0.9])(
    "goes on with a beginning of others as with its own, at temperature %d",
    async (temperature) => {
      const whole = await rest(story, { sampling: sampling(temperature, 11) });
      expect(whole.pieces.length).toBeGreaterThan(20);
      for (const cut of [1, 2, 9, whole.pieces.length - 2]) {
        const beginning = whole.pieces
          .slice(0, cut)
          .map(({ text }) => text)
          .join("");
        const later = await rest(story, { sampling: sampling(temperature, 11), continuation: beginning });
        expect(later.tokenIds).toEqual(whole.tokenIds.slice(cut));
      }
    },
  );

  it("ends before a stop string, and after as many tokens as it may write", async () => {
    const count = asked("Count to 10.");
    const stopped = await rest(count, { stop: [", 4, 5"] });
    expect([stopped.text, stopped.ending.reason]).toEqual(["1, 2, 3", "stop"]);
    const short = await rest(count, { maxTokens: 3 });
    expect([short.tokenIds.length, short.ending.reason]).toEqual([3, "length"]);
  });

  it("is refused where the text fills the context, and ends where it is full", async () => {
    await expect(engine.prepare(completionRequest("word ".repeat(2_000)))).rejects.toMatchObject({
      reason: "too_long",
      message: expect.stringMatching(/the context holds 1023/),
    });
    const job = await engine.prepare(completionRequest("Count to 50. ".repeat(120), { maxTokens: 100_000 }));
    let tokens = 0;
    await job.write(({ tokenCount }) => void (tokens += tokenCount), new AbortController().signal);
    expect((job.promptTokens ?? 0) + tokens).toBeLessThanOrEqual(engine.facts.contextTokens);
  });

  it("stops when it is cancelled", async () => {
    const cancel = new AbortController();
    const job = await engine.prepare(completionRequest(story));
    let seen = 0;
    const ending = await job.write(() => {
      if (++seen === 4) cancel.abort();
    }, cancel.signal);
    expect([seen, ending.reason, ending.usage.completionTokens]).toEqual([4, "cancelled", 4]);
  });
});
