import type { RunOrder } from "../box/messages.ts";
import { say } from "../worker/link.ts";
import { openOutput } from "../worker/output.ts";
import { STACK_BYTES } from "./flags.ts";
import { MEMORY, NAMESPACE } from "./imports.ts";
import { pagesOf } from "./layout.ts";
import { sleep, wasiCalls } from "./wasi.ts";

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
  let held = (): number => 0;
  let wasRefused = (): boolean => false;

  function stopped(by: "memory" | "stack", sentence: string): never {
    stderr.write(`${sentence}\n`);
    return end(() => say({ type: "stopped", by, memoryBytes: held() }));
  }
  /** Nothing of the program may run after its end: the worker waits until it is thrown away. */
  function end(tell: () => void): never {
    stdout.flush();
    stderr.flush();
    tell();
    for (;;) sleep(Infinity);
  }
  function exit(code: number): never {
    if (code !== 0 && wasRefused()) return stopped("memory", outOfMemory(memoryBytes));
    return end(() => say({ type: "exit", code, memoryBytes: held() }));
  }

  const memory = memoryFor(pagesOf(module), memoryBytes);
  if (memory === null)
    return stopped("memory", `The program's variables alone take more. ${outOfMemory(memoryBytes)}`);
  // The stack's room is taken at the start, and is no more than a promise until it is used.
  held = () => memory.buffer.byteLength - STACK_BYTES;
  const calls = wasiCalls({ memory, stdin, stdout, stderr, exit });
  const imports = nothingElse({
    [NAMESPACE]: calls,
    [MEMORY.module]: nothingElse({ [MEMORY.name]: memory }),
  });
  const { exports } = new WebAssembly.Instance(module, imports);
  const { _start: start, tabarena_memory_refused: refused } = exports;
  if (typeof start !== "function") return say({ type: "broken", reason: "The program has no start." });
  if (typeof refused === "function") wasRefused = () => refused() !== 0;
  onStackOfItsOwn(start).then(
    () => exit(0),
    (error: unknown) => {
      const fault = faultOf(error);
      if (fault === "stack" || isBelowStack(exports["__stack_pointer"])) return stopped("stack", TOO_DEEP);
      stderr.write(`${fault.sentence}\n`);
      return exit(fault.code);
    },
  );
}

/**
 * Where the browser can (JavaScript Promise Integration), a program that could be suspended has a stack of its own, twice as large as
 * a worker's: a search goes 10,000 calls deep instead of 5,000.
 */
async function onStackOfItsOwn(start: Function): Promise<void> {
  const promising: unknown = Reflect.get(WebAssembly, "promising");
  const run: unknown = typeof promising === "function" ? promising(start) : start;
  if (typeof run === "function") await run();
}

/** Null when there is not so much. */
function memoryFor(initial: number, memoryBytes: number): WebAssembly.Memory | null {
  const maximum = Math.min(65_536, Math.floor((memoryBytes + STACK_BYTES) / PAGE_BYTES));
  if (initial > maximum) return null;
  try {
    return new WebAssembly.Memory({ initial, maximum });
  } catch {
    // The browser has less than the limit.
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
    said: /out of bounds|out-of-bounds/,
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
  if (error instanceof RangeError || /too much recursion|call stack/i.test(said)) return "stack";
  return (
    faults.find((fault) => fault.said.test(said)) ?? { sentence: `The program failed: ${said}`, code: 1 }
  );
}
