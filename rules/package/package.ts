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

export interface JurySubmission {
  /** `submissions/accepted/sum.cpp` */
  path: string;
  language: LanguageId | null;
  source: Uint8Array;
  /** Any of these is as expected. */
  expected: readonly Verdict[];
  /** The points that it must get, both ends included; null where nothing is said. */
  score: { least: number; most: number } | null;
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
  credits: readonly string[];
  license: string;
  /** Languages that submissions may use; all of ours unless the package narrows them. */
  languages: readonly LanguageId[];
  limits: ProblemLimits & {
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
  statements: readonly StatementSource[];
  samples: readonly TestCase[];
  /** For a pass-fail problem, and where `data/secret` has no folders, one group (`secret`) holds every secret test. */
  groups: readonly TestGroup[];
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
