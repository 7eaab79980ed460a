import type { ChatJob, CompletionJob } from "../../protocol/job.ts";

const plain = {
  continuation: null,
  sampling: { temperature: 0, topP: 1, frequencyPenalty: 0, presencePenalty: 0, logitBias: {}, seed: 1 },
  stop: [],
  maxTokens: 300,
  logprobs: null,
  tokenIds: true,
};

/** A request with nothing particular in it: the likeliest answer to what a user says. */
export const chat = (said: string | ChatJob["messages"], wishes: Partial<ChatJob> = {}): ChatJob => ({
  type: "chat",
  messages: typeof said === "string" ? [{ role: "user", content: said }] : said,
  ...plain,
  tools: [],
  toolChoice: "none",
  parallelToolCalls: true,
  responseFormat: { type: "text" },
  ...wishes,
});

/** A text that is to be gone on with, by its likeliest tokens. */
export const completion = (prompt: string, wishes: Partial<CompletionJob> = {}): CompletionJob => ({
  type: "completion",
  prompt,
  ...plain,
  ...wishes,
});
