import type { WorkerLoad, WorkerHears } from "../box/messages.ts";
import { listen, say, sayProduct } from "../worker/link.ts";
import { openPython, type Python } from "./program.ts";
import { makeSnapshot } from "./pyodide.ts";

/** The script of a Python worker. It boots before it is needed, runs one program and is then thrown away. */

let python: Python | null = null;

listen({
  async load({ resources, product }: WorkerLoad) {
    if (product === null) python = await openPython(resources);
    else sayProduct(await makeSnapshot(resources));
  },
  order(order: WorkerHears) {
    if (python === null) return say({ type: "broken", reason: "Python has not been loaded." });
    switch (order.type) {
      case "check":
        return say({ type: "checked", error: python.check(order.files) });
      case "run":
        return void python.run(order).then(say);
      case "compile":
        return say({ type: "broken", reason: "Python is not compiled." });
      default:
        order satisfies never;
    }
  },
});
