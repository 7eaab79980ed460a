import type { Feature } from "../protocol/feature.ts";
import type { ChatJob, CompletionJob } from "../protocol/job.ts";
import type { UpstreamFacts } from "./upstream-facts.ts";

type Served = Pick<UpstreamFacts, "server" | "model">;

/** What a server is to write. */
export type WritingJob = ChatJob | CompletionJob;

/** What a request needs that not every server has. Every server goes on with a text. */
export function neededBy(request: WritingJob): Feature[] {
  const { tokenIds, logprobs, sampling } = request;
  return [
    ...(request.type === "chat" ? neededByChat(request) : []),
    ...(tokenIds ? (["token_ids"] as const) : []),
    ...(logprobs === null ? [] : (["logprobs"] as const)),
    ...(Object.keys(sampling.logitBias).length === 0 ? [] : (["logit_bias"] as const)),
  ];
}

function neededByChat({ continuation, tools, toolChoice, responseFormat }: ChatJob): Feature[] {
  return [
    ...(continuation === null ? [] : (["prefill"] as const)),
    ...(tools.length === 0 || toolChoice === "none" ? [] : (["tools"] as const)),
    ...(responseFormat.type === "text" ? [] : [responseFormat.type]),
  ];
}

/** What is to be read, with the beginning of what is to be written, if others have begun. */
export function promptBody({ server, model }: Served, request: WritingJob): Record<string, unknown> {
  const { continuation } = request;
  if (request.type === "completion") return { model, prompt: request.prompt + (continuation ?? "") };
  const { messages, tools } = request;
  return {
    model,
    messages: continuation === null ? messages : [...messages, { role: "assistant", content: continuation }],
    ...(tools.length === 0 ? {} : { tools }),
    // llama-server takes it by itself that the last turn is not over.
    ...(server === "vllm" && continuation !== null
      ? { continue_final_message: true, add_generation_prompt: false }
      : {}),
  };
}

/** The request in the words of OpenAI's API, and those of the server where they say more. */
export function bodyOf(served: Served, request: WritingJob): Record<string, unknown> {
  const { server } = served;
  const { sampling, stop } = request;
  return {
    ...promptBody(served, request),
    stream: true,
    // vLLM tells its counts with each chunk, so that an answer which is broken off is counted too.
    stream_options: { include_usage: true, ...(server === "vllm" ? { continuous_usage_stats: true } : {}) },
    max_tokens: request.maxTokens,
    temperature: sampling.temperature,
    top_p: sampling.topP,
    frequency_penalty: sampling.frequencyPenalty,
    presence_penalty: sampling.presencePenalty,
    ...(Object.keys(sampling.logitBias).length === 0 ? {} : { logit_bias: sampling.logitBias }),
    ...(sampling.seed === null ? {} : { seed: sampling.seed }),
    ...(stop.length === 0 ? {} : { stop }),
    ...(request.type === "chat" ? chatBody(request) : completionBody(server, request)),
    ...(server === "llama-server" ? { timings_per_token: true, cache_prompt: true } : {}),
  };
}

function chatBody({ logprobs, tools, responseFormat, ...request }: ChatJob): Record<string, unknown> {
  return {
    // Asked for none, llama-server tells not even the token's own probability.
    ...(logprobs === null ? {} : { logprobs: true, top_logprobs: Math.max(1, logprobs) }),
    ...(tools.length === 0
      ? {}
      : { tool_choice: request.toolChoice, parallel_tool_calls: request.parallelToolCalls }),
    ...(responseFormat.type === "text" ? {} : { response_format: responseFormat }),
  };
}

function completionBody(server: Served["server"], { logprobs }: CompletionJob): Record<string, unknown> {
  if (logprobs === null) return {};
  const count = Math.max(1, logprobs);
  // Some builds of llama-server know it by its own name alone.
  return { logprobs: count, ...(server === "llama-server" ? { n_probs: count } : {}) };
}
