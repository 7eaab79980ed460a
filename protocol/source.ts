import * as v from "valibot";

/** The most files that a submission may have. */
export const MAX_SOURCE_FILES = 50;

/** The largest submission that any problem may allow, in bytes of all its files together. */
export const MAX_SOURCE_BYTES = 512 * 1024;

/** A file name as problem packages have them (2025-09, "General requirements"): no folders, no leading dot or hyphen. */
export const FileName = v.pipe(
  v.string(),
  v.regex(
    /^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,254}$/,
    "must consist of letters, digits, dots, hyphens and underscores, and begin with none of the first two",
  ),
);

/** One file of a submission. */
export const SourceFile = v.strictObject({ name: FileName, text: v.string() });
export type SourceFile = v.InferOutput<typeof SourceFile>;

/**
 * What is compiled and run. A single file is named as its language wants it, whatever name it came with (a Java class
 * decides its file's name); several keep their names.
 */
export const sourceEntries = {
  files: v.pipe(
    v.array(SourceFile),
    v.minLength(1, "at least one file"),
    v.maxLength(MAX_SOURCE_FILES, `at most ${MAX_SOURCE_FILES} files`),
    v.check((files) => files.some(({ text }) => text !== ""), "must not be empty"),
    v.check(
      (files) => new Set(files.map(({ name }) => name)).size === files.length,
      "has two files of the same name",
    ),
  ),
  /** Which of several files (in Java: which class) starts the program; null where the language has a rule for it. */
  entryPoint: v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(255))),
};

export const Source = v.object(sourceEntries);
export type Source = v.InferOutput<typeof Source>;
