import type { ts } from "@ts-morph/common";
import type { WorkerHears, WorkerResources } from "../box/messages.ts";
import { removeHostGlobals } from "../worker/hygiene.ts";
import { listen, say } from "../worker/link.ts";
import { openChecker, type Checker } from "./check-types.ts";
import { takeHandedOver } from "./handover.ts";

/** The script of the worker that looks at the types of programs. What it has to say is the text of a compilation; "" when they fit. */

let checker: Checker | null = null;

listen({
  async load({ resources }) {
    checker = openChecker(loadTypeScript(resources), await declarations(resources));
    removeHostGlobals();
  },
  order(order: WorkerHears) {
    if (order.type !== "compile" || checker === null) {
      return say({ type: "broken", reason: "This worker checks types and does nothing else." });
    }
    say({ type: "compiled", program: null, text: checker.check(order.files) });
  },
});

/** @throws Error when the resources are not TypeScript's */
function loadTypeScript(resources: WorkerResources): typeof ts {
  const script = resources["typescript.js"];
  if (!(script instanceof Blob)) throw new Error("The worker was not given TypeScript.");
  const module: { exports: unknown } = { exports: {} };
  takeHandedOver(script)(module);
  if (isTypeScript(module.exports)) return module.exports;
  throw new Error("TypeScript does not start as it did.");
}

function isTypeScript(exports: unknown): exports is typeof ts {
  return typeof exports === "object" && exports !== null && "createProgram" in exports;
}

/** By name, as assets.ts has put them together. */
async function declarations(resources: WorkerResources): Promise<Record<string, string>> {
  const file = resources["declarations.json"];
  if (!(file instanceof Blob)) throw new Error("The worker was not given the library's declarations.");
  return JSON.parse(await file.text());
}
