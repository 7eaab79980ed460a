import * as v from "valibot";
import type { ProblemType } from "../../protocol/problem.ts";
import {
  checkRightsOwner,
  FILE,
  languagesOf,
  License,
  limitsOf,
  type Metadata,
  passesOf,
  positive,
  positiveInt,
  text,
  Uuid,
} from "./metadata.ts";
import type { Report } from "./report.ts";

/**
 * `problem.yaml` of the formats `legacy` and `legacy-icpc`, and what DOMjudge adds to them (`limits.time_limit`,
 * `limits.validation_passes`).
 */
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
      validation_passes: v.optional(v.pipe(v.number(), v.integer("must be a whole number"), v.minValue(2))),
    }),
  ),
  validation: v.optional(text),
  validator_flags: v.optional(text),
  keywords: v.optional(v.union([text, v.array(text)])),
  languages: v.optional(text),
  grading: v.optional(
    v.strictObject({
      objective: v.optional(v.picklist(["max", "min"])),
      show_test_data_groups: v.optional(v.boolean()),
    }),
  ),
});

export function legacyMetadata(
  problem: v.InferOutput<typeof LegacyProblem>,
  version: "legacy" | "legacy-icpc",
  report: Report,
): Metadata {
  const scored = isScored(problem, version, report);
  const credits = authorsOf(problem.author ?? "");
  const license = problem.license ?? "unknown";
  if (problem.license !== undefined) checkRightsOwner(license, problem, credits, report);
  const validation = validationOf(problem.validation ?? "default", scored, report);
  const types: ProblemType[] = [scored ? "scoring" : "pass-fail", ...validation.types];
  const limits = problem.limits ?? {};
  return {
    version,
    uuid: problem.uuid?.toLowerCase() ?? null,
    name: typeof problem.name === "string" ? { en: problem.name } : (problem.name ?? null),
    types,
    keywords: keywordsOf(problem.keywords ?? []),
    credits,
    license,
    languages: languagesOf((problem.languages ?? "all").split(/[\s,]+/).filter(Boolean), report),
    limits: limitsOf(
      limits,
      {
        // The slowest accepted submission times the multiplier, in whole seconds; the margin is that of slow ones.
        timing: {
          acToTimeLimit: limits.time_multiplier ?? 5,
          timeLimitToTle: limits.time_safety_margin ?? 2,
          resolutionMs: 1000,
        },
        validationPasses: passesOf(limits.validation_passes, types, report),
      },
      report,
    ),
    mayWriteFiles: false,
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

/** A text of words, or a list of them. */
const keywordsOf = (keywords: string | readonly string[]): readonly string[] =>
  typeof keywords === "string" ? splitArgs(keywords) : keywords;

export function splitArgs(flags: string): string[] {
  return flags.split(/\s+/).filter((flag) => flag !== "");
}

function isScored(
  { type = "pass-fail", grading }: v.InferOutput<typeof LegacyProblem>,
  version: "legacy" | "legacy-icpc",
  report: Report,
): boolean {
  if (type !== "pass-fail" && type !== "scoring") {
    report.error(FILE, `type: must be "pass-fail" or "scoring", found "${type}"`);
  } else if (type === "scoring" && version === "legacy-icpc") {
    report.error(FILE, 'type: "scoring" is not part of legacy-icpc; use the format legacy or 2025-09');
  }
  if (grading !== undefined && type !== "scoring") {
    report.error(FILE, "grading: is only for problems of the type scoring");
  }
  if (grading?.objective === "min") {
    report.error(
      FILE,
      'grading.objective: "min" is not supported: more points are always better here; turn the scores round',
    );
  }
  return type === "scoring";
}

function validationOf(
  said: string,
  scored: boolean,
  report: Report,
): { kind: "default" | "custom"; types: ProblemType[] } {
  const [kind, ...options] = splitArgs(said);
  if (kind !== "default" && kind !== "custom") {
    report.error(
      FILE,
      `validation: must be "default", or "custom" with any of "interactive", "multi-pass" and "score", found "${said}"`,
    );
    return { kind: "default", types: [] };
  }
  const types: ProblemType[] = [];
  for (const option of options) {
    if (kind === "custom" && (option === "interactive" || option === "multi-pass")) types.push(option);
    else if (kind === "custom" && option === "score") {
      if (!scored) report.error(FILE, 'validation: "score" is only for problems of the type scoring');
    } else report.error(FILE, `validation: "${option}" is unknown after "${kind}"`);
  }
  return { kind, types };
}
