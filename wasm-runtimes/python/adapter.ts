import type { Adapter } from "../runtime.ts";

export const python: Adapter = {
  modules: ["pyodide.asm.wasm"],
  spareWorkers: 2,
  checkedWorkerIsFresh: true,
  snapshot: true,
};
