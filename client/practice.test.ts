import { describe, expect, it } from "vitest";
import type { ProblemView } from "../protocol/problem.ts";
import type { RunResult, Runtime } from "../wasm-runtimes/contract.ts";
import type { Source } from "../protocol/source.ts";
import { browserLimits, createPractice, judgeRun, runObstacle } from "./practice.ts";
import { samplesPassed } from "./runs.ts";
import { interactiveProblem, problem } from "./testing/fixtures.ts";

const result = (stdout: string, more: Partial<RunResult> = {}): RunResult => ({
  ended: "exit",
  exitCode: 0,
  stdout: new TextEncoder().encode(stdout),
  stderr: "",
  wallMs: 5,
  memoryBytes: null,
  ...more,
});

const source = (text: string): Source => ({ files: [{ name: "main.py", text }], entryPoint: null });

/** A runtime whose programs are functions of their input; the source is the function's name. */
const programs: Record<string, (input: string) => Promise<RunResult>> = {
  right: async (input) => result(problem.samples.find((sample) => sample.input === input)?.answer ?? "?"),
  wrong: async () => result("0\n"),
  endless: () => new Promise(() => undefined),
};

function runtime(closed: () => void = () => undefined): Runtime {
  return {
    toolchain: "Functions 1.0",
    compile: async (files) => {
      const run = programs[files[0]?.text ?? ""];
      if (!run) return { ok: false, error: { text: "no such program", messages: [] } };
      return { ok: true, program: { run: (stdin) => run(new TextDecoder().decode(stdin)) } };
    },
    close: closed,
  };
}

describe("a practice run", () => {
  it("runs every sample and counts those that passed", async () => {
    const practice = createPractice(problem, async () => runtime());
    await practice.runSamples("python3", source("right"));
    expect(samplesPassed(practice.samples.value)).toEqual({ passed: 3, run: 3 });
    await practice.runSamples("python3", source("wrong"));
    expect(samplesPassed(practice.samples.value)).toEqual({ passed: 0, run: 3 });
    expect(practice.phase.value.type).toBe("idle");
  });

  it("of one sample leaves the others as they were", async () => {
    const practice = createPractice(problem, async () => runtime());
    await practice.runSamples("python3", source("right"), 1);
    expect(practice.samples.value.map((run) => run.state)).toEqual(["waiting", "done", "waiting"]);
    await practice.runSamples("python3", source("wrong"), 2);
    expect(practice.samples.value.map((run) => run.state === "done" && run.outcome.verdict)).toEqual([
      false,
      "AC",
      "WA",
    ]);
  });

  it("that does not compile shows the message and runs nothing", async () => {
    const practice = createPractice(problem, async () => runtime());
    await practice.runSamples("python3", source("nonsense"));
    expect(practice.compileError.value?.text).toBe("no such program");
    expect(practice.samples.value).toEqual([]);
  });

  it("that cannot begin says why", async () => {
    const practice = createPractice(problem, () => Promise.reject(new Error("the file could not be loaded")));
    await practice.runSamples("python3", source("right"));
    expect(practice.failure.value).toEqual({ type: "said", text: "the file could not be loaded" });
    expect(practice.phase.value.type).toBe("idle");
  });

  it("can be stopped while it runs, which kills the runtime, and the next one works", async () => {
    let closed = 0;
    const practice = createPractice(problem, async () => runtime(() => (closed += 1)));
    void practice.runSamples("python3", source("endless"));
    await expect.poll(() => practice.phase.value.type).toBe("running");
    practice.stop();
    expect(practice.phase.value.type).toBe("idle");
    expect(closed).toBe(1);
    await practice.runSamples("python3", source("right"));
    expect(samplesPassed(practice.samples.value).passed).toBe(3);
  });

  it("is overtaken by a newer one, and what the older says then is ignored", async () => {
    const practice = createPractice(problem, async () => runtime());
    const older = practice.runSamples("python3", source("wrong"));
    await practice.runSamples("python3", source("right"));
    await older;
    expect(samplesPassed(practice.samples.value).passed).toBe(3);
  });

  it("opens a language's runtime once", async () => {
    let opened = 0;
    const practice = createPractice(problem, async () => {
      opened += 1;
      return runtime();
    });
    await practice.runSamples("python3", source("right"));
    await practice.runSamples("python3", source("wrong"));
    expect(opened).toBe(1);
    await practice.runSamples("javascript", source("right"));
    expect(opened).toBe(2);
  });

  it("on own input gives the output without judging it", async () => {
    const practice = createPractice(problem, async () => runtime());
    await practice.runOwn("python3", source("wrong"), "anything");
    expect(practice.own.value).toMatchObject({ state: "done", outcome: { verdict: "ran", output: "0\n" } });
  });
});

describe("what a run means for a sample", () => {
  const verdict = (run: RunResult, view: ProblemView = problem) => judgeRun(run, "8\n", view).verdict;

  it("is told by how it ended before what it wrote", () => {
    expect(verdict(result("8\n"))).toBe("AC");
    expect(verdict(result("9\n"))).toBe("WA");
    expect(verdict(result("8\n", { exitCode: 1 }))).toBe("RTE");
    expect(verdict(result("8\n", { ended: "timeout", exitCode: null }))).toBe("TLE");
    expect(verdict(result("8\n", { ended: "output", exitCode: null }))).toBe("OLE");
  });

  it("is no verdict when the sandbox itself died", () => {
    expect(verdict(result("", { ended: "crash", exitCode: null }))).toBe("crash");
  });

  it("is not harmed by what the program writes to standard error", () => {
    expect(verdict(result("8\n", { stderr: "debug" }))).toBe("AC");
  });

  it("names the line that the checker objects to", () => {
    expect(judgeRun(result("1\n9\n"), "1\n8\n", problem).line).toBe(2);
    expect(judgeRun(result("1\n8\n"), "1\n8\n", problem).line).toBeNull();
  });
});

describe("limits in the browser", () => {
  it("give a program three times the problem's time, and never less than two seconds", () => {
    expect(browserLimits(problem.limits).wallMs).toBe(6000);
    expect(browserLimits({ ...problem.limits, timeMs: 100 }).wallMs).toBe(2000);
    expect(browserLimits(problem.limits).outputBytes).toBe(8 * 1024 * 1024);
  });

  it("do not make a dialogue possible", () => {
    expect(runObstacle(problem)).toBeNull();
    expect(runObstacle(interactiveProblem)).toBe("interactive");
    expect(runObstacle({ ...problem, types: ["pass-fail", "multi-pass"] })).toBe("multi-pass");
  });
});
