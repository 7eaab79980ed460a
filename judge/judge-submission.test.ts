import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Outcome } from "../protocol/judge.ts";
import type { LanguageId } from "../protocol/language.ts";
import { exampleFiles, exampleYaml } from "../rules/package/example.ts";
import type { Package } from "../rules/package/package.ts";
import { readPackage } from "../rules/package/read.ts";
import { judgePackage } from "./judge-package.ts";
import { judgeSubmission } from "./judge-submission.ts";
import { openProblem } from "./problem.ts";
import { precompileHeader } from "./precompiled-header.ts";
import type { Slot } from "./slot.ts";
import { openTestSlot, processesOf, TEST_UID, whyNoSandbox } from "./testing.ts";

/** The example package ("add two numbers", samples 1, secret 01), changed. */
function packageOf(changes: Record<string, string | null> = {}, yaml = ""): Package {
  const { package: pkg, messages } = readPackage(
    exampleFiles({ "problem.yaml": exampleYaml(yaml), ...changes }),
    "sum",
  );
  if (pkg === null) throw new Error(JSON.stringify(messages));
  return pkg;
}

/** Secret tests `02` … that ask for the sum of numbers, in addition to the example's. */
function moreTests(count: number): Record<string, string> {
  const tests: Record<string, string> = {};
  for (let i = 2; i < count + 2; i++) {
    const name = `data/secret/${String(i).padStart(2, "0")}`;
    tests[`${name}.in`] = `${i} ${i}\n`;
    tests[`${name}.ans`] = `${2 * i}\n`;
  }
  return tests;
}

