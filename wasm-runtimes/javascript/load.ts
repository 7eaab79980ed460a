import type { SourceFile } from "../box/messages.ts";

/**
 * Makes JavaScript of a program callable without `eval`, which the box's policy forbids: each file becomes a script that hands over
 * a function, loaded from a blob.
 */

declare function importScripts(url: string): void;

const loadScript = importScripts.bind(globalThis);
const createUrl = URL.createObjectURL.bind(URL);
const revokeUrl = URL.revokeObjectURL.bind(URL);
const BlobOf = Blob;

export type ModuleFunction = (
  exports: unknown,
  require: unknown,
  module: unknown,
  filename: string,
  dirname: string,
) => unknown;

const HANDOVER = "__handOver";
const FUNCTION = "function (exports, require, module, __filename, __dirname) { ";
/** All on the file's first line, so that every line keeps its number. */
export const PREFIX = `${HANDOVER}(${FUNCTION}`;

/** A file that ends the function which it is wrapped in, and so is not a program by itself. */
export class UnbalancedError extends SyntaxError {}

/** @throws SyntaxError of the browser when the text is not JavaScript */
export function loadFile({ name, text }: SourceFile): ModuleFunction {
  const source = text.replace(/^#!/, "//");
  let made: ModuleFunction | null = null;
  Object.defineProperty(globalThis, HANDOVER, {
    configurable: true,
    value: (given: ModuleFunction) => {
      if (String(given) !== `${FUNCTION}${source}\n}`)
        throw new UnbalancedError(`${name} closes a bracket too many`);
      made = given;
    },
  });
  const url = createUrl(
    new BlobOf([PREFIX, source, `\n});\n//# sourceURL=${name}`], { type: "text/javascript" }),
  );
  try {
    loadScript(url);
  } finally {
    revokeUrl(url);
    Reflect.deleteProperty(globalThis, HANDOVER);
  }
  if (made === null) throw new UnbalancedError(`${name} closes a bracket too many`);
  return made;
}
