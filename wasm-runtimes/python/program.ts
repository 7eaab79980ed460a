import type { PyodideInterface } from "pyodide";
import type { RunOrder, WorkerResources } from "../box/messages.ts";
import type { SourceFile } from "../contract.ts";
import { removeHostGlobals } from "../worker/hygiene.ts";
import { openOutput, type OutputStream } from "../worker/output.ts";
import { bootPython } from "./pyodide.ts";

export interface Python {
  /** @returns the first syntax error as CPython prints it, or null */
  check(files: readonly SourceFile[]): string | null;
  /** @returns the exit code */
  run(order: RunOrder): Promise<number>;
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

const nothing = (): void => {};
/** A program that writes to the browser's console without end would make the box slow to answer. */
const silentConsole = { log: nothing, info: nothing, debug: nothing, warn: nothing, error: nothing };

/** Boots Python and leaves nothing in the worker's global scope that is not its own. */
export async function openPython(resources: WorkerResources): Promise<Python> {
  const { pyodide, runner } = await bootPython(resources);
  runner.wake();
  removeHostGlobals(needed);
  Object.assign(globalThis, { console: silentConsole });
  const toPython = (files: readonly SourceFile[]): unknown =>
    pyodide.toPy(files.map(({ name, text }) => [name, text]));

  return {
    check: (files) => runner.check(toPython(files)) ?? null,
    async run({ files, stdin, outputBytes }) {
      const [stdout, stderr] = [openOutput("stdout", outputBytes), openOutput("stderr")];
      connect(pyodide, stdin, stdout, stderr);
      try {
        // asyncio needs the whole stack to be suspendable, which costs depth of recursion: only where it is asked for.
        const suspendable = "Suspending" in WebAssembly && files.some(({ text }) => /\basyncio\b/.test(text));
        return suspendable ? await runner.run.callPromising(toPython(files)) : runner.run(toPython(files));
      } catch (error) {
        // `os._exit` leaves Python by an exception of JavaScript that carries the code.
        const status: unknown = error instanceof Error ? Reflect.get(error, "status") : undefined;
        if (typeof status === "number") return status;
        stderr.write(`${String(error)}\n`);
        return 1;
      } finally {
        stdout.flush();
        stderr.flush();
      }
    },
  };
}

function connect(
  pyodide: PyodideInterface,
  stdin: Uint8Array,
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
  const writer = ({ write }: OutputStream) => ({
    write(bytes: Uint8Array): number {
      write(bytes);
      return bytes.length;
    },
  });
  pyodide.setStdout(writer(stdout));
  pyodide.setStderr(writer(stderr));
}
