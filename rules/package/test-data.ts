import type { CheckerKind, CheckerOptions } from "../../protocol/problem.ts";
import { checkerOptions, plainChecker } from "./checker-args.ts";
import { type LegacyConfigs, legacyConfigs } from "./legacy-config.ts";
import { changesVerdicts, legacyTree, testsInOrder } from "./legacy-grading.ts";
import type { Metadata } from "./metadata.ts";
import type { Files, Package, ShownSample, TestCase, TestGroup } from "./package.ts";
import type { Report } from "./report.ts";
import { checkScoring } from "./scoring.ts";
import { type GroupConfig, testConfigs, type TestSettings } from "./test-config.ts";
import { type TestFiles, testFiles } from "./test-files.ts";

export type TestData = Pick<
  Package,
  "samples" | "groups" | "legacyGrading" | "scoreAggregation" | "maxScore"
>;

/**
 * Reads `data/sample` and `data/secret` (2025-09, "Test data"). Bytes of tests are never changed. Arguments of the
 * output validator that a test does not set come from its group's folder, else from `data/secret` or `data/sample`.
 */
export function readTestData(
  files: Files,
  metadata: Metadata,
  checker: CheckerKind,
  report: Report,
): TestData {
  const legacy = legacyConfigs(files, metadata, report);
  const configs = testConfigs(files, metadata, legacy, report);
  const scored = metadata.types.includes("scoring");
  if (metadata.version === "2025-09" && files.has("data/test_group.yaml")) {
    report.error("data/test_group.yaml", "is not part of the format; put it in data/sample and data/secret");
  }
  const options = checker === "default" ? defaultCheckers(report) : () => plainChecker;
  const build = (test: TestFiles): TestCase => buildTest(test, configs.test(test), options, metadata, report);
  const samples = testFiles(files, "sample", report).map(build);
  const secret = testFiles(files, "secret", report).map(build);
  if (samples.length === 0 && !metadata.types.includes("submit-answer"))
    report.warn("data/sample/", "holds no samples");
  if (secret.length === 0) report.error("data/secret/", "holds no tests");
  refuseGroupKeys("sample", configs.group("sample"), report);
  if (metadata.version === "legacy")
    return gradedByTree([...samples, ...secret], scored, legacy, checker, report);
  const grouped = groupByFolder(secret, metadata, files, report);
  if (!scored) {
    for (const folder of ["secret", ...grouped.keys()])
      refuseGroupKeys(folder, configs.group(folder), report);
    const whole: TestGroup = {
      name: "secret",
      maxScore: 0,
      aggregation: "pass-fail",
      requirePass: [],
      tests: secret,
    };
    return { samples, groups: [whole], legacyGrading: null, scoreAggregation: null, maxScore: 0 };
  }
  const root = configs.group("secret");
  const maxScore = root.max_score === "unbounded" ? Infinity : (root.max_score ?? 100);
  const scoreAggregation = root.score_aggregation ?? "sum";
  const requirePass = [root.require_pass ?? []].flat();
  const groups =
    grouped.size === 0
      ? [{ name: "secret", maxScore, aggregation: scoreAggregation, requirePass, tests: secret }]
      : [...grouped].map(([name, tests]) => scoredGroup(name, tests, configs.group(name), requirePass));
  const data = { samples, groups, legacyGrading: null, scoreAggregation, maxScore };
  checkScoring(data, checker, report);
  return data;
}

/** The older format, whose tree of groups decides; a tree that only says what is usual is not kept. */
function gradedByTree(
  tests: readonly TestCase[],
  scored: boolean,
  configs: LegacyConfigs,
  checker: CheckerKind,
  report: Report,
): TestData {
  const tree = legacyTree(tests, configs, checker, report);
  const ordered = testsInOrder(tree);
  const maxScore = scored ? tree.range.most : 0;
  const group: TestGroup = {
    name: "secret",
    maxScore,
    aggregation: scored ? "sum" : "pass-fail",
    requirePass: [],
    tests: ordered.filter((test) => test.name.startsWith("secret/")),
  };
  return {
    samples: ordered.filter((test) => test.name.startsWith("sample/")),
    groups: [group],
    legacyGrading: scored || changesVerdicts(tree) ? tree : null,
    scoreAggregation: scored ? "sum" : null,
    maxScore,
  };
}

/** What `secret` requires to be passed is required by each of its groups. */
function scoredGroup(
  name: string,
  tests: readonly TestCase[],
  config: GroupConfig,
  requiredByAll: readonly string[],
): TestGroup {
  return {
    name,
    maxScore:
      config.max_score === undefined || config.max_score === "unbounded" ? Infinity : config.max_score,
    aggregation: config.score_aggregation ?? "pass-fail",
    requirePass: [...new Set([...requiredByAll, ...[config.require_pass ?? []].flat()])],
    tests,
  };
}

