import type { ProgrammingLanguageId } from "../../protocol/language.ts";
import { c } from "./c.ts";
import { cpp } from "./cpp.ts";
import { java } from "./java.ts";
import { javascript } from "./javascript.ts";
import type { Language } from "./language.ts";
import { python3 } from "./python3.ts";

export type { Entry, Language } from "./language.ts";

export const judgeLanguages: Readonly<Partial<Record<ProgrammingLanguageId, Language>>> = {
  c,
  cpp,
  java,
  javascript,
  python3,
};
