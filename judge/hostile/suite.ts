import { compilerPrograms } from "./compilers.ts";
import { isolationPrograms } from "./isolation.ts";
import { boundPrograms } from "./bounds.ts";
import type { HostileProgram } from "./program.ts";

export type { HostileProgram } from "./program.ts";

/** Every hostile program of ours. Sources lie beside this file; `contained.h` is what those in C share. */
export const hostilePrograms: readonly HostileProgram[] = [
  ...boundPrograms,
  ...isolationPrograms,
  ...compilerPrograms,
];
