import type { LanguageId } from "../protocol/language.ts";
import { exampleFiles, exampleYaml } from "../rules/package/example.ts";
import type { Package } from "../rules/package/package.ts";
import { readPackage } from "../rules/package/read.ts";

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

/** Programs that solve it. */
export const rightPrograms: Record<LanguageId, string> = {
  c: `#include <stdio.h>\nint main(void) { int a, b; scanf("%d%d", &a, &b); printf("%d\\n", a + b); }`,
  cpp: `#include <iostream>\nint main() { int a, b; std::cin >> a >> b; std::cout << a + b << "\\n"; }`,
  java: `import java.util.*;\npublic class Sum { public static void main(String[] words) {
    Scanner in = new Scanner(System.in); System.out.println(in.nextInt() + in.nextInt()); } }`,
  javascript: `console.log(require("fs").readFileSync(0, "utf8").split(" ").map(Number).reduce((a, b) => a + b));`,
  python3: `import sys\nprint(sum(map(int, sys.stdin.read().split())))`,
};
