/** A compiler's or interpreter's complaint about a place in the source. */
export interface CompilerMessage {
  /** The file's name as the compiler gives it, without its folder; null where the output names none. */
  file: string | null;
  /** 1 for the first line. */
  line: number;
  /** 1 for the first column; null when only the line is known. */
  column: number | null;
  severity: "error" | "warning";
  text: string;
}

/** gcc, clang, javac: `main.cpp:3:5: error: …`, `Main.java:3: error: …` */
const COMPILER = /^([^\s:]+):(\d+):(?:(\d+):)? ?(?:fatal )?(error|warning): (.*)$/;
/** Node: `main.js:3` or `evalmachine.<anonymous>:3`, then the source line, then `SyntaxError: …` */
const NODE = /^(\S*?):(\d+)$/;
/** Python: `  File "main.py", line 3` */
const PYTHON = /^\s*File "([^"]*)", line (\d+)/;
const LAST_SENTENCE = /^(\w*(?:Error|Exception|Interrupt|Warning)\b.*)$/;

/**
 * Finds the places in the source that a compiler's output speaks of, for the marks at the editor's edge.
 * Output that it does not understand gives no marks; it is shown whole anyway.
 */
export function compilerMessages(output: string): CompilerMessage[] {
  const lines = output.split("\n");
  const found: CompilerMessage[] = [];
  let place: { file: string | null; line: number } | null = null;
  for (const line of lines) {
    const compiler = COMPILER.exec(line);
    if (compiler) {
      found.push({
        file: baseName(compiler[1]),
        line: Number(compiler[2]),
        column: compiler[3] === undefined ? null : Number(compiler[3]),
        severity: compiler[4] === "warning" ? "warning" : "error",
        text: compiler[5] ?? "",
      });
      continue;
    }
    // A traceback names the innermost call last, and ends with what went wrong.
    const python = PYTHON.exec(line);
    if (python?.[1]?.endsWith(".py")) place = { file: baseName(python[1]), line: Number(python[2]) };
    const node = NODE.exec(line);
    if (node && place === null) place = { file: baseName(node[1]), line: Number(node[2]) };
    const sentence = LAST_SENTENCE.exec(line);
    if (sentence && place !== null) {
      found.push({ ...place, column: null, severity: "error", text: sentence[1] ?? "" });
      place = null;
    }
  }
  return found;
}

/** "evalmachine.<anonymous>" and the like are no files. */
function baseName(path: string | undefined): string | null {
  const name = path?.slice(path.lastIndexOf("/") + 1) ?? "";
  return name === "" || name.includes("<") ? null : name;
}
