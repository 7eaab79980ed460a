import * as v from "valibot";
import { splitArgs } from "./legacy-yaml.ts";
import type { Metadata } from "./metadata.ts";
import type { Files } from "./package.ts";
import type { Report } from "./report.ts";
import { readYaml } from "./yaml.ts";

const args = v.array(v.string("must be text; put numbers in quotes"));
const flags = v.optional(
  v.union([v.string(), args, v.strictObject({ name: v.string(), flags: v.string() })]),
);
const NUMBER = /^(?:[+-]?inf|[+-]?(?:\d+\.?\d*|\.\d+)(?:[Ee][+-]?\d+)?)$/;

/** `testdata.yaml` of the older formats (legacy, "Test Data Groups"). What only input validators need is not read. */
const LegacyConfig = v.strictObject({
  output_validator_flags: flags,
  output_validator_args: flags,
  input_validator_flags: v.optional(v.unknown()),
  input_validator_args: v.optional(v.unknown()),
  on_reject: v.optional(v.picklist(["break", "continue"])),
  grading: v.optional(v.picklist(["default", "custom"])),
  grader_flags: v.optional(v.string()),
  accept_score: v.optional(v.number()),
  reject_score: v.optional(v.number()),
  range: v.optional(
    v.pipe(
      v.string(),
      v.check(
        (said) => splitArgs(said).length === 2 && splitArgs(said).every((end) => NUMBER.test(end)),
        'must be two numbers with a space between them, like "0 100"',
      ),
    ),
  ),
  full_feedback: v.optional(v.boolean()),
});
export type LegacyConfig = v.InferOutput<typeof LegacyConfig>;

/** Reads the `testdata.yaml` of folders below `data/`, each once; null for a folder that has none. */
export type LegacyConfigs = (folder: string) => LegacyConfig | null;

export function legacyConfigs(files: Files, metadata: Metadata, report: Report): LegacyConfigs {
  const known = new Map<string, LegacyConfig | null>();
  return (folder) => {
    const seen = known.get(folder);
    if (seen !== undefined) return seen;
    const read = readConfig(files, metadata, folder, report);
    known.set(folder, read);
    return read;
  };
}

export function legacyConfigPath(folder: string): string {
  return `data/${folder === "" ? "" : `${folder}/`}testdata.yaml`;
}

function readConfig(files: Files, metadata: Metadata, folder: string, report: Report): LegacyConfig | null {
  const path = legacyConfigPath(folder);
  if (!files.has(path)) return null;
  if (metadata.version === "2025-09") {
    report.error(path, "is of an older format; 2025-09 calls this file test_group.yaml");
    return null;
  }
  const scored = metadata.types.includes("scoring");
  if (metadata.version === "2023-07-draft" && scored) {
    report.error(path, "scores of the drafts of 2023-07 are not supported; convert the package to 2025-09");
    return null;
  }
  const config = readYaml(files, path, LegacyConfig, report) ?? {};
  if (config.grading === "custom") {
    report.error(
      path,
      "grading: custom graders are not supported; use the default grader and its grader_flags",
    );
  }
  for (const key of ["accept_score", "reject_score", "range"] as const) {
    if (!scored && config[key] !== undefined)
      report.warn(path, `${key}: is ignored, since only problems of the type scoring have scores`);
  }
  return config;
}

/** The arguments that a `testdata.yaml` has for the output validator; undefined where it says nothing of them. */
export function outputValidatorFlags(config: LegacyConfig | null): readonly string[] | undefined {
  const said = config?.output_validator_args ?? config?.output_validator_flags;
  if (said === undefined || Array.isArray(said)) return said;
  return splitArgs(typeof said === "string" ? said : said.flags);
}
