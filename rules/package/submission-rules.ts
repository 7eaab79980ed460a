import * as v from "valibot";
import { Verdict } from "../../protocol/verdict.ts";
import type { Metadata } from "./metadata.ts";
import type { Files } from "./package.ts";
import type { Report } from "./report.ts";
import { readYaml } from "./yaml.ts";

export const CONFIGURATION = "submissions/submissions.yaml";

/** The format knows AC, WA, TLE and RTE; ours are read too, since it has no other way to ask for a compile error. */
const verdicts = v.pipe(v.array(Verdict), v.minLength(1, "must not be empty"));

const ofTests = {
  permitted: v.optional(verdicts),
  required: v.optional(verdicts),
  score: v.optional(v.union([v.number(), v.strictTuple([v.number(), v.number()])])),
  message: v.optional(v.string()),
  use_for_time_limit: v.optional(v.union([v.boolean(), v.picklist(["lower", "upper"])])),
};
const ofSubmission = {
  ...ofTests,
  language: v.optional(v.string()),
  entrypoint: v.optional(v.string()),
  authors: v.optional(v.unknown()),
  model_solution: v.optional(v.boolean()),
};
const TestRule = v.strictObject(ofTests);
/** What is asked of a submission's results on some tests (2025-09, "Example submissions"). */
export type TestRule = v.InferOutput<typeof TestRule>;

const Rule = v.objectWithRest(ofSubmission, TestRule);
const Configuration = v.record(v.string(), Rule);

/** One entry of `submissions.yaml`. */
export interface SubmissionRule {
  language: string | undefined;
  entrypoint: string | undefined;
  /** By the glob over tests and groups, `all` for what stands outside of any. */
  tests: ReadonlyMap<string, TestRule>;
}

/** Reads `submissions.yaml`: rules by their glob over paths below `submissions/`. */
export function readRules(files: Files, report: Report): ReadonlyMap<string, SubmissionRule> {
  const read = readYaml(files, CONFIGURATION, Configuration, report) ?? {};
  return new Map(Object.entries(read).map(([glob, rule]) => [glob, split(rule)]));
}

function split(rule: v.InferOutput<typeof Rule>): SubmissionRule {
  const { permitted, required, score, message, use_for_time_limit } = rule;
  const { language, entrypoint, authors: _authors, model_solution: _model, ...others } = rule;
  const tests = new Map<string, TestRule>([
    ["all", { permitted, required, score, message, use_for_time_limit }],
  ]);
  for (const [glob, asked] of Object.entries(others)) {
    if (!Object.hasOwn(ofTests, glob) && v.is(TestRule, asked)) tests.set(glob, asked);
  }
  return { language, entrypoint, tests };
}

/** 2025-09, "Default directories", and DOMjudge's for what the format has no word for. */
const defaults: Readonly<Record<string, TestRule>> = {
  accepted: { permitted: ["AC"] },
  rejected: { required: ["RTE", "TLE", "WA"] },
  wrong_answer: { permitted: ["AC", "WA"], required: ["WA"] },
  time_limit_exceeded: { permitted: ["AC", "TLE"], required: ["TLE"] },
  run_time_error: { permitted: ["AC", "RTE"], required: ["RTE"] },
  brute_force: { permitted: ["AC", "RTE", "TLE"], required: ["RTE", "TLE"] },
  compile_error: { permitted: ["CE"], required: ["CE"] },
  compiler_error: { permitted: ["CE"], required: ["CE"] },
};

/** Legacy, "Example Submissions". There the slowest accepted submission alone makes the time limit. */
const legacyDefaults: Readonly<Record<string, TestRule>> = {
  ...defaults,
  wrong_answer: { permitted: ["AC", "WA"], required: ["WA"], use_for_time_limit: false },
  time_limit_exceeded: { permitted: ["AC", "WA", "TLE"], required: ["TLE"], use_for_time_limit: false },
  run_time_error: { required: ["RTE"], use_for_time_limit: false },
};

/** What a folder below `submissions/` means by itself; undefined when it means nothing. */
export function folderRule(folder: string, version: Metadata["version"]): TestRule | undefined {
  const table = version === "legacy" || version === "legacy-icpc" ? legacyDefaults : defaults;
  return Object.hasOwn(table, folder) ? table[folder] : undefined;
}
