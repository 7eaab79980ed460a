import * as v from "valibot";
import { given, integerFrom, listOf, objectOf, oneOf, stringUpTo, Text } from "./chat-field.ts";
import { MAX_INPUTS } from "./job.ts";
import { NANO_PER_CREDIT } from "./money.ts";
import { ModelName } from "./offer.ts";
import { ProviderWishes } from "./provider-wishes.ts";
import { parseBody, type ParsedBody } from "./request-body.ts";
import { Count } from "./text.ts";
import { MAX_DIMENSIONS, MAX_NUMBERS } from "./vector.ts";

/**
 * POST /v1/embeddings as the official clients send it (OpenAI's API reference, "Create embeddings"), and what it answers.
 * Fields are read as those of a chat request are.
 */

/** Of all texts of a request together, in UTF-16 code units: more than the official API takes, of which a token has four. */
export const MAX_INPUT_LENGTH = 2_000_000;

const OneText = v.pipe(Text, v.minLength(1, "must not be empty"));

const Texts = v.pipe(
  listOf(OneText, MAX_INPUTS, "a string or a list of strings"),
  v.minLength(1, "must have at least one entry"),
);

/** Text as token ids: they mean something for one vocabulary only, and who serves the model is not known when they are made. */
const NoTokenIds = v.never("must be text, a string or a list of strings: token ids are not served");

const isTokenIds = (input: unknown): boolean =>
  Array.isArray(input) && (typeof input[0] === "number" || Array.isArray(input[0]));

const Input = v.pipe(
  v.lazy((input) => {
    if (isTokenIds(input)) return NoTokenIds;
    return typeof input === "string" ? OneInput : Texts;
  }),
  v.check(
    (texts) => texts.reduce((sum, { length }) => sum + length, 0) <= MAX_INPUT_LENGTH,
    `must have at most ${MAX_INPUT_LENGTH} characters, all texts together: send several requests`,
  ),
);

const OneInput = v.pipe(
  OneText,
  v.transform((text) => [text]),
);

const entries = {
  model: v.pipe(stringUpTo(200), v.minLength(1, "must not be empty")),
  /** Read as a list, also where it is one text. */
  input: Input,
  /** Numbers, or the bytes of 32-bit floating point numbers, little end first, in base64. */
  encoding_format: v.nullish(oneOf("float", "base64"), "float"),
  /** How long each vector is to be; as long as the model makes them where it is left out. */
  dimensions: given(integerFrom(1, MAX_DIMENSIONS)),
  provider: given(ProviderWishes),
  user: given(stringUpTo(512)),
};

/** The fields that a request may have. */
export const embeddingsRequestFields: readonly string[] = Object.keys(entries);

export const EmbeddingsRequest = v.pipe(
  objectOf(entries),
  v.forward(
    v.check(
      ({ input, dimensions = 1 }) => input.length * dimensions <= MAX_NUMBERS,
      `times the number of texts must be at most ${MAX_NUMBERS}: send several requests`,
    ),
    ["dimensions"],
  ),
);
export type EmbeddingsRequest = v.InferOutput<typeof EmbeddingsRequest>;

/** Reads the body of a request for embeddings; never throws. */
export const parseEmbeddingsRequest = (body: unknown): ParsedBody<EmbeddingsRequest> =>
  parseBody(EmbeddingsRequest, body);

const Embedding = v.strictObject({
  object: v.literal("embedding"),
  /** Of which text it is, from 0; they come in this order. */
  index: Count,
  /** As `encoding_format` asks: numbers, or base64. */
  embedding: v.union([
    v.pipe(v.array(v.pipe(v.number(), v.finite())), v.minLength(1)),
    v.pipe(v.string(), v.minLength(8), v.base64()),
  ]),
});

/** What was used, and ours: what it costs, in credits and exactly. */
export const EmbeddingsUsage = v.pipe(
  v.strictObject({
    prompt_tokens: Count,
    total_tokens: Count,
    /** In credits; nothing is lost that a floating-point number can hold. */
    cost: v.pipe(v.number(), v.finite(), v.minValue(0)),
    /** In nano-credits, as decimal digits. */
    cost_nano: v.pipe(v.string(), v.regex(/^(0|[1-9]\d*)$/)),
  }),
  v.check((usage) => usage.total_tokens === usage.prompt_tokens, "nothing but the prompt has tokens"),
  v.check((usage) => usage.cost === Number(usage.cost_nano) / NANO_PER_CREDIT, "both costs must be the same"),
);
export type EmbeddingsUsage = v.InferOutput<typeof EmbeddingsUsage>;

export const EmbeddingsResponse = v.pipe(
  v.strictObject({
    object: v.literal("list"),
    data: v.pipe(v.array(Embedding), v.minLength(1), v.maxLength(MAX_INPUTS)),
    model: ModelName,
    usage: EmbeddingsUsage,
  }),
  v.check(({ data }) => data.every(({ index }, place) => index === place), "the vectors must be in order"),
  v.check(
    ({ data }) => new Set(data.map(({ embedding }) => embedding.length)).size === 1,
    "all vectors must have the same length",
  ),
);
export type EmbeddingsResponse = v.InferOutput<typeof EmbeddingsResponse>;
