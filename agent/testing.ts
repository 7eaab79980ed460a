import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ChatJob, CompletionJob, EmbeddingJob, JobRequest } from "../protocol/job.ts";
import { floatsOf } from "../rules/vectors.ts";
import type { Ending, LanguageEngine, Piece } from "../provider/engine.ts";

/** The model that comes with this package. */
export const tinyModel = join(import.meta.dirname, "model", "tabarena-tiny.gguf");

/** Why no test can open an engine of ours here, or null if one can. */
export const whyNoLlama: string | null = existsSync(
  join(import.meta.dirname, "node_modules", "node-llama-cpp"),
)
  ? null
  : "node-llama-cpp is not installed: npm install --no-save --ignore-scripts --omit=optional in agent/";

/** A request with nothing particular in it: the likeliest answer to what a user says. */
export function chatRequest(said: string | ChatJob["messages"], wishes: Partial<ChatJob> = {}): ChatJob {
  return {
    type: "chat",
    messages: typeof said === "string" ? [{ role: "user", content: said }] : said,
    continuation: null,
    sampling: sampling(0, 1),
    stop: [],
    maxTokens: 300,
    logprobs: null,
    tokenIds: true,
    tools: [],
    toolChoice: "none",
    parallelToolCalls: true,
    responseFormat: { type: "text" },
    ...wishes,
  };
}

/** A text that is to be gone on with, by its likeliest tokens. */
export const completionRequest = (prompt: string, wishes: Partial<CompletionJob> = {}): CompletionJob => ({
  type: "completion",
  prompt,
  continuation: null,
  sampling: sampling(0, 1),
  stop: [],
  maxTokens: 300,
  logprobs: null,
  tokenIds: true,
  ...wishes,
});

export const embeddingRequest = (inputs: string[], dimensions: number | null = null): EmbeddingJob => ({
  type: "embedding",
  inputs,
  dimensions,
});

export const sampling = (temperature: number, seed: number | null): ChatJob["sampling"] => ({
  temperature,
  topP: 1,
  frequencyPenalty: 0,
  presencePenalty: 0,
  logitBias: {},
  seed,
});

export interface Written {
  text: string;
  pieces: Piece[];
  tokenIds: number[];
  /** In the order of their texts. */
  vectors: number[][];
  ending: Ending;
}

/** The whole answer. */
export async function written(
  engine: LanguageEngine,
  request: JobRequest,
  signal: AbortSignal = new AbortController().signal,
): Promise<Written> {
  const pieces: Piece[] = [];
  const job = await engine.prepare(request);
  const ending = await job.write((piece) => void pieces.push(piece), signal);
  return {
    text: pieces.map(({ text }) => text).join(""),
    pieces,
    tokenIds: pieces.flatMap(({ tokenIds = [] }) => tokenIds),
    vectors: pieces
      .flatMap(({ vector }) => vector ?? [])
      .sort((a, b) => a.index - b.index)
      .map(({ values }) => [...floatsOf(values)]),
    ending,
  };
}
