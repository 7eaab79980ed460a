import type { Verdict } from "../../protocol/verdict.ts";
import type { Requirement } from "./package.ts";

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
  const said = annotation("@EXPECTED_RESULTS@:", source);
  if (said === null) return { verdicts: [] };
  const words = said.split(",").map((word) => word.trim().split(/\s/, 1)[0] ?? "");
  const verdicts = new Set<Verdict>();
  for (const word of words) {
    const verdict = results[word.toUpperCase()];
    if (verdict === undefined) return { unknown: word };
    verdicts.add(verdict);
  }
  return { verdicts: [...verdicts] };
}

const SCORE = /^\s*(-?\d+(?:\.\d+)?)(?:\s*(?:-|\.\.)\s*(-?\d+(?:\.\d+)?))?(?:\s|$)/;

/**
 * Reads `@EXPECTED_SCORE@: 40`, or a range as `40-60`, anywhere in a source.
 *
 * @returns null where there is no such line; what it says where that is neither a number nor a range
 */
export function annotatedScore(source: Uint8Array): Requirement["score"] | { unknown: string } {
  const said = annotation("@EXPECTED_SCORE@:", source);
  if (said === null) return null;
  const [, least, most = least] = SCORE.exec(said) ?? [];
  if (least === undefined || Number(least) > Number(most)) return { unknown: said.trim() };
  return { least: Number(least), most: Number(most) };
}

function annotation(tag: string, source: Uint8Array): string | null {
  const text = new TextDecoder().decode(source);
  const at = text.indexOf(tag);
  return at < 0 ? null : (text.slice(at + tag.length).split("\n", 1)[0] ?? "");
}
