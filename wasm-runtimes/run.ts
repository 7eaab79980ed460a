import type { BoxWorker } from "./box/box.ts";
import { joined } from "./bytes.ts";
import type { RunLimits, RunResult, SourceFile } from "./contract.ts";

const CHECK_LIMIT_MS = 10_000;
/** What a worker may send beyond the program's output: stderr and its own few words. */
const ALLOWED_BESIDES = 262_144;

/**
 * Asks a worker what is wrong with a program's files.
 * @returns `fresh`: the worker is alive and nothing of the program has run in it, as far as it is told
 * @throws Error when the sandbox died, which says nothing of the program
 */
export function checkOnce(
  worker: BoxWorker,
  files: readonly SourceFile[],
): Promise<{ message: string | null; fresh: boolean }> {
  return new Promise((resolve, reject) => {
    const failed = (message: string): void => {
      clearTimeout(timer);
      resolve({ message, fresh: false });
      worker.kill();
    };
    const timer = setTimeout(() => failed("The program could not be checked in time."), CHECK_LIMIT_MS);
    worker.listener = (event) => {
      if (event.type === "gone" && event.why === "lost") {
        clearTimeout(timer);
        return reject(new Error("The sandbox for programs has gone while the program was checked."));
      }
      if (event.type === "broken" || event.type === "gone")
        return failed(`The program could not be checked: ${event.reason}`);
      if (event.type !== "checked") return;
      clearTimeout(timer);
      worker.listener = () => {};
      resolve({ message: event.error, fresh: true });
    };
    worker.send({ type: "check", files }, ALLOWED_BESIDES);
  });
}

export interface RunJob {
  /** None when the program is compiled. */
  files: readonly SourceFile[];
  /** Resources of the box that go with the order. */
  uses: readonly string[];
  stdin: Uint8Array;
  limits: RunLimits;
  onOutput: (text: string) => void;
  /** Ends the run, which then has no result. */
  signal: AbortSignal | undefined;
}

/**
 * Runs a program in a worker and throws the worker away.
 *
 *     running -- exit --------------> exit          \
 *        |------ stopped -----------> memory, stack  |
 *        |------ wallMs are over ---> timeout        |-- kill --> gone: the result
 *        |------ too much output ---> output        /
 *        |------ gone by itself ----> output (the box ended it), exit 1 (an error), crash (the box died)
 *        '------ signal ------------------------------------ kill --> gone: no result
 * @throws what the job's signal was aborted with, when the worker has gone
 */
export function runOnce(worker: BoxWorker, job: RunJob): Promise<RunResult> {
  const { files, uses, stdin, limits, onOutput, signal } = job;
  const { promise, resolve, reject } = Promise.withResolvers<RunResult>();
  const output = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  const decoder = new TextDecoder();
  const started = performance.now();
  let bytes = 0;
  let end: Omit<RunResult, "stdout" | "stderr"> | null = null;

  function ends(ended: RunResult["ended"], exitCode: number | null, memoryBytes: number | null = null): void {
    clearTimeout(timer);
    end ??= { ended, exitCode, wallMs: performance.now() - started, memoryBytes };
  }
  function stop(...how: Parameters<typeof ends>): void {
    ends(...how);
    worker.kill();
  }
  const timer = setTimeout(() => stop("timeout", null), limits.wallMs);
  const abandon = (): void => {
    clearTimeout(timer);
    worker.kill();
  };
  signal?.addEventListener("abort", abandon);

  worker.listener = (event) => {
    switch (event.type) {
      case "output": {
        if (end !== null || signal?.aborted) return;
        output[event.stream].push(event.bytes);
        if (event.stream === "stderr") return;
        bytes += event.bytes.length;
        if (bytes > limits.outputBytes) return stop("output", null);
        return onOutput(decoder.decode(event.bytes, { stream: true }));
      }
      case "exit":
        return stop("exit", event.code, event.memoryBytes);
      case "stopped":
        return stop(event.by, null, event.memoryBytes);
      case "broken":
        output.stderr.push(new TextEncoder().encode(`${event.reason}\n`));
        return stop("crash", null);
      case "gone": {
        signal?.removeEventListener("abort", abandon);
        if (signal?.aborted) return reject(signal.reason);
        if (event.why === "flooded") ends("output", null);
        else if (event.why === "lost") ends("crash", null);
        else ends("exit", 1);
        if (event.why === "failed") output.stderr.push(new TextEncoder().encode(`${event.reason}\n`));
        const stdout = joined(output.stdout).subarray(0, limits.outputBytes);
        const stderr = new TextDecoder().decode(joined(output.stderr));
        if (end !== null) resolve({ ...end, stdout, stderr });
        return;
      }
      case "ready":
      case "checked":
      case "compiled":
        return;
      default:
        event satisfies never;
    }
  };
  // A copy, since the caller's may be a view on something larger.
  worker.send(
    {
      type: "run",
      files,
      stdin: stdin.slice(),
      outputBytes: limits.outputBytes,
      memoryBytes: limits.memoryBytes,
    },
    limits.outputBytes + ALLOWED_BESIDES,
    uses,
  );
  return promise;
}
