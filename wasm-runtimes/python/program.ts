import type { PyodideInterface } from "pyodide";
import type { RunOrder, WorkerMessage, WorkerResources } from "../box/messages.ts";
import type { SourceFile } from "../contract.ts";
import { removeHostGlobals } from "../worker/hygiene.ts";
import { openOutput, type OutputStream } from "../worker/output.ts";
import { limitFiles } from "./files.ts";
import { limitMemory } from "./memory.ts";
import { bootPython, type Runner } from "./pyodide.ts";

export interface Python {
  /** @returns the first syntax error as CPython prints it, or null */
  check(files: readonly SourceFile[]): string | null;
  /** @returns how it ended, after all that it wrote has been said */
  run(order: RunOrder): Promise<WorkerMessage>;
}

/** What Pyodide looks up when a program asks for text, the time, random numbers or asyncio. None of it reaches anybody. */
const needed = [
  "TextDecoder",
  "TextEncoder",
  "performance",
  "crypto",
  "setTimeout",
  "clearTimeout",
  "queueMicrotask",
];

/** However little a problem allows, the interpreter itself needs so much beyond what it holds when it has booted. */
const LEAST_MEMORY = 32 * 1024 * 1024;

/** Boots Python and leaves nothing in the worker's global scope that is not its own. */
export async function openPython(resources: WorkerResources): Promise<Python> {
  const { pyodide, runner, memory } = await bootPython(resources);
  runner.wake();
  removeHostGlobals(needed);
  const fatal = silenceConsole();
  const toPython = (files: readonly SourceFile[]): unknown =>
    pyodide.toPy(files.map(({ name, text }) => [name, text]));

  return {
    check: (files) => runner.check(toPython(files)) ?? null,
    async run({ files, stdin, outputBytes, memoryBytes }) {
      const [stdout, stderr] = [openOutput("stdout", outputBytes), openOutput("stderr")];
      connect(pyodide, stdin, fatal, stdout, stderr);
      limitMemory(memory, Math.max(memoryBytes, memory.buffer.byteLength + LEAST_MEMORY));
      limitFiles(pyodide.FS, memoryBytes);
      const end = await ending(runner, toPython(files), stderr);
      stdout.flush();
      stderr.flush();
      return { ...end, memoryBytes: memory.buffer.byteLength };
    },
  };
}

type Ending = WorkerMessage & { type: "exit" | "stopped" };

async function ending(runner: Runner, files: unknown, stderr: OutputStream): Promise<Ending> {
  try {
    // On a stack of its own a program may wait, as for asyncio, and its calls go about twice as deep as on the worker's.
    const code = "Suspending" in WebAssembly ? await runner.run.callPromising(files) : runner.run(files);
    return code === undefined ? { type: "stopped", by: "memory" } : { type: "exit", code };
  } catch (error) {
    // `os._exit` leaves Python by an exception of JavaScript that carries the code.
    const status: unknown = error instanceof Error ? Reflect.get(error, "status") : undefined;
    if (typeof status === "number") return { type: "exit", code: status };
    if (/call stack|too much recursion/i.test(String(error))) {
      stderr.write("RecursionError: calls went deeper than this browser allows\n");
      return { type: "stopped", by: "stack" };
    }
    stderr.write(`${String(error)}\n`);
    return { type: "exit", code: 1 };
  }
}

const nothing = (): void => {};

/**
 * A program that writes to the browser's console without end would make the box slow to answer.
 * @returns tells whether Pyodide has announced there that it goes down
 */
function silenceConsole(): () => boolean {
  let fatal = false;
  const error = (said: unknown): void => {
    if (String(said).startsWith("Pyodide has suffered a fatal error")) fatal = true;
  };
  Object.assign(globalThis, {
    console: { log: nothing, info: nothing, debug: nothing, warn: nothing, error },
  });
  return () => fatal;
}

function connect(
  pyodide: PyodideInterface,
  stdin: Uint8Array,
  fatal: () => boolean,
  stdout: OutputStream,
  stderr: OutputStream,
): void {
  let offset = 0;
  pyodide.setStdin({
    read(buffer) {
      const part = stdin.subarray(offset, offset + buffer.length);
      buffer.set(part);
      offset += part.length;
      return part.length;
    },
  });
  const writer = (stream: OutputStream) => ({
    write(bytes: Uint8Array): number {
      // Going down, it prints where the program was, and to standard output.
      (fatal() ? stderr : stream).write(bytes);
      return bytes.length;
    },
  });
  pyodide.setStdout(writer(stdout));
  pyodide.setStderr(writer(stderr));
}
