import * as v from "valibot";
import { LanguageId, languageOfFile } from "../../protocol/language.ts";
import type { Verdict } from "../../protocol/verdict.ts";
import { answerFiles } from "./answers.ts";
import { expectedVerdicts, requirementsOf, scoresContradict } from "./expectation.ts";
import { annotatedScore, annotatedVerdicts } from "./expected-results.ts";
import { compileGlob, globMatches } from "./glob.ts";
import type { Metadata } from "./metadata.ts";
import type { Files, JurySubmission, LegacyGroup, Requirement } from "./package.ts";
import type { Report } from "./report.ts";
import {
  CONFIGURATION,
  folderRule,
  readRules,
  type SubmissionRule,
  type TestRule,
} from "./submission-rules.ts";
import type { TestData } from "./test-data.ts";

/** A file or folder in one of the folders of `submissions/`. */
interface Program {
  /** `submissions/accepted/sum.cpp` */
  path: string;
  files: Map<string, Uint8Array>;
}

/** What submissions are read against. */
interface Context {
  metadata: Pick<Metadata, "version" | "types">;
  rules: ReadonlyMap<string, SubmissionRule>;
  /** Names of all tests, and of everything that has a score of its own. */
  tests: readonly string[];
  groups: readonly string[];
  maxScore: number;
  report: Report;
}

/**
 * Finds the jury's submissions (2025-09, "Example submissions"), and what is asked of each. DOMjudge's
 * `@EXPECTED_RESULTS@:` in a source is obeyed before the folder's meaning.
 */
export function readSubmissions(
  files: Files,
  metadata: Context["metadata"],
  data: TestData,
  report: Report,
): JurySubmission[] {
  const rules = readRules(files, report);
  const tests = [...data.samples, ...data.groups.flatMap((group) => group.tests)].map(({ name }) => name);
  const { maxScore } = data;
  const context: Context = { metadata, rules, tests, groups: namesOfGroups(data), maxScore, report };
  const programs = findPrograms(files, report);
  const submissions = programs.map((program) => readSubmission(program, context));
  warnOfUnused(rules, programs, tests, report);
  if (!submissions.some((submission) => submission.path.startsWith("submissions/accepted/"))) {
    report.warn(
      "submissions/accepted/",
      "holds no submission, so nothing shows that the problem can be solved",
    );
  }
  return submissions;
}

function namesOfGroups({ groups, legacyGrading }: TestData): string[] {
  const below = ({ name, children }: LegacyGroup): string[] => [
    name,
    ...children.flatMap((child) => (child.type === "group" ? below(child.group) : [])),
  ];
  const legacy = legacyGrading === null ? [] : below(legacyGrading).filter((name) => name !== "");
  return [...new Set(["secret", ...groups.map(({ name }) => name), ...legacy])];
}

function findPrograms(files: Files, report: Report): Program[] {
  const programs = new Map<string, Program>();
  for (const path of [...files.keys()].sort()) {
    const [top, folder, name, ...rest] = path.split("/");
    if (top !== "submissions" || path === CONFIGURATION) continue;
    if (folder === undefined || name === undefined) {
      report.warn(
        path,
        "is ignored: submissions lie in folders below submissions/, like submissions/accepted/",
      );
      continue;
    }
    const whole = `submissions/${folder}/${name}`;
    if (rest.length > 1) {
      report.error(path, `lies too deep: the files of a submission lie side by side in ${whole}`);
    }
    const program = programs.get(whole) ?? { path: whole, files: new Map<string, Uint8Array>() };
    program.files.set(rest.join("/") || name, files.get(path) ?? new Uint8Array());
    programs.set(whole, program);
  }
  return [...programs.values()];
}

function warnOfUnused(
  rules: ReadonlyMap<string, SubmissionRule>,
  programs: readonly Program[],
  tests: readonly string[],
  report: Report,
): void {
  for (const [pattern, rule] of rules) {
    if (!programs.some(({ path }) => globMatches(pattern, path.slice("submissions/".length))))
      report.warn(CONFIGURATION, `"${pattern}" matches no submission`);
    for (const glob of rule.tests.keys()) {
      if (glob !== "all" && tests.length > 0 && !tests.some((name) => globMatches(glob, name)))
        report.warn(CONFIGURATION, `"${glob}" of "${pattern}" matches no test`);
    }
  }
}

function readSubmission({ path, files }: Program, context: Context): JurySubmission {
  const { report, rules } = context;
  const below = path.slice("submissions/".length);
  const folder = below.slice(0, below.indexOf("/"));
  const matching = [...rules].filter(([pattern]) => globMatches(pattern, below));
  const said = matching.map(([, rule]) => rule);
  const annotated = annotatedResults(path, files, report);
  const requirements = [
    ...askedByFolder(folder, annotated !== null, context),
    ...matching.flatMap(([pattern, rule]) => (pattern === folder ? [] : asked(rule.tests, context))),
    ...askedByAnnotation(path, files, annotated, context),
  ];
  if (annotated === null && folder !== "partially_accepted") {
    const silent = requirements.every(({ permitted, required }) => permitted === null && required === null);
    if (silent)
      report.warn(path, `says nothing of the verdict to expect: "${folder}" has no meaning of its own`);
  }
  const expected = annotated ?? wholeVerdicts(folder, requirements, context);
  if (expected.length === 0 || scoresContradict(requirements)) {
    report.error(path, "can never be as expected: its rules contradict each other");
  }
  const ofAll = requirements.filter((requirement) => requirement.tests === "all");
  return {
    path,
    language: languageOf(path, files, said, context),
    files,
    entryPoint: said.find(({ entrypoint }) => entrypoint !== undefined)?.entrypoint ?? null,
    expected,
    requirements,
    bounds:
      (["upper", "lower"] as const).find((bound) => ofAll.some(({ bounds }) => bounds === bound)) ?? null,
  };
}

