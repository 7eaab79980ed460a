import * as v from "valibot";
import { describe, expect, it } from "vitest";
import {
  MAX_DELTA_TEXT,
  MAX_DELTA_TOKENS,
  MAX_FRAME_MESSAGES,
  MAX_PROVIDER_FRAME_BYTES,
  ProviderFrame,
} from "../../protocol/provider.ts";
import { agreed, parseFrame } from "./provider-socket.ts";

const delta = { type: "delta", job: "0123456789abcdef", seq: 0, text: "a", tokenCount: 1 };

describe("a frame", () => {
  it("is taken or not as its schema says, also where the schema is not asked", () => {
    const values = [undefined, null, "", "x", -1, 0, 1.5, 2 ** 53, true, [], {}, "not a job!"];
    const bodies: unknown[] = [
      delta,
      { ...delta, text: "x".repeat(MAX_DELTA_TEXT) },
      { ...delta, text: "x".repeat(MAX_DELTA_TEXT + 1) },
      { ...delta, tokenCount: MAX_DELTA_TOKENS },
      { ...delta, tokenCount: MAX_DELTA_TOKENS + 1 },
      { ...delta, reasoning: "why" },
      { ...delta, tokenIds: [1] },
      { ...delta, tokenIds: [1, 2] },
      { type: "drain" },
      [],
      [delta, { type: "drain" }],
      [delta, 5],
      Array.from({ length: MAX_FRAME_MESSAGES }, () => delta),
      Array.from({ length: MAX_FRAME_MESSAGES + 1 }, () => delta),
    ];
    for (const key of Object.keys(delta)) for (const value of values) bodies.push({ ...delta, [key]: value });
    for (const body of bodies) {
      const text = JSON.stringify(body);
      const parsed = v.safeParse(ProviderFrame, JSON.parse(text));
      const heard = parseFrame(text);
      expect("refusal" in heard, text.slice(0, 200)).toBe(!parsed.success);
      if (parsed.success) expect(heard).toEqual(parsed.output);
    }
  });

  it("that is no text, no JSON, or too long is refused with a sentence", () => {
    expect(parseFrame(new ArrayBuffer(2))).toEqual({ refusal: "Frames of the provider link are texts." });
    expect(parseFrame("{")).toEqual({ refusal: "A frame of the provider link is JSON." });
    const long = JSON.stringify({ ...delta, text: "x".repeat(MAX_PROVIDER_FRAME_BYTES) });
    expect(parseFrame(long)).toMatchObject({ refusal: expect.stringContaining("at most") });
  });
});

describe("versions", () => {
  it("agree on the highest that both speak, or say what each speaks", () => {
    expect(agreed([1, 2, 3])).toEqual({ protocol: 1 });
    expect(agreed([2])).toEqual({
      refusal: "This market speaks version 1 of the provider link, the provider 2.",
    });
  });
});
