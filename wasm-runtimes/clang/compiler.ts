import type { WorkerHears } from "../box/messages.ts";
import { removeHostGlobals } from "../worker/hygiene.ts";
import { giveUpOnDepth, ranOutOfStack } from "../worker/depth.ts";
import { listen, say } from "../worker/link.ts";
import { compileProgram, type Toolchain } from "./driver.ts";
import { openToolchain } from "./toolchain.ts";

/** The script of the worker that compiles C and C++. */

let toolchain: Toolchain | null = null;

/** What the package looks up while its tools run. */
const needed = ["TextDecoder", "TextEncoder", "performance", "console"];

listen({
  async load({ resources }) {
    toolchain = await openToolchain(resources);
    removeHostGlobals(needed);
  },
  order(order: WorkerHears) {
    if (order.type !== "compile" || toolchain === null)
      return say({ type: "broken", reason: "This worker compiles and does nothing else." });
    const { language, files } = order;
    if (language !== "c" && language !== "cpp")
      return say({ type: "broken", reason: `Clang does not compile ${language}.` });
    compileProgram(language, files, toolchain).then(
      ({ program, text }) => say({ type: "compiled", program, text: text.slice(0, LONGEST_TEXT) }),
      (error: unknown) =>
        ranOutOfStack(error) ? giveUpOnDepth(error) : say({ type: "broken", reason: String(error) }),
    );
  },
});

/** Nobody reads more, and templates can make megabytes of it. */
const LONGEST_TEXT = 65_536;
