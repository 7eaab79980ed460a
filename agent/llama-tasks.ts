import type { Task } from "../protocol/task.ts";
import type { LlamaModel } from "./llama-package.ts";

/** llama.cpp's number for models that tell how well a text answers a question. */
const RANKS = 4;

/**
 * What a model can be asked for, as its file tells: chats if it has a template for them, and vectors only if it was made for
 * those. Of any other model the vector of a text is that of its last token.
 *
 * @throws Error with a sentence for models that are made for something else
 */
export function tasksOf({ fileInfo, fileInsights }: Pick<LlamaModel, "fileInfo" | "fileInsights">): Task[] {
  const { hasEncoder, hasDecoder } = fileInsights;
  if (hasEncoder && hasDecoder)
    throw new Error("it is a model with an encoder and a decoder, which this engine can't run");
  const { pooling_type: pooling = 0, attention } = fileInfo.architectureMetadata;
  if (pooling === RANKS) throw new Error("it is a model that ranks texts, which nobody can ask for here");
  const reads = pooling > 0 || attention?.causal === false || !hasDecoder;
  if (reads) return ["embedding"];
  const { chat_template: template } = fileInfo.metadata.tokenizer;
  return [...(template === undefined ? [] : (["chat"] as const)), "completion", "embedding"];
}

/**
 * @param wanted as the operator says; null for all that there are
 * @throws Error with a sentence for what is wanted and can't be had
 */
export function chosenTasks(possible: readonly Task[], wanted: readonly Task[] | null): readonly Task[] {
  const missing = wanted?.find((task) => !possible.includes(task));
  if (missing !== undefined)
    throw new Error(`--tasks: it can't be asked for "${missing}", only for ${possible.join(", ")}`);
  return wanted ?? possible;
}
