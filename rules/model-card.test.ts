import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { Model } from "../protocol/model.ts";
import type { Offer } from "../protocol/offer.ts";
import { modelCard, type OfferedModel } from "./model-card.ts";

const terms: Offer = {
  offer: "one",
  model: "org/tiny",
  tasks: ["chat"],
  contextTokens: 4_096,
  maxOutputTokens: 1_024,
  prices: { prompt: 100_000_000, cachedPrompt: 10_000_000, completion: 400_000_000 },
  artifact: { sha256: null, quantisation: "Q4_K_M", bytes: null },
  engine: { name: "llama.cpp", build: "b1" },
  features: [],
  tokensPerSecond: 10,
};
const offered = (provider: string, more: Partial<Offer> = {}): OfferedModel => ({
  provider,
  terms: { ...terms, ...more },
  tokensPerSecond: 12.5,
  success: 0.75,
  slots: { total: 2, busy: 1 },
});
const card = (...offers: OfferedModel[]): Model =>
  v.parse(Model, modelCard("org/tiny", 1_700_000_000_999, offers));

describe("a model's card", () => {
  it("has OpenAI's four keys, and the terms of who offers it", () => {
    expect(card(offered("ada"))).toEqual({
      id: "org/tiny",
      object: "model",
      created: 1_700_000_000,
      owned_by: "ada",
      context_length: 4_096,
      max_output_tokens: 1_024,
      architecture: { input_modalities: ["text"], output_modalities: ["text"] },
      pricing: { prompt: "0.0000001", completion: "0.0000004", input_cache_read: "0.00000001" },
      top_provider: { context_length: 4_096, max_completion_tokens: 1_024, is_moderated: false },
      endpoints: ["/v1/chat/completions", "/v1/responses"],
      supported_parameters: expect.arrayContaining(["temperature", "seed", "stop", "max_completion_tokens"]),
      offers: [
        {
          provider: "ada",
          tasks: ["chat"],
          price: { prompt: "0.1", cached_prompt: "0.01", completion: "0.4" },
          context_length: 4_096,
          max_output_tokens: 1_024,
          quantization: "Q4_K_M",
          engine: "llama.cpp b1",
          features: [],
          supported_parameters: expect.not.arrayContaining(["tools"]),
          tokens_per_second: 12.5,
          success_rate: 0.75,
          slots: { total: 2, busy: 1 },
        },
      ],
    });
  });

  it("has what the cheapest costs and holds, and the most that any of them does", () => {
    const cheap = { prompt: 0, cachedPrompt: 0, completion: 1 };
    const model = card(
      offered("ada", { contextTokens: 100_000, maxOutputTokens: 50_000, features: ["tools", "images"] }),
      offered("bob", { prices: cheap, features: ["json_schema", "json_object"] }),
    );
    expect(model.offers.map(({ provider }) => provider)).toEqual(["bob", "ada"]);
    expect(model.pricing).toEqual({ prompt: "0", completion: "0.000000000000001", input_cache_read: "0" });
    expect(model.top_provider).toMatchObject({ context_length: 4_096, max_completion_tokens: 1_024 });
    expect([model.context_length, model.max_output_tokens]).toEqual([100_000, 50_000]);
    expect(model.architecture.input_modalities).toEqual(["text", "image"]);
    const all = ["response_format", "structured_outputs", "tools", "tool_choice", "parallel_tool_calls"];
    expect(model.supported_parameters.slice(-5)).toEqual(all);
    expect(model.offers[0]?.supported_parameters.slice(-2)).toEqual(all.slice(0, 2));
  });

  it("has the addresses that serve it, and the fields that mean something there", () => {
    const features: Offer["features"] = ["logprobs", "tools"];
    const model = card(
      offered("ada", { tasks: ["embedding"], features }),
      offered("bob", { tasks: ["embedding", "completion"], features }),
    );
    expect(model.endpoints).toEqual(["/v1/completions", "/v1/embeddings"]);
    expect(model.architecture.output_modalities).toEqual(["text", "embeddings"]);
    const [ada, bob] = model.offers;
    expect([ada?.tasks, bob?.tasks]).toEqual([["embedding"], ["embedding", "completion"]]);
    expect(ada?.supported_parameters).toEqual([]);
    expect(bob?.supported_parameters).toEqual(
      expect.arrayContaining(["temperature", "max_tokens", "logprobs"]),
    );
    for (const ofChat of ["tools", "top_logprobs", "max_completion_tokens"])
      expect(model.supported_parameters).not.toContain(ofChat);
  });

  it("is the market's where several offer it, and one provider's where its offers are two", () => {
    expect(card(offered("ada"), offered("bob")).owned_by).toBe("tabarena");
    expect(card(offered("ada"), offered("ada", { offer: "two" })).owned_by).toBe("ada");
  });

  it("is the same in whatever order the offers come", () => {
    const offers = [
      offered("cyd"),
      offered("ada"),
      offered("bob", { prices: { ...terms.prices, prompt: 1 } }),
      offered("dan", { prices: { ...terms.prices, completion: 1 } }),
    ];
    expect(card(...offers).offers.map(({ provider }) => provider)).toEqual(["dan", "bob", "ada", "cyd"]);
    expect(card(...offers.toReversed())).toEqual(card(...offers));
  });

  it("is none where nobody offers it", () => {
    expect(modelCard("org/tiny", 0, [])).toBeNull();
  });
});
