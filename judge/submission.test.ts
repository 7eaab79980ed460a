import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Package } from "../rules/package/package.ts";
import { packageOf } from "./example-package.ts";
import type { Slot } from "./slot.ts";
import { openTestSlot, whyNoSandbox } from "./testing.ts";
import { judgedIn, type Submitted, told } from "./testing-submissions.ts";

const sum = "print(sum(map(int, input().split())))\n";

describe.skipIf((await whyNoSandbox()) !== null)("a submission", () => {
  let slot: Slot;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ slot, close } = await openTestSlot());
  });
  afterAll(() => close());

  const judge = async (
    pkg: Package,
    language: "c" | "cpp" | "java" | "python3",
    files: Submitted,
    entryPoint?: string,
  ): Promise<string> =>
    told(await judgedIn(slot, pkg, language, files, entryPoint === undefined ? {} : { entryPoint }));
  const accepted = "AC: sample/1 AC, secret/01 AC";

  describe("of several files", () => {
    it("starts as its language says, or as it says itself", async () => {
      const files = {
        "main.py": "from other import add\nprint(add(input()))\n",
        "other.py": "def add(text): return sum(map(int, text.split()))\n",
      };
      expect(await judge(packageOf(), "python3", files)).toBe(accepted);
      const renamed = { "begin.py": files["main.py"], "other.py": files["other.py"] };
      expect(await judge(packageOf(), "python3", renamed, "begin.py")).toBe(accepted);
      expect(await judge(packageOf(), "python3", renamed)).toMatch(/^CE/);
    });

    it("is compiled from all of them, headers with them", async () => {
      const files = {
        "add.h": "int add(int, int);\n",
        "add.c": '#include "add.h"\nint add(int a, int b) { return a + b; }\n',
        "start.c":
          '#include <stdio.h>\n#include "add.h"\nint main(void) { int a, b; scanf("%d%d", &a, &b); printf("%d\\n", add(a, b)); }\n',
      };
      expect(await judge(packageOf(), "c", files)).toBe(accepted);
    });

    it("finds them where it runs, and may change what it finds there", async () => {
      const files = {
        "main.py": `import os
print(int(open("table.txt").read()) + sum(map(int, input().split())))
open("table.txt", "w").write("changed")
assert open("/box/table.txt").read() == "0\\n"
`,
        "table.txt": "0\n",
      };
      expect(await judge(packageOf(), "python3", files)).toBe(accepted);
    });
  });

  describe("with included files", () => {
    it("is compiled with them, which come over those of the same name", async () => {
      const pkg = packageOf({
        "include/c/add.h": "int add(int a, int b) { return a + b; }\n",
        "include/default/never.h": "#error\n",
      });
      const program =
        '#include <stdio.h>\n#include "add.h"\nint main(void) { int a, b; scanf("%d%d", &a, &b); printf("%d\\n", add(a, b)); }\n';
      expect(await judge(pkg, "c", program)).toBe(accepted);
      expect(await judge(pkg, "c", { "any.c": program, "add.h": "#error mine\n" })).toBe(accepted);
    });

    it("is started by their driver", async () => {
      const pkg = packageOf({
        "include/python3/main.py": "from solution import add\nprint(add(*map(int, input().split())))\n",
      });
      expect(await judge(pkg, "python3", { "solution.py": "def add(a, b): return a + b\n" })).toBe(accepted);
      expect(await judge(pkg, "python3", { "solution.py": "def add(a, b): return a - b\n" })).toMatch(/^WA/);
    });

    it("is given those for all languages where its own has none, to read where it runs", async () => {
      const pkg = packageOf({ "include/default/table.txt": "0\n", "include/cpp/other.h": "\n" });
      const program = 'print(int(open("table.txt").read()) + sum(map(int, input().split())))\n';
      expect(await judge(pkg, "python3", program)).toBe(accepted);
    });
  });

  it("is given the test's arguments", async () => {
    const pkg = packageOf({
      "data/secret/01.yaml": 'args: ["--times", "7", "a b"]\n',
      "data/secret/01.ans": "--times 7 a b\n",
    });
    const python = "import sys\nprint(*sys.argv[1:]) if sys.argv[1:] else print(3)\n";
    expect(await judge(pkg, "python3", python)).toBe(accepted);
    const cpp =
      "#include <iostream>\nint main(int n, char **w) { if (n < 2) std::cout << 3; for (int i = 1; i < n; i++) std::cout << w[i] << ' '; }\n";
    expect(await judge(pkg, "cpp", cpp)).toBe(accepted);
    const java =
      'class Main { public static void main(String[] w) { System.out.println(w.length == 0 ? "3" : String.join(" ", w)); } }\n';
    expect(await judge(pkg, "java", java)).toBe(accepted);
  });

  it("finds the test's files where it runs, each test its own, over its own ones", async () => {
    const pkg = packageOf({
      "data/sample/1.files/data.txt": "1 2\n",
      "data/secret/01.files/data.txt": "3 4\n",
      "data/secret/01.files/more.txt": "more\n",
    });
    const program = `import os
assert sorted(os.listdir(".")) == (["data.txt"] if input() == "1 2" else ["data.txt", "more.txt"]), os.listdir(".")
print(sum(map(int, open("data.txt").read().split())))
`;
    expect(await judge(pkg, "python3", program)).toBe(accepted);
    const files = {
      "main.py": 'print(sum(map(int, open("data.txt").read().split())))\n',
      "data.txt": "100 100\n",
    };
    expect(await judge(pkg, "python3", files)).toBe(accepted);
  });

  it("finds a test's files that are larger than its work folder otherwise is", async () => {
    const small = packageOf();
    const [sample] = small.samples;
    if (sample === undefined) throw new Error("the example has a sample");
    const large = new Uint8Array(80 * 1024 * 1024).fill(1);
    const pkg = { ...small, samples: [{ ...sample, files: new Map([["large.bin", large]]) }], groups: [] };
    const program = 'import os\nprint(3 if os.path.getsize("large.bin") == 80 << 20 else 0)';
    expect(await judge(pkg, "python3", program)).toBe("AC: sample/1 AC");
  });

  it("has the time limit that it is given, before that of its package", async () => {
    const slow = `import time\nwhile time.process_time() < 0.5: pass\n${sum}`;
    const given = await judgedIn(slot, packageOf(), "python3", slow, { timeMs: 200 });
    expect(told(given)).toBe("TLE: sample/1 TLE");
    const unknown = { ...packageOf(), limits: { ...packageOf().limits, timeMs: null } };
    expect(told(await judgedIn(slot, unknown, "python3", slow))).toMatch(
      /^failure: .*time limit .*not known/,
    );
    expect(told(await judgedIn(slot, unknown, "python3", slow, { timeMs: 1500 }))).toBe(accepted);
  });

  it("is run on every test where that is asked for, with the same verdict", async () => {
    const wrong = "print(0)";
    expect(told(await judgedIn(slot, packageOf(), "python3", wrong))).toMatch(
      /^WA: sample\/1 WA [^,]*, got 0\)$/,
    );
    const all = await judgedIn(slot, packageOf(), "python3", wrong, { extent: "all" });
    expect(told(all)).toMatch(/^WA: sample\/1 WA .*, secret\/01 WA /);
  });

  it("is told the first difference, what it wrote, and what the validator says to teams", async () => {
    const { outcome } = await judgedIn(slot, packageOf(), "python3", 'print("3\\n5")');
    expect(outcome).toMatchObject({
      runs: [{ message: "line 2: expected the end of the output, got 5", teamMessage: "", outputBytes: 4 }],
    });
    const validator = `import sys
open(sys.argv[3] + "judgemessage.txt", "w").write("first\\n" + "last " * 500 + "\\n\\n")
open(sys.argv[3] + "teammessage.txt", "w").write("  try\\nagain\\n")
sys.exit(43)`;
    const own = packageOf({ "output_validator/validate.py": validator });
    const judged = await judgedIn(slot, own, "python3", "print(1)");
    expect(judged.outcome).toMatchObject({
      runs: [{ message: "last ".repeat(200), teamMessage: "try\nagain" }],
    });
  });

  describe("of answers", () => {
    const answers = (more: Record<string, string | null> = {}): Package =>
      packageOf(
        {
          "submissions/accepted/sum.py": null,
          "submissions/accepted/all/1.out": "3\n",
          "submissions/accepted/all/01.out": "7\n",
          ...more,
        },
        "type: submit-answer\n",
      );
    const judgeAnswers = async (pkg: Package, files: Submitted): Promise<string> =>
      told(await judgedIn(slot, pkg, "answers", files, { extent: "all" }));

    it("is compared test by test, by the names of their files", async () => {
      expect(await judgeAnswers(answers(), { "1.out": "3\n", "01.out": "7\n" })).toBe(
        "AC: sample/1 AC, secret/01 AC",
      );
      expect(await judgeAnswers(answers(), { "sample-1.txt": "3\n", "01.out": "8\n" })).toBe(
        "WA: sample/1 AC, secret/01 WA (line 1: expected 7, got 8)",
      );
    });

    it("is wrong where one is missing, and it is said which", async () => {
      expect(await judgeAnswers(answers(), { "1.out": "3\n" })).toBe(
        "WA: sample/1 AC, secret/01 WA (no file 01.out or secret-01.out was submitted)",
      );
    });

    it("is given to a validator as outputs are", async () => {
      const validator = `import sys
given = sys.stdin.read().split()
open(sys.argv[3] + "judgemessage.txt", "w").write("saw " + " ".join(given))
sys.exit(42 if given == open(sys.argv[2]).read().split() else 43)`;
      const pkg = answers({ "output_validator/validate.py": validator });
      expect(await judgeAnswers(pkg, { "1.out": "3\n", "01.out": "8\n" })).toBe(
        "WA: sample/1 AC (saw 3), secret/01 WA (saw 8)",
      );
    });

    it("uses nothing, and is kept as evidence", async () => {
      const { outcome, evidence } = await judgedIn(slot, answers(), "answers", {
        "1.out": "3\n",
        "01.out": "7",
      });
      expect(outcome).toMatchObject({
        runs: [{ cpuMs: 0, memoryKiB: 0, outputBytes: 2 }, { outputBytes: 1 }],
      });
      expect(evidence?.runs.map(({ output }) => atob(output))).toEqual(["3\n", "7"]);
    });

    it("is for problems that ask for them, and those take nothing else", async () => {
      expect(told(await judgedIn(slot, answers(), "python3", sum))).toMatch(/^failure: .*asks for answers/);
      expect(told(await judgedIn(slot, packageOf(), "answers", { "1.out": "3" }))).toMatch(
        /^failure: .*asks for a program/,
      );
    });
  });
});
