import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { EmbeddingsResponse } from "../../protocol/embeddings.ts";
import { completionOf, emptyAnswer, usageOf } from "../../rules/answer-chunks.ts";
import { EmbeddingsForm } from "./embeddings-form.ts";

const head = { job: "0123456789abcdef", created: 1_700_000_000, model: "tiny", includesUsage: false };
const usage = usageOf({ promptTokens: 7, cachedPromptTokens: 3, completionTokens: 0 }, 1_234);
const ended = completionOf(head, emptyAnswer(), false, "stop", usage);

const base64 = (numbers: readonly number[]): string =>
  Buffer.from(Float32Array.from(numbers).buffer).toString("base64");

function written(
  format: "float" | "base64",
  vectors: string[],
): { pieces: string[]; answer: EmbeddingsResponse } {
  const form = new EmbeddingsForm(head, { encoding_format: format });
  form.gather({ text: "", vectors });
  const pieces = [...form.whole(ended)];
  return { pieces, answer: v.parse(EmbeddingsResponse, JSON.parse(pieces.join(""))) };
}

describe("the answer of /v1/embeddings", () => {
  const numbers = [0.1, -2.5e-30, 3.4e38, 2 ** -149].map(Math.fround);

  it("has numbers, the very ones that 32 bits hold", () => {
    expect(written("float", [base64(numbers)]).answer.data).toEqual([
      { object: "embedding", index: 0, embedding: numbers },
    ]);
  });

  it("has base64 as it came", () => {
    expect(
      written("base64", [base64([1]), base64([2])]).answer.data.map(({ embedding }) => embedding),
    ).toEqual([base64([1]), base64([2])]);
  });

  it("says what was used and costs", () => {
    const { cost, cost_nano } = usage;
    const { answer } = written("float", [base64([1])]);
    expect(answer.usage).toEqual({ prompt_tokens: 7, total_tokens: 7, cost, cost_nano });
    expect(answer.model).toBe("tiny");
  });

  it("comes in pieces, of which none is long", () => {
    const vector = base64(Array.from({ length: 1_024 }, (_, index) => Math.sin(index)));
    const { pieces, answer } = written(
      "float",
      Array.from({ length: 64 }, () => vector),
    );
    expect(answer.data).toHaveLength(64);
    expect(pieces.length).toBeGreaterThan(5);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(128 * 1024);
  });

  it("has nothing of what was taken back", () => {
    const form = new EmbeddingsForm(head, { encoding_format: "float" });
    form.gather({ text: "", vectors: [base64([1])] });
    form.startOver();
    expect(JSON.parse([...form.whole(ended)].join(""))).toMatchObject({ data: [] });
  });
});
