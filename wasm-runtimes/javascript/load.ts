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
/** All on the program's first line, so that every line keeps its number. */
export const PREFIX = `${HANDOVER}(function (exports, require, module, __filename, __dirname) { `;

/** @throws SyntaxError of the browser when the text is not JavaScript */
export function loadFile({ name, text }: SourceFile): ModuleFunction {
  let made: ModuleFunction | null = null;
  Object.defineProperty(globalThis, HANDOVER, {
    configurable: true,
    value: (given: ModuleFunction) => (made = given),
  });
  const source = text.replace(/^#!/, "//");
  const url = createUrl(
    new BlobOf([PREFIX, source, `\n});\n//# sourceURL=${name}`], { type: "text/javascript" }),
  );
  try {
    loadScript(url);
  } finally {
    revokeUrl(url);
    Reflect.deleteProperty(globalThis, HANDOVER);
  }
  if (made === null) throw new SyntaxError(`${name} closes a bracket that it has not opened`);
  return made;
}
