import { describe, expect, it } from "vitest";
import * as v from "valibot";
import { Evidence, MAX_EVIDENCE_OUTPUT } from "../protocol/evidence.ts";
import type { RunVerdict } from "../protocol/verdict.ts";
import { bytes } from "../rules/package/example.ts";
import { evidenceOf, type Leftover, leftoverOf } from "./evidence.ts";
import type { TestJudgement } from "./judge-test.ts";

function judgement(
  verdict: RunVerdict,
  output: Uint8Array,
  change: Partial<TestJudgement> = {},
): TestJudgement {
  return {
    verdict,
    ending: {
      exitCode: 0,
      signal: null,
      timedOut: false,
      outputExceeded: false,
      outOfMemory: false,
      cpuMs: 1,
      wallMs: 1,
      memoryKiB: 1,
      stdout: output,
      stderr: bytes("said"),
      stderrCut: false,
      notStarted: null,
      notCollected: null,
    },
    outputBytes: output.length,
    feedback: new Map([["judgemessage.txt", "because"]]),
    transcript: null,
    measurements: [],
    ...change,
  };
}

const leftover = (verdict: RunVerdict, size: number, change: Partial<TestJudgement> = {}): Leftover =>
  leftoverOf(`${verdict}-${size}`, judgement(verdict, new Uint8Array(size), change));
const size = (leftovers: Leftover[]): number =>
  Buffer.byteLength(JSON.stringify(evidenceOf(leftovers, Infinity)));

describe("what a test leaves behind", () => {
  it("is its output, whatever bytes, what it said besides, and the validator's texts", () => {
    const { evidence } = leftoverOf("secret/1", judgement("WA", Uint8Array.of(0, 255, 10)));
    expect(evidence).toEqual({
      name: "secret/1",
      output: "AP8K",
      stderr: "said",
      feedback: { "judgemessage.txt": "because" },
      transcript: null,
    });
    expect(v.parse(Evidence, evidenceOf([{ verdict: "WA", evidence }]))).toEqual({ runs: [evidence] });
  });

  it("is no more than the start of a long output", () => {
    const { evidence } = leftover("WA", 10 * MAX_EVIDENCE_OUTPUT);
    expect(Buffer.from(evidence.output, "base64").length).toBe(MAX_EVIDENCE_OUTPUT);
  });
});

describe("the evidence of a submission", () => {
  it("is all there where there is room", () => {
    const all = [leftover("AC", 3000), leftover("WA", 3000)];
    expect(evidenceOf(all, size(all) + 32).runs.map(({ output }) => output.length)).toEqual([4000, 4000]);
  });

  it("lacks accepted outputs first, the last ones before the others, where there is not", () => {
    const all = [leftover("AC", 3000), leftover("WA", 3000), leftover("AC", 3000)];
    const lengths = (most: number): number[] => evidenceOf(all, most).runs.map(({ output }) => output.length);
    expect(lengths(size(all) - 100)).toEqual([4000, 4000, 0]);
    expect(lengths(size(all) - 5000)).toEqual([0, 4000, 0]);
    expect(lengths(size(all) - 10_000)).toEqual([0, 0, 0]);
  });

  it("keeps what a validator said of a rejected test longest; transcripts that are left out are empty", () => {
    const change = { transcript: ">x\n".repeat(1000) };
    const all = [leftover("AC", 3000, change), leftover("WA", 3000, change)];
    expect(evidenceOf(all, 800).runs).toMatchObject([
      { output: "", transcript: "" },
      { output: "", transcript: "", feedback: { "judgemessage.txt": "because" } },
    ]);
  });

  it("never takes more bytes than it may, however they are written", () => {
    const odd = { feedback: new Map([["judgemessage.txt", "\u0000é\ud800".repeat(2000)]]) };
    const all = Array.from({ length: 40 }, (_, index) => leftover(index % 3 === 0 ? "WA" : "AC", 2000, odd));
    for (const most of [1_000_000, 300_000, 100_000, 20_000])
      expect(Buffer.byteLength(JSON.stringify(evidenceOf(all, most)))).toBeLessThanOrEqual(most);
  });
});
