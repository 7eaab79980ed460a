import * as v from "valibot";
import { LanguageId, languageOfFile } from "../../protocol/language.ts";
import { Verdict } from "../../protocol/verdict.ts";
import { type Expectation, expectedScore, expectedVerdicts } from "./expectation.ts";
import { globMatches } from "./glob.ts";
import { annotatedVerdicts } from "./expected-results.ts";
import type { Files, JurySubmission } from "./package.ts";
import type { Report } from "./report.ts";
import { readYaml } from "./yaml.ts";

const CONFIGURATION = "submissions/submissions.yaml";

/** The format knows AC, WA, TLE and RTE; ours are read too, since it has no other way to ask for a compile error. */
const verdicts = v.pipe(v.array(Verdict), v.minLength(1, "must not be empty"));

const requirements = {
  permitted: v.optional(verdicts),
  required: v.optional(verdicts),
  score: v.optional(v.union([v.number(), v.strictTuple([v.number(), v.number()])])),
  message: v.optional(v.string()),
  use_for_time_limit: v.optional(v.union([v.boolean(), v.picklist(["lower", "upper"])])),
};
const Rule = v.objectWithRest(
  {
    ...requirements,
    language: v.optional(v.string()),
    entrypoint: v.optional(v.string()),
    authors: v.optional(v.unknown()),
    model_solution: v.optional(v.boolean()),
  },
  // Any other key names tests or groups; what is asked of those alone says nothing of the submission as a whole.
  v.strictObject(requirements),
);
const Configuration = v.record(v.string(), Rule);

/** 2025-09, "Default directories", and DOMjudge's for what the format has no word for. */
const defaults: Readonly<Record<string, Expectation>> = {
  accepted: { permitted: ["AC"] },
  rejected: { required: ["RTE", "TLE", "WA"] },
  wrong_answer: { permitted: ["AC", "WA"], required: ["WA"] },
  time_limit_exceeded: { permitted: ["AC", "TLE"], required: ["TLE"] },
  run_time_error: { permitted: ["AC", "RTE"], required: ["RTE"] },
  brute_force: { permitted: ["AC", "RTE", "TLE"], required: ["RTE", "TLE"] },
  compile_error: { permitted: ["CE"], required: ["CE"] },
  compiler_error: { permitted: ["CE"], required: ["CE"] },
};

/**
 * Finds the jury's submissions (2025-09, "Example submissions") and which verdicts each may get as a whole.
 * DOMjudge's `@EXPECTED_RESULTS@:` in a source is obeyed before the folder's meaning.
 */
export function readSubmissions(files: Files, report: Report): JurySubmission[] {
  const rules = readYaml(files, CONFIGURATION, Configuration, report) ?? {};
  const submissions: JurySubmission[] = [];
  const multiFile = new Set<string>();
  for (const path of [...files.keys()].sort()) {
    const [top, folder, name, ...rest] = path.split("/");
    if (top !== "submissions" || path === CONFIGURATION) continue;
    if (folder === undefined || name === undefined) {
      report.warn(
        path,
        "is ignored: submissions lie in folders below submissions/, like submissions/accepted/",
      );
    } else if (rest.length > 0) {
      multiFile.add(`submissions/${folder}/${name}`);
    } else {
      submissions.push(readSubmission(path, files.get(path) ?? new Uint8Array(), rules, report));
    }
  }
  for (const path of multiFile)
    report.error(path, "is a folder: submissions of several files are not supported yet");
  for (const pattern of Object.keys(rules)) {
    const used = submissions.some((submission) =>
      globMatches(pattern, submission.path.slice("submissions/".length)),
    );
    if (!used) report.warn(CONFIGURATION, `"${pattern}" matches no submission`);
  }
  if (!submissions.some((submission) => submission.path.startsWith("submissions/accepted/"))) {
    report.warn(
      "submissions/accepted/",
      "holds no submission, so nothing shows that the problem can be solved",
    );
  }
  return submissions;
}

function readSubmission(
  path: string,
  source: Uint8Array,
  rules: Readonly<Record<string, Expectation>>,
  report: Report,
): JurySubmission {
  const below = path.slice("submissions/".length);
  const folder = below.slice(0, below.indexOf("/"));
  const matching = Object.entries(rules).filter(([pattern]) => globMatches(pattern, below));
  const language = languageOf(
    path,
    matching.map(([, rule]) => rule.language).find((said) => said !== undefined),
    report,
  );
  // A rule for the folder itself replaces the folder's default key by key; any other rule is asked in addition.
  const forFolder = { ...defaults[folder], ...rules[folder] };
  const asked = [forFolder, ...matching.filter(([pattern]) => pattern !== folder).map(([, rule]) => rule)];
  const annotated = annotation(path, source, report);
  const expected = annotated ?? expectedVerdicts(asked);
  const score = expectedScore(asked);
  if (expected.length === 0 || score === "contradiction") {
    report.error(path, "can never be as expected: its rules contradict each other");
  } else if (
    annotated === null &&
    asked.every((rule) => rule.permitted === undefined && rule.required === undefined)
  ) {
    report.warn(path, `says nothing of the verdict to expect: "${folder}" has no meaning of its own`);
  }
  return {
    path,
    language,
    files: new Map([[path.slice(path.lastIndexOf("/") + 1), source]]),
    entryPoint: null,
    expected,
    requirements:
      score === null || score === "contradiction"
        ? []
        : [{ tests: "all", permitted: null, required: null, score, message: null }],
    bounds: null,
  };
}

function annotation(path: string, source: Uint8Array, report: Report): readonly Verdict[] | null {
  const annotated = annotatedVerdicts(source);
  if ("verdicts" in annotated) return annotated.verdicts.length > 0 ? annotated.verdicts : null;
  report.warn(path, `@EXPECTED_RESULTS@: "${annotated.unknown}" is not a known result`);
  return null;
}

function languageOf(path: string, said: string | undefined, report: Report): LanguageId | null {
  if (said === undefined) {
    const language = languageOfFile(path);
    if (language === null) report.warn(path, "is in a language that is not judged here");
    return language;
  }
  if (v.is(LanguageId, said)) return said;
  report.warn(path, `is in "${said}", which is not judged here`);
  return null;
}
