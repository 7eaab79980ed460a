import type { SourceFile } from "../contract.ts";
import { mayAwait } from "./es-module.ts";
import { loadFile } from "./load.ts";
import { path } from "./node/path.ts";

interface Module {
  exports: unknown;
  id: string;
  filename: string;
  loaded: boolean;
}

/** What an ES module is to those that import it. */
type Namespace = Record<string, unknown>;

interface Loaded {
  module: Module;
  /** Of an ES module: what those see that import it, complete when it has run. */
  namespace: Namespace | null;
  completion: Promise<unknown>;
}

const FOLDER = "/program";

/**
 * Runs the first file as the program, with a `require` and an `import` that know Node's modules and the program's other files.
 * @returns what to wait for: resolved for CommonJS, the module's own promise for an ES module
 */
export function runEntry(
  files: readonly SourceFile[],
  builtIn: ReadonlyMap<string, unknown>,
): Promise<unknown> {
  const loaded = new Map<string, Loaded>();
  const fileAt = (filename: string): SourceFile | undefined =>
    files.find(({ name }) => path.resolve(FOLDER, name) === filename);
  const isPath = (name: string): boolean => /^\.{0,2}\//.test(name);

  function load(file: SourceFile): Loaded {
    const known = loaded.get(file.name);
    if (known !== undefined) return known;
    const filename = path.resolve(FOLDER, file.name);
    const folder = path.dirname(filename);
    const module: Module = { exports: {}, id: loaded.size === 0 ? "." : filename, filename, loaded: false };
    const made: Loaded = { module, namespace: null, completion: Promise.resolve() };
    loaded.set(file.name, made);
    if (file.name.endsWith(".json")) module.exports = JSON.parse(file.text);
    else execute(file, folder, made);
    module.loaded = true;
    return made;
  }

  function execute(file: SourceFile, folder: string, made: Loaded): void {
    const { module } = made;
    const { kind, run } = loadFile(file, (from) => isAwaited(from, folder));
    if (kind === "commonjs") {
      Reflect.apply(run, module.exports, [
        module.exports,
        requireFrom(folder),
        module,
        module.filename,
        folder,
      ]);
      return;
    }
    const namespace: Namespace = Object.create(null);
    made.namespace = module.exports = namespace;
    const meta = { url: `file://${module.filename}`, filename: module.filename, dirname: folder };
    made.completion = Promise.resolve(run(importFrom(folder), exporterOf(namespace), meta));
  }

  const isAwaited = (from: string, folder: string): boolean => {
    const file = isPath(from) ? fileAt(path.resolve(folder, from)) : undefined;
    return file !== undefined && !file.name.endsWith(".cjs") && mayAwait(file.text);
  };

  function requireFrom(folder: string): (name: string) => unknown {
    function require(name: string): unknown {
      const base = isPath(name) ? path.resolve(folder, name) : null;
      const candidates = base === null ? [] : [base, `${base}.js`, `${base}.json`];
      const file = candidates.map(fileAt).find((found) => found !== undefined);
      if (file !== undefined) return load(file).module.exports;
      return nodeModule(name);
    }
    // `require.main === module` is how a script asks whether it is the program.
    return Object.defineProperty(require, "main", { get: () => loaded.get(files[0]?.name ?? "")?.module });
  }

  function importFrom(folder: string): (name: string, ...wanted: string[]) => unknown {
    return (name, ...wanted) => {
      const file = isPath(name) ? fileAt(path.resolve(folder, name)) : undefined;
      if (file === undefined) return withNames(namespaceOf(nodeModule(name)), name, wanted);
      const inCircle = loaded.get(file.name)?.module.loaded === false;
      const { module, namespace, completion } = load(file);
      if (namespace === null) return withNames(namespaceOf(module.exports), name, wanted);
      if (inCircle) throw new Error(`In the browser modules cannot import one another in a circle: ${name}`);
      return mayAwait(file.text)
        ? completion.then(() => withNames(namespace, name, wanted))
        : withNames(namespace, name, wanted);
    };
  }

  function nodeModule(name: string): unknown {
    const plain = name.replace(/^node:/, "");
    if (builtIn.has(plain)) return builtIn.get(plain);
    const known = `Here a program can use its own files and ${[...builtIn.keys()].join(", ")}.`;
    throw Object.assign(new Error(`Cannot find module '${name}'. ${known}`), { code: "MODULE_NOT_FOUND" });
  }

  const [entry] = files;
  return entry === undefined ? Promise.resolve() : load(entry).completion;
}

/** A module that is none of ECMAScript's, as one that imports it sees it. */
function namespaceOf(exports: unknown): Namespace {
  return Object.assign(Object.create(null), exports, { default: exports });
}

/** @throws SyntaxError as Node does, which looks for the names before it runs anything */
function withNames(namespace: Namespace, from: string, wanted: readonly string[]): Namespace {
  const missing = wanted.find((name) => !(name in namespace));
  if (missing === undefined) return namespace;
  throw new SyntaxError(`The requested module '${from}' does not provide an export named '${missing}'`);
}

/** @returns what a module hands its own exports to, as getters, and those that it passes on */
function exporterOf(namespace: Namespace): (own: object, passedOn: readonly object[]) => void {
  return (own, passedOn) => {
    for (const source of passedOn) {
      const { default: _, ...others } = Object.getOwnPropertyDescriptors(source) as PropertyDescriptorMap;
      Object.defineProperties(namespace, others);
    }
    Object.defineProperties(namespace, Object.getOwnPropertyDescriptors(own));
  };
}
