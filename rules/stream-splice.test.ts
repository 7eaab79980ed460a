import { describe, expect, it } from "vitest";
import { seededRandom } from "./seeded-random.ts";
import { beginSplice, isCaughtUp, spliceDelta } from "./stream-splice.ts";
import { utf8Length } from "./utf8-length.ts";

/** What passes of the deltas; each character of theirs is a token. */
function passed(
  delivered: string,
  deltas: readonly string[],
): { text: string; tokens: number; end: string | number } {
  let splice = beginSplice(delivered);
  let text = "";
  let tokens = 0;
  for (const delta of deltas) {
    const spliced = spliceDelta(splice, { text: delta, tokenCount: delta.length });
    if (spliced.type === "diverged") return { text, tokens, end: spliced.at };
    splice = spliced.splice;
    text += spliced.text;
    tokens += spliced.tokenCount;
  }
  return { text, tokens, end: isCaughtUp(splice) ? "caught up" : "behind" };
}

describe("of an answer that is written anew", () => {
  it("what was delivered is dropped, and the rest is passed on", () => {
    const anew = passed("The quick bro", ["The ", "quick", " brown ", "fox"]);
    expect(anew).toEqual({ text: "wn fox", tokens: 6, end: "caught up" });
  });

  it("all is passed on when nothing was delivered", () => {
    expect(passed("", ["a", "", "b"])).toEqual({ text: "ab", tokens: 2, end: "caught up" });
  });

  it("nothing is passed on when it ends where the first ended", () => {
    expect(passed("done", ["do", "ne", ""])).toEqual({ text: "", tokens: 0, end: "caught up" });
  });

  it("one that is shorter than what was delivered is behind when it ends", () => {
    expect(passed("The quick", ["The ", "qu"])).toEqual({ text: "", tokens: 0, end: "behind" });
  });

  it("nothing is passed on when it is another one, not even what was the same", () => {
    expect(passed("The quick", ["The ", "quiet", " fox"])).toEqual({ text: "", tokens: 0, end: 7 });
    expect(passed("The quick", ["A quick one"])).toEqual({ text: "", tokens: 0, end: 0 });
    // The two have the first half in common.
    expect(passed("\u{1f600}", ["\u{1f601}"])).toEqual({ text: "", tokens: 0, end: 1 });
  });

  it("the rest may be anything: what the consumer does not have cannot differ", () => {
    expect(passed("The", ["The slow", " fox"])).toMatchObject({ text: " slow fox", end: "caught up" });
  });

  it("a delta that is passed on in part counts by that part", () => {
    const delta = { text: "0123456789", tokenCount: 4 };
    const tokens = (delivered: string, tokenCount = 4): unknown => {
      const spliced = spliceDelta(beginSplice(delivered), { ...delta, tokenCount });
      return spliced.type === "pass" ? spliced.tokenCount : spliced;
    };
    expect(tokens("")).toBe(4);
    expect(tokens("01234")).toBe(2);
    expect(tokens("012345678")).toBe(1);
    expect(tokens("0123456789")).toBe(0);
    expect(tokens("012345678", 4000)).toBe(1);
    expect(tokens("01234", 0)).toBe(0);
  });
});

describe("wherever the first broke off and however the new deltas are cut", () => {
  const random = seededRandom(41);
  const below = (bound: number): number => Math.floor(random() * bound);
  const letters = ["a", "b", " ", "é", "漢", "\u{1f600}", "\u{1f601}", "\n"];
  const anyText = (length: number): string =>
    Array.from({ length }, () => letters[below(letters.length)] ?? "").join("");
  /** Cuts between any two code units, in the middle of characters too. */
  const cut = (text: string): string[] => {
    const pieces: string[] = [];
    for (let at = 0; at < text.length;) {
      const length = below(6);
      pieces.push(text.slice(at, at + length));
      at += length;
    }
    return pieces;
  };

  it("both parts together are the whole, and count no more than it has", () => {
    for (let round = 0; round < 2000; round++) {
      const whole = anyText(below(60));
      const delivered = whole.slice(0, below(whole.length + 1));
      const anew = passed(delivered, cut(whole));
      expect([delivered + anew.text, anew.end]).toEqual([whole, "caught up"]);
      expect(anew.tokens).toBeLessThanOrEqual(Math.min(whole.length, utf8Length(anew.text)));
    }
  });

  it("another text passes only if all that was delivered is the same", () => {
    let diverged = 0;
    for (let round = 0; round < 2000; round++) {
      const whole = anyText(1 + below(40));
      const delivered = whole.slice(0, below(whole.length + 1));
      const at = below(whole.length);
      const other = whole.slice(0, at) + anyText(1 + below(3)) + whole.slice(at + below(3));
      const anew = passed(delivered, cut(other));
      if (anew.end === "caught up") expect(delivered + anew.text).toBe(other);
      else expect([other.startsWith(delivered), anew.text]).toEqual([false, ""]);
      if (typeof anew.end === "number") {
        diverged++;
        expect(other.slice(0, anew.end)).toBe(delivered.slice(0, anew.end));
        expect(other.charAt(anew.end)).not.toBe(delivered.charAt(anew.end));
      }
    }
    expect(diverged).toBeGreaterThan(200);
  });
});
