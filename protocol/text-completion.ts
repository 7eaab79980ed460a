import * as v from "valibot";
import { Usage } from "./chat-completion.ts";
import { ModelName } from "./offer.ts";
import { Count, UnixTime } from "./text.ts";

/**
 * What /v1/completions answers: the shapes of OpenAI's published schema, with all keys that it requires and null where it
 * says so, and `usage` as chat has it.
 */

/** The same on every chunk of an answer, whoever serves it. */
export const TextCompletionId = v.pipe(v.string(), v.regex(/^cmpl-[A-Za-z0-9_-]{8,80}$/));

/** JSON has no infinities: a token that cannot be has -9999, as in the official API. */
const LogProbability = v.pipe(v.number(), v.finite());

/** The older shape: a list for each thing that is known of the tokens, all as long as there are tokens. */
export const TextLogprobs = v.pipe(
  v.strictObject({
    tokens: v.array(v.string()),
    token_logprobs: v.array(LogProbability),
    /** The likeliest in its place, and the one that was drawn, by their texts. */
    top_logprobs: v.array(v.record(v.string(), LogProbability)),
    /** Where each begins, in characters from the beginning of the answer; one that goes on with a character, at its end. */
    text_offset: v.array(Count),
  }),
  v.check(
    ({ tokens, token_logprobs: probabilities, top_logprobs: top, text_offset: offsets }) =>
      [probabilities, top, offsets].every(({ length }) => length === tokens.length),
    "all lists must have the same length",
  ),
);
export type TextLogprobs = v.InferOutput<typeof TextLogprobs>;

/** Why it ended; nothing but these, as there are no tools. */
export const TextFinishReason = v.picklist(["stop", "length", "content_filter"]);
export type TextFinishReason = v.InferOutput<typeof TextFinishReason>;

const choiceEntries = { index: Count, text: v.string(), logprobs: v.nullable(TextLogprobs) };

const frameEntries = {
  id: TextCompletionId,
  object: v.literal("text_completion"),
  created: UnixTime,
  model: ModelName,
};

const fingerprint = {
  /** Of the engine that answered: its name, build and artifact. */
  system_fingerprint: v.exactOptional(v.string()),
};

/** The whole answer to a request without `stream`. */
export const TextCompletion = v.strictObject({
  ...frameEntries,
  choices: v.pipe(
    v.array(v.strictObject({ ...choiceEntries, finish_reason: TextFinishReason })),
    v.minLength(1),
    v.check((choices) => choices.every(({ index }, place) => index === place), "choices must be in order"),
  ),
  usage: Usage,
  ...fingerprint,
});
export type TextCompletion = v.InferOutput<typeof TextCompletion>;

/**
 * One event of a stream. With `include_usage` every chunk has `usage`, null but in one more at the end, which has no
 * choices; without, none has the key.
 */
export const TextCompletionChunk = v.pipe(
  v.strictObject({
    ...frameEntries,
    choices: v.union([
      v.strictTuple([]),
      v.strictTuple([v.strictObject({ ...choiceEntries, finish_reason: v.nullable(TextFinishReason) })]),
    ]),
    usage: v.exactOptional(v.nullable(Usage)),
    ...fingerprint,
  }),
  v.check(
    ({ choices, usage }) => (choices.length === 0) === (usage !== undefined && usage !== null),
    "usage must come in a chunk without choices, and such a chunk must have it",
  ),
);
export type TextCompletionChunk = v.InferOutput<typeof TextCompletionChunk>;
