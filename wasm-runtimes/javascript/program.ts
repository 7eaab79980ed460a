import type { RunOrder, WorkerMessage } from "../box/messages.ts";
import type { SourceFile } from "../contract.ts";
import { say } from "../worker/link.ts";
import { openOutput } from "../worker/output.ts";
import { Buffer } from "./node/buffer.ts";
import { createConsole } from "./node/console.ts";
import * as eventLoop from "./node/event-loop.ts";
import { inspect } from "./node/inspect.ts";
import { nodeModules } from "./node/modules.ts";
import { Process, Stdout } from "./node/process.ts";
import { InputSource, Stdin } from "./node/stdin.ts";
import { runEntry } from "./require.ts";
import { authored, ownStack, setFiles } from "./stack.ts";

const performanceNow = performance.now.bind(performance);
const timing = { now: performanceNow, timeOrigin: performance.timeOrigin };
const pure = { TextEncoder, TextDecoder, structuredClone, atob, btoa, URLSearchParams, URL };
const addEventListener = globalThis.addEventListener.bind(globalThis);

/** Node's exit code for a top-level await that nothing can settle. */
const UNSETTLED = 13;

function define(globals: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  }
}

/** Globals that Node has and that do not depend on the run. */
export function installGlobals(): void {
  const { setTimeout, setInterval, setImmediate, clearTimeout, queueMicrotask } = eventLoop;
  define({
    ...pure,
    global: globalThis,
    Buffer,
    performance: timing,
    setTimeout,
    setInterval,
    setImmediate,
    queueMicrotask,
    clearTimeout,
    clearInterval: clearTimeout,
    clearImmediate: clearTimeout,
  });
}

/** Runs a program, the first file being its entry, and says when and how it has ended. */
export function runProgram(files: readonly SourceFile[], { stdin: input, outputBytes }: RunOrder): void {
  const [entry] = files;
  if (entry === undefined) return say({ type: "broken", reason: "A program needs at least one file." });
  setFiles(files);
  const outputs = { 1: openOutput("stdout", outputBytes), 2: openOutput("stderr") };
  const source = new InputSource(new Uint8Array(input));
  const stdin = new Stdin(source);
  const stdout = new Stdout(1, outputs[1]);
  const stderr = new Stdout(2, outputs[2]);

  const end = (message: WorkerMessage): void => {
    eventLoop.stopLoop();
    outputs[1].flush();
    outputs[2].flush();
    say(message);
  };
  const finish = (code: number): void => end({ type: "exit", code });
  const halt = (code: number): never => {
    finish(code);
    return stopHere();
  };
  const process = new Process({ stdin, stdout, stderr, entry: entry.name, halt, finish });
  const onError = (error: unknown): void => {
    if (process.listenerCount("uncaughtException") > 0) {
      process.emit("uncaughtException", error, "uncaughtException");
      return;
    }
    outputs[2].write(describeUncaught(error));
    const by = beyondTheBrowser(error);
    if (by !== null) return end({ type: "stopped", by });
    process.exitCode = 1;
    process.finish();
  };

  let settled = true;
  const onIdle = (): void => {
    // As Node ends with a module that awaits what can never come.
    if (!settled) process.exitCode ??= UNSETTLED;
    process.idle();
  };
  eventLoop.startLoop({ onIdle, onError });
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    eventLoop.runTask(() => onError(event.reason));
  });
  define({ process, console: createConsole(stdout, stderr) });

  const texts = new Map(files.map(({ name, text }) => [name, text]));
  const builtIn = nodeModules({ source, stdin, stdout, stderr, outputs, files: texts }, process, timing);
  eventLoop.runTask(() => {
    const completion = runEntry(files, builtIn);
    settled = false;
    void completion.then(() => (settled = true));
  });
}

/** As Node reports it: where, the line, and the stack as far as it lies in the program. */
function describeUncaught(error: unknown): string {
  if (!(error instanceof Error)) return `Uncaught ${inspect(error)}\n`;
  const stack = ownStack(error.stack ?? String(error));
  const place = /\(?([^\s()]+):(\d+):(\d+)\)?$/m.exec(
    stack.split("\n").filter((line) => /^\s+at /.test(line))[0] ?? "",
  );
  const [, name = "", line, column] = place ?? [];
  const text = authored(name)?.text.split("\n")[Number(line) - 1];
  if (text === undefined) return `${stack}\n`;
  return `${name}:${line}\n${text}\n${" ".repeat(Math.max(0, Number(column) - 1))}^\n\n${stack}\n`;
}

/** Whether what a program died of is a bound of the browser, in the words of the engines; the judge's bounds are others. */
function beyondTheBrowser(error: unknown): "memory" | "stack" | null {
  if (!(error instanceof Error)) return null;
  if (/call stack size exceeded|too much recursion/i.test(error.message)) return "stack";
  if (/(allocation failed|could not allocate|out of memory)/i.test(error.message)) return "memory";
  return null;
}

/**
 * Nothing of the program that called may run after its end: the worker waits until it is thrown away. Only then: such a worker holds on
 * to its thread for seconds, since browsers give it time to end by itself.
 */
function stopHere(): never {
  const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  for (;;) Atomics.wait(new Int32Array(buffer), 0, 0);
}
