import { describe, expect, it } from "vitest";
import type { ProblemView } from "../protocol/problem.ts";
import type { RunResult, Runtime } from "../wasm-runtimes/contract.ts";
import type { Source } from "../protocol/source.ts";
import { judgeRun, limitsHere } from "./outcomes.ts";
import { createPractice, runObstacle } from "./practice.ts";
import { samplesPassed, type TestRun } from "./runs.ts";
import { interactiveProblem, problem } from "./testing/fixtures/problems.ts";

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
  slow: async (input) =>
    result(problem.samples.find((sample) => sample.input === input)?.answer ?? "?", { wallMs: 60 }),
  wrong: async () => result("0\n"),
  endless: () => new Promise(() => undefined),
  broken: () => Promise.reject(new Error("the sandbox is gone")),
};

function runtime(
  closed: () => void = () => undefined,
  began: (stop: AbortSignal) => void = () => undefined,
): Runtime {
  return {
    toolchain: "Functions 1.0",
    checkTypes: null,
    compile: async (files) => {
      const run = programs[files[0]?.text ?? ""];
      if (!run) return { ok: false, error: { text: "no such program", messages: [] } };
      return {
        ok: true,
        program: {
          run: (stdin, _limits, _hear, stop) => {
            if (stop) began(stop);
            return run(new TextDecoder().decode(stdin));
          },
        },
      };
    },
    close: closed,
  };
}

interface Parts {
  view?: ProblemView;
  open?: () => Promise<Runtime>;
  isOutdated?: () => boolean;
  yardstick?: () => Promise<Source | null>;
}

/** Practice on the fixtures' problem, of which no solution is known unless the test has one. */
const practiceWith = ({
  view = problem,
  open = async () => runtime(),
  isOutdated = () => false,
  yardstick = async () => null,
}: Parts = {}) => createPractice(view, { runtimeFor: open, isOutdated }, yardstick);

const verdictsOf = (runs: Iterable<TestRun>) =>
  [...runs].map((run) => (run.state === "done" ? run.outcome.verdict : run.state));

describe("a practice run", () => {
  it("runs every sample and counts those that passed", async () => {
    const practice = practiceWith();
    await practice.runSamples("python3", source("right"));
    expect(samplesPassed(practice.samples.value)).toEqual({ passed: 3, run: 3 });
    expect(practice.toolchain.value).toBe("Functions 1.0");
    await practice.runSamples("python3", source("wrong"));
    expect(samplesPassed(practice.samples.value)).toEqual({ passed: 0, run: 3 });
    expect(practice.phase.value.type).toBe("idle");
  });

  it("asks for all samples at once, and shows each result as it comes", async () => {
    const ends: (() => void)[] = [];
    programs.gated = () =>
      new Promise((resolve) => {
        ends.push(() => resolve(result("8\n")));
      });
    const practice = practiceWith();
    const end = practice.runSamples("python3", source("gated"));
    await expect.poll(() => ends.length).toBe(3);
    ends[1]?.();
    await expect.poll(() => verdictsOf(practice.samples.value)).toEqual(["running", "WA", "running"]);
    ends[0]?.();
    ends[2]?.();
    await end;
    expect(verdictsOf(practice.samples.value)).toEqual(["AC", "WA", "WA"]);
  });

  it("of one sample leaves the others as they were", async () => {
    const practice = practiceWith();
    await practice.runSamples("python3", source("right"), 1);
    expect(practice.samples.value.map((run) => run.state)).toEqual(["waiting", "done", "waiting"]);
    await practice.runSamples("python3", source("wrong"), 2);
    expect(verdictsOf(practice.samples.value)).toEqual(["waiting", "AC", "WA"]);
  });

  it("that does not compile shows the message and runs nothing", async () => {
    const practice = practiceWith();
    await practice.runSamples("python3", source("nonsense"));
    expect(practice.compileError.value?.text).toBe("no such program");
    expect(practice.samples.value).toEqual([]);
  });

  it("that cannot begin, or breaks off, says why", async () => {
    const closed = practiceWith({ open: () => Promise.reject(new Error("the file could not be loaded")) });
    await closed.runSamples("python3", source("right"));
    expect(closed.failure.value).toEqual({ type: "said", text: "the file could not be loaded" });
    const practice = practiceWith();
    await practice.runSamples("python3", source("broken"));
    expect(practice.failure.value).toEqual({ type: "said", text: "the sandbox is gone" });
    expect(practice.phase.value.type).toBe("idle");
    expect(practice.samples.value).toEqual([]);
  });

  it("can be stopped while it runs, which ends its programs but not the runtime, and the next one works", async () => {
    let closed = 0;
    const ended: AbortSignal[] = [];
    const practice = practiceWith({
      open: async () =>
        runtime(
          () => (closed += 1),
          (signal) => ended.push(signal),
        ),
    });
    void practice.runSamples("python3", source("endless"));
    await expect.poll(() => ended.length).toBe(3);
    practice.stop();
    expect(practice.phase.value.type).toBe("idle");
    expect(ended.every(({ aborted }) => aborted)).toBe(true);
    await practice.runSamples("python3", source("right"));
    expect(samplesPassed(practice.samples.value).passed).toBe(3);
    expect(closed).toBe(0);
  });

  it("is overtaken by a newer one, and what the older says then is ignored", async () => {
    const practice = practiceWith();
    const older = practice.runSamples("python3", source("wrong"));
    await practice.runSamples("python3", source("right"));
    await older;
    expect(samplesPassed(practice.samples.value).passed).toBe(3);
  });

  it("opens a language's runtime once, and again only for another language or where a newer one is better", async () => {
    let opened = 0;
    let outdated = false;
    const practice = practiceWith({
      open: async () => {
        opened += 1;
        return runtime();
      },
      isOutdated: () => outdated,
    });
    await practice.runSamples("python3", source("right"));
    await practice.runSamples("python3", source("wrong"));
    expect(opened).toBe(1);
    await practice.runSamples("javascript", source("right"));
    expect(opened).toBe(2);
    outdated = true;
    await practice.runSamples("javascript", source("right"));
    expect(opened).toBe(3);
  });

  it("on own inputs judges only where the reader said what is expected", async () => {
    const practice = practiceWith();
    await practice.runOwn("python3", source("wrong"), [
      { id: "a", input: "anything", expected: null },
      { id: "b", input: "anything", expected: "0" },
      { id: "c", input: "anything", expected: "1" },
    ]);
    expect(verdictsOf(practice.own.value.values())).toEqual(["ran", "AC", "WA"]);
    await practice.runOwn("python3", source("right"), [{ id: "c", input: "1\n7\n", expected: "-7" }]);
    expect(verdictsOf(practice.own.value.values())).toEqual(["ran", "AC", "AC"]);
    practice.forgetOwn("a");
    expect([...practice.own.value.keys()]).toEqual(["b", "c"]);
  });

  it("leaves what a checker of the problem's own would say to the judge", async () => {
    const practice = practiceWith({ view: { ...problem, checker: "custom" } });
    await practice.runSamples("python3", source("wrong"));
    expect(verdictsOf(practice.samples.value)).toEqual(["ran", "ran", "ran"]);
  });
});

