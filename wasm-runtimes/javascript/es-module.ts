/**
 * Programs written as ES modules. The workers of an opaque origin cannot be modules and know no module by the name of "fs", so an
 * import becomes a declaration on its own line and the whole an async function, in which `await` works at the top as well.
 * Declarations are found by how a line begins: one inside a template literal would be taken for one too.
 */

const IMPORT =
  /^([ \t]*)import\s+(?:([\w$]+)\s*,?\s*)?(?:\{([^}]*)\}|\*\s+as\s+([\w$]+))?\s*(?:from\s*)?(["'])([^"'\n]+)\5/gm;
const EXPORT =
  /^([ \t]*)export\s+(?:default\s+(?=(?:async\s+)?function\b|class\b)|(?=(?:async\s+)?function\b|class\b|const\b|let\b|var\b))/gm;
const EXPORT_VALUE = /^([ \t]*)export\s+default\b/gm;
const EXPORT_LIST = /^([ \t]*)export\s*\{[^}]*\}/gm;

/** Whether a text can only be an ES module. */
export const isModuleText = (text: string): boolean => /^[ \t]*(import|export)\b(?!\s*[(.])/m.test(text);

/** The body of an async function that does what the module does, line by line where the module does it. */
export function asFunctionBody(text: string): string {
  return text
    .replaceAll(
      IMPORT,
      (whole, indent: string, first?: string, named?: string, all?: string, _quote?: string, from = "") => {
        const lines = "\n".repeat(whole.split("\n").length - 1);
        return `${indent}${declaration(from, first ?? all, named)}${lines}`;
      },
    )
    .replaceAll(EXPORT, blank)
    .replaceAll(EXPORT_VALUE, (whole) => blank(whole).replace(/ {4}$/, "void"))
    .replaceAll(EXPORT_LIST, blank);
}

function declaration(from: string, name: string | undefined, named: string | undefined): string {
  const value = `__import(${JSON.stringify(from)})`;
  const parts: string[] = [];
  if (name !== undefined) parts.push(`${name} = ${value}`);
  if (named !== undefined)
    parts.push(`{${named.replaceAll(/\s+as\s+/g, ": ").replaceAll(/\s+/g, " ")}} = ${value}`);
  return parts.length === 0 ? value : `const ${parts.join(", ")}`;
}

/** Keeps lines and columns. */
const blank = (text: string): string => text.replaceAll(/[^\n]/g, " ");
