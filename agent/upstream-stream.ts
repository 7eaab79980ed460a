import { createParser } from "eventsource-parser";
import * as v from "valibot";
import { MAX_TOOLS } from "../protocol/chat-tool.ts";
import type { TokenLogprob } from "../protocol/chat-completion.ts";
import { type ClaimedUsage, MAX_DELTA_TOKENS, type ToolCallPiece } from "../protocol/provider.ts";
import { Count } from "../protocol/text.ts";
import { EngineError, type Piece } from "../provider/engine.ts";
import { messageOf } from "./upstream.ts";

/** Of a single event. */
const MAX_EVENT_CHARACTERS = 16 * 1024 * 1024;

/** After an answer's last piece only its usage comes, if anything. */
const END_MS = 5_000;

/** JSON has no infinities. */
const IMPOSSIBLE = -9999;

const LogProbability = v.pipe(
  v.nullable(v.number()),
  v.transform((logprob) => logprob ?? IMPOSSIBLE),
);

const entry = { token: v.string(), bytes: v.nullish(v.array(v.number()), null), logprob: LogProbability };

/** What is read of a chunk; servers write more into them, and leave out what the official API always has. */
export const UpstreamChunk = v.object({
  model: v.nullish(v.string(), ""),
  choices: v.nullish(
    v.array(
      v.object({
        index: v.nullish(Count, 0),
        delta: v.nullish(
          v.object({
            content: v.nullish(v.string(), ""),
            reasoning_content: v.nullish(v.string(), ""),
            /** The same in newer servers. */
            reasoning: v.nullish(v.string(), ""),
            tool_calls: v.nullish(
              v.array(
                v.object({
                  index: v.nullish(Count, 0),
                  function: v.nullish(
                    v.object({ name: v.nullish(v.string(), ""), arguments: v.nullish(v.string(), "") }),
                  ),
                }),
              ),
              [],
            ),
          }),
        ),
        /** Of a completion, where a chat has its delta. */
        text: v.nullish(v.string(), ""),
        logprobs: v.nullish(
          v.object({
            content: v.nullish(
              v.array(v.object({ ...entry, top_logprobs: v.nullish(v.array(v.object(entry)), []) })),
              [],
            ),
            /** Of a completion: three lists of the same length. llama-server has `content` there too. */
            tokens: v.nullish(v.array(v.string()), []),
            token_logprobs: v.nullish(v.array(LogProbability), []),
            top_logprobs: v.nullish(v.array(v.nullable(v.record(v.string(), LogProbability))), []),
          }),
        ),
        finish_reason: v.nullish(v.string()),
      }),
    ),
    [],
  ),
  /** At the end; with vLLM in each chunk. */
  usage: v.nullish(
    v.object({
      prompt_tokens: v.nullish(Count, 0),
      completion_tokens: v.nullish(Count, 0),
      prompt_tokens_details: v.nullish(v.object({ cached_tokens: v.nullish(Count, 0) })),
    }),
  ),
  /** In each chunk, with llama-server. */
  timings: v.nullish(
    v.object({
      prompt_n: v.nullish(Count, 0),
      cache_n: v.nullish(Count, 0),
      predicted_n: v.nullish(Count, 0),
    }),
  ),
  error: v.nullish(v.unknown()),
});
export type UpstreamChunk = v.InferOutput<typeof UpstreamChunk>;

/**
 * The chunks of a streamed answer, until `[DONE]` or its end. Nothing more is read while the last one is worked on, so that
 * a slow reader slows down the server. After a reason to finish, the answer is whole: whatever goes wrong then is its end.
 *
 * @throws EngineError for what is no such chunk, for an error that the server tells, and for one that writes nothing for
 *   too long
 */
export async function* upstreamChunks(
  body: ReadableStream<Uint8Array>,
  { firstMs, stallMs }: { firstMs: number; stallMs: number },
): AsyncGenerator<UpstreamChunk> {
  const events: string[] = [];
  const parser = createParser({
    onEvent: ({ data }) => events.push(data),
    onError: ({ type, message }) => {
      // Lines that mean nothing are to be passed over.
      if (type !== "max-buffer-size-exceeded") return;
      throw new EngineError("engine", `the server's stream can't be read: ${message}`);
    },
    maxBufferSize: MAX_EVENT_CHARACTERS,
  });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let isWhole = false;
  try {
    for (let patience = firstMs; ; patience = isWhole ? Math.min(END_MS, stallMs) : stallMs) {
      const { done, value } = await within(patience, reader.read());
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      for (const data of events.splice(0)) {
        if (data.trim() === "[DONE]") return;
        const chunk = parseChunk(data);
        yield chunk;
        isWhole ||= Boolean(choiceOf(chunk)?.finish_reason);
      }
    }
  } catch (error) {
    if (!isWhole) throw error;
  } finally {
    // The server stops when nobody reads it any more.
    void reader.cancel().catch(() => undefined);
  }
}

/** The answer that was asked for, should a server write several. */
export const choiceOf = ({ choices }: UpstreamChunk) => choices?.find(({ index }) => index === 0);

