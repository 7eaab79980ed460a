import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LanguageEngine } from "../provider/engine.ts";
import { openLlamaEngine } from "./llama-engine.ts";
import { bert, bertFile } from "./testing-bert.ts";
import {
  chatRequest,
  completionRequest,
  embeddingRequest,
  tinyModel,
  whyNoLlama,
  written,
} from "./testing.ts";

const skipped = whyNoLlama === null ? "" : ` (skipped: ${whyNoLlama})`;
const settings = { path: tinyModel, sha256: null, slots: 2, contextTokens: null, threads: 1, gpu: false };
const texts = ["The sky is blue.", "Grass is green.", "漢字"];
/** Numbers in each of our model's vectors. */
const LENGTH = 64;

describe.skipIf(whyNoLlama !== null)(`vectors of texts${skipped}`, { timeout: 60_000 }, () => {
  let engine: LanguageEngine;
  beforeAll(async () => {
    engine = await openLlamaEngine({ ...settings, tasks: null });
  }, 120_000);
  afterAll(() => engine.close());

  const vectorsOf = async (inputs: string[]): Promise<number[][]> =>
    (await written(engine, embeddingRequest(inputs))).vectors;

  it("are offered beside chats and completions", () => {
    expect(engine.facts.tasks).toEqual(["chat", "completion", "embedding"]);
  });

  it("come one in each piece, of length 1, and what they took is told before and after", async () => {
    const { promptTokens } = await engine.prepare(embeddingRequest(texts));
    const { pieces, vectors, ending } = await written(engine, embeddingRequest(texts));
    expect(pieces.map(({ text, tokenCount, vector }) => [text, tokenCount, vector?.index])).toEqual([
      ["", 0, 0],
      ["", 0, 1],
      ["", 0, 2],
    ]);
    for (const vector of vectors) {
      expect(vector).toHaveLength(LENGTH);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    }
    expect(ending).toMatchObject({
      reason: "stop",
      usage: { promptTokens, cachedPromptTokens: 0, completionTokens: 0 },
    });
    expect(promptTokens).toBeGreaterThan(texts.length);
  });

  it("depend on the text alone, whatever else is asked for and goes on meanwhile", async () => {
    const alone = await Promise.all(texts.map(async (text) => (await vectorsOf([text]))[0]));
    const [together, again] = await Promise.all([
      vectorsOf(texts),
      vectorsOf([...texts].reverse()),
      written(engine, chatRequest("Count to 20.")),
    ]);
    expect(together).toEqual(alone);
    expect(again.reverse()).toEqual(alone);
    expect(new Set(alone.map(String)).size).toBe(texts.length);
  });

  it("take names of special tokens for text", async () => {
    const job = await engine.prepare(embeddingRequest(["<|im_start|>"]));
    expect(job.promptTokens).toBeGreaterThan(2);
  });

  it("may be asked for in their own length and in no other", async () => {
    const { vectors } = await written(engine, embeddingRequest(["Hello"], LENGTH));
    expect(vectors).toEqual(await vectorsOf(["Hello"]));
    await expect(engine.prepare(embeddingRequest(["Hello"], 32))).rejects.toMatchObject({
      reason: "unsupported",
      message: expect.stringContaining("of 64 numbers, not of 32"),
    });
  });

  it("are refused of texts that are too long, and it is said which", async () => {
    const fits = "word ".repeat(1_000);
    const { promptTokens } = await engine.prepare(embeddingRequest([fits]));
    expect(promptTokens).toBeLessThanOrEqual(engine.facts.contextTokens);
    expect((await vectorsOf([fits]))[0]).toHaveLength(LENGTH);
    await expect(engine.prepare(embeddingRequest([fits, fits + fits]))).rejects.toMatchObject({
      reason: "too_long",
      message: expect.stringMatching(/^input\[1\] has \d+ tokens; the context holds 1023$/),
    });
  });

  it("are not made any more when they are cancelled, and what was made is told", async () => {
    const cancel = new AbortController();
    const job = await engine.prepare(embeddingRequest(texts));
    let seen = 0;
    const ending = await job.write(() => {
      if (++seen === 2) cancel.abort();
    }, cancel.signal);
    expect([seen, ending.reason]).toEqual([2, "cancelled"]);
    expect(ending.usage.promptTokens).toBeLessThan(job.promptTokens ?? 0);
    expect(ending.usage.promptTokens).toBeGreaterThan(0);
  });

  it("are made no faster than they are taken", async () => {
    const job = await engine.prepare(embeddingRequest(texts));
    let go = (): void => {};
    let seen = 0;
    const done = job.write(() => {
      seen++;
      return new Promise<void>((resolve) => (go = resolve));
    }, new AbortController().signal);
    for (const count of [1, 2, 3]) {
      await expect.poll(() => seen).toBe(count);
      await vectorsOf(["Hello"]);
      expect(seen).toBe(count);
      go();
    }
    expect((await done).reason).toBe("stop");
  });
});

