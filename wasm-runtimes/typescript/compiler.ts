import type { WorkerHears } from "../box/messages.ts";
import type { SourceFile } from "../contract.ts";
import { checkFiles } from "../javascript/check.ts";
import { giveUpOnDepth, ranOutOfStack } from "../worker/depth.ts";
import { listen, say } from "../worker/link.ts";
import { loadAmaro } from "./amaro.ts";
import { takeTypesOff, TypeScriptError, type Amaro } from "./transform.ts";

/** The script of the worker that makes JavaScript of TypeScript. A program is its files as JSON. */

let amaro: Amaro | null = null;

listen({
  async load({ resources }) {
    amaro = loadAmaro(resources);
  },
  order(order: WorkerHears) {
    if (order.type !== "compile" || amaro === null) {
      return say({ type: "broken", reason: "This worker takes types off and does nothing else." });
    }
    compile(amaro, order.files);
  },
});

function compile(amaro: Amaro, files: readonly SourceFile[]): void {
  try {
    const made = files.map((file) => takeTypesOff(amaro, file));
    // What amaro has read closes all that it opens, so that none of it can run when the browser is asked whether it accepts it.
    const read = made.filter((file, index) => file !== files[index]);
    checkFiles(read, (error) => {
      const program = error === null ? new TextEncoder().encode(JSON.stringify(made)) : null;
      say({ type: "compiled", program, text: error ?? "" });
    });
  } catch (error) {
    if (error instanceof TypeScriptError)
      return say({ type: "compiled", program: null, text: error.message });
    if (!ranOutOfStack(error)) throw error;
    giveUpOnDepth(error);
  }
}
