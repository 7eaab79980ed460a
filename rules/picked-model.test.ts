import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { ModelName } from "../protocol/offer.ts";
import type { GgufFacts } from "./gguf-facts.ts";
import { modelOfGguf } from "./picked-model.ts";

const facts: GgufFacts = {
  name: "Qwen 9 Chat (instruct)",
  architecture: "qwen9",
  quantisation: "Q4_K_M",
  contextTokens: 32_768,
  hasChatTemplate: true,
  bytesPerToken: 1_000,
};

describe("a model that somebody has on a disk", () => {
  it("is called as its file says, in letters that a name may have", () => {
    const { name } = modelOfGguf(facts, "a.gguf", 1);
    expect(name).toBe("qwen-9-chat-instruct");
    expect(v.is(ModelName, name)).toBe(true);
  });

  it.each([
    [null, "Llama-3.2-1B-Q4_0.gguf", "llama-3.2-1b-q4_0"],
    ["", "big-00001-of-00003.gguf", "big"],
    ["模型", "模型.gguf", "model"],
    ["x".repeat(300), "a.gguf", "x".repeat(100)],
  ])("named %j in the file %j, is called %j", (name, fileName, expected) => {
    expect(modelOfGguf({ ...facts, name }, fileName, 1).name).toBe(expected);
  });

  it("has no more context than few devices have memory for, nor than it was trained for", () => {
    const contextOf = (contextTokens: number | null): number =>
      modelOfGguf({ ...facts, contextTokens }, "a.gguf", 1).contextTokens;
    expect([contextOf(32_768), contextOf(1_024), contextOf(null)]).toEqual([4_096, 1_024, 4_096]);
  });

  it("takes memory for its weights, its context and what computes", () => {
    const room = 256 * 1024 * 1024;
    expect(modelOfGguf(facts, "a.gguf", 5_000_000).memoryBytes).toBe(5_000_000 + 4_096 * 1_000 + room);
  });
});
