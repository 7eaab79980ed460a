import type { RunOrder, WorkerMessage } from "../box/messages.ts";
import { say } from "../worker/link.ts";
import { openOutput } from "../worker/output.ts";
import { GO_ON } from "./continuation/names.ts";
import { openStacks } from "./continuation/stacks.ts";
import { STACK_BYTES } from "./flags.ts";
import { MEMORY, NAMESPACE } from "./imports.ts";
import { pagesOf } from "./layout.ts";
import { leave } from "./trap.ts";
import { wasiCalls } from "./wasi.ts";

const PAGE_BYTES = 65_536;
/** What a shell reports of programs that these signals ended. */
const ILLEGAL_INSTRUCTION = 132;
const ARITHMETIC = 136;
const SEGMENTATION = 139;

/** Runs a compiled program and says how it has ended. */
export function runCompiled({ resources, stdin, outputBytes, memoryBytes }: RunOrder): void {
  const [module] = Object.values(resources);
  if (!(module instanceof WebAssembly.Module))
    return say({ type: "broken", reason: "There is no program to run." });
  const stdout = openOutput("stdout", outputBytes);
  const stderr = openOutput("stderr");
  let ended = false;
  let held = (): number => 0;
  let wasRefused = (): boolean => false;

  function stopped(by: "memory" | "stack", sentence: string): void {
    stderr.write(`${sentence}\n`);
    end({ type: "stopped", by, memoryBytes: held() });
  }
  function exited(code: number): void {
    if (code !== 0 && wasRefused()) return stopped("memory", outOfMemory(memoryBytes));
    end({ type: "exit", code, memoryBytes: held() });
  }
  function end(message: WorkerMessage): void {
    ended = true;
    stdout.flush();
    stderr.flush();
    say(message);
  }
  /** A worker that only waited for its end would hold on to its address space for seconds: browsers give such a one time. */
  function exit(code: number): never {
    exited(code);
    return leave();
  }

  const initial = pagesOf(module);
  const maximum = Math.min(65_536, Math.floor((memoryBytes + STACK_BYTES) / PAGE_BYTES));
  if (initial > maximum)
    return stopped("memory", `The program's variables alone take more. ${outOfMemory(memoryBytes)}`);
  const memory = memoryOf(initial, maximum);
  if (memory === null)
    return say({ type: "broken", reason: `The browser has no room for ${memoryBytes} bytes of memory.` });
  // The stack's room is taken at the start, and is no more than a promise until it is used.
  held = () => memory.buffer.byteLength - STACK_BYTES;
  const calls = wasiCalls({ memory, stdin, stdout, stderr, exit });
  const stacks = openStacks();
  const imports = nothingElse({
    [NAMESPACE]: calls,
    [GO_ON.module]: nothingElse({ [GO_ON.name]: stacks.goOn }),
    [MEMORY.module]: nothingElse({ [MEMORY.name]: memory }),
  });
  const { exports } = new WebAssembly.Instance(module, imports);
  const { _start: start, tabarena_memory_refused: refused } = exports;
  if (typeof start !== "function") return say({ type: "broken", reason: "The program has no start." });
  if (typeof refused === "function") wasRefused = () => refused() !== 0;
  stacks.run(start, exports).then(
    () => exited(0),
    (error: unknown) => {
      if (ended) return undefined;
      const fault = faultOf(error);
      if (fault === "stack" || isBelowStack(exports["__stack_pointer"])) return stopped("stack", TOO_DEEP);
      stderr.write(`${fault.sentence}\n`);
      return exited(fault.code);
    },
  );
}

/** Null when the browser has no room for it, now or ever. */
function memoryOf(initial: number, maximum: number): WebAssembly.Memory | null {
  try {
    return new WebAssembly.Memory({ initial, maximum });
  } catch {
    return null;
  }
}

/** Without a prototype: an import by the name of "constructor" would find Object's. */
function nothingElse<Value>(named: Record<string, Value>): Record<string, Value> {
  return Object.assign(Object.create(null), named);
}

const TOO_DEEP =
  "The program recursed more deeply than the browser allows. The judge's stack is larger: there it may well work.";

const outOfMemory = (limit: number): string =>
  `The program asked for more than the ${Math.round(limit / 1024 / 1024)} MiB of memory that it may have.`;

/** How engines call the faults of a program, in our words. */
const faults: readonly { said: RegExp; sentence: string; code: number }[] = [
  {
    // As the engine says of the program, and as typed arrays and views say of what it hands to a call.
    said: /out of bounds|out-of-bounds|outside the bounds|is out of|invalid typed array length/i,
    sentence: "The program reached outside of its memory (as with a segmentation fault).",
    code: SEGMENTATION,
  },
  {
    said: /divide by zero|division by zero|remainder by zero|integer overflow|unrepresentable|divide result/,
    sentence: "The program divided by zero, or made a number too large for its type.",
    code: ARITHMETIC,
  },
  {
    said: /null function|signature mismatch|table index|indirect call/,
    sentence: "The program called a function pointer that points to no such function.",
    code: SEGMENTATION,
  },
  {
    said: /unreachable/,
    sentence:
      "The program came to a place that it must never reach: a function that should return a value ended without, or its behaviour is undefined.",
    code: ILLEGAL_INSTRUCTION,
  },
];

/** The stack grows down to address 0; beyond, its pointer wraps around. */
function isBelowStack(pointer: unknown): boolean {
  if (!(pointer instanceof WebAssembly.Global)) return false;
  const value: unknown = pointer.value;
  return typeof value === "number" && (value < 0 || value > STACK_BYTES);
}

function faultOf(error: unknown): "stack" | { sentence: string; code: number } {
  const said = String(error);
  // V8 and Safari; Firefox.
  if (/call stack|too much recursion/i.test(said)) return "stack";
  return (
    faults.find((fault) => fault.said.test(said)) ?? { sentence: `The program failed: ${said}`, code: 1 }
  );
}
