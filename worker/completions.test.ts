import { describe, expect, it } from "vitest";
import { completionRequestFields, parseCompletionRequest } from "../protocol/completions.ts";
import { doorAt, isFuzzed, MODEL, refusal, wellFormed } from "./request-door.ts";

const door = doorAt("/v1/completions");
const { program, ask } = door;

const once = { model: MODEL, prompt: "Once upon" };

describe("a request to /v1/completions", () => {
  it.each(["/v1/completions", "/completions"])(
    "that is well formed gets as far as the market, at %s",
    async (path) => {
      const response = await ask(once, path);
      expect(response.headers.get("x-should-retry")).toBe("false");
      expect(await refusal(response)).toEqual(wellFormed);
    },
  );

  it("may have fields that are not known", async () => {
    expect(await refusal(await ask({ ...once, thinking: { deeply: true } }))).toEqual(wellFormed);
  });

  it.each(["{ not json", "[]", "null"])("is none where its body is %s", async (body) => {
    expect(await refusal(await ask(body))).toEqual([400, "invalid_request", null]);
  });

  it("needs a key", async () => {
    const response = await program.call("POST", "/v1/completions", once);
    expect(await refusal(response)).toEqual([401, "invalid_api_key", null]);
  });

  it.each(["/v1/completions", "/completions"])("takes no other method, at %s", async (path) => {
    const response = await program.call("GET", path, undefined, { authorization: door.authorization() });
    expect(await refusal(response)).toEqual([405, "method_not_allowed", null]);
  });

  it.each([
    ["prompt", [1, 2, 3]],
    ["suffix", " end"],
    ["best_of", 3],
    ["messages", [{ role: "user", content: "Hello!" }]],
  ])("that asks by %s for what is not served is told so", async (field, value) => {
    expect(await refusal(await ask({ ...once, [field]: value }))).toEqual([400, "invalid_request", field]);
  });
});

/** Requests that have every field that is within another. */
const whole: readonly object[] = [
  {
    ...once,
    prompt: ["Once upon"],
    stream: true,
    stream_options: { include_usage: true, include_obfuscation: false },
    logit_bias: { 7: 1 },
    stop: ["a", "b"],
    provider: { only: ["a"], max_price: { prompt: 1 } },
  },
];

isFuzzed(door, { fields: completionRequestFields, parse: parseCompletionRequest, plain: once, whole });
