import * as v from "valibot";
import { ProblemType } from "../../protocol/problem.ts";
import { Locale } from "../../protocol/text.ts";
import { LegacyProblem, legacyMetadata } from "./legacy-yaml.ts";
import {
  checkRightsOwner,
  FILE,
  type FormatVersion,
  languagesOf,
  License,
  limitsOf,
  type Metadata,
  passesOf,
  positive,
  positiveInt,
  text,
  Uuid,
  withoutEmail,
} from "./metadata.ts";
import type { Files } from "./package.ts";
import type { Report } from "./report.ts";
import { readYaml } from "./yaml.ts";

const factor = v.pipe(v.number(), v.finite("must be a finite number"), v.minValue(1, "must be at least 1"));
const oneOrMore = <Item extends v.GenericSchema>(item: Item) =>
  v.union([item, v.pipe(v.array(item), v.minLength(1, "must not be empty"))]);

const Person = v.union([
  text,
  v.strictObject({ name: text, email: v.optional(text), orcid: v.optional(text), kattis: v.optional(text) }),
]);
const People = oneOrMore(Person);
const Credits = v.union([
  text,
  v.strictObject({
    authors: v.optional(People),
    contributors: v.optional(People),
    testers: v.optional(People),
    translators: v.optional(v.record(Locale, People)),
    packagers: v.optional(People),
    acknowledgements: v.optional(People),
  }),
]);
const Source = v.union([text, v.strictObject({ name: text, url: v.optional(text) })]);

const Limits = v.strictObject({
  time_limit: v.optional(positive),
  time_multipliers: v.optional(
    v.strictObject({ ac_to_time_limit: v.optional(factor), time_limit_to_tle: v.optional(factor) }),
  ),
  time_resolution: v.optional(positive),
  memory: v.optional(positiveInt),
  output: v.optional(positiveInt),
  code: v.optional(positiveInt),
  compilation_time: v.optional(positiveInt),
  compilation_memory: v.optional(positiveInt),
  validation_time: v.optional(positiveInt),
  validation_memory: v.optional(positiveInt),
  validation_output: v.optional(positiveInt),
  validation_passes: v.optional(v.pipe(v.number(), v.integer("must be a whole number"), v.minValue(2))),
});

/** 2025-09, "Problem metadata". Unknown keys are errors there, and so here. */
const entries = {
  problem_format_version: text,
  type: v.optional(oneOrMore(ProblemType)),
  name: v.union([text, v.record(Locale, text)]),
  uuid: Uuid,
  version: v.optional(v.union([text, v.number()])),
  credits: v.optional(Credits),
  source: v.optional(v.union([Source, v.array(Source)])),
  license: v.optional(License),
  rights_owner: v.optional(text),
  embargo_until: v.optional(
    v.pipe(
      text,
      v.regex(
        /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?$/,
        "is not a date like 2026-05-31 or 2026-05-31T12:00:00Z",
      ),
    ),
  ),
  limits: v.optional(Limits),
  keywords: v.optional(v.array(text)),
  languages: v.optional(oneOrMore(text)),
  allow_file_writing: v.optional(v.boolean()),
  constants: v.optional(
    v.record(
      v.pipe(text, v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "is not a name of letters, digits and underscores")),
      v.union([text, v.number()]),
    ),
  ),
};
const Problem = v.strictObject(entries);

/** Packages in the wild that say 2023-07-draft are of several ages of that draft: they may have keys of the older format. */
const DraftProblem = v.strictObject({
  ...entries,
  author: v.optional(text),
  source_url: v.optional(text),
  validation: v.optional(text),
  validator_flags: v.optional(text),
});

const versions: ReadonlyMap<string, FormatVersion> = new Map([
  ["2025-09", "2025-09"],
  ["2023-07-draft", "2023-07-draft"],
  ["2023-07", "2023-07-draft"],
  ["legacy", "legacy"],
  ["legacy-icpc", "legacy-icpc"],
]);

