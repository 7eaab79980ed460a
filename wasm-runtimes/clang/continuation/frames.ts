import type { Code, FunctionType, ValueType } from "./module.ts";

/**
 * How much of an engine's stack calls take. Nobody tells: these are estimates from above, of the compilers that do not optimise (V8's
 * Liftoff keeps every local and every value in between in a place of its own on the stack), since a function may run as either.
 */

/** The return address, the caller's frame, and what engines keep beside them. */
const FRAME_BYTES = 64;
const VALUE_BYTES = 8;
const VECTOR: ValueType = 0x7b;
const VECTOR_BYTES = 16;
/** Values in between, which stand on the operand stack while the function calls: how many there are is at most a matter of its length. */
const MOST_OPERANDS = 12;
const BYTES_PER_OPERAND = 8;

/**
 * What is filled of a stack before the program goes on on the next one. V8 gives 984 KiB on most machines and 864 KiB on ARM of 32 bits
 * (V8_DEFAULT_STACK_SIZE_KB), Firefox 1 MiB. Twice as much as is estimated fits, and on top of it goes what does not call itself:
 * printf, streams, a sort.
 */
export const FILLED_BYTES = 640 * 1024;

export function frameBytes({ parameters }: FunctionType, { bytes, body, locals }: Code): number {
  const operands = Math.min(MOST_OPERANDS, Math.ceil((bytes.length - body) / BYTES_PER_OPERAND));
  const values = [...parameters.map((type) => ({ count: 1, type })), ...locals];
  const sizes = values.map(({ count, type }) => count * (type === VECTOR ? VECTOR_BYTES : VALUE_BYTES));
  return sizes.reduce((sum, size) => sum + size, FRAME_BYTES + operands * VALUE_BYTES);
}