describe.skipIf(whyNoLlama !== null)(`a model made for vectors${skipped}`, { timeout: 60_000 }, () => {
  let folder: string;
  let engine: LanguageEngine;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "vectors-"));
    const path = join(folder, "bert.gguf");
    await writeFile(path, bertFile());
    engine = await openLlamaEngine({ ...settings, path, tasks: null });
  }, 120_000);
  afterAll(async () => {
    await engine.close();
    await rm(folder, { recursive: true });
  });

  const vectorOf = async (text: string): Promise<number[] | undefined> =>
    (await written(engine, embeddingRequest([text]))).vectors[0];

  it("is asked for nothing else", async () => {
    expect(engine.facts).toMatchObject({
      tasks: ["embedding"],
      contextTokens: bert.contextTokens - 1,
      features: [],
      tokensPerSecond: null,
    });
    await expect(engine.prepare(completionRequest("Hello"))).rejects.toMatchObject({ reason: "unsupported" });
    const path = join(folder, "bert.gguf");
    await expect(openLlamaEngine({ ...settings, path, tasks: ["chat"] })).rejects.toThrow(
      /can't be asked for "chat", only for embedding/,
    );
  });

  it("counts what it wants around a text, and looks at all of it, however long", async () => {
    expect(await engine.prepare(embeddingRequest(["a b"]))).toMatchObject({ promptTokens: 4 });
    const long = " x".repeat(bert.contextTokens - 4);
    const [one, other] = [await vectorOf(`a${long}`), await vectorOf(`b${long}`)];
    expect(one).toHaveLength(bert.dimensions);
    expect(one).not.toEqual(other);
    await expect(engine.prepare(embeddingRequest([`a${long} x`]))).rejects.toMatchObject({
      reason: "too_long",
    });
  });

  it("gives the same vector to the same text again, and others to others", async () => {
    const first = await vectorOf("a cat");
    expect(await vectorOf("the dog")).not.toEqual(first);
    expect(await vectorOf("a cat")).toEqual(first);
  });
});

describe.skipIf(whyNoLlama !== null)(
  `a model told to make vectors alone${skipped}`,
  { timeout: 60_000 },
  () => {
    it("is measured by nothing, and refuses to write", async () => {
      const engine = await openLlamaEngine({ ...settings, tasks: ["embedding"], contextTokens: 100 });
      expect(engine.facts).toMatchObject({
        tasks: ["embedding"],
        contextTokens: 99,
        features: [],
        tokensPerSecond: null,
      });
      for (const request of [chatRequest("Hello"), completionRequest("Hello")])
        await expect(engine.prepare(request)).rejects.toMatchObject({ reason: "unsupported" });
      await expect(engine.prepare(embeddingRequest(["word ".repeat(200)]))).rejects.toMatchObject({
        reason: "too_long",
      });
      expect((await written(engine, embeddingRequest(["Hello"]))).vectors[0]).toHaveLength(LENGTH);
      await engine.close();
    });

    it("refuses vectors where it was told not to offer them", async () => {
      const engine = await openLlamaEngine({ ...settings, tasks: ["completion"] });
      await expect(engine.prepare(embeddingRequest(["Hello"]))).rejects.toMatchObject({
        message: "this engine offers no embeddings",
      });
      await expect(engine.prepare(chatRequest("Hello"))).rejects.toMatchObject({ reason: "unsupported" });
      expect((await written(engine, completionRequest("Hello", { maxTokens: 2 }))).tokenIds).toHaveLength(2);
      await engine.close();
    });
  },
);