/** Reads `problem.yaml` of any version. Null (and errors) when nothing more of the package can be understood. */
export function readProblemYaml(files: Files, report: Report): Metadata | null {
  if (!files.has(FILE)) {
    report.error(FILE, "is missing; it must stand at the top of the package");
    return null;
  }
  const head = readYaml(files, FILE, v.object({ problem_format_version: v.optional(text) }), report);
  if (head === null) return null;
  const said = head.problem_format_version ?? "legacy";
  const version = versions.get(said);
  switch (version) {
    case undefined:
      report.error(FILE, `problem_format_version: "${said}" is not supported; use "2025-09"`);
      return null;
    case "2025-09": {
      const problem = readYaml(files, FILE, Problem, report);
      return problem && metadataOf(problem, version, report);
    }
    case "2023-07-draft": {
      const problem = readYaml(files, FILE, DraftProblem, report);
      return problem && draftMetadata(problem, report);
    }
    case "legacy":
    case "legacy-icpc": {
      const problem = readYaml(files, FILE, LegacyProblem, report);
      return problem && legacyMetadata(problem, version, report);
    }
    default:
      return version satisfies never;
  }
}

function metadataOf(
  problem: v.InferOutput<typeof Problem>,
  version: FormatVersion,
  report: Report,
): Metadata {
  const credits = creditsOf(problem.credits);
  const license = problem.license ?? "unknown";
  checkRightsOwner(license, problem, credits, report);
  const types = typesOf(problem.type ?? "pass-fail", report);
  const limits = problem.limits ?? {};
  return {
    version,
    uuid: problem.uuid.toLowerCase(),
    name: typeof problem.name === "string" ? { en: problem.name } : problem.name,
    types,
    keywords: problem.keywords ?? [],
    credits,
    license,
    languages: types.includes("submit-answer")
      ? ["answers"]
      : languagesOf(problem.languages ?? "all", report),
    limits: limitsOf(
      limits,
      {
        timing: {
          acToTimeLimit: limits.time_multipliers?.ac_to_time_limit ?? 2,
          timeLimitToTle: limits.time_multipliers?.time_limit_to_tle ?? 1.5,
          resolutionMs: (limits.time_resolution ?? 1) * 1000,
        },
        validationPasses: passesOf(limits.validation_passes, types, report),
      },
      report,
    ),
    mayWriteFiles: problem.allow_file_writing ?? false,
    validation: null,
    validatorArgs: [],
    constants: new Map(Object.entries(problem.constants ?? {}).map(([name, value]) => [name, String(value)])),
  };
}

function draftMetadata(problem: v.InferOutput<typeof DraftProblem>, report: Report): Metadata {
  const { author, source_url: _, validation, validator_flags, ...rest } = problem;
  const metadata = metadataOf(rest, "2023-07-draft", report);
  if (validation === undefined && validator_flags === undefined && author === undefined) return metadata;
  const legacy = legacyMetadata({ author, validation, validator_flags }, "legacy", report);
  const custom = validation === undefined ? null : legacy.validation;
  const kinds = legacy.types.filter((type) => type !== "pass-fail");
  return {
    ...metadata,
    types: [...new Set([...metadata.types, ...kinds])],
    credits: metadata.credits.length > 0 ? metadata.credits : legacy.credits,
    validation: custom,
    validatorArgs: legacy.validatorArgs,
  };
}

/** `pass-fail` is implied where `scoring` is not said, so that there is always exactly one of the two, first. */
function typesOf(said: ProblemType | ProblemType[], report: Report): ProblemType[] {
  const types = [said].flat();
  if (new Set(types).size < types.length) report.error(FILE, "type: the same type twice");
  if (types.includes("pass-fail") && types.includes("scoring")) {
    report.error(FILE, 'type: "pass-fail" and "scoring" exclude each other');
  }
  for (const other of ["multi-pass", "interactive"] as const) {
    if (types.includes("submit-answer") && types.includes(other))
      report.error(FILE, `type: "submit-answer" and "${other}" exclude each other`);
  }
  const rest = types.filter((type) => type !== "pass-fail" && type !== "scoring");
  return [types.includes("scoring") ? "scoring" : "pass-fail", ...rest];
}

function creditsOf(credits: v.InferOutput<typeof Credits> | undefined): string[] {
  if (credits === undefined) return [];
  const authors = typeof credits === "string" ? credits : (credits.authors ?? []);
  return [authors].flat().map((person) => (typeof person === "string" ? withoutEmail(person) : person.name));
}
