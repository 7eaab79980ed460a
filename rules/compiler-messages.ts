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

type Place = Pick<CompilerMessage, "file" | "line" | "column">;
type Complaint = Pick<CompilerMessage, "severity" | "text">;

/** gcc, clang, javac, kotlinc, ghc: `main.cpp:3:5: error: …`, `Main.java:3: error: …` */
const COLONS = /^([^\s:]+):(\d+):(?:(\d+):)? ?(?:fatal )?(error|warning): ?(.*)$/;
/** mcs, fpc, tsc: `main.cs(3,5): error CS1002: …`, `main.pas(3,5) Error: …` */
const PARENTHESES = /^([^\s:()]+)\((\d+),(\d+)\):? (error|warning)(?: \w+)?: (.*)$/i;
/** go: `./main.go:3:5: …` */
const GO = /^\.\/([^\s:]+):(\d+):(\d+)(): (.*)$/;
/** rustc: `error[E0425]: …`, and in the next line ` --> main.rs:3:5` */
const RUST = /^(error|warning)(?:\[\w+\])?: (.*)$/;
const RUST_PLACE = /^\s*--> ([^\s:]+):(\d+):(\d+)$/;
/** How a template came to be used: `main.cpp:6:5: note: in instantiation of … requested here`, `main.cpp:6:9:   required from here` */
const LED_THERE = /^([^\s:]+):(\d+):(\d+): (?:note: .* requested here| +required from .*)$/;
/** Node: `main.js:3` or `evalmachine.<anonymous>:3`, then the source line, then `SyntaxError: …` */
const NODE = /^(\S*?):(\d+)$/;
/** Python: `  File "main.py", line 3` */
const PYTHON = /^\s*File "([^"]*)", line (\d+)/;
const LAST_SENTENCE = /^([\w.]*(?:Error|Exception|Interrupt|Warning)\b.*)$/;
/** Node, Java: the calls that led there, under the sentence, the innermost first. */
const CALL = /^\s+at (?!j(?:ava|dk)\.)(?:.*\()?([^\s():]+):(\d+)(?::(\d+))?\)?$/;

/**
 * Finds the places in the source that a compiler's output speaks of, for the marks at the editor's edge.
 * What it says of a file of the library counts for the place in the source that led there, as with a template or a call.
 * Output that it does not understand gives no marks; it is shown whole anyway.
 */
export function compilerMessages(output: string): CompilerMessage[] {
  const found: CompilerMessage[] = [];
  /** Where in the source a complaint that follows comes from; a complaint whose place follows. */
  let place: Place | null = null;
  let complaint: Complaint | null = null;
  const put = (where: Place, what: Complaint): void => {
    found.push({ ...where, ...what });
    place = null;
    complaint = null;
  };
  const lines = output.split("\n");
  for (const [index, line] of lines.entries()) {
    const compiler = COLONS.exec(line) ?? PARENTHESES.exec(line) ?? GO.exec(line);
    if (compiler) {
      const what = {
        severity: severityOf(compiler[4]),
        // ghc begins the sentence in the next line.
        text: /^(?:\[[^\]]*\])?$/.test(compiler[5] ?? "")
          ? (lines[index + 1] ?? "").trim()
          : (compiler[5] ?? ""),
      };
      const where = placeOf(compiler);
      complaint = null;
      if (isInSource(compiler[1])) put(where, what);
      else if (place !== null) put(place, what);
      else complaint = what;
      continue;
    }
    const led = LED_THERE.exec(line) ?? RUST_PLACE.exec(line) ?? CALL.exec(line);
    if (led) {
      if (!isInSource(led[1])) continue;
      if (complaint !== null) put(placeOf(led), complaint);
      // Above the complaint as gcc writes it; of several the one that is closest to it.
      else if (LED_THERE.test(line)) place ??= placeOf(led);
      continue;
    }
    const rust = RUST.exec(line);
    if (rust) complaint = { severity: severityOf(rust[1]), text: rust[2] ?? "" };
    // A traceback names the innermost call last, and ends with what went wrong.
    const python = PYTHON.exec(line);
    if (python?.[1]?.endsWith(".py") && isInSource(python[1])) place = placeOf(python);
    const node = NODE.exec(line);
    if (node && place === null && isInSource(node[1])) place = placeOf(node);
    const sentence = LAST_SENTENCE.exec(line)?.[1];
    if (sentence === undefined) continue;
    if (place !== null) put(place, { severity: "error", text: sentence });
    else complaint = { severity: "error", text: sentence };
  }
  return found;
}

const severityOf = (word: string | undefined): "error" | "warning" =>
  word?.toLowerCase() === "warning" ? "warning" : "error";

const placeOf = ([, path, line, column]: RegExpExecArray): Place => ({
  file: baseName(path),
  line: Number(line),
  column: column === undefined ? null : Number(column),
});

/** Compilers call sources by their names, or by where judges put them; what is elsewhere comes with the language. */
const isInSource = (path: string | undefined): boolean =>
  path !== undefined && /^(?:\/box\/|(?!\/|node:|<))/.test(path);

/** "evalmachine.<anonymous>" and the like are no files. */
function baseName(path: string | undefined): string | null {
  const name = path?.slice(path.lastIndexOf("/") + 1) ?? "";
  return name === "" || name.includes("<") ? null : name;
}
