import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { Delta, MAX_DELTA_TEXT, MAX_DELTA_TOKENS, MAX_PROVIDER_FRAME_BYTES } from "../protocol/provider.ts";
import { MAX_DIMENSIONS } from "../protocol/vector.ts";
import { type DeltaPart, deltaParts, joined } from "./delta-parts.ts";
import type { Piece } from "./engine.ts";
import { vectorPiece } from "./vector-piece.ts";

const partOf = (piece: Piece): DeltaPart => {
  const [part, ...more] = deltaParts(piece);
  if (part === undefined || more.length > 0) throw new Error(`${more.length + 1} parts`);
  return part;
};

/** All pieces as one after another they are joined where they can be. */
function joinedAll(pieces: readonly Piece[]): DeltaPart[] {
  const parts: DeltaPart[] = [];
  for (const part of pieces.flatMap(deltaParts)) {
    const last = parts.at(-1);
    const both = last ? joined(last, part) : null;
    if (both) parts[parts.length - 1] = both;
    else parts.push(part);
  }
  return parts;
}

function expectDeltas(parts: readonly DeltaPart[]): void {
  for (const { piece } of parts) {
    const delta = { type: "delta", job: "job-00001", seq: 0, ...piece };
    expect(v.safeParse(Delta, delta).issues).toBeUndefined();
    expect(new TextEncoder().encode(JSON.stringify(delta)).length).toBeLessThan(MAX_PROVIDER_FRAME_BYTES);
  }
}

describe("the parts of an answer", () => {
  it("are the pieces themselves where these are short", () => {
    const piece: Piece = { text: "a", tokenCount: 1, tokenIds: [3] };
    expect(partOf(piece).piece).toEqual(piece);
  });

  it("are within the bounds of a delta however long a piece is, whole characters, and in order", () => {
    const text = `a${"😀".repeat(MAX_DELTA_TEXT)}`;
    const reasoning = "\u0001".repeat(2 * MAX_DELTA_TEXT);
    const calls = [
      { index: 0, name: "f", arguments: "x".repeat(2 * MAX_DELTA_TEXT + 5) },
      { index: 1, name: "g", arguments: "" },
    ];
    const parts = deltaParts({ text, reasoning, toolCalls: calls, tokenCount: 9 });
    expectDeltas(parts);
    expect(parts.map(({ piece }) => piece.text).join("") === text).toBe(true);
    expect(parts.map(({ piece }) => piece.reasoning ?? "").join("") === reasoning).toBe(true);
    expect(parts.reduce((sum, { piece }) => sum + piece.tokenCount, 0)).toBe(9);
    for (const { piece } of parts) expect(piece.text.isWellFormed()).toBe(true);
    const pieces = parts.flatMap(({ piece }) => piece.toolCalls ?? []);
    expect(pieces.flatMap(({ name }) => name ?? [])).toEqual(["f", "g"]);
    const argumentsOfF = pieces.filter(({ index }) => index === 0).map((call) => call.arguments);
    expect(argumentsOfF.join("") === calls[0]?.arguments).toBe(true);
  });

  it("are joined as one delta that says the same", () => {
    const logprob = { token: "a", bytes: null, logprob: -1, top_logprobs: [] };
    const a: Piece = { text: "a", tokenCount: 1, tokenIds: [1], logprobs: [logprob] };
    expect(joined(partOf(a), partOf({ text: "b", tokenCount: 2, tokenIds: [2, 3] }))?.piece).toEqual({
      text: "ab",
      tokenCount: 3,
      tokenIds: [1, 2, 3],
      logprobs: [logprob],
    });
    expect(joined(partOf(a), partOf({ text: "rest", tokenCount: 0 }))?.piece).toMatchObject({
      text: "arest",
      tokenIds: [1],
    });
    const call: Piece = { text: "", tokenCount: 1, toolCalls: [{ index: 0, name: "f", arguments: "{" }] };
    const more: Piece = { text: "", tokenCount: 1, toolCalls: [{ index: 0, arguments: "}" }] };
    expect(joined(partOf(call), partOf(more))?.piece.toolCalls).toEqual([
      { index: 0, name: "f", arguments: "{}" },
    ]);
    expect(
      joined(
        partOf({ text: "", reasoning: "x", tokenCount: 1 }),
        partOf({ text: "", reasoning: "y", tokenCount: 1 }),
      )?.piece,
    ).toEqual({ text: "", reasoning: "xy", tokenCount: 2 });
  });

  it("are not joined where the tokens of only one of them have ids", () => {
    const a = partOf({ text: "a", tokenCount: 1, tokenIds: [1] });
    expect(joined(a, partOf({ text: "b", tokenCount: 1 }))).toBeNull();
  });

  it("have one vector each, of the longest that there are too", () => {
    const vectors = [0, 1, 2].map((index) =>
      vectorPiece(
        index,
        Array.from({ length: MAX_DIMENSIONS }, () => -1.5),
      ),
    );
    const parts = joinedAll(vectors);
    expectDeltas(parts);
    expect(parts.map(({ piece }) => piece)).toEqual(vectors);
    expect(joinedAll([{ text: "a", tokenCount: 1 }, ...vectors]).length).toBe(4);
  });

  it("stay within the bounds of a delta however many are joined", () => {
    const alternatives = Array.from({ length: 20 }, () => ({ token: "\u0001", bytes: [1], logprob: -1.5 }));
    const logprobs = [{ token: "é", bytes: [195, 169], logprob: -1, top_logprobs: alternatives }];
    const kinds: Piece[] = [
      { text: "a", tokenCount: 1 },
      { text: "\u0001".repeat(99), tokenCount: 1, logprobs },
      { text: "", reasoning: "b".repeat(999), tokenCount: 1 },
      { text: "", tokenCount: 1, toolCalls: [{ index: 0, name: "f", arguments: "c".repeat(999) }] },
    ];
    for (const kind of kinds) {
      const parts = joinedAll(Array.from({ length: 2 * MAX_DELTA_TOKENS }, () => kind));
      expectDeltas(parts);
      expect(parts.reduce((sum, { piece }) => sum + piece.tokenCount, 0)).toBe(2 * MAX_DELTA_TOKENS);
      expect(parts.length).toBeLessThan(MAX_DELTA_TOKENS);
    }
  });
});
