import { answerFiles } from "../rules/package/answers.ts";
import type { TestCase } from "../rules/package/package.ts";
import { judgingPlan } from "../rules/submission-verdict.ts";

/**
 * Finds the file that answers a test of a submit-answer problem, by its name (`answerFiles`).
 *
 * @param files - what was submitted, by name
 * @returns the content, or in a sentence what is missing
 */
export function submittedAnswer(
  pkg: Parameters<typeof judgingPlan>[0],
  test: Pick<TestCase, "name">,
  files: ReadonlyMap<string, Uint8Array | string>,
): { found: true; output: Uint8Array } | { found: false; message: string } {
  const tests = judgingPlan(pkg).map((step) => step.test.name);
  const names = answerFiles(test.name, tests);
  const name = names.find((one) => files.has(one));
  const content = name === undefined ? undefined : files.get(name);
  if (content === undefined) {
    const usual = names.filter((one) => one.endsWith(".out"));
    return { found: false, message: `no file ${usual.join(" or ")} was submitted` };
  }
  const output = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return { found: true, output };
}
