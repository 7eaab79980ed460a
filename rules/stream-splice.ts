import { utf8Length } from "./utf8-length.ts";

/**
 * One provider broke off, another writes the same answer again from its beginning. What the consumer has of it already is
 * dropped, to the very code unit, and the rest is passed on:
 *
 *     delivered     The quick bro
 *     written anew  The |quick| brown |fox
 *     passed on               .....wn |fox
 *
 * The deltas may be cut anywhere. Where the new text is another one, nothing of it is passed on: an answer that changes in
 * the middle is no answer, so the stream has to end by an error.
 */
export interface Splice {
  /** What the consumer has; all of it is wanted again before anything is passed on. */
  readonly delivered: string;
  /** How many code units of it have come again. */
  readonly matched: number;
}

/** Some text with the number of tokens that it is. */
export interface CountedText {
  text: string;
  tokenCount: number;
}

export type Spliced =
  /** `text` may be empty; `tokenCount` is how many tokens of it reach the consumer. */
  | ({ type: "pass"; splice: Splice } & CountedText)
  /** The texts differ from this code unit on. */
  | { type: "diverged"; at: number };

/** @param delivered all that the consumer has of the answer, from whomever it came */
export function beginSplice(delivered: string): Splice {
  return { delivered, matched: 0 };
}

/** Whether all that the consumer has came again. An answer that ends before is a shorter one: it has diverged. */
export function isCaughtUp({ delivered, matched }: Splice): boolean {
  return matched === delivered.length;
}

/**
 * Takes the next delta of the provider that writes anew.
 *
 * Of a delta that is passed on in part its tokens count by the bytes of that part, rounded up, and no more than it has
 * bytes: the provider is paid for what it delivers, not for what was there already.
 */
export function spliceDelta(splice: Splice, { text, tokenCount }: CountedText): Spliced {
  if (isCaughtUp(splice)) return { type: "pass", splice, text, tokenCount };
  const { delivered, matched } = splice;
  const known = Math.min(text.length, delivered.length - matched);
  for (let at = 0; at < known; at++)
    if (text.charCodeAt(at) !== delivered.charCodeAt(matched + at))
      return { type: "diverged", at: matched + at };

  const rest = text.slice(known);
  const bytes = utf8Length(rest);
  const share = bytes === 0 ? 0 : Math.ceil((tokenCount * bytes) / utf8Length(text));
  return {
    type: "pass",
    splice: { delivered, matched: matched + known },
    text: rest,
    tokenCount: Math.min(bytes, share),
  };
}
