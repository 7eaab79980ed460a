import { describe, expect, it } from "vitest";
import { learnVocabulary, openTokenizer } from "./vocabulary.ts";

const texts = [
  "the cat and the hat",
  "the cat sat\nand the dog sat",
  "a dog, a cat and 12 hats",
  "the 12 dogs",
];
const vocabulary = learnVocabulary(texts, 372);
const tokenizer = openTokenizer(vocabulary);
const piecesOf = (text: string): (string | undefined)[] =>
  tokenizer.encode(text).map((token) => vocabulary.pieces[token]?.text);

describe("the vocabulary", () => {
  it("has the size asked for, and no piece twice", () => {
    expect(vocabulary.pieces).toHaveLength(372);
    expect(vocabulary.ids.size).toBe(372);
  });

  it("joins what is frequent, within words only", () => {
    expect(piecesOf("the cat")).toEqual(["the", "▁cat"]);
    for (const { text, kind } of vocabulary.pieces) if (kind === "normal") expect(text).toMatch(/^▁*[^▁]*$/u);
  });

  it("refuses a size that the texts cannot fill", () => {
    expect(() => learnVocabulary(["a b"], 1000)).toThrow(/no vocabulary of 1000 pieces/);
  });
});

describe("the tokenizer", () => {
  it.each([
    "the cat sat",
    " leading, and  double   spaces ",
    "```python\nif x:\n    print(1)\n```",
    "Grüße, 漢字 🎉🚀",
    "~^|\\{}\t\u0000",
    "",
  ])("gives back %j", (text) => {
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  });

  it("spells in bytes what has no piece", () => {
    expect(piecesOf("ü")).toEqual(["<0xC3>", "<0xBC>"]);
  });

  it("takes the marks of turns as one token each", () => {
    expect(piecesOf("<|im_start|>a<|im_end|>")).toEqual(["<|im_start|>", "a", "<|im_end|>"]);
  });

  it("splits the beginning of a text as it splits the text: what was written can be gone on with", () => {
    const tokens = tokenizer.encode("the cat and the dog sat, 12 hats and 🎉");
    for (let count = 0; count <= tokens.length - 4; count++) {
      const beginning = tokens.slice(0, count);
      expect(tokenizer.encode(tokenizer.decode(beginning))).toEqual(beginning);
    }
  });
});
