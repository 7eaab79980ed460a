import * as v from "valibot";
import { type LegacyConfigs, outputValidatorFlags } from "./legacy-config.ts";
import type { Metadata } from "./metadata.ts";
import type { Files, TestCase } from "./package.ts";
import type { Report } from "./report.ts";
import type { TestFiles } from "./test-files.ts";
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
type TestConfig = v.InferOutput<typeof TestConfig>;
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

/** What files beside a test's input and answer say of it, and those of the folders around it. */
export type TestSettings = Pick<TestCase, "args" | "validatorArgs" | "fullFeedback" | "hint">;

/** Reads the configuration of folders and tests below `data/`, each folder's once. */
export interface TestConfigs {
  /** The `test_group.yaml` of a folder, by its path below `data/`; an empty one where there is none. */
  group(folder: string): GroupConfig;
  test(test: TestFiles): TestSettings;
}

export function testConfigs(
  files: Files,
  metadata: Metadata,
  legacy: LegacyConfigs,
  report: Report,
): TestConfigs {
  const groups = new Map<string, GroupConfig>();
  function group(folder: string): GroupConfig {
    const known = groups.get(folder);
    if (known !== undefined) return known;
    const read = readGroup(files, legacy, folder, report);
    groups.set(folder, read);
    return read;
  }
  return {
    group,
    test({ name, parts }) {
      const own = readTest(`data/${name}.yaml`, parts.get(".yaml"), report);
      const around = folders(name).map(group);
      const nearest = <Key extends "args" | "output_validator_args" | "full_feedback">(key: Key) =>
        [own, ...around].map((config) => config[key]).find((said) => said !== undefined);
      return {
        args: nearest("args") ?? [],
        validatorArgs: [...metadata.validatorArgs, ...(nearest("output_validator_args") ?? [])],
        fullFeedback: nearest("full_feedback") ?? name.startsWith("sample/"),
        hint: own.hint ?? new TextDecoder().decode(parts.get(".hint")),
      };
    },
  };
}

/** The folders around a test from the innermost to `data` itself, which is the empty string. */
function folders(test: string): string[] {
  const parts = test.split("/").slice(0, -1);
  return [...parts.keys(), parts.length].reverse().map((count) => parts.slice(0, count).join("/"));
}

function readTest(path: string, yaml: Uint8Array | undefined, report: Report): TestConfig {
  if (yaml === undefined) return {};
  return parseYaml(new TextDecoder().decode(yaml), path, TestConfig, report) ?? {};
}

function readGroup(files: Files, legacy: LegacyConfigs, folder: string, report: Report): GroupConfig {
  const old = legacy(folder);
  if (old !== null) {
    const said = outputValidatorFlags(old);
    return {
      full_feedback: old.full_feedback,
      output_validator_args: said === undefined ? undefined : [...said],
    };
  }
  const path = `data/${folder === "" ? "" : `${folder}/`}test_group.yaml`;
  const config = readYaml(files, path, GroupConfig, report) ?? {};
  if (config.static_validation_score !== undefined || config.static_validator_args !== undefined) {
    report.error(path, "static_validation_score: static validators are not supported yet");
  }
  return config;
}
