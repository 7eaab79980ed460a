import type { TestCase } from "../rules/package/package.ts";
import { judgingPlan } from "../rules/submission-verdict.ts";

/** Endings that an output file may have, the usual one first. */
const ENDINGS = [".out", ".ans", ".txt", ""] as const;

/**
 * Finds the file that answers a test of a submit-answer problem. The format leaves open how files are named; here by
 * the test, with a `-` for each `/`, and as much of its path as tells it from all others:
 *
 *     secret/1         1.out, secret-1.out           unless there is a sample/1: then secret-1.out alone
 *     secret/easy/01   01.out, easy-01.out, secret-easy-01.out
 *
 * @param files - what was submitted, by name
 * @returns the content, or the usual names that the file could have had
 */
export function submittedAnswer(
  pkg: Parameters<typeof judgingPlan>[0],
  test: Pick<TestCase, "name">,
  files: ReadonlyMap<string, Uint8Array | string>,
): { found: true; output: Uint8Array } | { found: false; names: readonly string[] } {
  const plan = judgingPlan(pkg);
  const stems = stemsOf(test.name).filter(
    (stem) => !plan.some(({ test: { name } }) => name !== test.name && stemsOf(name).includes(stem)),
  );
  for (const stem of stems)
    for (const ending of ENDINGS) {
      const content = files.get(`${stem}${ending}`);
      if (content === undefined) continue;
      const output = typeof content === "string" ? new TextEncoder().encode(content) : content;
      return { found: true, output };
    }
  return { found: false, names: stems.map((stem) => `${stem}${ENDINGS[0]}`) };
}

/** The ends of a test's path, the shortest first: `01`, `easy-01`, `secret-easy-01`. */
function stemsOf(name: string): string[] {
  const parts = name.split("/");
  return parts.map((_part, index) => parts.slice(parts.length - 1 - index).join("-"));
}
