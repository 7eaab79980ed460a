import type { HostileProgram } from "./program.ts";

const common = {
  language: "c",
  guarantee: "compilers",
  quick: false,
  expected: ["CE"],
  limits: { compilationTimeS: 4 },
} as const;

/** Sources that are made to use the compiler against the judge. */
export const compilerPrograms: readonly HostileProgram[] = [
  {
    ...common,
    name: "no-secret-can-be-included",
    source: "include-secrets.c",
    quick: true,
    expected: ["AC"],
  },
  { ...common, name: "no-answer-can-be-included", source: "include-answer.c", quick: true },
  { ...common, name: "including-a-file-without-end-is-stopped", source: "include-random.c" },
  { ...common, name: "including-zeros-without-end-is-stopped", source: "include-zero.c" },
  { ...common, name: "the-compilers-stdin-is-empty", source: "include-stdin.c", expected: ["AC"] },
  { ...common, name: "a-source-that-includes-itself-is-refused", source: "include-itself.c", quick: true },
  { ...common, name: "a-tree-of-includes-is-stopped", source: "include-tree.c" },
  { ...common, name: "no-secret-can-be-embedded", source: "embed-secret.c", quick: true },
  { ...common, name: "a-file-without-end-cannot-be-embedded", source: "embed-zero.c" },
  { ...common, name: "an-assembler-that-repeats-itself-is-stopped", source: "assembler-loop.c" },
  { ...common, name: "a-preprocessor-bomb-is-stopped", source: "macro-bomb.c" },
  { ...common, name: "errors-without-end-are-cut", source: "error-bomb.c", quick: true },
  { ...common, name: "warnings-are-no-error", source: "warning-flood.c", expected: ["AC"] },
  { ...common, name: "a-program-of-a-gigabyte-is-refused", source: "huge-object.c" },
  { ...common, name: "a-program-of-a-terabyte-is-refused", source: "huge-object-cheap.c" },
  { ...common, name: "templates-without-end-are-stopped", source: "templates.cpp", language: "cpp" },
  { ...common, name: "computing-at-compile-time-is-stopped", source: "constexpr.cpp", language: "cpp" },
  { ...common, name: "memory-at-compile-time-is-bounded", source: "constexpr-memory.cpp", language: "cpp" },
  { ...common, name: "errors-longer-than-books-are-cut", source: "error-tower.cpp", language: "cpp" },
  { ...common, name: "inference-without-end-is-stopped", source: "inference.java", language: "java" },
  { ...common, name: "nesting-without-end-is-refused", source: "nested.py", language: "python3" },
];