describe.skipIf((await whyNoSandbox()) !== null)("judging a submission", () => {
  let slot: Slot;
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ slot, close } = await openTestSlot());
  });
  afterAll(() => close());

  const judge = async (pkg: Package, language: LanguageId, source: string): Promise<Outcome> => {
    const problem = await openProblem(pkg, slot.store);
    try {
      return await judgeSubmission(slot, { problem, language, source });
    } finally {
      await problem.close();
    }
  };
  const verdictOf = async (pkg: Package, language: LanguageId, source: string): Promise<string> => {
    const outcome = await judge(pkg, language, source);
    return outcome.type === "verdict" ? outcome.verdict : `failure: ${outcome.message}`;
  };

  const right: Record<LanguageId, string> = {
    c: `#include <stdio.h>\nint main(void) { int a, b; scanf("%d%d", &a, &b); printf("%d\\n", a + b); }`,
    cpp: `#include <iostream>\nint main() { int a, b; std::cin >> a >> b; std::cout << a + b << "\\n"; }`,
    java: `import java.util.*;\npublic class Sum { public static void main(String[] words) {
      Scanner in = new Scanner(System.in); System.out.println(in.nextInt() + in.nextInt()); } }`,
    javascript: `console.log(require("fs").readFileSync(0, "utf8").split(" ").map(Number).reduce((a, b) => a + b));`,
    python3: `import sys\nprint(sum(map(int, sys.stdin.read().split())))`,
  };
  const broken: Record<LanguageId, string> = {
    c: "int main(void) { return 0 }",
    cpp: "int main() { std::vector<int> v; }",
    java: 'class Main { public static void main(String[] words) { int x = ""; } }',
    javascript: "console.log('",
    python3: "def f(:\n  pass",
  };
  const crashing: Record<LanguageId, string> = {
    c: "#include <stdlib.h>\nint main(void) { abort(); }",
    cpp: "int main() { throw 1; }",
    java: "class Main { public static void main(String[] words) { throw new RuntimeException(); } }",
    javascript: "throw new Error('x');",
    python3: "raise ValueError()",
  };

  it.each(Object.entries(right) as [LanguageId, string][])(
    "accepts a right program in %s",
    async (language, source) => {
      const outcome = await judge(packageOf(), language, source);
      expect(outcome).toMatchObject({ type: "verdict", verdict: "AC", score: null, level: "full" });
      if (outcome.type !== "verdict") return;
      expect(outcome.toolchain).toMatch(/^(GCC|OpenJDK|Node\.js|CPython) \d+\.\d+/);
      expect(outcome.runs.map(({ name, verdict }) => [name, verdict])).toEqual([
        ["sample/1", "AC"],
        ["secret/01", "AC"],
      ]);
    },
  );

  it.each(Object.entries(broken) as [LanguageId, string][])(
    "gives CE with the compiler's words in %s",
    async (language, source) => {
      const outcome = await judge(packageOf(), language, source);
      expect(outcome).toMatchObject({ type: "verdict", verdict: "CE", runs: [] });
      if (outcome.type !== "verdict") return;
      expect(outcome.compileOutput).toMatch(/error/i);
      expect(outcome.compileOutput).toMatch(/main|Main/);
      expect(outcome.compileOutput).not.toContain("/box");
    },
  );

  it.each(Object.entries(crashing) as [LanguageId, string][])(
    "gives RTE to a crash in %s",
    async (language, source) => {
      expect(await verdictOf(packageOf(), language, source)).toBe("RTE");
    },
  );

  it("starts the class that has a main, whatever its name, package and neighbours", async () => {
    const source = `package a.b; import java.util.*;
      class Helper { String text = "static void main("; /* class Wrong { public static void main( */ }
      public class Solution { static class Inner {} public static void main(String... words) {
        Scanner in = new Scanner(System.in); System.out.println(in.nextInt() + in.nextInt()); } }`;
    expect(await verdictOf(packageOf(), "java", source)).toBe("AC");
  });

  it.each([
    [
      "CommonJS and events",
      `let text = ""; process.stdin.on("data", (part) => (text += part)).on("end", () => console.log(text.split(" ").map(Number).reduce((a, b) => a + b)));`,
    ],
    [
      "/dev/stdin",
      `console.log(require("fs").readFileSync("/dev/stdin", "utf8").split(" ").map(Number).reduce((a, b) => a + b));`,
    ],
    [
      "modules",
      `import { readFileSync } from "node:fs"; const [a, b] = readFileSync(0, "utf8").split(" ").map(Number); process.stdout.write(String(a + b));`,
    ],
    [
      "readline and await",
      `import readline from "node:readline/promises"; for await (const line of readline.createInterface({ input: process.stdin })) { const [a, b] = line.split(" ").map(Number); console.log(a + b); }`,
    ],
  ])("runs JavaScript that reads by %s", async (_way, source) => {
    expect(await verdictOf(packageOf(), "javascript", source)).toBe("AC");
  });

  it("gives deep recursion the memory of the problem, not a small stack", async () => {
    const python =
      "import sys\nsys.setrecursionlimit(10**6)\nf = lambda n: 0 if n == 0 else 1 + f(n - 1)\nf(50000)\nprint(sum(map(int, input().split())))";
    const javascript = `const f = (n) => (n === 0 ? 0 : 1 + f(n - 1)); f(100000);\n${right.javascript}`;
    const java = `class Main { static int f(int n) { return n == 0 ? 0 : 1 + f(n - 1); } public static void main(String[] w) { f(200000); java.util.Scanner s = new java.util.Scanner(System.in); System.out.println(s.nextInt() + s.nextInt()); } }`;
    expect(await verdictOf(packageOf(), "python3", python)).toBe("AC");
    expect(await verdictOf(packageOf(), "javascript", javascript)).toBe("AC");
    expect(await verdictOf(packageOf(), "java", java)).toBe("AC");
  });

  describe("gives each verdict its cause:", () => {
    const yaml = exampleYaml("  memory: 64\n  output: 1\n").replace("time_limit: 1.5", "time_limit: 0.5");
    const small = (): Package => packageOf({ "problem.yaml": yaml });

    it.each<[verdict: string, why: string, language: LanguageId, source: string]>([
      ["WA", "a wrong answer", "python3", "print(4)"],
      ["WA", "no output", "python3", "pass"],
      ["TLE", "an endless loop", "c", "int main(void) { for (volatile int i = 0;; i++); }"],
      ["TLE", "sleep", "python3", "import time\ntime.sleep(1000)"],
      [
        "TLE",
        "an endless loop in the JVM",
        "java",
        "class Main { public static void main(String[] w) { for (;;); } }",
      ],
      [
        "MLE",
        "too much memory",
        "c",
        `#include <stdlib.h>\nint main(void) { for (;;) { volatile char *p = malloc(1 << 20); for (int i = 0; i < 1 << 20; i += 4096) p[i] = 1; } }`,
      ],
      ["OLE", "endless output", "python3", "while True: print('x' * 10000)"],
      [
        "RTE",
        "a non-zero exit code after the right answer",
        "python3",
        "print(sum(map(int, input().split())))\nexit(3)",
      ],
      ["RTE", "a non-zero exit code with nothing said", "c", "int main(void) { return 1; }"],
      ["RTE", "reading past an array", "c", "int main(void) { *(volatile int *)0 = 1; }"],
    ])("%s for %s", async (verdict, _why, language, source) => {
      expect(await verdictOf(small(), language, source)).toBe(verdict);
    });

    it("CE for a compiler that is made to eat time, memory or output", async () => {
      const pkg = packageOf({}, "  compilation_time: 3\n  compilation_memory: 256\n");
      const loops =
        "template<int n> struct A { static const int v = A<n + 1>::v + A<n + 2>::v; };\n#include </dev/urandom>\nint main() {}";
      expect(await verdictOf(pkg, "cpp", loops)).toBe("CE");
      const flood =
        "#define A x; x; x; x; x; x; x; x; x;\n#define B A A A A A A A A A\n#define C B B B B B B B B B\nint main() { C C C C C C C C C C }";
      const outcome = await judge(pkg, "cpp", flood);
      expect(outcome).toMatchObject({ verdict: "CE" });
      if (outcome.type === "verdict") expect(outcome.compileOutput.length).toBeLessThan(20_000);
    });

    it("CE, and no secret, for a source that includes what it may not read", async () => {
      for (const path of ["/data/answer", "/etc/shadow", "/.store/files/live", "/proc/1/environ"]) {
        const outcome = await judge(packageOf(), "c", `#include "${path}"\nint main(void) { return 0; }`);
        expect(outcome).toMatchObject({ verdict: "CE" });
        if (outcome.type === "verdict")
          expect(outcome.compileOutput).toMatch(/No such file|Permission denied/);
      }
    });
  });

  it("stops a pass-fail problem at the first test that is not accepted", async () => {
    const outcome = await judge(
      packageOf(moreTests(5)),
      "python3",
      "a, b = map(int, input().split())\nprint(a + b if a < 4 else 0)",
    );
    if (outcome.type !== "verdict") throw new Error(outcome.message);
    expect(outcome.runs.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
      "sample/1 AC",
      "secret/01 AC",
      "secret/02 AC",
      "secret/03 AC",
      "secret/04 WA",
    ]);
  });

  it("compares with the tolerance that the package asks for", async () => {
    const pkg = packageOf({
      "data/secret/test_group.yaml": "output_validator_args: [float_tolerance, '1e-3']\n",
      "data/secret/01.ans": "7.0\n",
    });
    expect(
      await verdictOf(
        pkg,
        "python3",
        "print(sum(map(int, input().split())) if False else {'1 2': 3}.get(input(), 7.0005))".replace(
          "sum(map(int, input().split())) if False else ",
          "",
        ),
      ),
    ).toBe("AC");
    expect(await verdictOf(pkg, "python3", "print({'1 2': 3}.get(input(), 7.05))")).toBe("WA");
  });

  it("tells progress test by test", async () => {
    const seen: [number, number][] = [];
    const problem = await openProblem(packageOf(moreTests(2)), slot.store);
    await judgeSubmission(slot, { problem, language: "python3", source: right.python3 }, (done, total) =>
      seen.push([done, total]),
    );
    await problem.close();
    expect(seen).toEqual([
      [0, 4],
      [1, 4],
      [2, 4],
      [3, 4],
      [4, 4],
    ]);
  });

  describe("with a validator of the package's own", () => {
    const custom = { "problem.yaml": exampleYaml() };
    const cppValidator = `#include <fstream>\n#include <iostream>\nint main(int count, char **words) {
      std::ifstream in(words[1]); int a, b, x, y; in >> a >> b;
      std::ofstream(std::string(words[3]) + "judgemessage.txt") << "looked";
      return std::cin >> x >> y && x + y == a + b ? 42 : 43; }`;
    const pythonValidator = `import sys\na, b = map(int, open(sys.argv[1]).read().split())\nx = sys.stdin.read().split()
sys.exit(42 if len(x) == 2 and int(x[0]) + int(x[1]) == a + b else 43)`;
    const anySum = "a, b = map(int, input().split())\nprint(a + 1, b - 1)";

    it.each([
      ["C++", "validate.cpp", cppValidator],
      ["Python", "validate.py", pythonValidator],
    ])("accepts and rejects as one in %s says", async (_language, file, source) => {
      const pkg = packageOf({ ...custom, [`output_validator/${file}`]: source });
      expect(await verdictOf(pkg, "python3", anySum)).toBe("AC");
      expect(await verdictOf(pkg, "python3", "print(1, 1)")).toBe("WA");
    });

    it.each([
      ["does not compile", "validate.cpp", "int main() { return x; }", /does not compile/],
      ["ends with 0", "validate.py", "pass", /exit code 0 \(42 accepts, 43 rejects\)/],
      ["crashes", "validate.py", "raise ValueError('odd')", /exit code 1.*ValueError: odd/],
      ["is killed", "validate.cpp", "#include <cstdlib>\nint main() { abort(); }", /signal 6/],
      ["is in no language of ours", "validate.rs", "fn main() {}", /neither C\+\+ nor Python/],
    ])("fails, without a verdict, when it %s", async (_how, file, source, message) => {
      const pkg = packageOf({ ...custom, [`output_validator/${file}`]: source });
      const outcome = await judge(pkg, "python3", anySum);
      expect(outcome.type).toBe("failure");
      if (outcome.type === "failure") expect(outcome.message).toMatch(message);
    });

    it("fails when it loops", async () => {
      const pkg = packageOf({ "output_validator/validate.py": "while True: pass" }, "  validation_time: 1\n");
      expect(await verdictOf(pkg, "python3", anySum)).toMatch(/failure: .*took too long/);
    });

    it("is not asked about a program that crashed", async () => {
      const pkg = packageOf({ ...custom, "output_validator/validate.py": "exit(42)" });
      expect(await verdictOf(pkg, "python3", "print(1)\nexit(1)")).toBe("RTE");
    });
  });

  describe("in a dialogue", () => {
    const interactive = (validator: string, more = ""): Package =>
      packageOf(
        {
          "data/sample/1.in": null,
          "data/sample/1.ans": null,
          "output_validator/validate.py": validator,
        },
        `${more}type: interactive\n`,
      );
    const guess = `import sys
low, high = 0, 1000
secret = int(open(sys.argv[1]).read().split()[0]) * 100
for turn in range(12):
    line = sys.stdin.readline().split()
    if not line: sys.exit(43)
    n = int(line[0])
    print("=" if n == secret else "<" if n < secret else ">", flush=True)
    if n == secret: sys.exit(42)
sys.exit(43)`;
    const search = `low, high = 0, 1000
while True:
    n = (low + high) // 2
    print(n, flush=True)
    said = input()
    if said == "=": break
    if said == "<": low = n + 1
    else: high = n - 1`;

    it("accepts one that ends well", async () => {
      expect(await verdictOf(interactive(guess), "python3", search)).toBe("AC");
    });

    it("gives WA to one that the validator rejects while it still runs, though it then crashes", async () => {
      expect(
        await verdictOf(interactive(guess), "python3", "while True:\n    print(1, flush=True)\n    input()"),
      ).toBe("WA");
    });

    it("gives RTE to one that crashes first, whatever the validator then says", async () => {
      expect(
        await verdictOf(interactive(guess), "python3", "print(1, flush=True)\ninput()\nraise ValueError()"),
      ).toBe("RTE");
    });

    it("gives TLE to one that never flushes", async () => {
      expect(
        await verdictOf(interactive(guess), "python3", "import sys\nprint(1)\nsys.stdin.readline()"),
      ).toBe("TLE");
    });

    it("fails when the validator crashes", async () => {
      expect(
        await verdictOf(
          interactive("import sys\nsys.stdin.readline()\nraise ValueError()"),
          "python3",
          search,
        ),
      ).toMatch(/^failure: the output validator failed/);
    });

    it("keeps the test's files from the submission", async () => {
      const peek = `import os\nfor path in ("/data/input", "/data/answer", "/box/validate.py", "/scratch/judgemessage.txt"):\n    assert not os.path.exists(path), path\n${search}`;
      expect(await verdictOf(interactive(guess), "python3", peek)).toBe("AC");
    });
  });

  describe("with scores", () => {
    const scored = (validator: Record<string, string> = {}): Package =>
      packageOf(
        {
          "data/secret/01.in": null,
          "data/secret/01.ans": null,
          "data/secret/test_group.yaml": "max_score: 100\nscore_aggregation: sum\n",
          "data/secret/small/test_group.yaml": "max_score: 40\nscore_aggregation: pass-fail\n",
          "data/secret/small/01.in": "1 1\n",
          "data/secret/small/01.ans": "2\n",
          "data/secret/large/test_group.yaml": "max_score: 60\nscore_aggregation: sum\n",
          "data/secret/large/01.in": "1000000000000 1\n",
          "data/secret/large/01.ans": "1000000000001\n",
          "data/secret/large/02.in": "5 5\n",
          "data/secret/large/02.ans": "10\n",
          ...validator,
        },
        "type: scoring\n",
      );

    it("adds up the points of the groups", async () => {
      const full = await judge(scored(), "python3", right.python3);
      expect(full).toMatchObject({ verdict: "AC", score: 100 });
      const part = await judge(
        scored(),
        "python3",
        "a, b = map(int, input().split())\nprint((a + b) % 2**32)",
      );
      expect(part).toMatchObject({ verdict: "WA", score: 70 });
    });

    it("takes the points that a validator gives, and fails when it gives what it may not", async () => {
      const validator = (points: string): Package =>
        scored({
          "output_validator/validate.py": `import sys\nif "1000000000000" in open(sys.argv[1]).read():\n    open(sys.argv[3] + "score.txt", "w").write("${points}")\nsys.exit(42)`,
        });
      expect(await judge(validator("12.5"), "python3", "print(0)")).toMatchObject({
        verdict: "AC",
        score: 82.5,
      });
      expect(await verdictOf(validator("31"), "python3", "print(0)")).toMatch(
        /^failure: secret\/large\/01: .*31 points/,
      );
    });
  });

  describe("does not repeat what another judge got wrong:", () => {
    it("every test has the same time limit, however many there are", async () => {
      const last = "import sys\na, b = map(int, input().split())\nwhile a == 9: pass\nprint(a + b)";
      const outcome = await judge(packageOf(moreTests(8), ""), "python3", last);
      expect(outcome).toMatchObject({ verdict: "TLE" });
      if (outcome.type !== "verdict") return;
      expect(outcome.runs).toHaveLength(10);
      expect(outcome.runs.at(-1)?.cpuMs).toBeLessThan(2 * 1500);
    });

    it(
      "compiling and starting cost a submission no time, and many tests do not add up to TLE",
      { timeout: 120_000 },
      async () => {
        const pkg = packageOf(moreTests(16));
        const outcome = await judge(pkg, "java", right.java);
        expect(outcome).toMatchObject({ verdict: "AC" });
        if (outcome.type !== "verdict") return;
        expect(outcome.runs.reduce((sum, { cpuMs }) => sum + cpuMs, 0)).toBeGreaterThan(pkg.limits.timeMs);
      },
    );

    it("stderr and warnings are no error, and a non-zero exit code always is", async () => {
      expect(
        await verdictOf(
          packageOf(),
          "python3",
          `import sys\nprint("debug", file=sys.stderr)\n${right.python3}`,
        ),
      ).toBe("AC");
      const warned = await judge(packageOf(), "c", `#include <stdio.h>\n#warning beware\n${right.c}`);
      expect(warned).toMatchObject({ verdict: "AC" });
      if (warned.type === "verdict") expect(warned.compileOutput).toContain("beware");
      expect(
        await verdictOf(
          packageOf(),
          "c",
          right.c.replace("} ", "return 2; } ").replace(/\}$/, "return 2; }"),
        ),
      ).toBe("RTE");
    });

    it("a compile error is CE, and C has optimisation, mathematics and a modern standard", async () => {
      expect(await verdictOf(packageOf(), "c", broken.c)).toBe("CE");
      const modern = `#include <math.h>\n#include <stdio.h>\n#ifndef __OPTIMIZE__\n#error not optimised\n#endif\n#if __STDC_VERSION__ < 201710L\n#error old\n#endif
int main(void) { double a, b; scanf("%lf%lf", &a, &b); printf("%.0f\\n", sqrt(a * a) + cbrt(b * b * b)); }`;
      expect(await verdictOf(packageOf(), "c", modern)).toBe("AC");
    });

    it("an endless loop in Java ends, and leaves nothing running", async () => {
      const source =
        "class Main { public static void main(String[] w) { for (int i = 0; i < 8; i++) new Thread(() -> { for (;;); }).start(); } }";
      expect(await verdictOf(packageOf(), "java", source)).toBe("TLE");
      expect(await processesOf(TEST_UID)).toEqual([]);
    });

    it("a program finds no answers, no other programs and nothing to write to but its work folder", async () => {
      const spy = `import os, sys
found = [os.path.join(place, name) for place in ("/box", "/data", "/scratch", "/tmp", "/pch", "/.store")
         for name in (os.listdir(place) if os.access(place, os.R_OK) else [])]
assert found == ["/box/main.py"], found
for place in ("/box", "/", "/usr", "/etc"):
    try:
        open(place + "/x", "w")
        sys.exit("wrote to " + place)
    except OSError:
        pass
print(sum(map(int, input().split())))`;
      expect(await verdictOf(packageOf(moreTests(2)), "python3", spy)).toBe("AC");
    });
  });

  it(
    "uses the precompiled header once there is one, with the same verdict",
    { timeout: 120_000 },
    async () => {
      const toolchain = slot.toolchains.get("cpp");
      if (toolchain === undefined) throw new Error("no C++");
      const folder = await precompileHeader(slot.sandbox, slot.store, toolchain);
      expect(await readdir(slot.store.absolute(`${folder}/bits`))).toEqual(["stdc++.h.gch"]);
      expect(await precompileHeader(slot.sandbox, slot.store, toolchain)).toBe(folder);
      const problem = await openProblem(packageOf(), slot.store);
      const withHeader = { ...slot, header: () => folder };
      const source = right.cpp.replace("<iostream>", "<bits/stdc++.h>");
      // The header itself is not there, so that only its precompiled form can be what was used.
      expect(await judgeSubmission(withHeader, { problem, language: "cpp", source })).toMatchObject({
        verdict: "AC",
      });
      await problem.close();
    },
  );

  it("judges what a package brings under submissions/, and says which is not as expected", async () => {
    const pkg = packageOf({
      "submissions/wrong_answer/zero.py": "print(0)\n",
      "submissions/accepted/not_really.py": "print(0)\n",
    });
    const seen: string[] = [];
    for await (const { submission, asExpected } of judgePackage(slot, pkg))
      seen.push(`${submission.path} ${asExpected}`);
    expect(seen.sort()).toEqual([
      "submissions/accepted/not_really.py false",
      "submissions/accepted/sum.py true",
      "submissions/wrong_answer/zero.py true",
    ]);
  });

  it("fails, without a verdict, on a language that it does not have", async () => {
    const problem = await openProblem(packageOf(), slot.store);
    const none = { ...slot, toolchains: new Map() };
    expect(await judgeSubmission(none, { problem, language: "cpp", source: "" })).toMatchObject({
      type: "failure",
    });
    await problem.close();
  });
});
