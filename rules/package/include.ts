import { LanguageId, languages, programmingLanguages } from "../../protocol/language.ts";
import * as v from "valibot";
import type { Metadata } from "./metadata.ts";
import type { Files, Package } from "./package.ts";
import type { Report } from "./report.ts";

/**
 * Reads `include/<language>/` and `include/default/` (2025-09, "Included files"). A language's files go with its
 * dialects too, unless these have some of their own.
 */
export function readInclude(files: Files, metadata: Metadata, report: Report): Package["include"] {
  const include = new Map<LanguageId | "default", Map<string, Uint8Array>>();
  const unknown = new Set<string>();
  for (const [path, bytes] of files) {
    const [top, folder, name, ...rest] = path.split("/");
    if (top !== "include" || folder === undefined) continue;
    if (name === undefined) {
      report.warn(path, "is ignored: included files lie in include/default/ or include/<language>/");
    } else if (rest.length > 0) {
      report.error(path, "lies too deep: included files lie side by side in their language's folder");
    } else if (folder === "default" || v.is(LanguageId, folder)) {
      include.set(folder, (include.get(folder) ?? new Map<string, Uint8Array>()).set(name, bytes));
    } else {
      unknown.add(folder);
    }
  }
  for (const folder of unknown)
    report.warn(`include/${folder}/`, "is ignored, since that language is not judged here");
  if (include.size > 0 && metadata.types.includes("submit-answer")) {
    report.error("include/", "has no meaning where answers are submitted, not programs");
  }
  for (const language of include.keys()) {
    if (language !== "default" && !metadata.languages.includes(language))
      report.error(`include/${language}/`, "is for a language that problem.yaml does not allow");
  }
  for (const dialect of programmingLanguages) {
    const { dialectOf } = languages[dialect];
    const shared = dialectOf && include.get(dialectOf);
    if (shared !== undefined && !include.has(dialect)) include.set(dialect, shared);
  }
  return include;
}
