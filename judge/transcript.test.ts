import { describe, expect, it } from "vitest";
import { bytes } from "../rules/package/example.ts";
import { MAX_DIALOGUE_BYTES } from "./sandbox/wire.ts";
import { openRecorder, transcriptOf } from "./transcript.ts";

/** A dialogue from what each said: `>` the submission, `<` the validator. */
function dialogue(...parts: string[]) {
  const recorder = openRecorder();
  for (const part of parts) recorder.add(part.startsWith(">") ? 0 : 1, bytes(part.slice(1)));
  return recorder.dialogue();
}

describe("a transcript", () => {
  it("has the lines to the program and from it, in order", () => {
    expect(transcriptOf([dialogue("<10\n", ">5\n", "<higher\n", ">7\n")])).toBe("<10\n>5\n<higher\n>7\n");
  });

  it("joins the parts of a line, which stands where it ended", () => {
    expect(transcriptOf([dialogue(">1", "<a\n", ">2\n3\n")])).toBe("<a\n>12\n>3\n");
  });

  it("has last what never ended", () => {
    expect(transcriptOf([dialogue(">no end", "<a\n")])).toBe("<a\n>no end\n");
  });

  it("keeps empty lines, and characters that came in two parts", () => {
    const recorder = openRecorder();
    const [first = 0, second = 0] = bytes("é");
    recorder.add(0, Uint8Array.of(first));
    recorder.add(0, Uint8Array.of(second, 10, 10));
    expect(transcriptOf([recorder.dialogue()])).toBe(">é\n>\n");
  });

  it("parts passes by three dashes", () => {
    expect(transcriptOf([dialogue(">1\n"), dialogue("<2\n")])).toBe(">1\n---\n<2\n");
  });

  it("is cut where it gets too long, and says so; what was said is counted all the same", () => {
    const long = dialogue(`>${"x".repeat(MAX_DIALOGUE_BYTES - 2)}\n`, "<ab\n", ">c\n");
    expect(long.bytes).toEqual([MAX_DIALOGUE_BYTES + 1, 3]);
    const text = transcriptOf([long]);
    expect(text.length).toBeLessThan(MAX_DIALOGUE_BYTES + 100);
    expect(text).toMatch(/x\n<a\n\[the rest is not kept\]\n$/);
  });

  it("is bounded in many passes, too", () => {
    const pass = dialogue(`>${"x".repeat(MAX_DIALOGUE_BYTES - 1)}\n`);
    expect(transcriptOf([pass, pass, pass, pass]).length).toBeLessThan(2 * MAX_DIALOGUE_BYTES + 100);
  });

  it("of nothing is empty", () => {
    expect(transcriptOf([dialogue()])).toBe("");
  });
});
