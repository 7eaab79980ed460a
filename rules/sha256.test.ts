import { describe, expect, it } from "vitest";
import { seededRandom } from "./seeded-random.ts";
import { sha256Stream } from "./sha256.ts";

const ofText = (text: string): string => {
  const stream = sha256Stream();
  stream.add(new TextEncoder().encode(text));
  return stream.end();
};
const ofPieces = (pieces: Iterable<Uint8Array>): string => {
  const stream = sha256Stream();
  for (const piece of pieces) stream.add(piece);
  return stream.end();
};

describe("SHA-256 piece by piece", () => {
  it.each([
    ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    [
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ],
  ])("gives what the standard gives for %j", (text, hash) => {
    expect(ofText(text)).toBe(hash);
  });

  it("gives what the standard gives for a million times the same letter", () => {
    expect(ofText("a".repeat(1_000_000))).toBe(
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
    );
  });

  it("does not care how what comes is cut", () => {
    const random = seededRandom(7);
    const bytes = Uint8Array.from({ length: 20_000 }, () => Math.floor(256 * random()));
    for (const length of [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 20_000]) {
      const all = bytes.subarray(0, length);
      const whole = ofPieces([all]);
      expect(ofPieces(Array.from(all, (byte) => Uint8Array.of(byte)))).toBe(whole);
      for (let round = 0; round < 10; round++) {
        const cut = Math.floor(random() * length);
        expect(ofPieces([all.subarray(0, cut), all.subarray(cut)])).toBe(whole);
      }
    }
  });

  it("differs for what differs in its last byte alone", () => {
    const hashes = Array.from({ length: 256 }, (_, byte) =>
      ofPieces([new Uint8Array(63), Uint8Array.of(byte)]),
    );
    expect(new Set(hashes).size).toBe(256);
  });
});
