/** Text of the tokens of an answer as they come: a token may end within a character, whose text then comes with the next. */
export type TokenText = (token: number) => string;

/** A character has at most four bytes, so no more tokens than that have to be put together for it. */
const LONGEST_CHARACTER = 4;
const REPLACEMENT = "\uFFFD";
/** Some tokens' text depends on what is in front: a space that begins a text is no part of it. */
const CONTEXT = 4;

/**
 * @param detokenize the text of tokens that follow others, with U+FFFD for what is no character
 * @param before the tokens in front of the answer
 */
export function tokenText(
  detokenize: (tokens: readonly number[], before: readonly number[]) => string,
  before: readonly number[],
): TokenText {
  let context = before.slice(-CONTEXT);
  let pending: number[] = [];
  return (token) => {
    pending.push(token);
    const text = detokenize(pending, context);
    if (text.endsWith(REPLACEMENT) && pending.length < LONGEST_CHARACTER) return "";
    context = [...context, ...pending].slice(-CONTEXT);
    pending = [];
    return text;
  };
}
