import type { LanguageId } from "../protocol/language.ts";
import { exampleFiles, exampleYaml } from "../rules/package/example.ts";
import type { Package } from "../rules/package/package.ts";
import { readPackage } from "../rules/package/read.ts";
import { judgeSubmission, type SubmissionJudgement } from "./judge-submission.ts";
import { openProblem } from "./problem.ts";
import type { Slot } from "./slot.ts";

/** The example package ("add two numbers", samples 1, secret 01), changed. */
export function packageOf(changes: Record<string, string | null> = {}, yaml = ""): Package {
  const { package: pkg, messages } = readPackage(
    exampleFiles({ "problem.yaml": exampleYaml(yaml), ...changes }),
    "sum",
  );
  if (pkg === null) throw new Error(JSON.stringify(messages));
  return pkg;
}

/** Secret tests `02` … that ask for the sum of numbers, in addition to the example's. */
export function moreTests(count: number): Record<string, string> {
  const tests: Record<string, string> = {};
  for (let i = 2; i < count + 2; i++) {
    const name = `data/secret/${String(i).padStart(2, "0")}`;
    tests[`${name}.in`] = `${i} ${i}\n`;
    tests[`${name}.ans`] = `${2 * i}\n`;
  }
  return tests;
}

/** Those that tests of everything but languages go through; `languages/examples.ts` has all. */
type UsualLanguage = "c" | "cpp" | "java" | "javascript" | "python3";

/** Programs that solve it. */
export const rightPrograms: Record<UsualLanguage, string> = {
  c: `#include <stdio.h>\nint main(void) { int a, b; scanf("%d%d", &a, &b); printf("%d\\n", a + b); }`,
  cpp: `#include <iostream>\nint main() { int a, b; std::cin >> a >> b; std::cout << a + b << "\\n"; }`,
  java: `import java.util.*;\npublic class Sum { public static void main(String[] words) {
    Scanner in = new Scanner(System.in); System.out.println(in.nextInt() + in.nextInt()); } }`,
  javascript: `console.log(require("fs").readFileSync(0, "utf8").split(" ").map(Number).reduce((a, b) => a + b));`,
  python3: `import sys\nprint(sum(map(int, sys.stdin.read().split())))`,
};

/** Programs that no compiler accepts. */
export const brokenPrograms: Record<UsualLanguage, string> = {
  c: "int main(void) { return 0 }",
  cpp: "int main() { std::vector<int> v; }",
  java: 'class Main { public static void main(String[] words) { int x = ""; } }',
  javascript: "console.log('",
  python3: "def f(:\n  pass",
};

/** Programs that end badly. */
export const crashingPrograms: Record<UsualLanguage, string> = {
  c: "#include <stdlib.h>\nint main(void) { abort(); }",
  cpp: "int main() { throw 1; }",
  java: "class Main { public static void main(String[] words) { throw new RuntimeException(); } }",
  javascript: "throw new Error('x');",
  python3: "raise ValueError()",
};

/** Judges a program in a slot, as a submission of a problem that is opened for it. */
export async function judgeIn(
  slot: Slot,
  pkg: Package,
  language: LanguageId,
  text: string,
): Promise<SubmissionJudgement["outcome"]> {
  const problem = await openProblem(pkg, slot.store);
  try {
    const source = { files: new Map([["main", text]]), entryPoint: null };
    const submission = { problem, language, source, timeMs: null, extent: "deciding" } as const;
    return (await judgeSubmission(slot, submission)).outcome;
  } finally {
    await problem.close();
  }
}

/** The verdict alone, or the failure in words. */
export async function verdictIn(
  slot: Slot,
  pkg: Package,
  language: LanguageId,
  source: string,
): Promise<string> {
  const outcome = await judgeIn(slot, pkg, language, source);
  return outcome.type === "verdict" ? outcome.verdict : `failure: ${outcome.message}`;
}
