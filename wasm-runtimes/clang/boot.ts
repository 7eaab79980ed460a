import type { WorkerHears } from "../box/messages.ts";
import { removeHostGlobals } from "../worker/hygiene.ts";
import { listen, say } from "../worker/link.ts";
import { runCompiled } from "./program.ts";

/** The script of the workers that run programs in C and C++: each runs one and is then thrown away. */

listen({
  async load() {
    removeHostGlobals();
  },
  order(order: WorkerHears) {
    if (order.type !== "run")
      return say({ type: "broken", reason: "This worker runs programs and does nothing else." });
    runCompiled(order);
  },
});
