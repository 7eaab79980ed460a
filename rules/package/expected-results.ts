import type { Verdict } from "../../protocol/verdict.ts";

/** DOMjudge's words for results, and the synonyms that its importer takes. */
const results: Readonly<Record<string, Verdict>> = {
  CORRECT: "AC",
  ACCEPTED: "AC",
  "WRONG-ANSWER": "WA",
  WRONG_ANSWER: "WA",
  "NO-OUTPUT": "WA",
  TIMELIMIT: "TLE",
  TIME_LIMIT_EXCEEDED: "TLE",
  "RUN-ERROR": "RTE",
  RUN_TIME_ERROR: "RTE",
  "COMPILER-ERROR": "CE",
  COMPILER_ERROR: "CE",
  "OUTPUT-LIMIT": "OLE",
  OUTPUT_LIMIT: "OLE",
  "MEMORY-LIMIT": "MLE",
  MEMORY_LIMIT: "MLE",
};

/**
 * Reads `@EXPECTED_RESULTS@: TIMELIMIT, WRONG-ANSWER` anywhere in a source.
 *
 * @returns the verdicts it names, none where there is no such line; or the first word that is unknown
 */
export function annotatedVerdicts(source: Uint8Array): { verdicts: Verdict[] } | { unknown: string } {
  const text = new TextDecoder().decode(source);
  const said = /@EXPECTED_RESULTS@:([^\n]*)/.exec(text)?.[1];
  if (said === undefined) return { verdicts: [] };
  const words = said.split(",").map((word) => word.trim().split(/\s/, 1)[0] ?? "");
  const verdicts = new Set<Verdict>();
  for (const word of words) {
    const verdict = results[word.toUpperCase()];
    if (verdict === undefined) return { unknown: word };
    verdicts.add(verdict);
  }
  return { verdicts: [...verdicts] };
}
