import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { embeddingsRequestFields, parseEmbeddingsRequest } from "../protocol/embeddings.ts";
import { OpenAIErrorBody } from "../protocol/openai-error.ts";
import { doorAt, isFuzzed, MODEL, refusal, wellFormed } from "./request-door.ts";

const door = doorAt("/v1/embeddings");
const { program, ask } = door;

const texts = { model: MODEL, input: ["one", "two"] };

describe("a request to /v1/embeddings", () => {
  it.each(["/v1/embeddings", "/embeddings"])(
    "that is well formed gets as far as the market, at %s",
    async (path) => {
      expect(await refusal(await ask(texts, path))).toEqual(wellFormed);
    },
  );

  it("may have fields that are not known", async () => {
    expect(await refusal(await ask({ ...texts, task_type: "query" }))).toEqual(wellFormed);
  });

  it.each(["{ not json", "[]", "null"])("is none where its body is %s", async (body) => {
    expect(await refusal(await ask(body))).toEqual([400, "invalid_request", null]);
  });

  it("needs a key", async () => {
    const response = await program.call("POST", "/v1/embeddings", texts);
    expect(await refusal(response)).toEqual([401, "invalid_api_key", null]);
  });

  it("is told what to send instead of token ids", async () => {
    const response = await ask({ ...texts, input: [[1, 2], [3]] });
    const { error } = v.parse(OpenAIErrorBody, await response.json());
    expect(error).toMatchObject({ param: "input", code: "invalid_request" });
    expect(error.message).toContain("must be text");
  });
});

isFuzzed(door, {
  fields: embeddingsRequestFields,
  parse: parseEmbeddingsRequest,
  plain: texts,
  whole: [{ ...texts, provider: { only: ["a"], max_price: { prompt: 1 }, order: ["b"] } }],
});
