import { EngineError } from "../../provider/engine.ts";
import { EngineFault, type FaultCode } from "./engine-fault.ts";

/** Of the text of an error of wllama, llama.cpp or WebAssembly: what has gone for good, the first that fits. */
const LOST: readonly [said: RegExp, code: FaultCode][] = [
  [/device.{0,20}\blost\b/i, "device_lost"],
  [
    /out of memory|\boom\b|bad_alloc|cannot enlarge|cannot allocate|failed to allocate|allocation failed/i,
    "out_of_memory",
  ],
  [/\(ABORT\)|has crashed|out of bounds|unreachable/i, "broken"],
];

const UNREADABLE =
  /unknown (model|pre-tokenizer)|invalid magic|failed to (read|load)|error loading model|unsupported|not supported|corrupted/i;

/** @param complaint what wllama logged, which tells more than what it throws */
export function loadFault(cause: unknown, complaint: string): EngineFault {
  if (cause instanceof EngineFault) return cause;
  const said = [saidBy(cause), complaint].filter((part) => part !== "").join("; ");
  const lost = LOST.find(([pattern]) => pattern.test(said))?.[1];
  const code = lost === undefined || lost === "broken" ? readable(said) : lost;
  return new EngineFault(code, `wllama can't load it: ${said}`, { cause });
}

const readable = (said: string): FaultCode => (UNREADABLE.test(said) ? "unknown_model" : "broken");

/** What ends one answer, or all of them. */
export function writingFault(cause: unknown): EngineError | EngineFault {
  if (cause instanceof EngineError || cause instanceof EngineFault) return cause;
  const said = saidBy(cause);
  if (/exceeds the available context size/.test(said)) return new EngineError("too_long", said, { cause });
  const lost = LOST.find(([pattern]) => pattern.test(said))?.[1];
  if (lost !== undefined) return new EngineFault(lost, `wllama has stopped: ${said}`, { cause });
  return new EngineError("engine", `wllama could not go on: ${said}`, { cause });
}

/**
 * What llama.cpp says of an exception; wllama takes it for a message of another form, and throws that it has no length.
 *
 * @param complaint what wllama logged
 */
export const causeOf = (error: unknown, complaint: string): unknown =>
  complaint !== "" && error instanceof Error && error.message.startsWith("Invalid typed array length")
    ? new Error(complaint, { cause: error })
    : error;

/** Whether it failed as answers do whose probabilities are told: a byte that is no character can't be put into JSON. */
export const isNoCharacter = (error: unknown): boolean => /invalid UTF-8/i.test(saidBy(error));

const saidBy = (error: unknown): string => (error instanceof Error ? error.message : String(error));
