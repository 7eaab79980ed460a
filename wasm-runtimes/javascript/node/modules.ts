import { Buffer } from "./buffer.ts";
import { events } from "./events.ts";
import { clearTimeout, setImmediate, setInterval, setTimeout } from "./event-loop.ts";
import { format } from "./format.ts";
import { fileSystem, type Streams } from "./fs.ts";
import { inspect } from "./inspect.ts";
import { path } from "./path.ts";
import type { Process } from "./process.ts";
import { readline } from "./readline.ts";

/** The modules of Node that a program may `require`, with or without "node:" in front. */
export function nodeModules(
  streams: Streams,
  process: Process,
  timing: object,
): ReadonlyMap<string, unknown> {
  const fs = fileSystem(streams);
  return new Map<string, unknown>([
    ["fs", fs],
    ["fs/promises", Reflect.get(fs, "promises")],
    ["readline", readline],
    ["readline/promises", readline.promises],
    ["events", events],
    ["process", process],
    ["buffer", { Buffer }],
    ["os", { EOL: "\n", platform: (): string => "linux", cpus: (): unknown[] => [{}] }],
    ["util", { format, inspect, promisify, types: {}, TextEncoder, TextDecoder }],
    ["assert", assert],
    ["perf_hooks", { performance: timing }],
    ["timers", timers],
    ["timers/promises", timersPromises],
    ["path", path],
  ]);
}

class AssertionError extends Error {
  readonly code = "ERR_ASSERTION";
  override name = "AssertionError";
}

function fail(message: unknown, usual: string): never {
  if (message instanceof Error) throw message;
  throw new AssertionError(message === undefined ? usual : String(message));
}
function ok(value: unknown, message?: unknown): void {
  if (!value) fail(message, "The expression evaluated to a falsy value");
}
function strictEqual(actual: unknown, expected: unknown, message?: unknown): void {
  if (!Object.is(actual, expected)) {
    fail(message, `Expected values to be strictly equal:\n\n${inspect(actual)} !== ${inspect(expected)}\n`);
  }
}
function deepEqual(actual: unknown, expected: unknown, message?: unknown): void {
  const [left, right] = [inspect(actual, { depth: null }), inspect(expected, { depth: null })];
  if (left !== right)
    fail(message, `Expected values to be deeply equal:\n\n${left}\n\nshould equal\n\n${right}\n`);
}
const assert = Object.assign((value: unknown, message?: unknown): void => ok(value, message), {
  ok,
  strictEqual,
  equal: strictEqual,
  deepEqual,
  deepStrictEqual: deepEqual,
  AssertionError,
});

const promisify =
  (act: (...values: unknown[]) => unknown) =>
  (...values: unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      act(...values, (error: unknown, result: unknown) => (error ? reject(error) : resolve(result)));
    });

const timersPromises = {
  setTimeout: (delay?: number, value?: unknown): Promise<unknown> =>
    new Promise((resolve) => setTimeout(() => resolve(value), delay)),
  setImmediate: (value?: unknown): Promise<unknown> =>
    new Promise((resolve) => setImmediate(() => resolve(value))),
};

const timers = {
  setTimeout,
  setInterval,
  setImmediate,
  clearTimeout,
  clearInterval: clearTimeout,
  clearImmediate: clearTimeout,
  promises: timersPromises,
};
