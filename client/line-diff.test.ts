import { describe, expect, it } from "vitest";
import { hunks, lineDiff } from "./line-diff.ts";

const told = (before: string, after: string): string =>
  lineDiff(before, after)
    .map(({ kind, text }) => `${{ same: " ", added: "+", removed: "-" }[kind]}${text}`)
    .join("|");

describe("the difference of two sources", () => {
  it("removes and adds as few lines as it can", () => {
    expect(told("a\nb\nc\nd", "a\nc\nx\nd")).toBe(" a|-b| c|+x| d");
    expect(told("a\nb\nc\na\nb\nb\na", "c\nb\na\nb\na\nc").match(/[+-]/g)).toHaveLength(5);
  });

  it("of equal texts is none, and of an empty one is everything", () => {
    expect(told("a\nb", "a\nb")).toBe(" a| b");
    expect(told("", "a\nb")).toBe("-|+a|+b");
  });

  it("gives both texts back", () => {
    const before = "one\ntwo\ntwo\nthree\n";
    const after = "two\none\ntwo\nfour\n";
    const changes = lineDiff(before, after);
    const of = (left: string) => changes.filter(({ kind }) => kind !== left).map(({ text }) => text);
    expect(of("added").join("\n")).toBe(before);
    expect(of("removed").join("\n")).toBe(after);
  });

  it("of sources with thousands of changed lines is told as a replacement", () => {
    const many = (word: string) => Array.from({ length: 2500 }, (_, line) => `${word} ${line}`).join("\n");
    const changes = lineDiff(many("a"), many("b"));
    expect(changes.slice(0, 2500).every(({ kind }) => kind === "removed")).toBe(true);
    expect(changes).toHaveLength(5000);
  });

  it("is shown with the lines around it, and says how many it leaves out", () => {
    const lines = Array.from({ length: 20 }, (_, line) => String(line)).join("\n");
    const shown = hunks(lineDiff(lines, lines.replace("\n10\n", "\nten\n")), 2);
    expect(shown.map((one) => (typeof one === "number" ? one : one.text))).toEqual([
      8,
      "8",
      "9",
      "10",
      "ten",
      "11",
      "12",
      7,
    ]);
  });
});
