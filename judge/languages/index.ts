import type { ProgrammingLanguageId } from "../../protocol/language.ts";
import { bash } from "./bash.ts";
import { c } from "./c.ts";
import { cpp } from "./cpp.ts";
import { cpp17 } from "./cpp17.ts";
import { csharp } from "./csharp.ts";
import { golang } from "./go.ts";
import { haskell } from "./haskell.ts";
import { java } from "./java.ts";
import { javascript } from "./javascript.ts";
import { kotlin } from "./kotlin.ts";
import type { Language } from "./language.ts";
import { lua54 } from "./lua.ts";
import { pascal } from "./pascal.ts";
import { perl } from "./perl.ts";
import { php } from "./php.ts";
import { pypy3 } from "./pypy3.ts";
import { python3 } from "./python3.ts";
import { ruby } from "./ruby.ts";
import { rust } from "./rust.ts";
import { typescript } from "./typescript.ts";

export type { Entry, Language } from "./language.ts";

export const judgeLanguages: Readonly<Record<ProgrammingLanguageId, Language>> = {
  bash,
  c,
  cpp,
  cpp17,
  csharp,
  go: golang,
  haskell,
  java,
  javascript,
  kotlin,
  lua: lua54,
  pascal,
  perl,
  php,
  python3,
  pypy3,
  ruby,
  rust,
  typescript,
};
