import type { SourceFile, WorkerLoad, WorkerOrder } from "../box/messages.ts";
import { listen, say, sayProduct } from "../worker/link.ts";
import { loadPython, makeSnapshot, type Python } from "./load.ts";

/** The script of a Python worker. It boots before it is needed, runs one program and is then thrown away. */

let python: Python | null = null;

async function load({ resources, product }: WorkerLoad): Promise<void> {
  if (product !== null) return sayProduct(await makeSnapshot(resources));
  python = await loadPython(resources);
}

const pairs = (files: readonly SourceFile[]): [string, string][] =>
  files.map(({ name, text }) => [name, text]);

listen({
  load,
  order(order: WorkerOrder) {
    if (python === null) return say({ type: "broken", reason: "Python has not been loaded." });
    switch (order.type) {
      case "check":
        return say({ type: "checked", error: python.check(pairs(order.files)) });
      case "run":
        return say({ type: "exit", code: python.run(pairs(order.files), order.stdin, order.outputBytes) });
      default:
        order satisfies never;
    }
  },
});
