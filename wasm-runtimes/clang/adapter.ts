import type { Adapter } from "../runtime.ts";
import { exercisesOf } from "./exercises.ts";
import { CORES, HEADER_FILE, OBJECT_FILES, RESOURCES_FILE, SUPPORT_FILE } from "./files.ts";
import type { ClangLanguage } from "./flags.ts";

const PREPARED = [SUPPORT_FILE, HEADER_FILE];

/** C and C++ share everything but the language that the compiler is told. */
export const clang = (language: ClangLanguage): Adapter => ({
  toolchain: "Clang 22.1.0",
  modules: CORES,
  spareWorkers: 1,
  // Programs are compiled, not checked.
  checkedWorkerIsFresh: false,
  compiler: {
    language,
    files: [...CORES, RESOURCES_FILE, ...OBJECT_FILES, ...(language === "cpp" ? PREPARED : [])],
    makes: "module",
    exercises: exercisesOf(language),
  },
});
