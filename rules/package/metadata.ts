import * as v from "valibot";
import { type LanguageId, languages, programmingLanguages } from "../../protocol/language.ts";
import type { ProblemType } from "../../protocol/problem.ts";
import { MAX_SOURCE_BYTES } from "../../protocol/source.ts";
import type { LocalText } from "../../protocol/text.ts";
import type { Package } from "./package.ts";
import type { Report } from "./report.ts";

export const FILE = "problem.yaml";

export type FormatVersion = "2025-09" | "2023-07-draft" | "legacy" | "legacy-icpc";

/** What `problem.yaml` says, the same for every version of the format. */
export interface Metadata {
  version: FormatVersion;
  /** Null in a legacy package that has none. */
  uuid: string | null;
  /** Null in a legacy package: its statement says it. */
  name: LocalText | null;
  types: readonly ProblemType[];
  keywords: readonly string[];
  credits: readonly string[];
  license: string;
  languages: readonly LanguageId[];
  /** `timeMs` is null when `problem.yaml` does not say. */
  limits: Package["limits"];
  /** 2025-09, "Allow file writing". */
  mayWriteFiles: boolean;
  /** Legacy `validation`; null where the presence of `output_validator/` decides. */
  validation: "default" | "custom" | null;
  /** Legacy `validator_flags`, given to the validator on every test. */
  validatorArgs: readonly string[];
  /** Text that replaces `{{name}}` (2025-09, "Constants"). */
  constants: ReadonlyMap<string, string>;
}

export const text = v.string();
export const positive = v.pipe(
  v.number(),
  v.finite("must be a finite number"),
  v.gtValue(0, "must be above 0"),
);
export const positiveInt = v.pipe(
  v.number(),
  v.integer("must be a whole number"),
  v.minValue(1, "must be at least 1"),
);
export const License = v.picklist([
  "unknown",
  "public domain",
  "cc0",
  "cc by",
  "cc by-sa",
  "educational",
  "permission",
]);
export const Uuid = v.pipe(
  text,
  v.regex(
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
    "is not a UUID like 4c7e5b0a-63a2-4a8e-9d39-3c1a5b1f2e70",
  ),
);

/** `Full Name <address>` to `Full Name`: addresses are not for every reader of a problem. */
export function withoutEmail(person: string): string {
  return person.replace(/\s*<[^>]*>\s*$/, "").trim();
}

/** 2025-09, "Rights owner". */
export function checkRightsOwner(
  license: string,
  problem: { rights_owner?: string | undefined; source?: unknown },
  credits: readonly string[],
  report: Report,
): void {
  if (license === "unknown") {
    report.warn(FILE, 'license: is "unknown"; say under which license the problem may be used');
  } else if (license === "public domain") {
    if (problem.rights_owner !== undefined) {
      report.error(FILE, "rights_owner: must not be given for a problem in the public domain");
    }
  } else if (problem.rights_owner === undefined && credits.length === 0 && problem.source === undefined) {
    report.warn(
      FILE,
      `rights_owner: is needed for the license "${license}" where no author or source is named`,
    );
  }
}

/** Our languages among those that the package allows, their dialects with them. */
export function languagesOf(said: string | string[], report: Report): LanguageId[] {
  const allowed = [said].flat();
  if (allowed.includes("all")) return [...programmingLanguages];
  const known = new Set<string>(programmingLanguages);
  const unknown = allowed.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    report.warn(FILE, `languages: ignored, since they are not judged here: ${unknown.join(", ")}`);
  }
  const ours = programmingLanguages.filter(
    (id) => allowed.includes(languages[id].dialectOf ?? id) || allowed.includes(id),
  );
  if (ours.length === 0)
    report.error(FILE, `languages: none of them is judged here (${programmingLanguages.join(", ")})`);
  return ours;
}

/**
 * Checks `validation_passes`, which only multi-pass problems have (2025-09, "Limits").
 *
 * @returns the most passes, which are 2 where nothing is said
 */
export function passesOf(said: number | undefined, types: readonly ProblemType[], report: Report): number {
  if (said !== undefined && !types.includes("multi-pass")) {
    report.error(FILE, "limits.validation_passes: is only for problems of the type multi-pass");
  }
  return said ?? 2;
}

/** The keys of `limits` that every version of the format has; times in seconds, sizes in MiB, the source in KiB. */
export interface LimitKeys {
  time_limit?: number | undefined;
  memory?: number | undefined;
  output?: number | undefined;
  code?: number | undefined;
  compilation_time?: number | undefined;
  compilation_memory?: number | undefined;
  validation_time?: number | undefined;
  validation_memory?: number | undefined;
  validation_output?: number | undefined;
}

/**
 * The limits with the format's typical system defaults ("Limits").
 *
 * @param derived - what each version of the format says in keys of its own
 */
export function limitsOf(
  limits: LimitKeys,
  derived: Pick<Package["limits"], "timing" | "validationPasses">,
  report: Report,
): Package["limits"] {
  const mostKiB = MAX_SOURCE_BYTES / 1024;
  const code = limits.code ?? 128;
  if (code > mostKiB)
    report.warn(FILE, `limits.code: no problem may allow more than ${mostKiB} KiB of source here`);
  const timeMs = limits.time_limit === undefined ? null : Math.max(1, Math.round(limits.time_limit * 1000));
  if (timeMs !== null && Math.abs(timeMs - (limits.time_limit ?? 0) * 1000) > 1e-6)
    report.warn(FILE, `limits.time_limit: is rounded to ${timeMs / 1000} s, since time is measured in ms`);
  return {
    timeMs,
    memoryMiB: limits.memory ?? 2048,
    outputMiB: limits.output ?? 8,
    codeKiB: Math.min(code, mostKiB),
    ...derived,
    compilationTimeS: limits.compilation_time ?? 60,
    compilationMemoryMiB: limits.compilation_memory ?? 2048,
    validationTimeS: limits.validation_time ?? 60,
    validationMemoryMiB: limits.validation_memory ?? 2048,
    validationOutputMiB: limits.validation_output ?? 8,
  };
}
