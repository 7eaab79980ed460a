import type { ChatCompletionChunk } from "../../protocol/chat-completion.ts";
import { openAIError } from "../../protocol/openai-error.ts";
import type { TextCompletionChunk } from "../../protocol/text-completion.ts";
import type { AnswerError } from "./answer.ts";

/** Events without a name, as /v1/chat/completions and /v1/completions send them (the HTML standard's server-sent events). */

export type DataChunk = ChatCompletionChunk | TextCompletionChunk;

export const dataEvent = (chunk: DataChunk): string => `data: ${JSON.stringify(chunk)}\n\n`;

/** The last event of an answer that came to its end. */
export const DONE = "data: [DONE]\n\n";

/** The last event of one that did not. */
export const errorEvent = ({ code, message, param }: AnswerError): string =>
  `data: ${JSON.stringify(openAIError(code, message, param))}\n\n`;

/**
 * Writes events of nothing but text, in which all that stands around the text is the same for every token.
 * @param chunkOf the chunk with a text in it
 */
export function textEvents(chunkOf: (text: string) => DataChunk): (text: string) => string {
  let around: { before: string; after: string } | null = null;
  return (text) => {
    around ??= aroundText(chunkOf);
    return around.before + JSON.stringify(text) + around.after;
  };
}

function aroundText(chunkOf: (text: string) => DataChunk): { before: string; after: string } {
  const mark = crypto.randomUUID();
  const [before = "", after = ""] = dataEvent(chunkOf(mark)).split(`"${mark}"`);
  return { before, after };
}
