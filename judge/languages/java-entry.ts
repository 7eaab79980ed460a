import type { Entry } from "./language.ts";

/**
 * Finds the class to start and the name that the file must have: javac wants a public class in a file of its name
 * (JLS 7.6), and contestants name theirs as they like.
 *
 * @returns the first top-level type that has a `static void main(`; where none has, the public or the first one, on
 * which the JVM then says what is missing
 */
export function javaEntry(source: string): Entry & { hasMain: boolean } {
  const code = withoutTextAndComments(source);
  const types = topLevelTypes(code);
  const starter = types.find((type) => /\bstatic\s+(?:final\s+)?void\s+main\s*\(/.test(type.body));
  const open = types.find((type) => type.isPublic);
  const name = (starter ?? open ?? types[0])?.name ?? "Main";
  const inPackage = /^\s*package\s+([\w.\s]+?)\s*;/.exec(code)?.[1]?.replace(/\s/g, "");
  return {
    file: `${(open ?? starter ?? types[0])?.name ?? "Main"}.java`,
    start: inPackage === undefined ? name : `${inPackage}.${name}`,
    hasMain: starter !== undefined,
  };
}

/** Blanks out comments, strings, text blocks and characters, so that their braces and words do not count. */
function withoutTextAndComments(source: string): string {
  return source.replace(
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"""[\s\S]*?(?<!\\)"""|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g,
    (text) => (text.startsWith("/") ? " " : '""'),
  );
}

interface Type {
  name: string;
  isPublic: boolean;
  body: string;
}

/** The declarations outside all braces, each with what its braces hold. */
function topLevelTypes(code: string): Type[] {
  const types: Type[] = [];
  let depth = 0;
  let from = 0;
  let head = "";
  for (let at = 0; at < code.length; at++) {
    const char = code[at];
    if (char === "{" && depth++ === 0) {
      head = code.slice(from, at);
      from = at;
    }
    if (char === "}" && depth > 0 && --depth === 0) {
      const name = /\b(?:class|interface|enum|record)\s+([\p{L}_$][\p{L}\p{N}_$]*)/u.exec(head)?.[1];
      const isPublic = /\bpublic\b/.test(head);
      if (name !== undefined) types.push({ name, isPublic, body: code.slice(from, at) });
      from = at + 1;
    }
  }
  return types;
}
