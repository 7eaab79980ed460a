import type { CheckerKind } from "../../protocol/problem.ts";
import { type LegacyConfig, legacyConfigPath, type LegacyConfigs } from "./legacy-config.ts";
import { splitArgs } from "./legacy-yaml.ts";
import type { LegacyGroup, TestCase } from "./package.ts";
import type { Report } from "./report.ts";

const verdicts = ["worst_error", "first_error", "always_accept"] as const;
const scores = ["sum", "avg", "min", "max"] as const;

/**
 * Builds the tree of test data with its graders (legacy, "Test Data Groups" and "Default Grader Specification"). A group
 * without a `testdata.yaml` has all of that of the closest group around it that has one.
 *
 * @param tests - samples and secret tests
 */
export function legacyTree(
  tests: readonly TestCase[],
  configs: LegacyConfigs,
  checker: CheckerKind,
  report: Report,
): LegacyGroup {
  warnOfGaps(tests, configs, report);
  return groupOf("", tests, configs, checker, report);
}

/** Whether a tree says more of a pass-fail problem than that the first test which is not accepted decides. */
export function changesVerdicts(group: LegacyGroup): boolean {
  const { verdict, onReject, ignoreSample, acceptIfAnyAccepted, children } = group;
  if (ignoreSample || acceptIfAnyAccepted || verdict === "always_accept") return true;
  if (verdict === "worst_error" && onReject === "continue") return true;
  return children.some((child) => child.type === "group" && changesVerdicts(child.group));
}

/** The tests of a tree in the order of judging. */
export function testsInOrder(group: LegacyGroup): TestCase[] {
  return group.children.flatMap((child) =>
    child.type === "test" ? [child.test] : testsInOrder(child.group),
  );
}

function groupOf(
  folder: string,
  tests: readonly TestCase[],
  configs: LegacyConfigs,
  checker: CheckerKind,
  report: Report,
): LegacyGroup {
  const { file, config } = closest(folder, configs);
  const depth = folder === "" ? 0 : folder.split("/").length;
  const byName = Map.groupBy(tests, (test) => test.name.split("/")[depth] ?? "");
  const children = [...byName]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([base, inside]): LegacyGroup["children"][number] => {
      const name = folder === "" ? base : `${folder}/${base}`;
      const [only] = inside;
      return only?.name === name
        ? { type: "test", test: only }
        : { type: "group", group: groupOf(name, inside, configs, checker, report) };
    });
  const flags = graderFlags(folder, file, config, report);
  const acceptScore = config.accept_score ?? 1;
  const rejectScore = config.reject_score ?? 0;
  const group = { name: folder, acceptScore, rejectScore, ...flags, children };
  const { least, most } = rangeOf(file, config, report);
  return {
    ...group,
    range: { least, most: Math.min(most, reachable(group, checker)) },
    onReject: config.on_reject ?? "break",
  };
}

/** The `testdata.yaml` that a folder goes by; at the root an empty one is implied. */
function closest(folder: string, configs: LegacyConfigs): { file: string; config: LegacyConfig } {
  const config = configs(folder);
  if (config !== null) return { file: folder, config };
  if (folder === "") return { file: "", config: {} };
  return closest(folder.slice(0, Math.max(0, folder.lastIndexOf("/"))), configs);
}

function graderFlags(
  folder: string,
  file: string,
  config: LegacyConfig,
  report: Report,
): Pick<LegacyGroup, "verdict" | "score" | "ignoreSample" | "acceptIfAnyAccepted"> {
  const said = splitArgs(config.grader_flags ?? "");
  const own = folder === file;
  const known: readonly string[] = [...verdicts, ...scores, "ignore_sample", "accept_if_any_accepted"];
  for (const flag of own ? said : []) {
    if (!known.includes(flag))
      report.error(legacyConfigPath(file), `grader_flags: "${flag}" is not a flag of the default grader`);
  }
  if (own && folder !== "" && said.includes("ignore_sample"))
    report.error(legacyConfigPath(file), "grader_flags: ignore_sample is only for data/testdata.yaml");
  // "If multiple conflicting modes are given, the last one is used."
  return {
    verdict: verdicts.findLast((mode) => mode === lastOf(said, verdicts)) ?? "worst_error",
    score: scores.findLast((mode) => mode === lastOf(said, scores)) ?? "sum",
    ignoreSample: folder === "" && said.includes("ignore_sample"),
    acceptIfAnyAccepted: said.includes("accept_if_any_accepted"),
  };
}

function lastOf(said: readonly string[], modes: readonly string[]): string | undefined {
  return said.findLast((flag) => modes.includes(flag));
}

function rangeOf(file: string, config: LegacyConfig, report: Report): LegacyGroup["range"] {
  const [least = -Infinity, most = Infinity] = splitArgs(config.range ?? "").map((end) =>
    Number(end.replace("inf", "Infinity")),
  );
  if (least > most) report.error(legacyConfigPath(file), `range: begins above its end, ${config.range}`);
  return { least, most };
}

/** A bound of the points that a group's grader can give, whatever its range says. */
function reachable(
  group: Pick<LegacyGroup, "score" | "acceptScore" | "rejectScore" | "ignoreSample" | "children">,
  checker: CheckerKind,
): number {
  const bounds = group.children
    .filter((child) => !(group.ignoreSample && child.type === "group" && child.group.name === "sample"))
    .map((child) => {
      if (child.type === "group") return Math.max(child.group.range.most, group.rejectScore);
      return checker === "default" ? Math.max(group.acceptScore, group.rejectScore) : Infinity;
    });
  if (group.score === "sum") return bounds.reduce((sum, bound) => sum + Math.max(0, bound), 0);
  // An average, like a minimum, may be over fewer results than there are: those until the first rejected one.
  return Math.max(...bounds, -Infinity);
}

const graded = ["on_reject", "grader_flags", "accept_score", "reject_score", "range"] as const;

/** Some take a key that a group's file leaves out from the groups around it; the format has its default then. */
function warnOfGaps(tests: readonly TestCase[], configs: LegacyConfigs, report: Report): void {
  const folders = new Set(
    tests.flatMap(({ name }) => {
      const parts = name.split("/").slice(0, -1);
      return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
    }),
  );
  for (const folder of folders) {
    const own = configs(folder);
    if (own === null) continue;
    const around = closest(folder.slice(0, Math.max(0, folder.lastIndexOf("/"))), configs);
    const left = graded.filter(
      (key) => key !== "range" && own[key] === undefined && around.config[key] !== undefined,
    );
    const other = left.filter((key) => !(key === "grader_flags" && around.config[key] === "ignore_sample"));
    if (other.length > 0) {
      report.warn(
        legacyConfigPath(folder),
        `leaves out ${other.join(", ")}, which ${legacyConfigPath(around.file)} has: the format's default is used, not that`,
      );
    }
  }
}
