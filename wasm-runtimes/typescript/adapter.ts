import type { Adapter } from "../runtime.ts";

/** Types are taken off once; what is left is run as JavaScript. */
export const typescript: Adapter = {
  toolchain: "TypeScript without its types, as Node.js 24 runs it",
  modules: ["amaro.wasm"],
  spareWorkers: 1,
  checkedWorkerIsFresh: false,
  outlivesItsEnd: true,
  compiler: { language: "typescript", files: ["amaro.js", "amaro.wasm"], makes: "blob" },
  checksTypes: "typescript",
};
