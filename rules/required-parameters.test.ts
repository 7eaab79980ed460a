import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { ChatCompletionRequest } from "../protocol/chat.ts";
import { requiredFeatures, unhonouredFields } from "./required-parameters.ts";

const hello = { model: "m", messages: [{ role: "user", content: "Hello" }] };
const request = (more: object, demands = true): ChatCompletionRequest =>
  v.parse(ChatCompletionRequest, { ...hello, ...more, provider: { require_parameters: demands } });

describe("by require_parameters", () => {
  it("a seed needs an engine that keeps it, and not otherwise", () => {
    expect(requiredFeatures(request({ seed: 5 })).get("deterministic")).toBe("seed");
    expect(requiredFeatures(request({ seed: 5 }, false)).size).toBe(0);
    expect(requiredFeatures(request({})).size).toBe(0);
  });

  it("what a request needs anyway, it needs", () => {
    const features = requiredFeatures(request({ logprobs: true, seed: 1 }));
    expect([...features]).toEqual([
      ["logprobs", "logprobs"],
      ["deterministic", "seed"],
    ]);
  });

  it.each<[fields: object, unhonoured: string[]]>([
    [{}, []],
    [{ temperature: 0, top_p: 0.5, stop: ["x"], user: "u", metadata: { a: "b" }, store: true }, []],
    [{ reasoning_effort: "low" }, ["reasoning_effort"]],
    [{ verbosity: "low", prediction: { type: "content" } }, ["verbosity", "prediction"]],
    [{ service_tier: "flex" }, ["service_tier"]],
    [{ service_tier: "auto" }, []],
    [{ service_tier: "default", verbosity: null }, []],
  ])("%j has without effect %j", (fields, unhonoured) => {
    expect(unhonouredFields(request(fields))).toEqual(unhonoured);
    expect(unhonouredFields(request(fields, false))).toEqual([]);
  });
});
