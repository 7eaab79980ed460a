import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { ModelList } from "./model.ts";

const offer = {
  provider: "ada",
  tasks: ["chat"],
  price: { prompt: "0.1", cached_prompt: "0", completion: "12.000000001" },
  context_length: 4_096,
  max_output_tokens: 1_024,
  quantization: null,
  engine: "llama.cpp",
  features: ["tools"],
  supported_parameters: ["temperature"],
  tokens_per_second: null,
  success_rate: 1,
  slots: { total: 1, busy: 0 },
};
const model = {
  id: "qwen/qwen3-8b",
  object: "model",
  created: 1_686_935_002,
  owned_by: "tabarena",
  context_length: 4_096,
  max_output_tokens: 1_024,
  architecture: { input_modalities: ["text"], output_modalities: ["text"] },
  pricing: { prompt: "0.0000001", completion: "0.000012000000001", input_cache_read: "0" },
  top_provider: { context_length: 4_096, max_completion_tokens: 1_024, is_moderated: false },
  endpoints: ["/v1/chat/completions", "/v1/responses"],
  supported_parameters: ["temperature"],
  offers: [offer],
};
const list = (...data: object[]): boolean => v.is(ModelList, { object: "list", data });

describe("the list of models", () => {
  it("has none or several", () => {
    expect(list()).toBe(true);
    expect(list(model, { ...model, id: "tabarena-tiny", offers: [offer, offer] })).toBe(true);
  });

  it.each(["id", "object", "created", "owned_by"] as const)("never lacks OpenAI's %s", (key) => {
    const { [key]: _, ...rest } = model;
    expect(list(rest)).toBe(false);
  });

  it.each<[string, object]>([
    ["a name that nobody could offer", { ...model, id: "a b" }],
    ["a model that nobody offers", { ...model, offers: [] }],
    ["a price with an exponent", { ...model, pricing: { ...model.pricing, prompt: "1e-7" } }],
    ["a price with zeros to spare", { ...model, pricing: { ...model.pricing, prompt: "0.10" } }],
    [
      "a price that is a number",
      { ...model, offers: [{ ...offer, price: { ...offer.price, prompt: 0.1 } }] },
    ],
    ["a key of whose meaning nothing is written", { ...model, secret: 1 }],
  ])("never has %s", (_, body) => {
    expect(list(body)).toBe(false);
  });
});
