import type { ts } from "@ts-morph/common";
import type { SourceFile } from "../contract.ts";
import { path } from "../javascript/node/path.ts";
import { NODE_DECLARATIONS, libraryFile, ROOT_LIBRARIES } from "./declarations.ts";

/** Says what is wrong with the types of programs, as often as it is asked. */
export interface Checker {
  /** @returns what a compiler would print, each fault with file, line and column; "" when the types fit */
  check(files: readonly SourceFile[]): string;
}

type TypeScript = typeof ts;

const PROGRAM = "/program";
const LIBRARY = "/library";
/** Nobody reads more. */
const MOST_FAULTS = 100;
/** To install declarations, or to choose a newer library: neither is to be had here. */
const ADVICE = / Do you need to .*$/;
/** Of a line of the program; one that is longer is not shown. */
const LONGEST_LINE = 160;

/** @param declarations the library's and Node's, by name: what assets.ts makes */
export function openChecker(typescript: TypeScript, declarations: Readonly<Record<string, string>>): Checker {
  const options = optionsOf(typescript);
  const library = new Map(Object.entries(declarations).map(([name, text]) => [`${LIBRARY}/${name}`, text]));
  const known = new Map<string, ts.SourceFile>();
  const read: Read = (name, text, how) => {
    const jsDocParsingMode = typescript.JSDocParsingMode.ParseNone;
    const asAsked = typeof how === "object" ? how : { languageVersion: how };
    const file = known.get(name) ?? typescript.createSourceFile(name, text, { ...asAsked, jsDocParsingMode });
    if (library.has(name)) known.set(name, file);
    return file;
  };
  return {
    check(files) {
      const own = new Map(files.map(({ name, text }) => [path.resolve(PROGRAM, name), text]));
      const rootNames = [...own.keys()].filter((name) => /\.[cm]?[jt]s$/.test(name));
      const program = typescript.createProgram({
        rootNames: [...rootNames, `${LIBRARY}/${NODE_DECLARATIONS}`],
        options,
        host: hostOf(new Map([...own, ...library]), read),
      });
      return printed(typescript, faultsOf(program));
    },
  };
}

/** Parses a file; the library's only once. */
type Read = (name: string, text: string, how: ts.ScriptTarget | ts.CreateSourceFileOptions) => ts.SourceFile;

/** What runs is what the browser and the judge run: TypeScript whose types are taken off, in Node. */
const optionsOf = ({ ModuleKind, ModuleDetectionKind, ScriptTarget }: TypeScript): ts.CompilerOptions => ({
  target: ScriptTarget.ES2024,
  lib: ROOT_LIBRARIES.map(libraryFile),
  types: [],
  // `import`, `import = require()` and `export =`, each as it is written.
  module: ModuleKind.Preserve,
  // `await` at the top makes a module of a file that imports nothing.
  moduleDetection: ModuleDetectionKind.Force,
  // An import of a type that does not say so finds nothing when the program runs.
  verbatimModuleSyntax: true,
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
  allowJs: true,
  strict: true,
  skipLibCheck: true,
  noEmit: true,
});

/** Nothing but these files exists, and imports find them by their whole names, as when the program runs. */
const hostOf = (texts: ReadonlyMap<string, string>, read: Read): ts.CompilerHost => ({
  getSourceFile(name, how) {
    const text = texts.get(name);
    return text === undefined ? undefined : read(name, text, how);
  },
  fileExists: (name) => texts.has(name),
  readFile: (name) => texts.get(name),
  directoryExists: () => false,
  getDirectories: () => [],
  getDefaultLibFileName: () => `${LIBRARY}/${libraryFile("es5")}`,
  getDefaultLibLocation: () => LIBRARY,
  getCurrentDirectory: () => PROGRAM,
  getCanonicalFileName: (name) => name,
  useCaseSensitiveFileNames: () => true,
  getNewLine: () => "\n",
  writeFile() {},
  resolveModuleNameLiterals: (literals, from) =>
    literals.map(({ text }) => {
      const name = path.resolve(path.dirname(from), text);
      const isFile = /^\.{0,2}\//.test(text) && texts.has(name);
      return {
        resolvedModule: isFile ? { resolvedFileName: name, extension: endingOf(name) } : undefined,
      };
    }),
});

const endingOf = (name: string): string => /(\.d)?\.[^.]*$/.exec(name)?.[0] ?? "";

/** Of a text that is no TypeScript, only that; what its types are is guesswork. */
function faultsOf(program: ts.Program): readonly ts.Diagnostic[] {
  const syntax = program.getSyntacticDiagnostics();
  if (syntax.length > 0) return syntax;
  return [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...program.getSemanticDiagnostics(),
  ];
}

function printed(typescript: TypeScript, found: readonly ts.Diagnostic[]): string {
  const faults = typescript.sortAndDeduplicateDiagnostics(found);
  const texts = faults.slice(0, MOST_FAULTS).map((fault) => printedFault(typescript, fault));
  const more = faults.length - texts.length;
  return texts.join("") + (more > 0 ? `... and ${more} more.\n` : "");
}

/** `main.ts:3:7: error: Type 'string' is not assignable to type 'number'. (TS2322)`, the line, and a mark below it. */
function printedFault(
  { flattenDiagnosticMessageText }: TypeScript,
  { file, start, length, code, messageText }: ts.Diagnostic,
): string {
  const [first, ...rest] = flattenDiagnosticMessageText(messageText, "\n").split("\n");
  const said = [`error: ${first?.replace(ADVICE, "")} (TS${code})`, ...rest];
  if (file === undefined || start === undefined) return `${said.join("\n")}\n`;
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  const name = file.fileName.replace(`${PROGRAM}/`, "");
  const told = `${name}:${line + 1}:${character + 1}: ${said.join("\n")}\n`;
  const text = file.text.split(/\r\n|[\n\r\u2028\u2029]/)[line] ?? "";
  if (text.length > LONGEST_LINE) return told;
  const before = text.slice(0, character).replaceAll(/[^\t]/g, " ");
  const mark = "~".repeat(Math.max(1, Math.min(length ?? 1, text.length - character)));
  return `${told}${text}\n${before}${mark}\n`;
}
