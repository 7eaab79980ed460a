/**
 * Programs written as ES modules. The workers of an opaque origin cannot be modules and know no module by the name of "fs", so an
 * import becomes a declaration on its own line and the whole an async function, in which `await` works at the top as well; what it
 * exports is handed over when it has run. Declarations are found by how a line begins: one inside a template literal would be taken
 * for one too. Imports see the value that an export has in the end, and modules cannot import one another in a circle.
 */

const IMPORT =
  /^([ \t]*)import\s+(?:([\w$]+)\s*,?\s*)?(?:\{([^}]*)\}|\*\s+as\s+([\w$]+))?\s*(?:from\s*)?(["'])([^"'\n]+)\5(?:\s*with\s*\{[^}]*\})?/gm;
const EXPORT_FROM =
  /^([ \t]*)export\s*(?:\*(?:\s*as\s+([\w$]+))?|\{([^}]*)\})\s*from\s*(["'])([^"'\n]+)\4(?:\s*with\s*\{[^}]*\})?/gm;
const EXPORT_NAMED =
  /^([ \t]*)(export\s+(default\s+)?)(?=(?:async\s+)?(?:function\b\s*\*?|class\b(?!\s+extends\b))\s*([\w$]+))/gm;
const EXPORT_VARIABLES = /^([ \t]*)export\s+(?=(?:const|let|var)\b)/gm;
const EXPORT_VALUE = /^([ \t]*)export(\s+)default\b/gm;
const EXPORT_LIST = /^([ \t]*)export\s*\{([^}]*)\}/gm;
const META = /\bimport\.meta\b/g;

/** What the function of a module is given. */
export const MODULE_PARAMETERS = "__import, __export, __meta";

/** Whether a text can only be an ES module. */
export const isModuleText = (text: string): boolean => /^[ \t]*(import|export)\b(?!\s*[(.])/m.test(text);

/** Whether a module's function may still be at work when it returns; wrongly said of a text that only speaks of it. */
export const mayAwait = (text: string): boolean => /\bawait\b/.test(text);

/**
 * The body of an async function that does what the module does, line by line where the module does it.
 * @param isAwaited whether the module of that name is still at work when `__import` returns
 */
export function asFunctionBody(text: string, isAwaited: (from: string) => boolean = () => false): string {
  const exported: string[] = [];
  const all: string[] = [];
  const exports = (name: string, value: string): void =>
    void exported.push(`get ${name}() { return ${value} }`);
  let sources = 0;

  const importOf = (from: string, names: readonly string[]): string => {
    const wanted = [from, ...names].map((name) => JSON.stringify(name)).join(", ");
    return `${isAwaited(from) ? "await " : ""}__import(${wanted})`;
  };

  const body = text
    .replaceAll(
      EXPORT_FROM,
      (whole, indent: string, space?: string, list?: string, _quote?: string, from = "") => {
        const source = `__from${(sources += 1)}`;
        const pairs = pairsOf(list ?? "");
        if (list === undefined && space === undefined) all.push(source);
        if (space !== undefined) exports(space, source);
        for (const [name, as] of pairs) exports(as, `${source}.${name}`);
        return `${indent}const ${source} = ${importOf(
          from,
          pairs.map(([name]) => name),
        )}${lineEnds(whole)}`;
      },
    )
    .replaceAll(
      IMPORT,
      (whole, indent: string, first?: string, list?: string, space?: string, _quote?: string, from = "") => {
        const pairs = pairsOf(list ?? "");
        if (first !== undefined) pairs.unshift(["default", first]);
        const source = importOf(
          from,
          pairs.map(([name]) => name),
        );
        const named = `{ ${pairs.map(([name, as]) => `${name}: ${as}`).join(", ")} }`;
        const parts = [space, pairs.length > 0 ? named : undefined].filter((part) => part !== undefined);
        const head = parts.length > 0 ? `const ${parts.join(` = ${source}, `)} = ` : "";
        return `${indent}${head}${source}${lineEnds(whole)}`;
      },
    )
    .replaceAll(
      EXPORT_NAMED,
      (_whole, indent: string, words: string, byDefault: string | undefined, name: string) => {
        exports(byDefault === undefined ? name : "default", name);
        return indent + blank(words);
      },
    )
    .replaceAll(EXPORT_VARIABLES, (whole, _indent: string, at: number, within: string) => {
      for (const name of declaredNames(within.slice(at + whole.length).replace(/^\w+/, "")))
        exports(name, name);
      return blank(whole);
    })
    .replaceAll(EXPORT_VALUE, (_whole, indent: string, space: string) => {
      exports("default", "__default");
      return `${indent}__default${blank(space)}   =`;
    })
    .replaceAll(EXPORT_LIST, (whole, _indent: string, list: string) => {
      for (const [name, as] of pairsOf(list)) exports(as, name);
      return blank(whole);
    })
    .replaceAll(META, "__meta     ");
  if (exported.length === 0 && all.length === 0) return body;
  return `${body}\nvar __default; __export({ ${exported.join(", ")} }, [${all.join(", ")}]);`;
}

/** "a, b as c" -> [["a", "a"], ["b", "c"]] */
function pairsOf(list: string): [name: string, as: string][] {
  return list
    .replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "")
    .map((each) => {
      const [name = "", as = name] = each.split(/\s+as\s+/);
      return [name, as];
    });
}

const TOKEN =
  /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`|\/\/.*|\/\*[\s\S]*?\*\/|[\w$]+|[^\w\s]|\n/g;

/**
 * The names that a declaration declares: `a = 1, { b, c: [d] } = f(x, y);`
 * @param text what follows `const`; the declaration ends at its semicolon, or at the end of a line that can be its last
 */
export function declaredNames(text: string): string[] {
  const bindings: string[] = [""];
  let depth = 0;
  let inBinding = true;
  let last = "";
  for (const [token] of text.matchAll(TOKEN)) {
    if (token.startsWith("//") || token.startsWith("/*")) continue;
    const outside = depth === 0;
    if (outside && (token === ";" || (last === "\n" && token !== ","))) break;
    if (token === "\n") {
      if (outside && !/^[=,]?$/.test(last)) last = token;
      continue;
    }
    last = token;
    if (/[([{]/.test(token)) depth += 1;
    if (/[)\]}]/.test(token)) depth -= 1;
    if (outside && token === ",") {
      bindings.push("");
      inBinding = true;
    } else if (outside && token === "=") {
      inBinding = false;
    } else if (inBinding) {
      bindings.push(`${bindings.pop()}${token}`);
    }
  }
  return bindings.flatMap(boundNames);
}

/** In a pattern a name is bound where nothing follows but its default. */
function boundNames(binding: string): string[] {
  if (/^[\w$]+$/.test(binding)) return [binding];
  return [...binding.matchAll(/(?:[{[,:]|\.\.\.)([\w$]+)(?=[,}\]=])/g)].map(([, name = ""]) => name);
}

const lineEnds = (text: string): string => "\n".repeat(text.split("\n").length - 1);

/** Keeps lines and columns. */
const blank = (text: string): string => text.replaceAll(/[^\n]/g, " ");