function parseChunk(data: string): UpstreamChunk {
  let chunk: v.SafeParseResult<typeof UpstreamChunk>;
  try {
    chunk = v.safeParse(UpstreamChunk, JSON.parse(data));
  } catch (cause) {
    throw new EngineError("engine", `the server streams what is no JSON: ${data.slice(0, 100)}`, { cause });
  }
  if (!chunk.success) {
    const [{ message, path }] = chunk.issues;
    const where = (path ?? []).map(({ key }) => String(key)).join(".");
    throw new EngineError("engine", `the server streams what is no chunk of an answer: ${where}: ${message}`);
  }
  if (chunk.output.error !== undefined && chunk.output.error !== null)
    throw new EngineError("engine", `the server fails: ${messageOf(data)}`);
  return chunk.output;
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new EngineError("engine", `the server wrote nothing for ${ms / 1000} s`)),
      ms,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Counts the tokens of an answer, as exactly as its server tells them, but no more than it was asked for. */
export interface TokenCount {
  /**
   * What a chunk brings, with as many tokens as it is: those that the server counted since the last, else its probabilities,
   * else one. Null if there is nothing in it.
   *
   * @param alternatives as many are told for each token; null for no probabilities
   */
  pieceOf(chunk: UpstreamChunk, alternatives: number | null): Piece | null;
  /** How many more may come. */
  left(): number;
  /** Tokens that the server counted at the end, and that were in no piece yet. */
  uncounted(): number;
  usage(): ClaimedUsage;
}

/**
 * @param maxTokens as many were asked for
 * @param contextTokens no prompt has more
 */
export function tokenCount(maxTokens: number, contextTokens: number): TokenCount {
  let counted = 0;
  let told: ClaimedUsage | null = null;

  return {
    pieceOf(chunk, alternatives) {
      told = toldUsage(chunk) ?? told;
      const choice = choiceOf(chunk);
      const {
        content = choice?.text ?? "",
        reasoning_content = "",
        reasoning = "",
        tool_calls = [],
      } = choice?.delta ?? {};
      const thought = reasoning_content || reasoning;
      const toolCalls = tool_calls.flatMap(toolCallPiece);
      const logprobs =
        alternatives === null
          ? []
          : toldLogprobs(choice?.logprobs).map((one) => logprobOf(one, alternatives));
      if (content === "" && thought === "" && toolCalls.length === 0 && logprobs.length === 0) return null;
      const grown = chunk.usage || chunk.timings ? (told?.completionTokens ?? 0) - counted : 0;
      const tokens = Math.min(Math.max(grown, logprobs.length, 1), MAX_DELTA_TOKENS, maxTokens - counted);
      counted += tokens;
      return {
        text: content,
        tokenCount: tokens,
        ...(thought === "" ? {} : { reasoning: thought }),
        ...(toolCalls.length === 0 ? {} : { toolCalls }),
        ...(logprobs.length === 0 ? {} : { logprobs: logprobs.slice(0, tokens) }),
      };
    },
    left: () => maxTokens - counted,
    uncounted() {
      const missing = Math.max(0, Math.min(told?.completionTokens ?? 0, maxTokens) - counted);
      counted += missing;
      return missing;
    },
    usage() {
      if (told === null) return { promptTokens: 0, cachedPromptTokens: 0, completionTokens: counted };
      const promptTokens = Math.min(told.promptTokens, contextTokens);
      return {
        promptTokens,
        cachedPromptTokens: Math.min(told.cachedPromptTokens, promptTokens),
        // Who counts none of what was written does not count.
        completionTokens: told.completionTokens === 0 ? counted : Math.min(told.completionTokens, maxTokens),
      };
    },
  };
}

function toldUsage({ usage, timings }: UpstreamChunk): ClaimedUsage | null {
  if (usage) {
    const { prompt_tokens: prompt, completion_tokens: completion, prompt_tokens_details: details } = usage;
    const cached = Math.min(details?.cached_tokens ?? timings?.cache_n ?? 0, prompt);
    return { promptTokens: prompt, cachedPromptTokens: cached, completionTokens: completion };
  }
  if (!timings) return null;
  const { prompt_n: read, cache_n: cached, predicted_n: completion } = timings;
  return { promptTokens: read + cached, cachedPromptTokens: cached, completionTokens: completion };
}

type UpstreamCall = { index: number; function?: { name: string; arguments: string } | null | undefined };

function toolCallPiece({ index, function: called }: UpstreamCall): ToolCallPiece[] {
  const { name = "", arguments: more = "" } = called ?? {};
  if (index >= MAX_TOOLS) throw new EngineError("engine", `the server calls a tool numbered ${index}`);
  if (name === "" && more === "") return [];
  return [{ index, arguments: more, ...(name === "" ? {} : { name: name.slice(0, 64) }) }];
}

type ToldLogprobs = NonNullable<ReturnType<typeof choiceOf>>["logprobs"];

/** Of completions nobody tells the bytes of a token, which may be a part of a character. */
function toldLogprobs(told: ToldLogprobs): TokenLogprob[] {
  if (!told) return [];
  if (told.content.length > 0) return told.content;
  return told.tokens.map((token, index) => ({
    token,
    bytes: null,
    logprob: told.token_logprobs[index] ?? IMPOSSIBLE,
    top_logprobs: Object.entries(told.top_logprobs[index] ?? {})
      .map(([other, logprob]) => ({ token: other, bytes: null, logprob }))
      .sort((a, b) => b.logprob - a.logprob),
  }));
}

/** With no more alternatives than were asked for. */
function logprobOf(told: TokenLogprob, alternatives: number): TokenLogprob {
  const plain = ({ token, bytes, logprob }: Omit<TokenLogprob, "top_logprobs">) => ({
    token,
    bytes: bytes?.every((byte) => Number.isInteger(byte) && byte >= 0 && byte < 256) ? bytes : null,
    logprob,
  });
  return { ...plain(told), top_logprobs: told.top_logprobs.slice(0, alternatives).map(plain) };
}
