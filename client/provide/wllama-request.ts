import type { ChatJob, CompletionJob } from "../../protocol/job.ts";
import { EngineError } from "../../provider/engine.ts";
import { templateTurn, type TemplateTurn } from "../../provider/template-turn.ts";

/** What wllama is to write. */
export type WritingJob = ChatJob | CompletionJob;

/** What it is asked for: more than these, in words of llama-server that its types do not know. */
export type Asked = AskedChat | AskedText;

export interface AskedChat {
  messages: TemplateTurn[];
}

export interface AskedText {
  prompt: string;
}

/** How many of the last tokens are looked at for penalties: more than answers have, and no number for all of them is taken. */
const PENALISED = 4_096;

/**
 * A job in the words of llama-server, which wllama hands on. Nothing is left to its defaults, which draw otherwise than the
 * official API does. Stop strings are not among them: what it holds back for one it tells together with what comes after, with
 * the probabilities of the last token only.
 *
 * @param withProbabilities whether each token's probability is told, and its id, which comes with that alone
 * @throws EngineError for what this engine can't do
 */
export function askedFor(job: WritingJob, seed: number, withProbabilities: boolean): Asked {
  const { sampling, maxTokens } = job;
  const drawing = {
    max_tokens: maxTokens,
    temperature: sampling.temperature,
    top_p: sampling.topP,
    top_k: 0,
    min_p: 0,
    frequency_penalty: sampling.frequencyPenalty,
    presence_penalty: sampling.presencePenalty,
    repeat_last_n: PENALISED,
    seed,
    ...(Object.keys(sampling.logitBias).length === 0 ? {} : { logit_bias: sampling.logitBias }),
    ...(withProbabilities ? probabilities(job) : {}),
    cache_prompt: true,
    // With each token how many there were, and before the first how far the prompt was read.
    timings_per_token: true,
    return_progress: true,
    stream_options: { include_usage: true },
  };
  if (job.type === "chat") return { ...chat(job), ...drawing };
  return { prompt: job.prompt + (job.continuation ?? ""), ...drawing };
}

/** Whether wllama must tell probabilities: for themselves, or for the ids. */
export const needsProbabilities = ({ logprobs, tokenIds }: WritingJob): boolean =>
  logprobs !== null || tokenIds;

function chat({ messages, continuation, tools, toolChoice, responseFormat }: ChatJob): AskedChat {
  if (tools.length > 0 && toolChoice !== "none")
    throw new EngineError("unsupported", "this engine knows no tools");
  const formatted = responseFormat.type !== "text";
  // Its grammar would begin anew.
  if (formatted && continuation !== null)
    throw new EngineError("unsupported", "this engine can't go on with an answer in a given format");
  const turns = messages.map(templateTurn);
  return {
    // The last turn, if it is the model's own, is taken for one that is not over.
    messages: continuation === null ? turns : [...turns, { role: "assistant", content: continuation }],
    ...(formatted ? { response_format: responseFormat } : {}),
  };
}

/** Asked for none, it tells not even the token's own. */
function probabilities({ type, logprobs }: WritingJob): object {
  const count = Math.max(1, logprobs ?? 0);
  return type === "chat" ? { logprobs: true, top_logprobs: count } : { logprobs: count, n_probs: count };
}