describe("times beside the jury's", () => {
  it("are there once every sample passed, and measured once for each input", async () => {
    let asked = 0;
    const practice = practiceWith({
      yardstick: async () => {
        asked += 1;
        return source("right");
      },
    });
    await practice.runSamples("python3", source("slow"));
    expect(practice.comparison.value).toEqual({ type: "ratio", ratio: 12, atLeast: false });
    await practice.runSamples("python3", source("slow"), 1);
    expect(practice.comparison.value).toMatchObject({ ratio: 12 });
    expect(asked).toBe(1);
    await practice.runSamples("python3", source("wrong"));
    expect(practice.comparison.value).toBeNull();
  });

  it("are not asked for where the problem shares no solution in this language", async () => {
    const ask = (): Promise<null> => Promise.reject(new Error("asked all the same"));
    const practice = practiceWith({ view: { ...problem, yardsticks: ["javascript"] }, yardstick: ask });
    await practice.runSamples("python3", source("right"));
    expect(practice.comparison.value).toBeNull();
  });

  it("are missing, and nothing else is, when the solution cannot be had or does not work", async () => {
    const ways = [
      () => Promise.reject(new Error("no network")),
      async () => null,
      async () => source("nonsense"),
      async () => source("broken"),
    ];
    for (const yardstick of ways) {
      const practice = practiceWith({ yardstick });
      await practice.runSamples("python3", source("right"));
      expect(samplesPassed(practice.samples.value).passed).toBe(3);
      expect([practice.comparison.value, practice.failure.value]).toEqual([null, null]);
    }
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
    expect(verdict(result("8\n", { ended: "memory", exitCode: null }))).toBe("MLE");
    expect(verdict(result("8\n", { ended: "stack", exitCode: null }))).toBe("RTE");
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

describe("a problem", () => {
  it("of a dialogue, or of several passes, cannot be run in the browser", () => {
    expect(runObstacle(problem)).toBeNull();
    expect(runObstacle(interactiveProblem)).toBe("interactive");
    expect(runObstacle({ ...problem, types: ["pass-fail", "multi-pass"] })).toBe("multi-pass");
  });

  it("whose time limit is not known yet is run as most are", () => {
    expect(limitsHere({ ...problem.limits, timeMs: null })).toEqual(limitsHere(problem.limits));
  });
});
