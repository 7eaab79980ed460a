import type { Sampling } from "../protocol/chat.ts";
import type { TokenLogprob } from "../protocol/chat-completion.ts";
import type {
  GeneratedNext,
  LlamaModel,
  LlamaPackage,
  LlamaSequence,
  SamplerOptions,
  TokenBias,
} from "./llama-package.ts";

/** How one answer is drawn. */
export interface Drawing {
  sampling: Sampling & { seed: number };
  bias: TokenBias | null;
  /** How many alternatives are told for each token; null for no probabilities at all. */
  logprobs: number | null;
}

export interface Drawn {
  token: number;
  logprob: TokenLogprob | null;
}

export function tokenBias(
  { TokenBias }: LlamaPackage,
  model: LlamaModel,
  { logitBias }: Sampling,
): TokenBias | null {
  const entries = Object.entries(logitBias);
  if (entries.length === 0) return null;
  return entries.reduce((all, [token, logit]) => all.set(Number(token), { logit }), TokenBias.for(model));
}

/**
 * Reads `last` and draws what follows it. What is drawn depends on the seed and on how many tokens the answer has, on
 * nothing before: whoever goes on with an answer draws what would have been drawn.
 *
 * @param answer the tokens of the answer so far, which penalties look at; `last` is the last of them or of the prompt
 */
export async function drawNext(
  sequence: LlamaSequence,
  model: LlamaModel,
  drawing: Drawing,
  last: number,
  answer: readonly number[],
): Promise<Drawn> {
  const { sampling, bias, logprobs } = drawing;
  const options: SamplerOptions = {
    temperature: sampling.temperature,
    topK: 0,
    topP: sampling.topP,
    minP: 0,
    seed: seedAt(sampling.seed, answer.length),
    ...(bias ? { tokenBias: bias } : {}),
    ...(isPenalised(sampling)
      ? {
          repeatPenalty: {
            punishTokens: [...answer],
            penalty: 1,
            frequencyPenalty: sampling.frequencyPenalty,
            presencePenalty: sampling.presencePenalty,
          },
        }
      : {}),
  };
  // Options change the logits that are told. Where there are none, one pass draws and tells.
  const untouched = sampling.temperature === 0 && bias === null && !isPenalised(sampling);
  const wanted = { filter: { tokens: [], includeTop: Math.max(1, logprobs ?? 0), includeSelected: true } };
  const drawn = await evaluate(sequence, last, {
    token: true,
    options,
    ...(logprobs !== null && untouched ? { logits: wanted, totalLogitWeight: true } : {}),
  });
  const token = drawn.token;
  if (token === null || token === undefined) throw new Error("the engine drew no token");
  if (logprobs === null) return { token, logprob: null };
  if (untouched) return { token, logprob: logprobOf(model, token, logprobs, drawn) };
  await sequence.eraseContextTokenRanges([
    { start: sequence.nextTokenIndex - 1, end: sequence.nextTokenIndex },
  ]);
  const raw = await evaluate(sequence, last, {
    logits: { filter: { tokens: [token], includeTop: Math.max(1, logprobs) } },
    totalLogitWeight: true,
  });
  return { token, logprob: logprobOf(model, token, logprobs, raw) };
}

const isPenalised = ({ frequencyPenalty, presencePenalty }: Sampling): boolean =>
  frequencyPenalty !== 0 || presencePenalty !== 0;

async function evaluate(
  sequence: LlamaSequence,
  last: number,
  generateNext: Parameters<LlamaSequence["controlledEvaluate"]>[0][number][1]["generateNext"],
): Promise<GeneratedNext> {
  const [result] = await sequence.controlledEvaluate([[last, { generateNext }]]);
  if (!result) throw new Error("the engine gave no result");
  return result.next;
}

/** 31 bits, of a seed and a place: llama.cpp draws a seed of its own for 2^32 - 1. */
function seedAt(seed: number, place: number): number {
  let mixed = Math.imul(seed ^ Math.imul(place + 1, 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 1;
}

function logprobOf(model: LlamaModel, token: number, count: number, next: GeneratedNext): TokenLogprob {
  const { logits, totalLogitWeight } = next;
  if (!logits || totalLogitWeight === undefined) throw new Error("the engine told no probabilities");
  const sorted = [...logits].sort(([, a], [, b]) => b - a);
  const normaliser = (sorted[0]?.[1] ?? NaN) + Math.log(totalLogitWeight);
  const entry = (id: number) => {
    const logprob = (logits.get(id) ?? NaN) - normaliser;
    const text = model.detokenize([id], true);
    const bytes = text.includes("\uFFFD") ? null : [...new TextEncoder().encode(text)];
    return { token: text, bytes, logprob: Number.isFinite(logprob) ? logprob : -9999 };
  };
  return { ...entry(token), top_logprobs: sorted.slice(0, count).map(([id]) => entry(id)) };
}
