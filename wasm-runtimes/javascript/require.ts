import type { SourceFile } from "../box/messages.ts";
import { loadFile } from "./load.ts";

interface Module {
  exports: unknown;
  id: string;
  filename: string;
  loaded: boolean;
}

const FOLDER = "/program";

/**
 * Runs the first file as the program, with a `require` that knows Node's modules and the program's other files.
 * @returns what to wait for: resolved for CommonJS, the module's own promise for an ES module
 */
export function runEntry(
  files: readonly SourceFile[],
  builtIn: ReadonlyMap<string, unknown>,
): Promise<unknown> {
  const modules = new Map<string, Module>();
  let completion: Promise<unknown> = Promise.resolve();

  function load(file: SourceFile): unknown {
    const known = modules.get(file.name);
    if (known !== undefined) return known.exports;
    if (file.name.endsWith(".json")) return JSON.parse(file.text);
    const filename = `${FOLDER}/${file.name}`;
    const isEntry = modules.size === 0;
    const module: Module = { exports: {}, id: isEntry ? "." : filename, filename, loaded: false };
    modules.set(file.name, module);
    const { kind, run } = loadFile(file);
    if (kind === "commonjs") {
      Reflect.apply(run, module.exports, [module.exports, require, module, filename, FOLDER]);
    } else if (isEntry) {
      completion = Promise.resolve(run(require));
    } else {
      throw new Error(
        `${file.name} is an ES module; in the browser only the program's main file can be one.`,
      );
    }
    module.loaded = true;
    return module.exports;
  }

  function require(name: string): unknown {
    const own = /^(?:\.\/|\/program\/)(.*)$/.exec(name)?.[1];
    const candidates = own === undefined ? [] : [own, `${own}.js`, `${own}.cjs`, `${own}.json`];
    const file = candidates.flatMap((full) => files.filter((candidate) => candidate.name === full))[0];
    if (file !== undefined) return load(file);
    const plain = name.replace(/^node:/, "");
    if (builtIn.has(plain)) return builtIn.get(plain);
    const known = `Here a program can require its own files and ${[...builtIn.keys()].join(", ")}.`;
    throw Object.assign(new Error(`Cannot find module '${name}'. ${known}`), { code: "MODULE_NOT_FOUND" });
  }
  const [entry] = files;
  if (entry !== undefined) {
    // `require.main === module` is how a script asks whether it is the program.
    Object.defineProperty(require, "main", { get: () => modules.get(entry.name) });
    load(entry);
  }
  return completion;
}
