import * as v from "valibot";
import { LanguageId } from "../../protocol/language.ts";
import {
  checkRightsOwner,
  FILE,
  languagesOf,
  License,
  limitsOf,
  type Metadata,
  positive,
  positiveInt,
  text,
  Uuid,
} from "./metadata.ts";
import type { Report } from "./report.ts";

/** `problem.yaml` of the formats `legacy` and `legacy-icpc`, and what DOMjudge adds to them (`limits.time_limit`). */
export const LegacyProblem = v.strictObject({
  problem_format_version: v.optional(text),
  type: v.optional(text),
  name: v.optional(v.union([text, v.record(text, text)])),
  uuid: v.optional(Uuid),
  author: v.optional(text),
  source: v.optional(text),
  source_url: v.optional(text),
  license: v.optional(License),
  rights_owner: v.optional(text),
  limits: v.optional(
    v.strictObject({
      time_limit: v.optional(positive),
      time_multiplier: v.optional(positive),
      time_safety_margin: v.optional(positive),
      memory: v.optional(positiveInt),
      output: v.optional(positiveInt),
      code: v.optional(positiveInt),
      compilation_time: v.optional(positiveInt),
      compilation_memory: v.optional(positiveInt),
      validation_time: v.optional(positiveInt),
      validation_memory: v.optional(positiveInt),
      validation_output: v.optional(positiveInt),
    }),
  ),
  validation: v.optional(text),
  validator_flags: v.optional(text),
  keywords: v.optional(v.union([text, v.array(text)])),
  languages: v.optional(text),
  grading: v.optional(v.unknown()),
});

export function legacyMetadata(
  problem: v.InferOutput<typeof LegacyProblem>,
  version: "legacy" | "legacy-icpc",
  report: Report,
): Metadata {
  const type = problem.type ?? "pass-fail";
  if (type !== "pass-fail") {
    report.error(
      FILE,
      `type: "${type}" is not supported in the ${version} format; convert the package to 2025-09`,
    );
  }
  if (problem.grading !== undefined) {
    report.error(
      FILE,
      "grading: is not supported; convert the package to 2025-09, which has score_aggregation",
    );
  }
  const credits = authorsOf(problem.author ?? "");
  const license = problem.license ?? "unknown";
  if (problem.license !== undefined) checkRightsOwner(license, problem, credits, report);
  const validation = validationOf(problem.validation ?? "default", report);
  return {
    version,
    uuid: problem.uuid?.toLowerCase() ?? null,
    name: typeof problem.name === "string" ? { en: problem.name } : (problem.name ?? null),
    types: validation.interactive ? ["pass-fail", "interactive"] : ["pass-fail"],
    credits,
    license,
    languages:
      problem.languages === undefined
        ? [...LanguageId.options]
        : languagesOf(problem.languages.split(/[\s,]+/).filter(Boolean), report),
    limits: limitsOf(problem.limits ?? {}, report),
    validation: validation.kind,
    validatorArgs: splitArgs(problem.validator_flags ?? ""),
    constants: new Map(),
  };
}

/** "Given as a string separated by `,` or `and`." */
function authorsOf(author: string): string[] {
  return author
    .split(/,|\band\b/)
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

export function splitArgs(flags: string): string[] {
  return flags.split(/\s+/).filter((flag) => flag !== "");
}

function validationOf(said: string, report: Report): { kind: "default" | "custom"; interactive: boolean } {
  const [kind, ...options] = splitArgs(said);
  if (kind !== "default" && kind !== "custom") {
    report.error(FILE, `validation: must be "default", "custom" or "custom interactive", found "${said}"`);
    return { kind: "default", interactive: false };
  }
  for (const option of options) {
    if (kind === "custom" && option === "interactive") continue;
    const known = option === "multi-pass" || option === "score";
    report.error(
      FILE,
      `validation: "${option}" is ${known ? "not supported yet" : `unknown after "${kind}"`}`,
    );
  }
  return { kind, interactive: kind === "custom" && options.includes("interactive") };
}