/** The groups of `data/secret` in order: empty when the tests lie in `data/secret` itself. */
function groupByFolder(
  secret: readonly TestCase[],
  metadata: Metadata,
  files: Files,
  report: Report,
): ReadonlyMap<string, readonly TestCase[]> {
  const groups = new Map<string, TestCase[]>();
  // The older formats have no groups that matter here: folders below data/secret only keep order.
  if (metadata.version !== "2025-09" && !metadata.types.includes("scoring")) return groups;
  const loose = secret.filter((test) => test.name.split("/").length === 2);
  for (const test of secret) {
    const [top, group, ...rest] = test.name.split("/");
    if (rest.length === 0) continue;
    const name = `${top}/${group}`;
    groups.set(name, [...(groups.get(name) ?? []), test]);
  }
  for (const path of files.keys()) {
    const [, top, group, ...rest] = path.split("/");
    if (!path.startsWith("data/secret/") || !path.endsWith("/test_group.yaml")) continue;
    if (rest.length > 1) report.error(path, "is too deep: test groups do not nest");
    else if (rest.length === 1 && !groups.has(`${top}/${group}`))
      report.error(path, "configures a group without tests");
  }
  const [first] = loose;
  if (groups.size > 0 && first !== undefined) {
    report.error(
      `data/${first.name}.in`,
      "lies beside folders; data/secret holds either tests or groups of tests",
    );
  }
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function refuseGroupKeys(folder: string, config: GroupConfig, report: Report): void {
  for (const key of ["max_score", "score_aggregation", "require_pass"] as const) {
    if (config[key] === undefined) continue;
    const why =
      folder === "sample" ? "is not allowed for samples" : "is only for problems of the type scoring";
    report.error(`data/${folder}/test_group.yaml`, `${key}: ${why}`);
  }
}

type CheckerFor = (test: string, args: readonly string[]) => CheckerOptions;

/** Reads each list of arguments once, so that a fault which many tests share is told once. */
function defaultCheckers(report: Report): CheckerFor {
  const known = new Map<string, CheckerOptions>();
  return (test, args) => {
    const key = args.join("\0");
    const seen = known.get(key);
    if (seen !== undefined) return seen;
    const read = checkerOptions(args);
    if ("fault" in read) report.error(`data/${test}.in`, `output_validator_args of this test: ${read.fault}`);
    const options = "options" in read ? read.options : plainChecker;
    known.set(key, options);
    return options;
  };
}

const nothing = new Uint8Array();

function buildTest(
  test: TestFiles,
  settings: TestSettings,
  options: CheckerFor,
  metadata: Metadata,
  report: Report,
): TestCase {
  const { name, parts, files } = test;
  const input = parts.get(".in") ?? nothing;
  const answer = parts.get(".ans") ?? nothing;
  return {
    name,
    input,
    answer,
    files,
    ...settings,
    checkerOptions: options(name, settings.validatorArgs),
    shown: name.startsWith("sample/") ? shownSample(test, input, answer, metadata, report) : null,
  };
}

/** 2025-09, "Displayed test cases". */
function shownSample(
  { name, parts }: TestFiles,
  input: Uint8Array,
  answer: Uint8Array,
  metadata: Metadata,
  report: Report,
): ShownSample {
  const log = parts.get(".interaction");
  const replaced = [".in.statement", ".ans.statement", ".out"].filter((ending) => parts.has(ending));
  const dialogue = metadata.types.includes("interactive") || metadata.types.includes("multi-pass");
  if (log !== undefined && dialogue) {
    for (const ending of replaced)
      report.error(`data/${name}${ending}`, `must not stand beside data/${name}.interaction`);
    return { type: "interaction", log };
  }
  // Legacy, "Interactive Problems": input and answer must not be displayed.
  if (metadata.version === "legacy" && metadata.types.includes("interactive")) {
    report.warn(`data/${name}.in`, `is not shown, and there is no data/${name}.interaction to show instead`);
    return { type: "interaction", log: nothing };
  }
  if (parts.has(".out") && parts.has(".ans.statement")) {
    report.error(`data/${name}.out`, `must not stand beside data/${name}.ans.statement`);
  }
  return {
    type: "files",
    input: parts.get(".in.statement") ?? input,
    answer: parts.get(".ans.statement") ?? parts.get(".out") ?? answer,
  };
}
