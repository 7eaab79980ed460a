import * as v from "valibot";
import type { TokenLogprob } from "../../protocol/chat-completion.ts";
import { Count } from "../../protocol/text.ts";
import { EngineError } from "../../provider/engine.ts";

/** A piece of an answer as wllama tells it; its types have neither the ids nor the thoughts. */
const tokenEntries = {
  id: Count,
  token: v.string(),
  bytes: v.nullish(v.array(v.number())),
  /** JSON has no infinities. */
  logprob: v.nullable(v.number()),
};

const Entry = v.object({ ...tokenEntries, top_logprobs: v.optional(v.array(v.object(tokenEntries)), []) });
export type ChunkEntry = v.InferOutput<typeof Entry>;

const Choice = v.object({
  finish_reason: v.nullish(v.string()),
  /** Of a text. */
  text: v.nullish(v.string(), ""),
  /** Of an answer to a chat. */
  delta: v.optional(
    v.object({ content: v.nullish(v.string(), ""), reasoning_content: v.nullish(v.string(), "") }),
    { content: "", reasoning_content: "" },
  ),
  logprobs: v.nullish(v.object({ content: v.nullish(v.array(Entry), []) })),
});

const Chunk = v.object({
  choices: v.array(Choice),
  /** `cache_n` of the prompt were read before, `prompt_n` now. */
  timings: v.optional(
    v.object({
      cache_n: v.optional(Count, 0),
      prompt_n: Count,
      prompt_ms: v.number(),
      predicted_n: Count,
      predicted_ms: v.number(),
    }),
  ),
  /** While the prompt is read. */
  prompt_progress: v.optional(v.object({ total: Count, cache: Count, processed: Count })),
  usage: v.nullish(v.object({ prompt_tokens: Count, completion_tokens: Count })),
});
export type Chunk = v.InferOutput<typeof Chunk>;

export function chunkOf(told: unknown): Chunk {
  const parsed = v.safeParse(Chunk, told);
  if (parsed.success) return parsed.output;
  throw new EngineError("engine", `wllama tells what is not understood: ${parsed.issues[0].message}`);
}

/** @param count how many of the likeliest in its place were asked for */
export function logprobOf({ top_logprobs: likeliest, ...entry }: ChunkEntry, count: number): TokenLogprob {
  return { ...told(entry), top_logprobs: likeliest.slice(0, count).map(told) };
}

const told = ({ token, bytes, logprob }: Omit<ChunkEntry, "top_logprobs">) => ({
  token,
  bytes: bytes ?? null,
  logprob: logprob ?? -9999,
});
