import type { Adapter } from "../runtime.ts";

export const javascript: Adapter = {
  toolchain: "JavaScript of this browser",
  modules: [],
  spareWorkers: 1,
  // Checking a program loads it, so that its text has been near the worker's global object.
  checkedWorkerIsFresh: false,
};
