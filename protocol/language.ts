import * as v from "valibot";

/** Ids of the languages, as the CLICS Contest API names them. */
export const LanguageId = v.picklist(["c", "cpp", "java", "javascript", "python3"]);
export type LanguageId = v.InferOutput<typeof LanguageId>;

export interface Language {
  /** As people write it; not translated. */
  name: string;
  /** File name endings that mean this language, without the dot; the first is the usual one. */
  extensions: readonly [string, ...string[]];
}

export const languages: Readonly<Record<LanguageId, Language>> = {
  c: { name: "C", extensions: ["c"] },
  cpp: { name: "C++", extensions: ["cpp", "cc", "cxx", "c++"] },
  java: { name: "Java", extensions: ["java"] },
  javascript: { name: "JavaScript", extensions: ["js", "mjs", "cjs"] },
  python3: { name: "Python 3", extensions: ["py"] },
};

/** The language that a file name's ending means, or null when none does. */
export function languageOfFile(name: string): LanguageId | null {
  const ending = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return LanguageId.options.find((id) => languages[id].extensions.includes(ending)) ?? null;
}
