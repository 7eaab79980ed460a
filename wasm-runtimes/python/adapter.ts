import type { Adapter } from "../runtime.ts";

export const python: Adapter = {
  toolchain: "CPython 3.14.2 (Pyodide)",
  modules: ["pyodide.asm.wasm"],
  spareWorkers: 2,
  checkedWorkerIsFresh: true,
  snapshot: true,
};
