import type { Delta } from "../../protocol/provider.ts";
import { gather } from "../../rules/answer-chunks.ts";
import { tellsLogprobs } from "../../rules/asked.ts";
import { bytesOf } from "../../rules/delivery.ts";
import { receiveVector, type VectorDelivery, vectorBytes } from "../../rules/vectors.ts";
import type { MarketJob } from "./market-job.ts";
import { type ServedPart, splice } from "./served-part.ts";

/**
 * Takes a vector as it came: nothing of it is written before there is one for each text.
 * @returns `too_many` where vectors so long can't be answered with, for so many texts
 */
export function takeVector(
  part: ServedPart,
  vectors: VectorDelivery,
  delta: Delta,
  now: number,
): "taken" | "broken" | "too_many" {
  part.firstDeltaAt ??= now;
  part.lastDeltaAt = now;
  const receipt = receiveVector(vectors, delta);
  switch (receipt.type) {
    case "taken":
    case "dropped":
      return "taken";
    case "too_many":
      return "too_many";
    case "breach":
      return "broken";
    default:
      return receipt satisfies never;
  }
}

/** Writes the vectors of a part to the job's answer, all at once; returns whether there is one for each text. */
export function passVectors(job: MarketJob, part: ServedPart, vectors: VectorDelivery): boolean {
  const all = vectors.values.filter((values) => values !== undefined);
  if (all.length < vectors.texts) return false;
  job.answer.write({ text: "", vectors: all }, { of: part, tokens: 0, bytes: vectorBytes(vectors) });
  return true;
}

/**
 * Writes a delta that was received in its order to the job's answer.
 *
 * @returns `begun` with the part's first words, `diverged` where it writes anew what the consumer has, and writes it otherwise
 */
export function passDelta(
  job: MarketJob,
  part: ServedPart,
  delta: Delta,
  now: number,
): "begun" | "passed" | "diverged" {
  if (part.firstDeltaAt === null) {
    part.firstDeltaAt = now;
    part.firstDeltaTokens = delta.tokenCount;
  }
  part.lastDeltaAt = now;
  const spliced = splice(part, delta);
  if (spliced === null) return "diverged";
  const { text, reasoning, toolCalls, logprobs } = spliced;
  const tokens = spliced.tokenCount + part.unwritten;
  const bytes = bytesOf(spliced);
  if (bytes === 0 && logprobs === undefined) {
    part.unwritten = tokens;
    return "passed";
  }
  part.unwritten = 0;
  const piece = {
    text,
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(toolCalls === undefined ? {} : { toolCalls }),
    ...(logprobs === undefined || !tellsLogprobs(job.order.asked) ? {} : { logprobs }),
  };
  const begins = part.written.deliveredBytes === 0;
  job.firstTokenAt ??= now;
  if (toolCalls !== undefined) job.hasToolCalls = true;
  gather(job.gathered, piece);
  part.written.deliveredTokens += tokens;
  part.written.deliveredBytes += bytes;
  job.answer.write(piece, { of: part, tokens, bytes });
  return begins ? "begun" : "passed";
}
