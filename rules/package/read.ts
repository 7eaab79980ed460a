import type { CheckerKind } from "../../protocol/problem.ts";
import type { LocalText } from "../../protocol/text.ts";
import { checkAnswers } from "./answers.ts";
import { plainChecker, sameOptions } from "./checker-args.ts";
import { withConstants } from "./constants.ts";
import { readDomjudge } from "./domjudge.ts";
import { readInclude } from "./include.ts";
import { readSubmissions } from "./jury-submissions.ts";
import type { Files, JurySubmission, Package, ReadPackage, StatementSource } from "./package.ts";
import { readProblemYaml } from "./problem-yaml.ts";
import { newReport, type Report } from "./report.ts";
import { checkNames, nameInStatement, readStatements } from "./statements.ts";
import { readTestData } from "./test-data.ts";
import { readValidator } from "./validator.ts";

/**
 * Reads a problem package of the format 2025-09, or of an older version as far as it means the same there
 * (https://icpc.io/problem-package-format). Reads on after an error, so that the messages tell all that is wrong.
 *
 * @param files - the package's files, as `unzipPackage` gives them
 * @param fallbackShortName - the short name, which the format takes from the folder or zip: `hello-world`
 */
export function readPackage(files: Files, fallbackShortName: string): ReadPackage {
  const report = newReport();
  const found = readAll(withoutAuxiliary(files, report), fallbackShortName, report);
  const failed = report.messages.some((message) => message.severity === "error");
  return { package: failed ? null : found, messages: report.messages };
}

function readAll(files: Files, shortName: string, report: Report): Package | null {
  const metadata = readProblemYaml(files, report);
  if (metadata === null) return null;
  const replaced = withConstants(files, metadata.constants);
  const domjudge = readDomjudge(replaced);
  const statements = readStatements(replaced, metadata, report);
  checkNames(metadata, statements, report);
  refuseUnsupported(replaced, report);
  const validator = readValidator(replaced, metadata, report);
  const tests = readTestData(replaced, metadata, validator.checker, report);
  const submissions = readSubmissions(replaced, metadata, tests, report);
  const said = metadata.limits.timeMs ?? domjudge.timeMs;
  const answers = metadata.types.includes("submit-answer");
  if (answers) checkAnswers(submittedTests(tests), report);
  else if (said === null) checkInference(submissions, report);
  // Nothing runs where answers are submitted, so that there is nothing to infer either.
  const timeMs = said ?? (answers ? 1000 : null);
  return {
    uuid: metadata.uuid ?? uuidOf(shortName, report),
    shortName,
    name: metadata.name ?? oldName(statements, domjudge.name ?? shortName),
    types: metadata.types,
    keywords: metadata.keywords,
    credits: metadata.credits,
    license: metadata.license,
    languages: metadata.languages,
    limits: { ...metadata.limits, timeMs },
    ...validator,
    include: readInclude(replaced, metadata, report),
    mayWriteFiles: metadata.mayWriteFiles,
    checkerOptions: shownOptions(tests, validator.checker, report),
    statements,
    ...tests,
    submissions,
  };
}

const NAME = /^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,254}$/;

/**
 * Drops files that the format says to behave as if they were not there (2025-09, "General requirements"): names that
 * begin with a dot or dash, or hold other characters. `.timelimit` of older packages is the exception.
 */
function withoutAuxiliary(files: Files, report: Report): Files {
  const kept = new Map<string, Uint8Array>();
  for (const [path, bytes] of files) {
    if (path === ".timelimit" || path.split("/").every((part) => NAME.test(part))) kept.set(path, bytes);
    else if (/^(data|submissions|statement|output_validator)\//.test(path) && !/(^|\/)\./.test(path)) {
      report.warn(path, "is ignored: names may hold only letters, digits, dot, underscore and hyphen");
    }
  }
  return kept;
}

function refuseUnsupported(files: Files, report: Report): void {
  const folders = new Set([...files.keys()].map((path) => path.slice(0, path.indexOf("/") + 1)));
  if (folders.has("static_validator/"))
    report.error("static_validator/", "static validators are not supported yet");
  if (folders.has("graders/")) report.warn("graders/", "is ignored: only the default grader is supported");
  if (!folders.has("input_validators/") && !folders.has("input_format_validators/")) {
    report.warn(
      "input_validators/",
      "is missing, so nothing checks that the inputs are as the statement says",
    );
  }
}

function submittedTests({ samples, groups }: Pick<Package, "samples" | "groups">): string[] {
  return [...samples, ...groups.flatMap((group) => group.tests)].map((test) => test.name);
}

/** "It is required that at least one submission is used to lower bound the time limit." */
function checkInference(submissions: readonly JurySubmission[], report: Report): void {
  const bounding = submissions.some(({ requirements }) =>
    requirements.some(({ bounds }) => bounds === "lower"),
  );
  if (!bounding) {
    report.error(
      "problem.yaml",
      "limits.time_limit: is missing, and there is no accepted submission to work it out from",
    );
  }
}

/** The comparison that a problem page uses on samples: that of the samples, else that of the first secret test. */
function shownOptions(
  tests: Pick<Package, "samples" | "groups">,
  checker: CheckerKind,
  report: Report,
): Package["checkerOptions"] {
  const secret = tests.groups.flatMap((group) => group.tests);
  const [sample] = tests.samples;
  const options = sample?.checkerOptions ?? secret[0]?.checkerOptions ?? plainChecker;
  const differs = secret.find((test) => !sameOptions(test.checkerOptions, options));
  if (checker === "default" && sample !== undefined && differs !== undefined) {
    report.warn(
      "data/sample/test_group.yaml",
      `output_validator_args: samples are not compared as ${differs.name} is; say the same for data/sample as for data/secret`,
    );
  }
  return options;
}

function oldName(statements: readonly StatementSource[], fallback: string): LocalText {
  const names = statements.map(({ locale, text }) => [locale, nameInStatement(text) ?? fallback] as const);
  return names.length === 0 ? { en: fallback } : Object.fromEntries(names);
}

/**
 * A legacy package may have no UUID. It gets one made of its short name (RFC 9562, version 8), so that the same
 * problem uploaded again is known for the same.
 */
function uuidOf(shortName: string, report: Report): string {
  report.warn("problem.yaml", `uuid: is missing; the problem is known by its short name, ${shortName}`);
  const words = [1, 2, 3, 4].map((seed) => fnv1a(`${seed}:${shortName}`).toString(16).padStart(8, "0"));
  const hex = words.join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