/** A rule for the folder itself replaces the folder's default key by key; any other rule is asked in addition. */
function askedByFolder(folder: string, annotated: boolean, context: Context): Requirement[] {
  const { metadata, rules, tests, maxScore } = context;
  const own = rules.get(folder)?.tests ?? new Map<string, TestRule>();
  const whole = Object.fromEntries(
    Object.entries(own.get("all") ?? {}).filter(([, value]) => value !== undefined),
  );
  const rule: TestRule = { ...(annotated ? {} : folderRule(folder, metadata.version)), ...whole };
  const found = asked(new Map([...own, ["all", rule]]), context);
  if (!isPartial(folder, metadata) || !Number.isFinite(maxScore)) return found;
  // "Overall score must not be max of range."
  const score: TestRule["score"] = [-Infinity, maxScore - 1e-9];
  return [...found, ...requirementsOf("all", { score }, tests)];
}

/** Legacy, "Example Submissions": the verdict of the whole is AC, whatever those of tests are. */
function isPartial(folder: string, { version, types }: Context["metadata"]): boolean {
  return folder === "partially_accepted" && version === "legacy" && types.includes("scoring");
}

function wholeVerdicts(folder: string, requirements: readonly Requirement[], context: Context): Verdict[] {
  if (isPartial(folder, context.metadata)) return ["AC"];
  return expectedVerdicts(requirements, context.tests);
}

function asked(
  rules: ReadonlyMap<string, TestRule>,
  { metadata, tests, groups, report }: Context,
): Requirement[] {
  return [...rules].flatMap(([glob, rule]) => {
    if (rule.score !== undefined && !metadata.types.includes("scoring"))
      report.error(CONFIGURATION, "score: is only for problems of the type scoring");
    else if (
      rule.score !== undefined &&
      glob !== "all" &&
      !groups.some((name) => compileGlob(glob).test(name))
    )
      report.error(CONFIGURATION, `score: "${glob}" is no group of tests`);
    const covers = glob === "all" ? tests : tests.filter((name) => globMatches(glob, name));
    return requirementsOf(glob, rule, covers);
  });
}

function annotatedResults(
  path: string,
  files: ReadonlyMap<string, Uint8Array>,
  report: Report,
): readonly Verdict[] | null {
  for (const source of files.values()) {
    const annotated = annotatedVerdicts(source);
    if ("unknown" in annotated)
      report.warn(path, `@EXPECTED_RESULTS@: "${annotated.unknown}" is not a known result`);
    else if (annotated.verdicts.length > 0) return annotated.verdicts;
  }
  return null;
}

/** The score that a source says; and the bound of the time limit that its verdicts give. */
function askedByAnnotation(
  path: string,
  files: ReadonlyMap<string, Uint8Array>,
  verdicts: readonly Verdict[] | null,
  { metadata, tests, report }: Context,
): Requirement[] {
  const found: Requirement[] = [];
  const nothing = {
    tests: "all",
    permitted: null,
    required: null,
    score: null,
    message: null,
    covers: tests,
  };
  if (verdicts?.every((verdict) => verdict === "AC")) found.push({ ...nothing, bounds: "lower" });
  if (verdicts?.every((verdict) => verdict === "TLE")) found.push({ ...nothing, bounds: "upper" });
  for (const source of files.values()) {
    const score = annotatedScore(source);
    if (score === null) continue;
    if ("unknown" in score)
      report.warn(path, `@EXPECTED_SCORE@: "${score.unknown}" is neither a number nor a range like 40-60`);
    else if (metadata.types.includes("scoring")) found.push({ ...nothing, score, bounds: null });
    else report.warn(path, "@EXPECTED_SCORE@: is only for problems of the type scoring");
  }
  return found;
}

function languageOf(
  path: string,
  files: ReadonlyMap<string, Uint8Array>,
  rules: readonly SubmissionRule[],
  { metadata, tests, report }: Context,
): LanguageId | null {
  if (metadata.types.includes("submit-answer")) {
    const known = tests.map((test) => answerFiles(test, tests));
    for (const name of files.keys()) {
      if (tests.length > 0 && !known.some((names) => names.includes(name)))
        report.warn(path, `${name} is named after no test, as ${known[0]?.[0]} is`);
    }
    return "answers";
  }
  const said = rules.find(({ language }) => language !== undefined)?.language;
  if (said !== undefined) {
    if (v.is(LanguageId, said) && said !== "answers") return said;
    report.warn(path, `is in "${said}", which is not judged here`);
    return null;
  }
  const found = new Set([...files.keys()].map(languageOfFile).filter((language) => language !== null));
  const [language = null] = found;
  if (language === null) report.warn(path, "is in a language that is not judged here");
  if (found.size > 1) {
    report.error(
      path,
      `has files of several languages (${[...found].join(", ")}); say which in ${CONFIGURATION}`,
    );
  }
  return language;
}
