import { EngineError } from "../provider/engine.ts";
import type { LlamaModel } from "./llama-package.ts";

/** What is read before anything is written: never empty. */
export interface Prompt {
  tokens: readonly number[];
  /** How many of them, at the end, are the answer's beginning. */
  answered: number;
}

/**
 * The tokens of a text that a model is to go on with: one for the beginning of a text where the model wants it, whether the
 * text has it too or not, and then the text as it is.
 *
 * Names of special tokens in the text are those tokens, as with llama-server and vLLM: the whole prompt is the consumer's
 * own, and who writes one himself means the marks of his template, or of the gap that is to be filled.
 *
 * @param continuation what was written before, which is never a mark
 * @throws EngineError where nothing is left to read
 */
export function promptOf(model: LlamaModel, text: string, continuation: string | null): Prompt {
  const { bos, bosString, shouldPrependBosToken } = model.tokens;
  const begin = shouldPrependBosToken && bos !== null ? [bos] : [];
  const twice = begin.length > 0 && bosString !== null && bosString !== "" && text.startsWith(bosString);
  const asked = [...begin, ...model.tokenize(twice ? text.slice(bosString.length) : text, true)];
  if (asked.length === 0) throw new EngineError("unsupported", "this model can't go on with an empty prompt");
  const answered = continuation ? model.tokenize(continuation, false, "trimLeadingSpace") : [];
  return { tokens: [...asked, ...answered], answered: answered.length };
}
