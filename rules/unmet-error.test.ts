import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { ChatCompletionRequest } from "../protocol/chat.ts";
import { CompletionRequest } from "../protocol/completions.ts";
import { EmbeddingsRequest } from "../protocol/embeddings.ts";
import type { Asked } from "./asked.ts";
import type { Unmet } from "./matching.ts";
import { unmetError } from "./unmet-error.ts";
import type { Wisher } from "./wishes.ts";

const chat = (more: object = {}): Asked => ({
  type: "chat",
  request: v.parse(ChatCompletionRequest, {
    model: "m",
    messages: [{ role: "user", content: "Hello" }],
    ...more,
  }),
});

const completion = (more: object = {}): Asked => ({
  type: "completions",
  request: v.parse(CompletionRequest, { model: "m", prompt: "Once", ...more }),
});

const embeddings: Asked = {
  type: "embeddings",
  request: v.parse(EmbeddingsRequest, { model: "m", input: ["Once"] }),
};

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
    [{ demand: "task" }, {}, "unsupported_parameter", "model", /by nobody who answers chats with it/],
    [{ demand: "staying" }, {}, "no_provider", null, /are leaving/],
    [{ demand: "untried" }, {}, "provider_failed", null, /were tried/],
  ])("%j", (unmet, more, code, param, message) => {
    expect(unmetError(unmet, chat(more), false, ["m"], "request")).toEqual({
      code,
      param,
      message: expect.stringMatching(message),
    });
  });

  it("and may come again when the model was offered before", () => {
    expect(unmetError({ demand: "model" }, chat(), true, ["m"], "request")).toMatchObject({
      code: "no_provider",
      param: null,
    });
  });

  it.each<[models: string[] | null, named: RegExp]>([
    [["m"], /No provider of the model "m" is connected/],
    [null, /No provider of the model "m" is connected/],
    [["tiny", "small"], /No provider of the model "m" \(which stands for tiny, small\) is connected/],
  ])("by the name that was sent, and what that stands for: %j", (models, named) => {
    expect(unmetError({ demand: "model" }, chat(), true, models, "request").message).toMatch(named);
  });

  it.each<[wisher: Wisher, ending: RegExp]>([
    ["key", /within provider\.max_price; .* That is so by the wishes of this API key\.$/],
    ["account", /by the wishes of this API key's account\.$/],
    ["key_and_account", /by the wishes of this API key and of its account\.$/],
    ["all", /, and of the request together\.$/],
  ])("and that it is by no field of the request, where it is not: %s", (wisher, ending) => {
    const unmet: Unmet = { demand: "price", cheapest: { prompt: 1, cachedPrompt: 1, completion: 1 } };
    expect(unmetError(unmet, chat(), true, ["m"], wisher)).toEqual({
      code: "no_matching_offer",
      param: null,
      message: expect.stringMatching(ending),
    });
  });

  it.each<[unmet: Unmet, more: object, code: string, param: string | null, message: RegExp]>([
    [{ demand: "task" }, {}, "unsupported_parameter", "model", /by nobody who serves completions with it/],
    [
      { demand: "context", needed: 900, largest: 512 },
      {},
      "context_length_exceeded",
      "prompt",
      /for its prompt and its answer/,
    ],
    [{ demand: "output", needed: 900, largest: 512 }, {}, "invalid_request", "max_tokens", /900 tokens/],
    [
      { demand: "features", missing: ["logprobs"] },
      { logprobs: 0 },
      "unsupported_parameter",
      "logprobs",
      /./,
    ],
    [
      { demand: "features", missing: ["deterministic"] },
      { seed: 1, provider: { require_parameters: true } },
      "unsupported_parameter",
      "seed",
      /deterministic/,
    ],
  ])("by the names of /v1/completions: %j", (unmet, more, code, param, message) => {
    expect(unmetError(unmet, completion(more), false, ["m"], "request")).toEqual({
      code,
      param,
      message: expect.stringMatching(message),
    });
  });

  it("by its own names where vectors are asked for", () => {
    const errorOf = (unmet: Unmet) => unmetError(unmet, embeddings, true, ["m"], "request");
    const { code, message, param } = errorOf({ demand: "context", needed: 9, largest: 5 });
    expect([code, param]).toEqual(["context_length_exceeded", "input"]);
    expect(message).toBe(
      "This request needs a context of 9 tokens or more for its input; the largest on offer has 5.",
    );
    expect(errorOf({ demand: "task" }).message).toMatch(/by nobody who makes embeddings with it/);
  });
});
