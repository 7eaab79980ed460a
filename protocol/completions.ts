import * as v from "valibot";
import { Flag, given, integerFrom, listOf, notServed, objectOf, stringUpTo, Text } from "./chat-field.ts";
import { MOST_CHOICES, MOST_TOKENS, ONLY_STREAMED, textFields } from "./chat.ts";
import { ProviderWishes } from "./provider-wishes.ts";
import { parseBody, type ParsedBody } from "./request-body.ts";

/**
 * POST /v1/completions as the official clients send it (OpenAI's API reference, "Create completion", which calls it legacy):
 * what comes after a text, with no turns around it. Fields are read as those of a chat request are.
 */

/** As the official API has it: a word or two for those who say nothing. */
const USUAL_TOKENS = 16;

/** How many texts one request may ask to go on with; and how many answers in all. */
const MAX_PROMPTS = 16;

const Prompts = v.pipe(
  listOf(Text, MAX_PROMPTS, "a string or a list of strings"),
  v.minLength(1, "must have at least one entry"),
);

const OnePrompt = v.pipe(
  Text,
  v.transform((prompt) => [prompt]),
);

/** Token ids mean something for one vocabulary only, and who serves the model is not known when they are made. */
const NoTokenIds = v.never("must be text, a string or a list of strings: lists of token ids are not served");

const isTokenIds = (input: unknown): boolean =>
  Array.isArray(input) && (typeof input[0] === "number" || Array.isArray(input[0]));

const Prompt = v.lazy((input) => {
  if (isTokenIds(input)) return NoTokenIds;
  return typeof input === "string" ? OnePrompt : Prompts;
});

const ofChat = (instead: string) => notServed(`is a field of /v1/chat/completions; here it is ${instead}`);
const onlyOfChat = notServed("is served by /v1/chat/completions only");

const entries = {
  model: v.pipe(stringUpTo(200), v.minLength(1, "must not be empty")),
  prompt: Prompt,
  suffix: notServed("is not served: models here write what comes after a text, not what stands between two"),
  max_tokens: v.nullish(integerFrom(1, MOST_TOKENS), USUAL_TOKENS),

  ...textFields,

  n: given(integerFrom(1, MOST_CHOICES)),
  best_of: given(integerFrom(1, 20)),
  /** How many of the likeliest are told for each token, besides the one that was drawn. */
  logprobs: given(integerFrom(0, 5)),
  /** The answer begins with the prompt. */
  echo: v.nullish(Flag, false),

  provider: given(ProviderWishes),
  user: given(stringUpTo(512)),

  messages: ofChat("prompt"),
  max_completion_tokens: ofChat("max_tokens"),
  top_logprobs: ofChat("logprobs, a number"),
  tools: onlyOfChat,
  tool_choice: onlyOfChat,
  response_format: onlyOfChat,
};

/** The fields that a request may have. */
export const completionRequestFields: readonly string[] = Object.keys(entries);

export const CompletionRequest = v.pipe(
  objectOf(entries),
  v.forward(
    v.check(({ stream, stream_options: options }) => stream || options === undefined, ONLY_STREAMED),
    ["stream_options"],
  ),
  v.forward(
    v.check(
      ({ prompt, n = 1 }) => prompt.length * n <= MAX_PROMPTS,
      `asks for more than ${MAX_PROMPTS} answers in all: so many may be asked of all prompts together`,
    ),
    ["n"],
  ),
  v.forward(
    v.check(
      ({ best_of: best, n = 1 }) => best === undefined || best === n,
      "must be the same as n: every answer that is written is told",
    ),
    ["best_of"],
  ),
  v.forward(
    v.check(
      ({ echo, logprobs }) => !echo || logprobs === undefined,
      "can't be true beside logprobs: how likely the prompt's own tokens are is not served",
    ),
    ["echo"],
  ),
  v.transform(({ prompt, ...rest }) => ({ ...rest, prompts: prompt })),
);
/** Its `prompts` are what came as `prompt`, one or several. */
export type CompletionRequest = v.InferOutput<typeof CompletionRequest>;

/** Reads the body of a request to /v1/completions; never throws. */
export const parseCompletionRequest = (body: unknown): ParsedBody<CompletionRequest> =>
  parseBody(CompletionRequest, body);
