import type { Feature } from "../protocol/feature.ts";
import type { JobRequest } from "../protocol/job.ts";
import type { UpstreamFacts } from "./upstream-facts.ts";

type Served = Pick<UpstreamFacts, "server" | "model">;

/** What a request needs that not every server has. */
export function neededBy(request: JobRequest): Feature[] {
  const { continuation, tokenIds, logprobs, sampling, tools, toolChoice, responseFormat } = request;
  return [
    ...(continuation === null ? [] : (["prefill"] as const)),
    ...(tokenIds ? (["token_ids"] as const) : []),
    ...(logprobs === null ? [] : (["logprobs"] as const)),
    ...(Object.keys(sampling.logitBias).length === 0 ? [] : (["logit_bias"] as const)),
    ...(tools.length === 0 || toolChoice === "none" ? [] : (["tools"] as const)),
    ...(responseFormat.type === "text" ? [] : [responseFormat.type]),
  ];
}

/** The conversation with the beginning of its answer, if others have written one. */
export const withBeginning = (messages: JobRequest["messages"], continuation: string | null): unknown[] =>
  continuation === null ? messages : [...messages, { role: "assistant", content: continuation }];

/** How a server is told that the last turn is not over: llama-server takes it so by itself. */
export const goOn = (server: UpstreamFacts["server"], continuation: string | null): Record<string, unknown> =>
  server === "vllm" && continuation !== null
    ? { continue_final_message: true, add_generation_prompt: false }
    : {};

/** The request in the words of OpenAI's API, and those of the server where they say more. */
export function bodyOf({ server, model }: Served, request: JobRequest): Record<string, unknown> {
  const { messages, continuation, sampling, stop, logprobs, tools, responseFormat } = request;
  return {
    model,
    messages: withBeginning(messages, continuation),
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
    // Asked for none, llama-server tells not even the token's own probability.
    ...(logprobs === null ? {} : { logprobs: true, top_logprobs: Math.max(1, logprobs) }),
    ...(tools.length === 0
      ? {}
      : { tools, tool_choice: request.toolChoice, parallel_tool_calls: request.parallelToolCalls }),
    ...(responseFormat.type === "text" ? {} : { response_format: responseFormat }),
    ...(server === "llama-server" ? { timings_per_token: true, cache_prompt: true } : {}),
    ...goOn(server, continuation),
  };
}
