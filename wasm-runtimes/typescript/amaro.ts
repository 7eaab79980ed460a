import type { WorkerResources } from "../box/messages.ts";
import type { Amaro } from "./transform.ts";

/** amaro as its package holds it, a script for Node that carries its WebAssembly, taken apart by assets.ts into a script and a module. */

declare function importScripts(url: string): void;

/** The name by which the script hands itself over. */
export const HANDOVER = "__amaro";

type Script = (module: { exports: unknown }, require: () => object, WebAssembly: object) => void;

/** @throws Error when the resources are not amaro's */
export function loadAmaro(resources: WorkerResources): Amaro {
  const [script, wasm] = [resources["amaro.js"], resources["amaro.wasm"]];
  if (!(script instanceof Blob) || !(wasm instanceof WebAssembly.Module)) {
    throw new Error("The worker was not given amaro.");
  }
  let run: Script | null = null;
  Object.defineProperty(globalThis, HANDOVER, {
    configurable: true,
    value: (given: Script) => (run = given),
  });
  const url = URL.createObjectURL(script.slice(0, script.size, "text/javascript"));
  importScripts(url);
  URL.revokeObjectURL(url);
  Reflect.deleteProperty(globalThis, HANDOVER);
  return started(run, wasm);
}

function started(run: Script | null, wasm: WebAssembly.Module): Amaro {
  const module: { exports: unknown } = { exports: {} };
  // What it asks Node for, and the module that the box has compiled instead of one from its own bytes.
  const node = { TextEncoder, TextDecoder, Buffer: { from: (): null => null } };
  const given = {
    Module: function compiled() {
      return wasm;
    },
    Instance: WebAssembly.Instance,
  };
  run?.(module, () => node, given);
  if (isAmaro(module.exports)) return module.exports;
  throw new Error("amaro does not start as it did.");
}

function isAmaro(exports: unknown): exports is Amaro {
  return typeof exports === "object" && exports !== null && "transformSync" in exports;
}
