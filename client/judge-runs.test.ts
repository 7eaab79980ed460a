import { describe, expect, it } from "vitest";
import type { CustomRun, CustomRunTest, CustomRunView } from "../protocol/custom-run.ts";
import type { Source } from "../protocol/source.ts";
import { ApiError } from "./api.ts";
import { createJudgeRuns, type RunService } from "./judge-runs.ts";
import { outcomeOf } from "./outcomes.ts";
import { samplesPassed } from "./runs.ts";
import { problem } from "./testing/fixtures/problems.ts";

const source: Source = { files: [{ name: "main.cpp", text: "int main() {}" }], entryPoint: null };

const test = (more: Partial<CustomRunTest> = {}): CustomRunTest => ({
  test: null,
  verdict: null,
  exitCode: 0,
  signal: null,
  cpuMs: 12,
  wallMs: 20,
  memoryKiB: 3000,
  output: "8\n",
  outputBytes: 2,
  stderr: "",
  message: "",
  ...more,
});

const queued: CustomRunView = { id: "r-1", language: "cpp", state: "queued", result: null, failure: "" };
const done = (tests: CustomRunTest[]): CustomRunView => ({
  ...queued,
  state: "done",
  result: { compiled: true, compileOutput: "", toolchain: "g++ 14.2.0", tests },
});
const samplesDone = done([
  test({ test: "sample/1", verdict: "AC" }),
  test({ test: "sample/2", verdict: "WA", output: "-8\n", outputBytes: 3 }),
  test({ test: "sample/3", verdict: "RTE", exitCode: null, signal: 11 }),
]);

/** A judge that answers when the test says so. */
function service(askEveryMs = 1_000_000) {
  const listeners = new Set<(run: CustomRunView) => void>();
  const sent: CustomRun[] = [];
  let answer = queued;
  const made: RunService = {
    start: async (run) => {
      sent.push(run);
      return queued;
    },
    ask: async () => answer,
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    askEveryMs,
  };
  return {
    made,
    sent,
    listeners,
    say: (run: CustomRunView) => listeners.forEach((listener) => listener(run)),
    answerWith: (run: CustomRunView) => (answer = run),
  };
}

describe("a run on the judge", () => {
  it("waits, runs and gives each sample what a submission would get for it", async () => {
    const judge = service();
    const runs = createJudgeRuns(problem, judge.made);
    const end = runs.runSamples("cpp", source);
    expect(runs.phase.value.type).toBe("sending");
    await expect.poll(() => runs.phase.value.type).toBe("queued");
    judge.say({ ...queued, state: "running" });
    expect(runs.phase.value.type).toBe("running");
    judge.say({ ...samplesDone, id: "somebody else's" });
    judge.say(samplesDone);
    await end;
    expect(runs.phase.value.type).toBe("idle");
    expect(samplesPassed(runs.samples.value)).toEqual({ passed: 1, run: 3 });
    expect(runs.toolchain.value).toBe("g++ 14.2.0");
    expect(judge.sent).toEqual([{ problem: problem.slug, language: "cpp", ...source, input: null }]);
    expect(judge.listeners.size).toBe(0);
  });

  it("is asked for when the socket says nothing", async () => {
    const judge = service(1);
    const runs = createJudgeRuns(problem, judge.made);
    judge.answerWith(done([test({ output: "7\n" })]));
    await runs.runOwn("cpp", source, [
      { id: "a", input: "1\n7\n", expected: null },
      { id: "b", input: "2\n", expected: "7\n" },
      { id: "c", input: "3\n", expected: "8\n" },
    ]);
    expect(runs.own.value.get("a")).toMatchObject({
      state: "done",
      outcome: { verdict: "ran", output: "7\n", here: null },
    });
    expect(runs.own.value.get("b")).toMatchObject({ outcome: { verdict: "AC" } });
    expect(runs.own.value.get("c")).toMatchObject({ outcome: { verdict: "WA", line: 1 } });
    expect(judge.sent.map(({ input }) => input)).toEqual(["1\n7\n", "2\n", "3\n"]);
  });

  it("that does not compile shows what the compiler said", async () => {
    const judge = service();
    const runs = createJudgeRuns(problem, judge.made);
    const end = runs.runSamples("cpp", source);
    await expect.poll(() => judge.listeners.size).toBe(1);
    judge.say({
      ...queued,
      state: "done",
      result: { compiled: false, compileOutput: "no main", toolchain: "", tests: [] },
    });
    await end;
    expect(runs.compileError.value?.text).toBe("no main");
    expect(runs.samples.value).toEqual([]);
  });

  it("tells how it was refused, and what the judge failed at", async () => {
    const refusing: RunService = {
      ...service().made,
      start: () => Promise.reject(new ApiError("queue_full", "full")),
    };
    const refused = createJudgeRuns(problem, refusing);
    await refused.runSamples("cpp", source);
    expect(refused.failure.value).toMatchObject({ type: "refused", error: { code: "queue_full" } });

    const judge = service(1);
    judge.answerWith({ ...queued, state: "failed", failure: "the package is missing" });
    const failed = createJudgeRuns(problem, judge.made);
    await failed.runSamples("cpp", source);
    expect(failed.failure.value).toEqual({ type: "said", text: "the package is missing" });
  });

  it("can be given up, and what the judge says later is ignored", async () => {
    const judge = service();
    const runs = createJudgeRuns(problem, judge.made);
    const end = runs.runSamples("cpp", source);
    await expect.poll(() => judge.listeners.size).toBe(1);
    runs.stop();
    await end;
    expect(runs.phase.value.type).toBe("idle");
    judge.say(samplesDone);
    expect(runs.samples.value).toEqual([]);
    expect(runs.failure.value).toBeNull();
  });
});

describe("what the judge said of a sample", () => {
  const answer = problem.samples[0]?.answer ?? null;

  it("is shown with the line that differs, as a run in the browser is", () => {
    expect(outcomeOf(test({ verdict: "WA", output: "9\n", outputBytes: 2 }), answer, problem)).toMatchObject({
      verdict: "WA",
      line: 1,
      cutBytes: 0,
      measured: { cpuMs: 12, memoryKiB: 3000 },
    });
  });

  it("is not compared where the output was cut, or a checker of the problem's own decided", () => {
    const cut = test({ verdict: "WA", output: "9\n", outputBytes: 200_000 });
    expect(outcomeOf(cut, answer, problem)).toMatchObject({ line: null, cutBytes: 199_998 });
    const own = { ...problem, checker: "custom" as const };
    expect(outcomeOf(test({ verdict: "WA", output: "9\n" }), answer, own).line).toBeNull();
  });
});
