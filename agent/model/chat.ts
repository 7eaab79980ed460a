import type { Turn } from "./corpus.ts";
import { TURN_END, TURN_START, type Tokenizer } from "./vocabulary.ts";

/**
 * ChatML as a Jinja template, which engines read from the model's file. A developer's turn is a system turn; content in
 * parts is not known here: who asks joins them.
 */
export const CHAT_TEMPLATE = [
  "{% for message in messages %}",
  `{{ '${TURN_START}' + ('system' if message['role'] == 'developer' else message['role']) + '\\n' }}`,
  `{{ message['content'] + '${TURN_END}' + '\\n' }}`,
  "{% endfor %}",
  `{% if add_generation_prompt %}{{ '${TURN_START}assistant\\n' }}{% endif %}`,
].join("");

/** A conversation as the model sees it. Only the answers, with the token that ends them, are to be learnt. */
export interface Example {
  tokens: Int32Array;
  /** 1 for each token that is to be learnt from those before it. */
  learn: Uint8Array;
}

/** The conversation in the words of the template, with the token in front that engines put there. */
export function exampleOf(tokenizer: Tokenizer, beginOfText: number, turns: readonly Turn[]): Example {
  const tokens = [beginOfText];
  const learn = [0];
  const add = (text: string, learnt: 0 | 1): void => {
    const added = tokenizer.encode(text);
    tokens.push(...added);
    learn.push(...added.map(() => learnt));
  };
  for (const { role, content } of turns) {
    add(`${TURN_START}${role}\n`, 0);
    add(`${content}${TURN_END}`, role === "assistant" ? 1 : 0);
    add("\n", 0);
  }
  return { tokens: Int32Array.from(tokens), learn: Uint8Array.from(learn) };
}
