import * as v from "valibot";

/**
 * Ids of the languages, as the CLICS Contest API and the problem package format name them; where these know one
 * language, its dialects stand behind it.
 *
 * `answers` is what submit-answer problems take: the files are outputs, named after the tests. Nothing compiles or runs
 * it, and no judge offers it.
 */
export const LanguageId = v.picklist([
  "bash",
  "c",
  "cpp",
  "cpp17",
  "csharp",
  "go",
  "haskell",
  "java",
  "javascript",
  "kotlin",
  "lua",
  "pascal",
  "perl",
  "php",
  "python3",
  "pypy3",
  "ruby",
  "rust",
  "typescript",
  "answers",
]);
export type LanguageId = v.InferOutput<typeof LanguageId>;

/** A language that programs are written in. */
export type ProgrammingLanguageId = Exclude<LanguageId, "answers">;

export interface Language {
  /** As people write it; not translated. */
  name: string;
  /** File name endings that mean this language, without the dot; the first is the usual one. */
  extensions: readonly [string, ...string[]];
  /** The language that this is another version or implementation of: who allows that one allows this one. */
  dialectOf?: LanguageId;
}

export const languages: Readonly<Record<LanguageId, Language>> = {
  bash: { name: "Bash", extensions: ["sh", "bash"] },
  c: { name: "C", extensions: ["c"] },
  cpp: { name: "C++", extensions: ["cpp", "cc", "cxx", "c++", "C"] },
  cpp17: { name: "C++17", extensions: ["cpp", "cc", "cxx", "c++", "C"], dialectOf: "cpp" },
  csharp: { name: "C#", extensions: ["cs"] },
  go: { name: "Go", extensions: ["go"] },
  haskell: { name: "Haskell", extensions: ["hs"] },
  java: { name: "Java", extensions: ["java"] },
  javascript: { name: "JavaScript", extensions: ["js", "mjs", "cjs"] },
  kotlin: { name: "Kotlin", extensions: ["kt"] },
  lua: { name: "Lua", extensions: ["lua"] },
  pascal: { name: "Pascal", extensions: ["pas", "pp"] },
  perl: { name: "Perl", extensions: ["pl", "pm"] },
  php: { name: "PHP", extensions: ["php"] },
  python3: { name: "Python 3", extensions: ["py", "py3"] },
  pypy3: { name: "PyPy 3", extensions: ["py", "py3"], dialectOf: "python3" },
  ruby: { name: "Ruby", extensions: ["rb"] },
  rust: { name: "Rust", extensions: ["rs"] },
  typescript: { name: "TypeScript", extensions: ["ts", "mts", "cts"] },
  answers: { name: "Output files", extensions: ["out"] },
};

const isProgramming = (id: LanguageId): id is ProgrammingLanguageId => id !== "answers";

/** What a problem that allows all languages allows. */
export const programmingLanguages: readonly ProgrammingLanguageId[] =
  LanguageId.options.filter(isProgramming);

/** The language that a file name's ending means, or null when none does; of dialects, the language itself. */
export function languageOfFile(name: string): ProgrammingLanguageId | null {
  const ending = name.slice(name.lastIndexOf(".") + 1);
  // "C" is C++ and "c" is C; apart from that, capitals mean nothing.
  for (const each of [ending, ending.toLowerCase()]) {
    const found = programmingLanguages.find((id) => languages[id].extensions.includes(each));
    if (found !== undefined) return found;
  }
  return null;
}
