import type { ChatCompletion, TokenLogprob, Usage } from "../protocol/chat-completion.ts";
import type { FinishReason } from "../protocol/finish-reason.ts";
import type {
  TextCompletion,
  TextCompletionChunk,
  TextFinishReason,
  TextLogprobs,
} from "../protocol/text-completion.ts";
import type { AnswerHead } from "./answer-chunks.ts";

/** An answer in the shape of /v1/completions. What was written, and by whom, is the same as for chat. */

export const completionId = (job: string): string => `cmpl-${job}`;

/** What a stream has of the text so far: how many characters of tokens whose probabilities are told. */
export interface TextPlace {
  characters: number;
}

/**
 * A chunk with some more of the text.
 * @param logprobs null where none are asked for
 */
export const textChunk = (
  head: AnswerHead,
  text: string,
  logprobs: TextLogprobs | null,
): TextCompletionChunk => chunk(head, { index: 0, text, logprobs, finish_reason: null });

/** The last chunk that has a choice. */
export const textFinishChunk = (head: AnswerHead, reason: FinishReason): TextCompletionChunk =>
  chunk(head, { index: 0, text: "", logprobs: null, finish_reason: textReason(reason) });

/** What follows the last choice where the request asked for it. */
export const textUsageChunk = (head: AnswerHead, usage: Usage): TextCompletionChunk => ({
  ...frame(head),
  choices: [],
  usage,
});

type ChunkChoice = Extract<TextCompletionChunk["choices"], [unknown]>[0];

function chunk(head: AnswerHead, choice: ChunkChoice): TextCompletionChunk {
  return { ...frame(head), choices: [choice], ...(head.includesUsage ? { usage: null } : {}) };
}

function frame({ job, created, model }: Omit<AnswerHead, "includesUsage">) {
  return { id: completionId(job), object: "text_completion" as const, created, model };
}

/** Who has no tools can't have ended by them, whatever a provider says. */
const textReason = (reason: FinishReason): TextFinishReason => (reason === "tool_calls" ? "stop" : reason);

/**
 * The answer to a request without `stream`.
 * @param echoed what the answer begins with before anything was written; "" for nothing
 */
export function textCompletionOf(
  head: Omit<AnswerHead, "includesUsage">,
  echoed: string,
  { choices: [{ message, logprobs, finish_reason: reason }], usage }: ChatCompletion,
): TextCompletion {
  const choice = {
    index: 0,
    text: echoed + (message.content ?? ""),
    logprobs: logprobs?.content ? textLogprobs(logprobs.content, { characters: 0 }) : null,
    finish_reason: textReason(reason),
  };
  return { ...frame(head), choices: [choice], usage };
}

/** A whole answer told as a stream: its chunks in order. */
export function textChunksOf(completion: TextCompletion, includesUsage: boolean): TextCompletionChunk[] {
  const { id, created, model, choices, usage } = completion;
  const head = { job: id.slice(completionId("").length), created, model, includesUsage };
  return [
    ...choices.flatMap((choice) => [
      chunk(head, { ...choice, finish_reason: null }),
      chunk(head, { ...choice, text: "", logprobs: null }),
    ]),
    ...(includesUsage ? [textUsageChunk(head, usage)] : []),
  ];
}

/**
 * Probabilities of tokens in the older shape.
 * @param place where the first of them begins; it is moved to the end of the last
 */
export function textLogprobs(tokens: readonly TokenLogprob[], place: TextPlace): TextLogprobs {
  const offsets = tokens.map((token) => {
    const offset = place.characters;
    place.characters += charactersBegun(token);
    return offset;
  });
  return {
    tokens: tokens.map(({ token }) => token),
    token_logprobs: tokens.map(({ logprob }) => logprob),
    top_logprobs: tokens.map(topOf),
    text_offset: offsets,
  };
}

/** Several tokens may have the same text, such as parts of characters: the likeliest of them is told. */
const topOf = ({ token, logprob, top_logprobs: top }: TokenLogprob): Record<string, number> =>
  Object.fromEntries([
    ...top.toReversed().map((each): [string, number] => [each.token, each.logprob]),
    [token, logprob],
  ]);

/** How many characters begin in a token, which may be no more than a part of one: by its bytes, where they are told. */
const charactersBegun = ({ token, bytes }: TokenLogprob): number =>
  bytes === null ? [...token].length : bytes.filter((byte) => (byte & 0b1100_0000) !== 0b1000_0000).length;
