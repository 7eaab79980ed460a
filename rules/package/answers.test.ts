import { describe, expect, it } from "vitest";
import { answerFiles } from "./answers.ts";

function outs(test: string, ...others: string[]): string[] {
  return answerFiles(test, [test, ...others]).filter((name) => name.endsWith(".out"));
}

describe("the file that answers a test", () => {
  it("is named after it, with as much of its path as one likes", () => {
    expect(outs("secret/group1/03", "secret/group1/04")).toEqual([
      "03.out",
      "group1-03.out",
      "secret-group1-03.out",
    ]);
  });

  it("has other endings, or none, but usually .out", () => {
    expect(answerFiles("secret/1", ["secret/1"])).toEqual([
      "1.out",
      "1.ans",
      "1.txt",
      "1",
      "secret-1.out",
      "secret-1.ans",
      "secret-1.txt",
      "secret-1",
    ]);
  });

  it("has no name that could be another test's", () => {
    expect(outs("secret/1", "sample/1")).toEqual(["secret-1.out"]);
    expect(outs("secret/a/b", "secret/a-b")).toEqual(["b.out"]);
    expect(outs("secret/a-b", "secret/a/b")).toEqual([]);
  });
});
