import * as v from "valibot";
import type { Metadata } from "./metadata.ts";
import { splitArgs } from "./legacy-yaml.ts";
import type { Files } from "./package.ts";
import type { Report } from "./report.ts";
import { parseYaml, readYaml } from "./yaml.ts";

const args = v.array(v.string("must be text; put numbers in quotes"));
const inputArgs = v.union([args, v.record(v.string(), args)]);
const aggregation = v.picklist(["pass-fail", "sum", "min"]);
const points = v.pipe(v.number(), v.integer("must be a whole number"), v.minValue(0, "must be at least 0"));

const shared = {
  args: v.optional(args),
  input_validator_args: v.optional(inputArgs),
  output_validator_args: v.optional(args),
  input_visualizer_args: v.optional(args),
  output_visualizer_args: v.optional(args),
  full_feedback: v.optional(v.boolean()),
};
/** 2025-09, "Test case configuration". */
const TestConfig = v.strictObject({
  ...shared,
  hint: v.optional(v.string()),
  description: v.optional(v.string()),
});
/** 2025-09, "Test data configuration". */
const GroupConfig = v.strictObject({
  ...shared,
  max_score: v.optional(v.union([points, v.literal("unbounded")])),
  score_aggregation: v.optional(aggregation),
  static_validation_score: v.optional(v.union([points, v.literal("pass-fail")])),
  static_validator_args: v.optional(args),
  require_pass: v.optional(v.union([v.string(), v.array(v.string())])),
});
export type GroupConfig = v.InferOutput<typeof GroupConfig>;

const flags = v.optional(v.union([v.string(), args]));
/** `testdata.yaml` of the older formats. What only scored problems or input validators need is accepted and unused. */
const LegacyGroupConfig = v.strictObject({
  output_validator_flags: flags,
  output_validator_args: flags,
  input_validator_flags: v.optional(v.unknown()),
  input_validator_args: v.optional(v.unknown()),
  on_reject: v.optional(v.unknown()),
  grading: v.optional(v.unknown()),
  grader_flags: v.optional(v.unknown()),
  accept_score: v.optional(v.unknown()),
  reject_score: v.optional(v.unknown()),
  range: v.optional(v.unknown()),
  full_feedback: v.optional(v.unknown()),
});

/** Reads the configuration of folders and tests below `data/`, each folder's once. */
export interface TestConfigs {
  /** The `test_group.yaml` of a folder, by its path below `data/`; an empty one where there is none. */
  group(folder: string): GroupConfig;
  /** The output validator's arguments for a test; `yaml` is the test's own configuration, if it has one. */
  validatorArgs(test: string, yaml: Uint8Array | undefined): readonly string[];
}

export function testConfigs(files: Files, metadata: Metadata, report: Report): TestConfigs {
  const groups = new Map<string, GroupConfig>();
  function group(folder: string): GroupConfig {
    const known = groups.get(folder);
    if (known !== undefined) return known;
    const read = readGroup(files, metadata, folder, report);
    groups.set(folder, read);
    return read;
  }
  return {
    group,
    validatorArgs(test, yaml) {
      const own =
        yaml === undefined ? undefined : readTest(`data/${test}.yaml`, yaml, report).output_validator_args;
      const inherited = folders(test).map((folder) => group(folder).output_validator_args);
      return [...metadata.validatorArgs, ...(own ?? inherited.find((found) => found !== undefined) ?? [])];
    },
  };
}

/** The folders around a test from the innermost to `data` itself, which is the empty string. */
function folders(test: string): string[] {
  const parts = test.split("/").slice(0, -1);
  return [...parts.keys(), parts.length].reverse().map((count) => parts.slice(0, count).join("/"));
}

function readTest(path: string, yaml: Uint8Array, report: Report): v.InferOutput<typeof TestConfig> {
  const config = parseYaml(new TextDecoder().decode(yaml), path, TestConfig, report) ?? {};
  refuseArgs(path, config, report);
  return config;
}

function readGroup(files: Files, metadata: Metadata, folder: string, report: Report): GroupConfig {
  const path = `data/${folder === "" ? "" : `${folder}/`}test_group.yaml`;
  const old = path.replace("test_group.yaml", "testdata.yaml");
  if (files.has(old)) {
    if (metadata.version !== "2025-09") return readLegacyGroup(files, old, report);
    report.error(old, "is of an older format; 2025-09 calls this file test_group.yaml");
  }
  const config = readYaml(files, path, GroupConfig, report) ?? {};
  refuseArgs(path, config, report);
  if (config.static_validation_score !== undefined || config.static_validator_args !== undefined) {
    report.error(path, "static_validation_score: static validators are not supported yet");
  }
  return config;
}

function readLegacyGroup(files: Files, path: string, report: Report): GroupConfig {
  const config = readYaml(files, path, LegacyGroupConfig, report) ?? {};
  const said = config.output_validator_args ?? config.output_validator_flags;
  if (said === undefined) return {};
  return { output_validator_args: typeof said === "string" ? splitArgs(said) : said };
}

function refuseArgs(path: string, config: { args?: string[] | undefined }, report: Report): void {
  if (config.args !== undefined && config.args.length > 0) {
    report.error(path, "args: command-line arguments for submissions are not supported yet");
  }
}
