import type {
  ChatCompletion,
  ChatCompletionChunk,
  TokenLogprob,
  Usage,
} from "../protocol/chat-completion.ts";
import type { FinishReason } from "../protocol/finish-reason.ts";
import { NANO_PER_CREDIT, type Nano } from "../protocol/money.ts";
import type { ToolCallPiece } from "../protocol/provider.ts";
import type { TokenUsage } from "./price.ts";

/** What all chunks of an answer have in common, whoever writes it. */
export interface AnswerHead {
  /** The job; the answer's id is made of it. */
  job: string;
  /** Seconds since 1970-01-01 UTC. */
  created: number;
  model: string;
  /** Whether every chunk has `usage`, and one more at the end tells it. */
  includesUsage: boolean;
}

/** Some more of an answer, as it reaches the consumer. */
export interface AnswerPiece {
  text: string;
  reasoning?: string;
  toolCalls?: readonly ToolCallPiece[];
  /** Only where the request asked for them. */
  logprobs?: TokenLogprob[];
  /** Of the texts of a request for them, all at once, in base64; there is no text then. */
  vectors?: readonly string[];
}

/** What there is of an answer, gathered from its pieces. */
export interface GatheredAnswer {
  text: string;
  reasoning: string;
  toolCalls: { name: string; arguments: string }[];
  logprobs: TokenLogprob[];
}

export const emptyAnswer = (): GatheredAnswer => ({ text: "", reasoning: "", toolCalls: [], logprobs: [] });

/** Adds a piece to what there is. */
export function gather(
  answer: GatheredAnswer,
  { text, reasoning = "", toolCalls, logprobs }: AnswerPiece,
): void {
  answer.text += text;
  answer.reasoning += reasoning;
  if (logprobs !== undefined) answer.logprobs.push(...logprobs);
  for (const { index, name = "", arguments: more } of toolCalls ?? []) {
    const known = answer.toolCalls[index];
    if (known === undefined) answer.toolCalls[index] = { name, arguments: more };
    else known.arguments += more;
  }
}

export const answerId = (job: string): string => `chatcmpl-${job}`;

/** Tool calls are known by the job and their place, so that they are the same whenever the answer is told. */
export const callId = (job: string, index: number): string => `call_${job}_${index}`;

/** The first chunk of an answer. */
export const roleChunk = (head: AnswerHead): ChatCompletionChunk =>
  chunk(head, { index: 0, delta: { role: "assistant", content: "" }, logprobs: null, finish_reason: null });

/** @param begunCalls those tool calls that earlier chunks began: their id and name come once */
export function pieceChunk(
  head: AnswerHead,
  piece: AnswerPiece,
  begunCalls: ReadonlySet<number>,
): ChatCompletionChunk {
  const { text, reasoning, toolCalls, logprobs } = piece;
  return chunk(head, {
    index: 0,
    delta: {
      ...(text !== "" || (reasoning === undefined && toolCalls === undefined) ? { content: text } : {}),
      ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
      ...(toolCalls === undefined ? {} : { tool_calls: callDeltas(head.job, toolCalls, begunCalls) }),
    },
    logprobs: logprobs === undefined ? null : { content: logprobs, refusal: null },
    finish_reason: null,
  });
}

function callDeltas(job: string, pieces: readonly ToolCallPiece[], begun: ReadonlySet<number>) {
  const seen = new Set(begun);
  return pieces.map(({ index, name, arguments: text }) => {
    const begins = !seen.has(index);
    seen.add(index);
    return {
      index,
      ...(begins ? { id: callId(job, index), type: "function" as const } : {}),
      function: { ...(begins ? { name: name ?? "" } : {}), arguments: text },
    };
  });
}

/** The last chunk that has a choice. */
export const finishChunk = (head: AnswerHead, reason: FinishReason): ChatCompletionChunk =>
  chunk(head, { index: 0, delta: {}, logprobs: null, finish_reason: reason });

/** What follows the last choice where the request asked for it. */
export const usageChunk = (head: AnswerHead, usage: Usage): ChatCompletionChunk => ({
  ...frame(head),
  choices: [],
  usage,
});

function chunk(
  head: AnswerHead,
  choice: Extract<ChatCompletionChunk["choices"], [unknown]>[0],
): ChatCompletionChunk {
  return { ...frame(head), choices: [choice], ...(head.includesUsage ? { usage: null } : {}) };
}

function frame({ job, created, model }: AnswerHead) {
  return { id: answerId(job), object: "chat.completion.chunk" as const, created, model };
}

/**
 * The answer to a request without `stream`.
 *
 * @param hasLogprobs whether the request asked for them
 */
export function completionOf(
  { job, created, model }: Omit<AnswerHead, "includesUsage">,
  { text, reasoning, toolCalls: gathered, logprobs }: GatheredAnswer,
  hasLogprobs: boolean,
  reason: FinishReason,
  usage: Usage,
): ChatCompletion {
  // Providers choose the indices, and may leave some out.
  const toolCalls = gathered.filter((call) => call !== undefined);
  return {
    id: answerId(job),
    object: "chat.completion",
    created,
    model,
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: text === "" && toolCalls.length > 0 ? null : text,
          refusal: null,
          ...(reasoning === "" ? {} : { reasoning_content: reasoning }),
          ...(toolCalls.length === 0
            ? {}
            : {
                tool_calls: toolCalls.map((call, index) => ({
                  id: callId(job, index),
                  type: "function" as const,
                  function: call,
                })),
              }),
        },
        logprobs: hasLogprobs ? { content: logprobs, refusal: null } : null,
        finish_reason: reason,
      },
    ],
    usage,
  };
}

/** What an answer used and costs. */
export function usageOf(used: TokenUsage, costNano: Nano): Usage {
  return {
    prompt_tokens: used.promptTokens,
    completion_tokens: used.completionTokens,
    total_tokens: used.promptTokens + used.completionTokens,
    prompt_tokens_details: { cached_tokens: used.cachedPromptTokens },
    cost: costNano / NANO_PER_CREDIT,
    cost_nano: String(costNano),
  };
}

/** A whole answer told as a stream: its chunks in order. */
export function chunksOf(completion: ChatCompletion, includesUsage: boolean): ChatCompletionChunk[] {
  const { id, created, model, usage } = completion;
  const [{ message, logprobs, finish_reason: reason }] = completion.choices;
  const head = { job: id.slice(answerId("").length), created, model, includesUsage };
  const piece: AnswerPiece = {
    text: message.content ?? "",
    ...(message.reasoning_content === undefined ? {} : { reasoning: message.reasoning_content }),
    ...(message.tool_calls === undefined
      ? {}
      : { toolCalls: message.tool_calls.map((call, index) => ({ index, ...call.function })) }),
    ...(logprobs?.content ? { logprobs: logprobs.content } : {}),
  };
  return [
    roleChunk(head),
    pieceChunk(head, piece, new Set()),
    finishChunk(head, reason),
    ...(includesUsage ? [usageChunk(head, usage)] : []),
  ];
}
