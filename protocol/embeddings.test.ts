import * as v from "valibot";
import { describe, expect, it } from "vitest";
import {
  EmbeddingsResponse,
  embeddingsRequestFields,
  MAX_INPUT_LENGTH,
  parseEmbeddingsRequest,
} from "./embeddings.ts";
import { MAX_INPUTS } from "./job.ts";
import { MAX_DIMENSIONS, MAX_NUMBERS } from "./vector.ts";

const plain = { model: "tabarena-tiny", input: "The food was delicious." };

const refusalOf = (fields: object) => {
  const parsed = parseEmbeddingsRequest({ ...plain, ...fields });
  return parsed.ok ? null : { param: parsed.param, message: parsed.message };
};

describe("a request for embeddings", () => {
  it("reads one text as a list of one, and leaves the rest to its defaults", () => {
    const request = { model: "tabarena-tiny", input: [plain.input], encoding_format: "float" };
    expect(parseEmbeddingsRequest(plain)).toEqual({ ok: true, request });
  });

  it("reads what the official clients send", () => {
    const body = {
      ...plain,
      input: ["one", "two"],
      encoding_format: "base64",
      dimensions: 256,
      user: "u-1",
      provider: { only: ["alpha"], max_price: { prompt: 1 } },
    };
    const parsed = parseEmbeddingsRequest(body);
    expect(parsed.ok && parsed.request.input).toEqual(["one", "two"]);
    expect(parsed.ok && parsed.request.dimensions).toBe(256);
  });

  it("takes null for what is left out, and ignores what it does not know", () => {
    const body = {
      ...plain,
      encoding_format: null,
      dimensions: null,
      user: null,
      provider: null,
      unknown: 1,
    };
    expect(parseEmbeddingsRequest(body).ok).toBe(true);
  });

  it.each([
    ["no text", { input: "" }, "input: must not be empty."],
    ["no texts", { input: [] }, "input: must have at least one entry."],
    ["a text of the list that is empty", { input: ["a", ""] }, "input[1]: must not be empty."],
    ["a number in the list", { input: ["a", 7] }, "input[1]: must be a string."],
    ["an object", { input: {} }, "input: must be a string or a list of strings."],
    ["a format that is none", { encoding_format: "int8" }, "encoding_format: must be one of float, base64."],
    ["no dimensions", { dimensions: 0 }, `dimensions: must be a whole number from 1 to ${MAX_DIMENSIONS}.`],
    ["unknown wishes", { provider: { fastest: true } }, "provider.fastest: is not known here."],
    ["no model", { model: null }, "model: must be a string."],
  ])("refuses %s", (_name, fields, message) => {
    expect(refusalOf(fields)?.message).toBe(message);
  });

  it.each([[[1, 2, 3]], [[[1, 2], [3]]]])("refuses the token ids %j, and says what to send", (input) => {
    expect(refusalOf({ input })).toEqual({
      param: "input",
      message: "input: must be text, a string or a list of strings: token ids are not served.",
    });
  });

  it("takes so many texts, and not one more", () => {
    expect(refusalOf({ input: Array(MAX_INPUTS).fill("a") })).toBeNull();
    expect(refusalOf({ input: Array(MAX_INPUTS + 1).fill("a") })?.message).toBe(
      `input: must have at most ${MAX_INPUTS} entries.`,
    );
  });

  it("bounds all texts together", () => {
    const half = "a".repeat(MAX_INPUT_LENGTH / 2);
    expect(refusalOf({ input: [half, half] })).toBeNull();
    expect(refusalOf({ input: [half, half, "a"] })?.message).toBe(
      `input: must have at most ${MAX_INPUT_LENGTH} characters, all texts together: send several requests.`,
    );
    expect(refusalOf({ input: `${half}${half}a` })?.param).toBe("input");
  });

  it("bounds the numbers of all vectors together", () => {
    const input = Array(MAX_NUMBERS / MAX_DIMENSIONS).fill("a");
    expect(refusalOf({ input, dimensions: MAX_DIMENSIONS })).toBeNull();
    expect(refusalOf({ input: [...input, "a"], dimensions: MAX_DIMENSIONS })?.message).toBe(
      `dimensions: times the number of texts must be at most ${MAX_NUMBERS}: send several requests.`,
    );
  });

  it("names its fields", () => {
    expect(embeddingsRequestFields).toEqual(
      expect.arrayContaining(["model", "input", "encoding_format", "dimensions", "user", "provider"]),
    );
  });
});

describe("the answer to a request for embeddings", () => {
  const answer = (embeddings: (number[] | string)[]) => ({
    object: "list",
    data: embeddings.map((embedding, index) => ({ object: "embedding", index, embedding })),
    model: "tabarena-tiny",
    usage: { prompt_tokens: 8, total_tokens: 8, cost: 0.000_000_8, cost_nano: "800" },
  });

  it("has vectors of numbers, or in base64", () => {
    expect(v.is(EmbeddingsResponse, answer([[0.5, -1]]))).toBe(true);
    expect(v.is(EmbeddingsResponse, answer(["AAAAPwAAgL8="]))).toBe(true);
  });

  it("has them in order, and all of one length", () => {
    const { data, ...rest } = answer([[0.5], [1]]);
    expect(v.is(EmbeddingsResponse, { ...rest, data: data.toReversed() })).toBe(false);
    expect(v.is(EmbeddingsResponse, answer([[0.5], [1, 2]]))).toBe(false);
  });
});
