import type {
  CheckerKind,
  CheckerOptions,
  ImportMessage,
  ProblemLimits,
  ProblemType,
} from "../../protocol/problem.ts";
import type { LanguageId } from "../../protocol/language.ts";
import type { LocalText } from "../../protocol/text.ts";
import type { Verdict } from "../../protocol/verdict.ts";

/** Files by their path inside the package (the package's own folder stripped), e.g. `data/secret/01.in`. */
export type Files = ReadonlyMap<string, Uint8Array>;

export interface TestCase {
  /** Path below `data/` without the ending: `sample/1`, `secret/group1/03-big`. */
  name: string;
  input: Uint8Array;
  answer: Uint8Array;
  /** Command-line arguments for the submission. */
  args: readonly string[];
  /** Files laid into the submission's working folder (`<name>.files/`), by their names. */
  files: Files;
  /** Whether those who did not pass it are shown its input, answer and their output. */
  fullFeedback: boolean;
  /** Shown to those who did not pass it; "" for none. */
  hint: string;
  /** Arguments for the output validator, from the test's or its group's yaml. */
  validatorArgs: readonly string[];
  /** How the default checker compares this test, from the same arguments; of no meaning to another checker. */
  checkerOptions: CheckerOptions;
  /** What teams are shown of a sample. Null for secret tests. */
  shown: ShownSample | null;
}

/**
 * A sample as the statement shows it (2025-09, "Displayed test cases"). It may differ from what is judged; for an
 * interactive problem it is the log of a dialogue, lines that begin with `<` (to the submission) and `>` (from it).
 */
export type ShownSample =
  | { type: "files"; input: Uint8Array; answer: Uint8Array }
  | { type: "interaction"; log: Uint8Array };

/** A folder of `data/secret` that has a `test_group.yaml` (2025-09, "Test Data Groups"); groups do not nest. */
export interface TestGroup {
  /** `secret/group1` */
  name: string;
  /** Infinity when unbounded: then the validator says the score of every accepted test. */
  maxScore: number;
  aggregation: "pass-fail" | "sum" | "min";
  /** Names of groups (or `sample`) that must be passed in full before this one counts. */
  requirePass: readonly string[];
  tests: readonly TestCase[];
}

/**
 * A folder of test data with its grader (legacy, "Graders" and "Default Grader Specification"): the verdicts and scores
 * of what it holds make its own.
 */
export interface LegacyGroup {
  /** Below `data/`: "" for the root, `secret/group1`. */
  name: string;
  acceptScore: number;
  rejectScore: number;
  /** Both ends included. */
  range: { least: number; most: number };
  /** Whether what follows a rejected child is judged. */
  onReject: "break" | "continue";
  verdict: "worst_error" | "first_error" | "always_accept";
  score: "sum" | "avg" | "min" | "max";
  ignoreSample: boolean;
  acceptIfAnyAccepted: boolean;
  /** In the order of judging. */
  children: readonly ({ type: "group"; group: LegacyGroup } | { type: "test"; test: TestCase })[];
}

/**
 * What is asked of a jury submission's verdicts on some tests, or of its points for a group (2025-09, "Example
 * submissions"). What is null is not asked.
 */
export interface Requirement {
  /** `all`, or a glob over the names of tests and groups. */
  tests: string;
  permitted: readonly Verdict[] | null;
  required: readonly Verdict[] | null;
  /** Both ends included. */
  score: { least: number; most: number } | null;
  /** A part of at least one test's `judgemessage.txt`. */
  message: string | null;
  /** The names of the tests that it speaks of, in order. */
  covers: readonly string[];
  /** Which bound of the time limit the slowest of these tests gives (2025-09, "Time limit inference"). */
  bounds: "lower" | "upper" | null;
}

export interface JurySubmission {
  /** `submissions/accepted/sum.cpp`, or the folder of a submission of several files. */
  path: string;
  language: LanguageId | null;
  /** By their names; one, unless `path` is a folder. */
  files: ReadonlyMap<string, Uint8Array>;
  /** What starts a submission of several files; null where the language has a rule for it. */
  entryPoint: string | null;
  /** The verdicts of the submission as a whole that are as expected, for people and for listings. */
  expected: readonly Verdict[];
  /** All of these must hold. */
  requirements: readonly Requirement[];
  /** Which bound of the time limit its slowest test gives; a bound by some tests only is in `requirements`. */
  bounds: "lower" | "upper" | null;
}

export interface StatementSource {
  locale: string;
  format: "md" | "tex" | "pdf";
  path: string;
  text: string;
}

/** A problem package, parsed and found usable. */
export interface Package {
  /** The `uuid` key. */
  uuid: string;
  shortName: string;
  name: LocalText;
  types: readonly ProblemType[];
  /** Words that say what it is about: "graphs". */
  keywords: readonly string[];
  credits: readonly string[];
  license: string;
  /** Languages that submissions may use; all of ours unless the package narrows them, `answers` alone for submit-answer. */
  languages: readonly LanguageId[];
  limits: ProblemLimits & {
    /** How the time limit follows from the jury's submissions, where `timeMs` is null. */
    timing: { acToTimeLimit: number; timeLimitToTle: number; resolutionMs: number };
    /** The most passes of a multi-pass problem. */
    validationPasses: number;
    compilationTimeS: number;
    compilationMemoryMiB: number;
    validationTimeS: number;
    validationMemoryMiB: number;
    validationOutputMiB: number;
  };
  checker: CheckerKind;
  checkerOptions: CheckerOptions;
  /** Source files of `output_validator/` by their path below it; empty for the default checker. */
  outputValidator: Files;
  /**
   * How the validator is called and what its exit codes mean: `icpc` is 2025-09's (`input answer feedback/ < output`, 42
   * or 43), `testlib` that of checkers written with testlib.h (`input output answer`, 0, 1, 2, 3 …).
   */
  validatorInterface: "icpc" | "testlib";
  /** Files added to submissions, by language; those of `default` go with every language that has none of its own. */
  include: ReadonlyMap<LanguageId | "default", Files>;
  /** Whether submissions may write files in their working folder. */
  mayWriteFiles: boolean;
  statements: readonly StatementSource[];
  samples: readonly TestCase[];
  /**
   * For a pass-fail problem, for the older format's grading, and where `data/secret` has no folders, one group (`secret`)
   * holds every secret test.
   */
  groups: readonly TestGroup[];
  /**
   * The older format's grading, whose groups nest. Null for 2025-09, and for a pass-fail problem whose `testdata.yaml`
   * files say no more than that the first rejected test decides.
   */
  legacyGrading: LegacyGroup | null;
  /** How the scores of groups make the submission's; null when the problem is not scored. */
  scoreAggregation: "pass-fail" | "sum" | "min" | null;
  /** The most that a submission can score; Infinity when unbounded, 0 when the problem is not scored. */
  maxScore: number;
  submissions: readonly JurySubmission[];
}

/** A package that may be used (no errors), or null, with everything worth telling about it. */
export interface ReadPackage {
  package: Package | null;
  messages: readonly ImportMessage[];
}
