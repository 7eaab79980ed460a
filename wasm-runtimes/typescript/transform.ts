import type { SourceFile } from "../contract.ts";
import { withSourceMap } from "../javascript/source-map.ts";

/** The part of amaro, which takes the types off in Node too, that is used here. */
export interface Amaro {
  transformSync(
    source: string,
    options: { mode: "transform"; sourceMap: true; filename: string },
  ): { code: string; map?: string };
}

/** What amaro throws at a text that is no TypeScript. */
interface Refusal {
  message: string;
  /** The line, and marks below it. */
  snippet: string;
  /** From 1. */
  startLine: number;
  /** From 0. */
  startColumn: number;
}

/** A text that is no TypeScript; the message is what a compiler prints, with the place. */
export class TypeScriptError extends Error {}

const isTypeScript = (name: string): boolean => /\.[mc]?ts$/.test(name);
const isDeclaration = (name: string): boolean => /\.d\.[mc]?ts$/.test(name);

/**
 * Makes JavaScript of a file as Node does with `--experimental-transform-types`: types are taken off and not looked at; enums,
 * namespaces and parameter properties become code.
 * @returns the file under its old name, with a source map; as it is where it is no TypeScript
 * @throws TypeScriptError at the first place that it cannot read
 */
export function takeTypesOff(amaro: Amaro, file: SourceFile): SourceFile {
  const { name, text } = file;
  if (!isTypeScript(name)) return file;
  if (isDeclaration(name)) return { name, text: "" };
  try {
    const { code, map = "{}" } = amaro.transformSync(text, {
      mode: "transform",
      sourceMap: true,
      filename: name,
    });
    const { mappings = "" }: { mappings?: string } = JSON.parse(map);
    return { name, text: withSourceMap(code, mappings, text) };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const { startLine, startColumn, message, snippet } = error;
    throw new TypeScriptError(
      `${name}:${startLine}:${startColumn + 1}: error: ${message}\n${snippet.trimEnd()}\n`,
    );
  }
}

function isRefusal(error: unknown): error is Refusal {
  return (
    typeof error === "object" &&
    error !== null &&
    "startLine" in error &&
    "snippet" in error &&
    "message" in error
  );
}
