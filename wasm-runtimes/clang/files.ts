/** What the compiler's files are called, where they are made and where they are used. */

/** WebAssembly that the package is made of; the first is nearly all of it. */
export const CORES: readonly string[] = [
  "llvm.core.wasm",
  "llvm.core2.wasm",
  "llvm.core3.wasm",
  "llvm.core4.wasm",
];

/** The C library, the C++ library and their headers. */
export const RESOURCES_FILE = "llvm-resources.tar";

/** Our own support, which is linked into programs. */
export const OBJECT_FILES: readonly string[] = ["memory.o", "stack.o", "abort.o"];

/** What takes long to make, and comes after the site has started: the support of programs in C++, */
export const SUPPORT_FILE = "support.o";
/** and the C++ library's headers, read by the compiler ahead. */
export const HEADER_FILE = "cpp-header.pch";

/** The package looks for its files below this address, at which nothing is ever asked for. */
export const NOWHERE = "https://runtime.invalid/";
