/**
 * Takes from a worker everything that is not the language itself, so that a program finds neither postMessage to flood the box with,
 * nor Worker, nor BroadcastChannel. This is hygiene: the boundary is the box's opaque origin and its policy.
 */

const ecmaScriptNames = new Set<PropertyKey>(
  `
  globalThis undefined NaN Infinity eval isFinite isNaN parseFloat parseInt
  decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape
  Object Function Boolean Symbol Number BigInt Math Date Temporal String RegExp Intl
  Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError
  SuppressedError DisposableStack AsyncDisposableStack
  Array Map Set WeakMap WeakSet WeakRef FinalizationRegistry Iterator AsyncIterator
  ArrayBuffer SharedArrayBuffer DataView Atomics JSON Promise Reflect Proxy
  Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array
  Float16Array Float32Array Float64Array BigInt64Array BigUint64Array
  `
    .trim()
    .split(/\s+/),
).add("WebAssembly"); // Memory and computation only, and Node has it too.

/**
 * Deletes every other global of this worker, on the global object and along its prototypes.
 * @param keep names that the language's runtime needs to stay, each of them harmless to hand to a program
 * @throws Error when the browser does not let one go
 */
export function removeHostGlobals(keep: readonly string[] = []): void {
  const kept = new Set<PropertyKey>([...ecmaScriptNames, ...keep]);
  let holder: object | null = globalThis;
  while (holder !== null && holder !== Object.prototype) {
    const next: object | null = Object.getPrototypeOf(holder);
    for (const name of Reflect.ownKeys(holder)) {
      if (kept.has(name) || Reflect.deleteProperty(holder, name)) continue;
      // Constants such as TEMPORARY stay for ever, and a number gives nobody any power.
      if (Object(Reflect.get(holder, name)) !== Reflect.get(holder, name)) continue;
      throw new Error(`The browser does not let go of ${String(name)}, so programs are not run.`);
    }
    holder = next;
  }
}
