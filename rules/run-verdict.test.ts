import { describe, expect, it } from "vitest";
import { type RunFacts, runVerdict } from "./run-verdict.ts";

const well: RunFacts = {
  exitCode: 0,
  signal: null,
  cpuMs: 100,
  wallMs: 120,
  cpuLimitMs: 1000,
  timedOut: false,
  outOfMemory: false,
  outputExceeded: false,
  check: "accepted",
  validatorEndedFirst: false,
};

describe("the verdict on a run", () => {
  it.each<[string, Partial<RunFacts>, string]>([
    ["accepts accepted output", {}, "AC"],
    ["rejects rejected output", { check: "rejected" }, "WA"],
    ["allows exactly the time limit", { cpuMs: 1000 }, "AC"],
    ["is TLE past the time limit, though it ended by itself with the right output", { cpuMs: 1000.5 }, "TLE"],
    [
      "is TLE when the wall guard ended it",
      { timedOut: true, exitCode: null, signal: 9, check: null },
      "TLE",
    ],
    [
      "is MLE when the kernel ended it for memory",
      { outOfMemory: true, exitCode: null, signal: 9, check: null },
      "MLE",
    ],
    [
      "is OLE when its output was cut off",
      { outputExceeded: true, exitCode: null, signal: 25, check: null },
      "OLE",
    ],
    [
      "is OLE when its output was cut off and it ended well",
      { outputExceeded: true, check: "rejected" },
      "OLE",
    ],
    ["is RTE for a signal", { exitCode: null, signal: 11, check: null }, "RTE"],
    [
      "is RTE for a non-zero exit code, even with the right output",
      { exitCode: 1, check: "accepted" },
      "RTE",
    ],
    ["puts time before memory", { timedOut: true, outOfMemory: true }, "TLE"],
    [
      "puts memory before the signal that it ended by",
      { outOfMemory: true, signal: 9, exitCode: null },
      "MLE",
    ],
    [
      "is WA when the validator rejects first, whatever the program does then",
      { validatorEndedFirst: true, check: "rejected", timedOut: true, exitCode: null, signal: 9 },
      "WA",
    ],
    [
      "is RTE when the validator accepts first and the program then crashes",
      { validatorEndedFirst: true, exitCode: null, signal: 11 },
      "RTE",
    ],
    [
      "is TLE when the program hangs and the validator rejects afterwards",
      { check: "rejected", timedOut: true },
      "TLE",
    ],
  ])("%s", (_, facts, verdict) => {
    expect(runVerdict({ ...well, ...facts })).toBe(verdict);
  });

  it("is none when nothing was checked", () => {
    expect(() => runVerdict({ ...well, check: null })).toThrow("not checked");
  });

  // Of a program that warns on standard error the old judge said "run-time error", and of one that exits with 1 in
  // silence it compared the output. What is written to standard error is no part of the facts here.
  it("depends on the exit code and never on standard error", () => {
    expect(Object.keys(well)).not.toContain("stderr");
    expect(runVerdict({ ...well, exitCode: 1 })).toBe("RTE");
  });
});
