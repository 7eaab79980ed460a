import { describe, expect, it } from "vitest";
import type { Source } from "../protocol/source.ts";
import type { CompileError, Progress, Runtime, TypeCheck as Check } from "../wasm-runtimes/contract.ts";
import { createTypeCheck } from "./type-check.ts";

const program: Source = {
  files: [
    { name: "helper.ts", text: "export {};" },
    { name: "main.ts", text: "const x: string = 1;" },
  ],
  entryPoint: null,
};
const fault: CompileError = { text: "main.ts:1:7: error: no\n", messages: [] };

/** A runtime whose checks are answered by the test. */
function bench() {
  const checks: {
    names: string[];
    hear: (progress: Progress) => void;
    answer: PromiseWithResolvers<CompileError | null>;
  }[] = [];
  const counts = { opened: 0, closed: 0 };
  const checkTypes: Check = (files, hear, signal) => {
    const answer = Promise.withResolvers<CompileError | null>();
    signal.addEventListener("abort", () => answer.reject(signal.reason));
    checks.push({ names: files.map(({ name }) => name), hear, answer });
    return answer.promise;
  };
  const runtime: Runtime = {
    toolchain: "Test 1",
    compile: () => Promise.reject(new Error("not asked for")),
    checkTypes,
    close: () => void (counts.closed += 1),
  };
  const check = createTypeCheck("typescript", {
    runtimeFor: async () => {
      counts.opened += 1;
      return runtime;
    },
  });
  return { check, checks, counts };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe("a check of types", () => {
  it("tells of the download, and what was found, of the program with its entry first", async () => {
    const { check, checks } = bench();
    const done = check.start(program);
    await settled();
    expect(check.state.value).toEqual({ type: "checking" });
    expect(checks[0]?.names).toEqual(["main.ts", "helper.ts"]);
    checks[0]?.hear({ phase: "downloading", loaded: 5, total: 10 });
    expect(check.state.value).toEqual({ type: "downloading", loaded: 5, total: 10 });
    checks[0]?.hear({ phase: "starting", loaded: 10, total: 10 });
    expect(check.state.value).toEqual({ type: "checking" });
    checks[0]?.answer.resolve(fault);
    await done;
    expect(check.state.value).toEqual({ type: "done", error: fault });
  });

  it("keeps its runtime for the next one, which ends it when it is still under way", async () => {
    const { check, checks, counts } = bench();
    const first = check.start(program);
    await settled();
    const second = check.start(program);
    await settled();
    checks[0]?.hear({ phase: "downloading", loaded: 5, total: 10 });
    checks[1]?.answer.resolve(null);
    await Promise.all([first, second]);
    expect(check.state.value).toEqual({ type: "done", error: null });
    expect(counts).toEqual({ opened: 1, closed: 0 });
    check.close();
    expect(counts.closed).toBe(1);
  });

  it("is idle when it was stopped, and says why it could not be made when it was not", async () => {
    const { check, checks } = bench();
    const stopped = check.start(program);
    await settled();
    check.stop();
    await stopped;
    expect(check.state.value).toEqual({ type: "idle" });
    const failed = check.start(program);
    await settled();
    checks[1]?.answer.reject(new Error("The line broke."));
    await failed;
    expect(check.state.value).toEqual({ type: "failed", text: "The line broke." });
  });
});
