import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { ChatCompletionRequest } from "../protocol/chat.ts";
import type { Unmet } from "./matching.ts";
import { unmetError } from "./unmet-error.ts";

const request = (more: object = {}): ChatCompletionRequest =>
  v.parse(ChatCompletionRequest, { model: "m", messages: [{ role: "user", content: "Hello" }], ...more });

describe("a request that no offer serves is told why", () => {
  const tool = { type: "function", function: { name: "f", parameters: {} } };
  it.each<[unmet: Unmet, more: object, code: string, param: string | null, message: RegExp]>([
    [{ demand: "model" }, {}, "model_not_found", "model", /No provider has offered the model "m"/],
    [
      { demand: "providers" },
      { provider: { only: ["x"] } },
      "no_matching_offer",
      "provider.only",
      /none of the providers/,
    ],
    [
      { demand: "providers" },
      { provider: { ignore: ["x"] } },
      "no_matching_offer",
      "provider.ignore",
      /none of the/,
    ],
    [
      { demand: "features", missing: ["tools"] },
      { tools: [tool] },
      "unsupported_parameter",
      "tools",
      /what this request needs: tools\./,
    ],
    [
      { demand: "providers" },
      { provider: { order: ["x"], allow_fallbacks: false } },
      "no_matching_offer",
      "provider.order",
      /none of the/,
    ],
    [
      { demand: "parameters", unhonoured: ["verbosity"] },
      { verbosity: "low", provider: { require_parameters: true } },
      "unsupported_parameter",
      "verbosity",
      /nothing may be without effect, and this is with every offer: verbosity\./,
    ],
    [
      { demand: "features", missing: ["deterministic"] },
      { seed: 1, provider: { require_parameters: true } },
      "unsupported_parameter",
      "seed",
      /deterministic/,
    ],
    [
      { demand: "quantisation", offered: ["Q4_K_M", null] },
      { provider: { quantizations: ["fp16"] } },
      "no_matching_offer",
      "provider.quantizations",
      /on offer there is Q4_K_M, unknown\./,
    ],
    [{ demand: "features", missing: ["prefill"] }, {}, "unsupported_parameter", null, /prefill/],
    [
      { demand: "context", needed: 900, largest: 512 },
      {},
      "context_length_exceeded",
      "messages",
      /900 tokens or more .* has 512\./,
    ],
    [
      { demand: "output", needed: 900, largest: 512 },
      { max_tokens: 900 },
      "invalid_request",
      "max_tokens",
      /900 tokens .* has 512\./,
    ],
    [
      { demand: "output", needed: 900, largest: 512 },
      { max_completion_tokens: 900 },
      "invalid_request",
      "max_completion_tokens",
      /900/,
    ],
    [
      { demand: "price", cheapest: { prompt: 250_000_000, cachedPrompt: 0, completion: 1_000_000_000 } },
      { provider: { max_price: { prompt: "0.1" } } },
      "no_matching_offer",
      "provider.max_price",
      /asks 0\.25 credits per million tokens of the prompt and 1 of the answer/,
    ],
    [
      { demand: "speed", fastest: 19.999 },
      { provider: { min_tokens_per_second: 20 } },
      "no_matching_offer",
      "provider.min_tokens_per_second",
      /makes 19\.9 tokens a second/,
    ],
    [{ demand: "staying" }, {}, "no_provider", null, /are leaving/],
    [{ demand: "untried" }, {}, "provider_failed", null, /were tried/],
  ])("%j", (unmet, more, code, param, message) => {
    expect(unmetError(unmet, request(more), false)).toEqual({
      code,
      param,
      message: expect.stringMatching(message),
    });
  });

  it("and may come again when the model was offered before", () => {
    expect(unmetError({ demand: "model" }, request(), true)).toMatchObject({
      code: "no_provider",
      param: null,
    });
  });
});
