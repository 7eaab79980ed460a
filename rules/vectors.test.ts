import { describe, expect, it } from "vitest";
import { MAX_NUMBERS } from "../protocol/vector.ts";
import {
  beginVectors,
  floatsOf,
  type IncomingVector,
  isComplete,
  receiveVector,
  vectorBytes,
} from "./vectors.ts";
import { seededRandom } from "./seeded-random.ts";

/** The numbers as a provider sends them. */
function base64(numbers: readonly number[]): string {
  const view = new DataView(new ArrayBuffer(4 * numbers.length));
  for (const [at, number] of numbers.entries()) view.setFloat32(4 * at, number, true);
  return btoa(String.fromCharCode(...new Uint8Array(view.buffer)));
}

const delta = (
  seq: number,
  index: number,
  numbers: readonly number[],
  more: Partial<IncomingVector> = {},
): IncomingVector => ({ seq, text: "", tokenCount: 0, vector: { index, values: base64(numbers) }, ...more });

/** All deltas one after the other; what is said of the last. */
function run(texts: number, dimensions: number | null, deltas: readonly IncomingVector[]) {
  const delivery = beginVectors(texts, dimensions);
  let last;
  for (const next of deltas) last = receiveVector(delivery, next);
  return { delivery, last };
}

const broken = (breach: string) => ({ type: "breach", breach });

describe("vectors of a provider", () => {
  it("are complete with one for each text, in any order", () => {
    const { delivery } = run(3, null, [delta(0, 2, [3, 3]), delta(1, 0, [1, 1]), delta(2, 1, [2, 2])]);
    expect(isComplete(delivery)).toBe(true);
    expect(delivery.values.map((values) => [...floatsOf(values ?? "")])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect(vectorBytes(delivery)).toBe(24);
  });

  it("are not complete while one is missing", () => {
    const { delivery } = run(2, null, [delta(0, 1, [1])]);
    expect(isComplete(delivery)).toBe(false);
    expect(vectorBytes(beginVectors(2, null))).toBe(0);
  });

  it("that come again are dropped, and too many of them are a flood", () => {
    const again = [delta(0, 0, [1]), delta(0, 0, [1]), delta(0, 0, [1])];
    expect(run(2, null, again).last).toEqual({ type: "dropped" });
    expect(run(1, null, again).last).toEqual(broken("flood"));
  });

  it.each<[string, readonly IncomingVector[], string]>([
    ["leave a gap", [delta(1, 0, [1])], "gap"],
    ["come twice for a text", [delta(0, 0, [1]), delta(1, 0, [1])], "double"],
    ["are of no text", [delta(0, 2, [1])], "no_text"],
    ["have different lengths", [delta(0, 0, [1]), delta(1, 1, [1, 2])], "wrong_length"],
    ["have NaN", [delta(0, 0, [1, Number.NaN])], "not_finite"],
    ["have an infinity", [delta(0, 0, [-Infinity])], "not_finite"],
    ["have text beside them", [delta(0, 0, [1], { text: "a" })], "no_vector"],
    ["have tokens", [delta(0, 0, [1], { tokenCount: 1 })], "no_vector"],
    ["have thoughts", [delta(0, 0, [1], { reasoning: "" })], "no_vector"],
    ["are no vectors", [{ seq: 0, text: "", tokenCount: 0 }], "no_vector"],
    [
      "are no whole numbers",
      [{ seq: 0, text: "", tokenCount: 0, vector: { index: 0, values: "AAAAAAA=" } }],
      "wrong_length",
    ],
  ])("that %s are a breach", (_name, deltas, breach) => {
    expect(run(2, null, deltas).last).toEqual(broken(breach));
  });

  it("have the length that was asked for", () => {
    expect(run(1, 2, [delta(0, 0, [1, 2])]).last).toEqual({ type: "taken" });
    expect(run(1, 2, [delta(0, 0, [1, 2, 3])]).last).toEqual(broken("wrong_length"));
  });

  it("are told to be too many by the first of them", () => {
    const texts = MAX_NUMBERS / 4;
    expect(run(texts, null, [delta(0, 0, [1, 2, 3, 4])]).last).toEqual({ type: "taken" });
    expect(run(texts, null, [delta(0, 0, [1, 2, 3, 4, 5])]).last).toEqual({ type: "too_many", length: 5 });
  });

  it("keep every bit of their numbers", () => {
    const random = seededRandom(7);
    const numbers = Array.from({ length: 1_000 }, () =>
      Math.fround((random() - 0.5) * 10 ** (random() * 60 - 30)),
    );
    expect([...floatsOf(base64(numbers))]).toEqual(numbers);
    expect([...floatsOf(base64([-0, 2 ** -149]))]).toEqual([-0, 2 ** -149]);
  });
});
