import * as v from "valibot";
import { Feature } from "./feature.ts";
import { Prices } from "./money.ts";
import { Task } from "./task.ts";
import { Count, Sha256 } from "./text.ts";

export const MAX_OFFERS = 64;

const shortText = (length: number) => v.pipe(v.string(), v.maxLength(length));

/** Chosen by the provider, and known on its link only. */
export const OfferId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_.:-]{1,64}$/));

/** As consumers ask for it: `tabarena-tiny`, `qwen3-8b`, `meta-llama/llama-3.1-8b`. */
export const ModelName = v.pipe(
  v.string(),
  v.regex(
    /^[a-zA-Z0-9][a-zA-Z0-9._:/-]{0,99}$/,
    "must be letters, digits, dots, colons, slashes, hyphens and underscores, at most 100",
  ),
);

/** The weights, as the provider says: only what is known of them. */
export const Artifact = v.object({
  sha256: v.nullable(Sha256),
  /** As its format names it: `Q4_K_M`, `q4f16_1`. */
  quantisation: v.nullable(shortText(40)),
  bytes: v.nullable(Count),
});
export type Artifact = v.InferOutput<typeof Artifact>;

/** What runs the weights: `node-llama-cpp` in build `b11364 cpu`. */
export const Engine = v.object({
  name: v.pipe(shortText(60), v.minLength(1)),
  build: shortText(100),
});
export type Engine = v.InferOutput<typeof Engine>;

/** One model at its prices. */
export const Offer = v.pipe(
  v.object({
    offer: OfferId,
    model: ModelName,
    /** What it can be asked for. Agents of old don't tell, and answer chats. */
    tasks: v.optional(v.pipe(v.array(Task), v.minLength(1), v.maxLength(Task.options.length)), (): Task[] => [
      "chat",
    ]),
    /** Prompt and answer together. */
    contextTokens: v.pipe(Count, v.minValue(1), v.maxValue(100_000_000)),
    maxOutputTokens: v.pipe(Count, v.minValue(1)),
    prices: Prices,
    artifact: Artifact,
    engine: Engine,
    features: v.pipe(v.array(Feature), v.maxLength(Feature.options.length)),
    /** Of one answer alone, as measured on start; null when nothing was measured. */
    tokensPerSecond: v.nullable(v.pipe(v.number(), v.finite(), v.minValue(0))),
  }),
  v.check(
    ({ maxOutputTokens, contextTokens }) => maxOutputTokens <= contextTokens,
    "an answer must fit in the context",
  ),
);
export type Offer = v.InferOutput<typeof Offer>;

/** All that a provider offers. */
export const Offers = v.pipe(
  v.array(Offer),
  v.maxLength(MAX_OFFERS, `at most ${MAX_OFFERS} offers`),
  v.check(
    (offers) => new Set(offers.map(({ offer }) => offer)).size === offers.length,
    "two offers have the same id",
  ),
);
