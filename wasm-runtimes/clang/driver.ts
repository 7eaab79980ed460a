import { languages } from "../../protocol/language.ts";
import type { SourceFile } from "../contract.ts";
import { continueOnFreshStacks } from "./continuation/rewrite.ts";
import { BUILTINS, flags, LINK, START, type ClangLanguage } from "./flags.ts";
import { isGiven, MEMORY } from "./imports.ts";
import { missingIncludes } from "./includes/missing.ts";
import { importMemory, importsOf } from "./layout.ts";
import { STANDARD_HEADER, standardHeaderTree } from "./standard-header.ts";

/** A tree of files as the tools see it, from its root. */
export type Tree = { [name: string]: Tree | string | Uint8Array };

/**
 * Runs one of the tools: its name and what it is told.
 * @param hear hears its complaints
 * @returns what it wrote to standard output, and all files as it left them; null when it failed
 */
export type RunTool = (
  command: readonly string[],
  files: Tree,
  hear: (text: string) => void,
) => Promise<{ output: Uint8Array; files: Tree } | null>;

export interface Toolchain {
  run: RunTool;
  /** What is linked into programs: our own support, in front of the libraries. That of C++ once the site has made it. */
  objects: Readonly<Record<string, Uint8Array>>;
  /** The C++ library's precompiled header, once the site has made it. */
  header: Uint8Array | null;
}

export type Compiled = { program: Uint8Array<ArrayBuffer> | null; text: string };

const HEADER = "standard.pch";
const PROGRAM = "program.wasm";

/** Names that the headers of a program clash with only because all of the C++ library is there. */
const CLASH = /\b(ambiguous|redefinition|redeclared|different kind of symbol|conflict(s|ing)?)\b/;

/**
 * Compiles the files that have the language's ending, each by itself, and links them.
 * @returns null as program when the tools refused, and all that they said
 */
export async function compileProgram(
  language: ClangLanguage,
  files: readonly SourceFile[],
  toolchain: Toolchain,
): Promise<Compiled> {
  const usesHeader = language === "cpp" && toolchain.header !== null;
  const compiled = await compileWith(language, files, toolchain, usesHeader);
  const asksForAll = files.some(({ text }) => text.includes(STANDARD_HEADER));
  if (compiled.program === null && usesHeader && !asksForAll && CLASH.test(compiled.text))
    return compileWith(language, files, toolchain, false);
  const missing = usesHeader && !asksForAll && compiled.program !== null ? missingIncludes(files) : "";
  return missing === "" ? compiled : { program: null, text: compiled.text + missing };
}

async function compileWith(
  language: ClangLanguage,
  files: readonly SourceFile[],
  { run, objects, header }: Toolchain,
  usesHeader: boolean,
): Promise<Compiled> {
  let text = "";
  const hear = (said: string): void => void (text += said);
  const tree = treeOf(files);
  if (language === "cpp") Object.assign(tree, standardHeaderTree());
  if (usesHeader && header !== null) tree[HEADER] = header;
  const ahead = usesHeader ? ["-include-pch", HEADER] : [];
  const made: Record<string, Uint8Array> = {};
  for (const [index, { name }] of unitsOf(language, files).entries()) {
    // To standard output: objects hold every zero of global arrays, and a file is copied as a whole for each block that is added to it.
    const object = await run([...flags[language].compile, ...ahead, "-c", name, "-o", "-"], tree, hear);
    // Of several files, the first that does not compile is enough to mend.
    if (object === null) return { program: null, text };
    made[`${index}.o`] = object.output;
  }
  if (Object.keys(made).length === 0)
    return { program: null, text: `No file has the ending of ${language}.` };
  const support = language === "c" ? [START, "abort.o"] : ["support.o"];
  const order = [
    ...support,
    "memory.o",
    "stack.o",
    ...Object.keys(made),
    ...flags[language].libraries,
    BUILTINS,
  ];
  const linked = await run([...LINK, ...order, "-o", PROGRAM], { ...objects, ...made }, hear);
  const program = linked?.files[PROGRAM];
  return program instanceof Uint8Array ? finished(program, text) : { program: null, text };
}

/** By their endings, as those whom the judge compiles. */
function unitsOf(language: ClangLanguage, files: readonly SourceFile[]): SourceFile[] {
  const endings = languages[language].extensions;
  return files.filter(({ name }) => endings.includes(name.slice(name.lastIndexOf(".") + 1)));
}

function treeOf(files: readonly SourceFile[]): Tree {
  const tree: Tree = {};
  for (const { name, text } of files) {
    const folders = name.split("/");
    const base = folders.pop() ?? name;
    let place = tree;
    for (const folder of folders) {
      const known = place[folder];
      place = typeof known === "object" && !(known instanceof Uint8Array) ? known : (place[folder] = {});
    }
    place[base] = text;
  }
  return tree;
}

/** A program may ask for any import by name: those that it does not get are told here, and not when it runs. */
function finished(program: Uint8Array, text: string): Compiled {
  const foreign = importsOf(program).filter((each) => !isGiven(each));
  if (foreign.length === 0) return { program: importMemory(continueOnFreshStacks(program), MEMORY), text };
  const names = foreign.map(({ module, name }) => `"${name}" of "${module}"`).join(", ");
  return { program: null, text: `${text}error: a program cannot import ${names} here\n` };
}
