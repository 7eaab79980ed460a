import { describe, expect, it } from "vitest";
import { answerFile } from "./answers.ts";

describe("the file that answers a test", () => {
  it.each([
    ["secret/03", "03.out"],
    ["secret/group1/03-big", "group1-03-big.out"],
    ["sample/1", "sample-1.out"],
  ])("%s is %s", (test, file) => {
    expect(answerFile(test)).toBe(file);
  });
});
