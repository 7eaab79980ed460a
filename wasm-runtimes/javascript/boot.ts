import type { RunOrder, WorkerHears } from "../box/messages.ts";
import type { SourceFile } from "../contract.ts";
import { removeHostGlobals } from "../worker/hygiene.ts";
import { listen, say } from "../worker/link.ts";
import { checkFiles } from "./check.ts";
import { installGlobals, runProgram } from "./program.ts";

/** The script of a JavaScript worker: it checks or runs one program and is then thrown away. */

const BlobOf = Blob;

listen({
  async load() {
    removeHostGlobals();
    installGlobals();
  },
  order(order: WorkerHears) {
    switch (order.type) {
      case "check":
        return checkFiles(scripts(order.files), (error) => say({ type: "checked", error }));
      case "run":
        return void filesOf(order).then((files) => runProgram(files, order));
      case "compile":
        return say({ type: "broken", reason: "JavaScript is not compiled." });
      default:
        order satisfies never;
    }
  },
});

/** A language that is made into JavaScript hands its files over as JSON. */
async function filesOf({ files, resources }: RunOrder): Promise<readonly SourceFile[]> {
  const [made] = Object.values(resources);
  return made instanceof BlobOf ? JSON.parse(await made.text()) : files;
}

const scripts = (files: readonly SourceFile[]): SourceFile[] =>
  files.filter(({ name }) => !name.endsWith(".json"));
