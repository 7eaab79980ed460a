import { plainChecker } from "./checker-args.ts";
import type { Files, TestCase } from "./package.ts";

/** A minimal sound package of the format 2025-09 for tests, with changes: a text adds or replaces a file, null removes it. */
export function exampleFiles(changes: Readonly<Record<string, string | null>> = {}): Files {
  const texts: Record<string, string | null> = {
    "problem.yaml": exampleYaml(),
    "statement/problem.en.md": "Add two numbers.\n",
    "data/sample/1.in": "1 2\n",
    "data/sample/1.ans": "3\n",
    "data/secret/01.in": "3 4\n",
    "data/secret/01.ans": "7\n",
    "submissions/accepted/sum.py": "print(sum(map(int, input().split())))\n",
    "input_validators/validate.py": "exit(42)\n",
    ...changes,
  };
  const files = new Map<string, Uint8Array>();
  for (const [path, text] of Object.entries(texts)) if (text !== null) files.set(path, bytes(text));
  return files;
}

/** `problem.yaml` of the example, with more lines after it. */
export function exampleYaml(more = ""): string {
  return `problem_format_version: 2025-09
name: Sum
uuid: 4c7e5b0a-63a2-4a8e-9d39-3c1a5b1f2e70
license: cc by
rights_owner: Tabarena
limits:
  time_limit: 1.5
${more}`;
}

export function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** A test with nothing in it but its name. */
export function testCase(name: string): TestCase {
  const nothing = new Uint8Array();
  return {
    name,
    input: nothing,
    answer: nothing,
    args: [],
    files: new Map(),
    fullFeedback: false,
    hint: "",
    validatorArgs: [],
    checkerOptions: plainChecker,
    shown: null,
  };
}
