import * as v from "valibot";
import { parse } from "yaml";
import type { Files } from "../../rules/package/package.ts";

/** What is said of input validators, in a test's or a folder's configuration; the rest is read elsewhere. */
const Configuration = v.object({
  input_validator_args: v.optional(v.union([v.array(v.string()), v.record(v.string(), v.array(v.string()))])),
  /** legacy, "testdata.yaml" */
  input_validator_flags: v.optional(v.string()),
});

/**
 * The arguments of an input validator for a test, before the test's own: those that the nearest configuration gives, the test's own before the
 * folders' around it (2025-09, "Test case configuration" and "Test data configuration").
 *
 * @param test - its path below `data/` without the ending: `secret/group1/01`
 * @param validator - its file or folder below `input_validators/`
 */
export function argumentsFor(files: Files, test: string, validator: string): readonly string[] {
  const folders = test.split("/").slice(0, -1);
  const around = [...folders.keys(), folders.length]
    .reverse()
    .map((count) => ["data", ...folders.slice(0, count)].join("/"));
  const places = [
    `data/${test}.yaml`,
    ...around.flatMap((folder) => [`${folder}/test_group.yaml`, `${folder}/testdata.yaml`]),
  ];
  for (const place of places) {
    const said = saidIn(files.get(place), validator);
    if (said !== null) return said;
  }
  return [];
}

function saidIn(yaml: Uint8Array | undefined, validator: string): readonly string[] | null {
  if (yaml === undefined) return null;
  const read = v.safeParse(Configuration, parse(new TextDecoder().decode(yaml)));
  if (!read.success) return null;
  const { input_validator_args: args, input_validator_flags: flags } = read.output;
  if (flags !== undefined) return flags.split(/\s+/).filter((word) => word !== "");
  if (args === undefined) return null;
  if (Array.isArray(args)) return args;
  // By the name of the validator, with its ending or without; one that is not named has none.
  return args[validator] ?? args[validator.replace(/\.[^.]*$/, "")] ?? [];
}
