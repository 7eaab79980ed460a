import type { CheckerKind } from "../../protocol/problem.ts";
import type { TestGroup } from "./package.ts";
import type { Report } from "./report.ts";
import type { TestData } from "./test-data.ts";

/** Refuses scoring configurations that would be a judge error on every submission (2025-09, "Scoring problems"). */
export function checkScoring(data: TestData, checker: CheckerKind, report: Report): void {
  for (const group of data.groups) {
    checkGroup(group, data, checker, report);
    checkRequirements(group, data, report);
  }
  const bounds = data.groups.map((group) => group.maxScore);
  const reachable =
    data.scoreAggregation === "sum" ? bounds.reduce((sum, bound) => sum + bound, 0) : Math.max(...bounds);
  if (data.scoreAggregation === "pass-fail" || bounds.length === 0 || !Number.isFinite(reachable)) return;
  if (reachable > data.maxScore) {
    report.error(
      "data/secret/",
      `max_score: the groups give up to ${reachable} points, above the ${data.maxScore} of secret`,
    );
  } else if (reachable < data.maxScore) {
    report.warn(
      "data/secret/",
      `max_score: the groups give ${reachable} points at most, of the ${data.maxScore} of secret`,
    );
  }
}

function checkGroup(group: TestGroup, data: TestData, checker: CheckerKind, report: Report): void {
  const file = `data/${group.name}/test_group.yaml`;
  const unbounded = !Number.isFinite(group.maxScore);
  if (unbounded && Number.isFinite(data.maxScore)) {
    report.error(file, `max_score: is needed, since data/secret is bounded by ${data.maxScore}`);
  } else if (unbounded && group.aggregation === "pass-fail") {
    report.error(file, "max_score: is needed for score_aggregation pass-fail");
  } else if (unbounded && checker === "default") {
    report.error(file, "max_score: unbounded scores need an output validator that writes score.txt");
  }
  if (data.scoreAggregation === "pass-fail" && group.aggregation !== "pass-fail") {
    report.error(file, `score_aggregation: must be pass-fail as in data/secret, found ${group.aggregation}`);
  }
}

function checkRequirements(group: TestGroup, data: TestData, report: Report): void {
  const file = `data/${group.name}/test_group.yaml`;
  for (const name of group.requirePass) {
    if (name === "sample") continue;
    const required = data.groups.find((other) => other.name === name);
    if (required === undefined) report.error(file, `require_pass: there is no group "${name}"`);
    else if (required.name >= group.name)
      report.error(file, `require_pass: "${name}" must come before this group`);
    else if (required.aggregation !== "pass-fail") {
      report.error(file, `require_pass: "${name}" must have score_aggregation pass-fail`);
    }
  }
}
