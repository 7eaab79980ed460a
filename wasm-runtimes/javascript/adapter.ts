import type { Adapter } from "../runtime.ts";

export const javascript: Adapter = {
  toolchain: "JavaScript of this browser",
  modules: [],
  // One is used up by the check.
  spareWorkers: 2,
  // Checking a program loads it, so that its text has been near the worker's global object.
  checkedWorkerIsFresh: false,
  outlivesItsEnd: true,
};
