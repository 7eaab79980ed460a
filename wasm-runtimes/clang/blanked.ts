/** Comments, raw strings, strings and characters of C++ ([lex.phases] of the standard), in the order in which each would begin. */
const TEXT =
  /\/\/(?:\\\n|[^\n])*|\/\*[^]*?(?:\*\/|$)|\bR"([^\s()\\]{0,16})\([^]*?\)\1"|"(?:\\[^]|[^"\\\n])*"|(?<![0-9a-fA-F])'(?:\\[^]|[^'\\\n])*'/g;

/** The source with blanks in the place of all that is not code, and every line and column where it was. */
export function blanked(source: string): string {
  return source.replace(TEXT, (text) => text.replace(/[^\n]/g, " "));
}
