import type { LanguageId } from "../../protocol/language.ts";
import { EXCEPTION_FLAGS } from "./exceptions/flags.ts";

/**
 * How programs are compiled and linked here: said once, as what is prepared ahead must have been made with exactly these.
 * The judge compiles with `gcc -O2 -std=gnu17` and `g++ -O2 -std=gnu++20`.
 */

export type ClangLanguage = Extract<LanguageId, "c" | "cpp">;

interface Flags {
  /** The driver's name among the tools, and what it is told of each file. */
  compile: readonly [string, ...string[]];
  /** Libraries, in the order in which the linker searches them. */
  libraries: readonly string[];
}

/** What a program asks for at its start; more of it costs nothing until it is touched. */
export const STACK_BYTES = 64 * 1024 * 1024;

const emulation = [
  // `clock()` and `signal()` are not part of WASI: these libraries stand in for them, and their headers ask to be told so.
  "-D_WASI_EMULATED_PROCESS_CLOCKS",
  "-D_WASI_EMULATED_SIGNAL",
  "-D_WASI_EMULATED_MMAN",
  "-D_WASI_EMULATED_GETPID",
];

const emulated = [
  "-lwasi-emulated-process-clocks",
  "-lwasi-emulated-signal",
  "-lwasi-emulated-mman",
  "-lwasi-emulated-getpid",
];

/** Without the first, in front of the other, a program ends as soon as it prints or reads a `long double`. */
const libc = ["-lc-printscan-long-double", "-lc"];

export const flags: Readonly<Record<ClangLanguage, Flags>> = {
  c: {
    compile: ["clang", "-O2", "-std=gnu17", ...emulation],
    libraries: [...emulated, "-lm", ...libc],
  },
  cpp: {
    compile: [
      "clang++",
      "-O2",
      "-std=gnu++20",
      "-I/include",
      // Contestants write `move(x)` after `using namespace std`, and GCC says nothing of it.
      "-Wno-unqualified-std-cast-call",
      ...EXCEPTION_FLAGS,
      ...emulation,
    ],
    libraries: ["-lc++", "-lc++abi", ...emulated, "-lm", ...libc],
  },
};

export const LINK = [
  "wasm-ld",
  "-m",
  "wasm32",
  "-L/usr/lib/wasm32-wasip1",
  // The stack lies below everything else: an overflow traps, and never reaches a variable.
  "--stack-first",
  "-z",
  `stack-size=${STACK_BYTES}`,
  // By which an overflow of the stack is told from other faults.
  "--export=__stack_pointer",
  "--strip-debug",
] as const;

export const START = "/usr/lib/wasm32-wasip1/crt1-command.o";
export const BUILTINS = "/usr/lib/wasm32-unknown-wasip1/libclang_rt.builtins.a";

/** Reads the C++ library ahead, and writes what it has read to standard output. Programs that use it are compiled with the same flags. */
export const HEADER_COMMAND: readonly string[] = [
  ...flags.cpp.compile,
  "-x",
  "c++-header",
  // The same bytes whenever it is made, and files may be of another time.
  "-Xclang",
  "-fno-pch-timestamp",
  "/include/bits/stdc++.h",
  "-o",
  "-",
];
