import * as v from "valibot";
import { languages, type LanguageId } from "../protocol/language.ts";
import type { ProblemView } from "../protocol/problem.ts";
import { FileName, MAX_SOURCE_FILES, type Source, type SourceFile } from "../protocol/source.ts";
import { sourceNames, starters } from "./starters.ts";

/**
 * The files that somebody writes for a problem, changed by functions that give a new source: one file at first, named
 * as its language wants it, and more where somebody adds them.
 */

/** Why a name cannot be given to a file, or null when it can. */
export function nameFault(source: Source, name: string): "invalid" | "taken" | null {
  if (!v.is(FileName, name)) return "invalid";
  return source.files.some((file) => file.name === name) ? "taken" : null;
}

/** What a language begins with; a problem that asks for answers begins with an empty file for each sample. */
export function firstSource(problem: ProblemView, language: LanguageId): Source {
  if (problem.types.includes("submit-answer")) {
    // By the whole path, which tells a test from all others (rules/package/answers.ts).
    const tests =
      problem.samples.length === 0 ? ["secret-1"] : problem.samples.map(({ name }) => `sample-${name}`);
    return {
      files: tests.map((test) => ({ name: `${test.replaceAll("/", "-")}.out`, text: "" })),
      entryPoint: null,
    };
  }
  return oneFile(language, starters[language]);
}

export const oneFile = (language: LanguageId, text: string): Source => ({
  files: [{ name: sourceNames[language], text }],
  entryPoint: null,
});

/** A name for one more file: the first file's with a number that is free. */
export function freshName(source: Source): string {
  const [, stem = "file", ending = ""] = /^(.*?)\d*(\.[^.]*)?$/.exec(source.files[0]?.name ?? "") ?? [];
  let number = source.files.length + 1;
  while (nameFault(source, `${stem}${number}${ending}`) === "taken") number += 1;
  return `${stem}${number}${ending}`;
}

/** Puts a file at the end, or in the place of the one that has its name. No change when there are too many already. */
export function withFile(source: Source, file: SourceFile): Source {
  const { files } = source;
  if (files.some(({ name }) => name === file.name)) {
    return { ...source, files: files.map((one) => (one.name === file.name ? file : one)) };
  }
  return files.length >= MAX_SOURCE_FILES ? source : { ...source, files: [...files, file] };
}

/** Leaves at least one file; an entry point that went with the file is forgotten. */
export function withoutFile(source: Source, name: string): Source {
  if (source.files.length <= 1) return source;
  const files = source.files.filter((file) => file.name !== name);
  return { files, entryPoint: entryOf(source, name) ? null : source.entryPoint };
}

/** Renames a file; an entry point that meant it goes on meaning it. */
export function renamed(source: Source, before: string, after: string, language: LanguageId): Source {
  const meant = entryOf(source, before);
  return {
    files: source.files.map((file) => (file.name === before ? { ...file, name: after } : file)),
    entryPoint: meant ? entryName(after, language) : source.entryPoint,
  };
}

const entryOf = ({ entryPoint }: Source, name: string): boolean =>
  entryPoint !== null && (entryPoint === name || entryPoint === classOf(name));

/** Languages whose files all go into one program, which starts where the language says; answers start nothing. */
const compiledTogether: ReadonlySet<string> = new Set(["c", "cpp", "cpp17", "csharp", "go", "answers"]);

const classOf = (name: string): string => {
  const stem = name.replace(/\.[^.]*$/, "");
  return name.endsWith(".kt") ? `${stem.slice(0, 1).toUpperCase()}${stem.slice(1)}Kt` : stem;
};

/** How a file is named as the place where a program starts: in Java and Kotlin by its class, elsewhere by itself. */
const entryName = (file: string, language: LanguageId): string =>
  startedByClass.has(language) ? classOf(file) : file;

const startedByClass: ReadonlySet<string> = new Set(["java", "kotlin"]);

/** The places where a program of several files may start; none where the language leaves no choice. */
export function entryPoints(source: Source, language: LanguageId): string[] {
  if (source.files.length < 2 || compiledTogether.has(language)) return [];
  const { extensions } = languages[language];
  return source.files
    .filter(({ name }) => extensions.some((ending) => name.endsWith(`.${ending}`)))
    .map(({ name }) => entryName(name, language));
}

/** The files with the one that starts the program first, as runtimes in the browser want them. */
export function entryFirst({ files, entryPoint }: Source, language: LanguageId): SourceFile[] {
  const start = entryPoint ?? sourceNames[language];
  return files.toSorted((a, b) => Number(b.name === start) - Number(a.name === start));
}

/** Bytes of all files together. */
export const sourceBytes = ({ files }: Source): number =>
  files.reduce((sum, { text }) => sum + new TextEncoder().encode(text).length, 0);

export const isEmpty = ({ files }: Source): boolean => files.every(({ text }) => text.trim() === "");

/** Whether two sources are the same, file by file. */
export const sameSource = (a: Source, b: Source): boolean =>
  a.entryPoint === b.entryPoint &&
  a.files.length === b.files.length &&
  a.files.every(({ name, text }, index) => b.files[index]?.name === name && b.files[index]?.text === text);
