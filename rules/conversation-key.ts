import type { ChatMessage } from "../protocol/chat-message.ts";

/** Longer beginnings that are alike share what an engine keeps of a prompt, whatever comes after. */
const MOST_TEXT = 8_192;

/**
 * The same for a request and for those that go on with its conversation: made of who asks, of the model, and of the messages up
 * to the first of the user's. Two conversations may share one by chance; a choice by it is only a little worse then.
 *
 * @returns a whole number of 53 bits
 */
export function conversationKey(consumer: string, model: string, messages: readonly ChatMessage[]): number {
  const first = messages.findIndex(({ role }) => role === "user");
  const beginning = first < 0 ? messages : messages.slice(0, first + 1);
  let text = `${consumer}\n${model}\n`;
  for (const { role, content } of beginning) {
    const parts = typeof content === "string" ? [content] : (content ?? []).map(textOf);
    for (const part of parts) text += `${role} ${part.slice(0, Math.max(0, MOST_TEXT - text.length))}\n`;
  }
  return digest(text);
}

/** Prompts that begin alike share what an engine keeps; what is written at their end differs from one to the next. */
const PROMPT_BEGINNING = 256;

/** The same for requests that go on with texts that begin alike. */
export const promptKey = (consumer: string, model: string, prompt: string): number =>
  digest(`${consumer}\n${model}\nprompt ${prompt.slice(0, PROMPT_BEGINNING)}`);

type Part = Exclude<NonNullable<ChatMessage["content"]>, string>[number];

const textOf = (part: Part): string => ("text" in part ? part.text : part.type);

/** Two FNV-1a hashes with different beginnings, as one number. */
function digest(text: string): number {
  let low = 0x811c9dc5;
  let high = 0x9e3779b9;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x85ebca6b);
    high ^= high >>> 15;
  }
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
}
