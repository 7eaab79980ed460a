import type { WorkerResources } from "../box/messages.ts";
import { takeHandedOver } from "./handover.ts";
import type { Amaro } from "./transform.ts";

/** amaro as its package holds it, a script for Node that carries its WebAssembly, taken apart by assets.ts into a script and a module. */

/** What is free in the script. */
export const AMARO_PARAMETERS = "module, require, WebAssembly";

/** @throws Error when the resources are not amaro's */
export function loadAmaro(resources: WorkerResources): Amaro {
  const [script, wasm] = [resources["amaro.js"], resources["amaro.wasm"]];
  if (!(script instanceof Blob) || !(wasm instanceof WebAssembly.Module)) {
    throw new Error("The worker was not given amaro.");
  }
  const module: { exports: unknown } = { exports: {} };
  // What it asks Node for, and the module that the box has compiled instead of one from its own bytes.
  const node = { TextEncoder, TextDecoder, Buffer: { from: (): null => null } };
  const given = {
    Module: function compiled() {
      return wasm;
    },
    Instance: WebAssembly.Instance,
  };
  takeHandedOver(script)(module, () => node, given);
  if (isAmaro(module.exports)) return module.exports;
  throw new Error("amaro does not start as it did.");
}

function isAmaro(exports: unknown): exports is Amaro {
  return typeof exports === "object" && exports !== null && "transformSync" in exports;
}
