import { describe, expect, it } from "vitest";
import { tokenText } from "./token-text.ts";

/** Tokens that are bytes. */
const bytes = (tokens: readonly number[]): string => new TextDecoder().decode(Uint8Array.from(tokens));

const textsOf = (tokens: Iterable<number>): string[] => {
  const text = tokenText((some) => bytes(some), []);
  return [...tokens].map(text);
};

describe("text of tokens", () => {
  it("comes with the token that completes a character", () => {
    expect(textsOf(new TextEncoder().encode("aü🎉"))).toEqual(["a", "", "ü", "", "", "", "🎉"]);
  });

  it("does not wait for ever for what is no character", () => {
    const texts = textsOf([0xff, 0xff, 0xff, 0xff, 0x61]);
    expect(texts.slice(0, 3)).toEqual(["", "", ""]);
    expect(texts.join("")).toMatch(/^\uFFFD+a$/u);
  });

  it("is asked for with the tokens in front, never with half a character among them", () => {
    const contexts: (readonly number[])[] = [];
    const text = tokenText(
      (some, before) => {
        contexts.push(before);
        return bytes(some);
      },
      [1, 2, 3, 4, 5],
    );
    for (const token of new TextEncoder().encode("üb")) text(token);
    expect(contexts).toEqual([
      [2, 3, 4, 5],
      [2, 3, 4, 5],
      [4, 5, 0xc3, 0xbc],
    ]);
  });
});
