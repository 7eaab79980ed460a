import type { SourceFile } from "../contract.ts";
import { asFunctionBody, isModuleText, mayAwait, MODULE_PARAMETERS } from "./es-module.ts";

/**
 * Makes JavaScript of a program callable without `eval`, which the box's policy forbids: each file becomes a script that hands over
 * a function, loaded from a blob.
 */

declare function importScripts(url: string): void;

const loadScript = importScripts.bind(globalThis);
const createUrl = URL.createObjectURL.bind(URL);
const revokeUrl = URL.revokeObjectURL.bind(URL);
const BlobOf = Blob;

export type Kind = "commonjs" | "module";

export interface LoadedFile {
  kind: Kind;
  /** Takes the values that `parameters` names; a module's returns a promise. */
  run: (...values: unknown[]) => unknown;
}

/** A file that is not JavaScript, and what it was taken for. */
export class LoadError extends Error {
  readonly kind: Kind;
  readonly found: unknown;
  constructor(kind: Kind, found: unknown) {
    super(String(found));
    this.kind = kind;
    this.found = found;
  }
}

/** A file that ends the function which it is wrapped in, and so is not a program by itself. */
export class UnbalancedError extends SyntaxError {}

const HANDOVER = "__handOver";
const commonJs = "function (exports, require, module, __filename, __dirname) { ";
/** Of one length, so that what is said about the first line can be put right without knowing which it was. */
const openings: Readonly<Record<Kind, string>> = {
  commonjs: commonJs,
  module: `async function (${MODULE_PARAMETERS}) { "use strict";`.padEnd(commonJs.length),
};

/** How far to the right the first line of every file is moved; all others stay where they are. */
export const FIRST_LINE_SHIFT = `${HANDOVER}(${commonJs}`.length;

/**
 * Loads a file as what Node takes it for: by its ending, and else as CommonJS unless only an ES module can be meant.
 * @param isAwaited whether what a module imports by that name is still at work when it has been called
 * @throws LoadError when it is neither
 */
export function loadFile(file: SourceFile, isAwaited?: (from: string) => boolean): LoadedFile {
  const kinds: Kind[] = [];
  if (!/\.m[jt]s$/.test(file.name) && !isModuleText(file.text)) kinds.push("commonjs");
  // What awaits something outside of any function is a module too.
  if (kinds.length === 0 || (!/\.c[jt]s$/.test(file.name) && mayAwait(file.text))) kinds.push("module");
  let first: LoadError | null = null;
  for (const kind of kinds) {
    try {
      return { kind, run: loadAs(file, kind, isAwaited) };
    } catch (error) {
      first ??= new LoadError(kind, error);
    }
  }
  throw first;
}

/** @throws SyntaxError of the browser when the text is not JavaScript of this kind */
export function loadAs(
  { name, text }: SourceFile,
  kind: Kind,
  isAwaited?: (from: string) => boolean,
): LoadedFile["run"] {
  const plain = text.replace(/^#!/, "//");
  const source = openings[kind] + (kind === "module" ? asFunctionBody(plain, isAwaited) : plain);
  let made: LoadedFile["run"] | null = null;
  const unbalanced = new UnbalancedError(`${name} closes a bracket too many`);
  Object.defineProperty(globalThis, HANDOVER, {
    configurable: true,
    value: (given: LoadedFile["run"]) => {
      if (String(given) !== `${source}\n}`) throw unbalanced;
      made = given;
    },
  });
  const script = [HANDOVER, "(", source, `\n});\n//# sourceURL=${name}`];
  const url = createUrl(new BlobOf(script, { type: "text/javascript" }));
  try {
    loadScript(url);
  } finally {
    revokeUrl(url);
    Reflect.deleteProperty(globalThis, HANDOVER);
  }
  if (made === null) throw unbalanced;
  return made;
}
