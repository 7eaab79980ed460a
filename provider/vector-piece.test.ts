import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { Vector } from "../protocol/vector.ts";
import { floatsOf } from "../rules/vectors.ts";
import { vectorPiece } from "./vector-piece.ts";

describe("a vector's piece", () => {
  it("has its numbers in 32 bits each, the little end first, and nothing else", () => {
    const piece = vectorPiece(7, [1, -0.5, 0, 0.1]);
    expect(piece).toEqual({
      text: "",
      tokenCount: 0,
      vector: { index: 7, values: "AACAPwAAAL8AAAAAzczMPQ==" },
    });
    expect(v.is(Vector, piece.vector)).toBe(true);
    expect([...floatsOf(piece.vector?.values ?? "")]).toEqual([1, -0.5, 0, Math.fround(0.1)]);
  });

  it.each([NaN, Infinity, 1e39])("is not made of %d", (number) => {
    expect(() => vectorPiece(3, [0, number])).toThrow(/vector of input\[3\]/);
  });
});
