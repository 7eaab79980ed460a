import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LanguageId } from "../protocol/language.ts";
import { exampleYaml } from "../rules/package/example.ts";
import type { Package } from "../rules/package/package.ts";
import {
  brokenPrograms as broken,
  crashingPrograms as crashing,
  judgeIn,
  verdictIn,
  moreTests,
  packageOf,
  rightPrograms as right,
} from "./example-package.ts";
import { judgePackage } from "./judge-package.ts";
import { judgeSubmission } from "./judge-submission.ts";
import { openProblem } from "./problem.ts";
import { compileAhead } from "./compile-ahead.ts";
import type { Slot } from "./slot.ts";
import { openTestSlot, whyNoSandbox } from "./testing.ts";
import { submissionOf } from "./testing-submissions.ts";

describe.skipIf((await whyNoSandbox()) !== null)("judging a submission", () => {
  let slot: Slot;
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ slot, close } = await openTestSlot());
  });
  afterAll(() => close());

  const judge = (pkg: Package, language: LanguageId, source: string) => judgeIn(slot, pkg, language, source);
  const verdictOf = (pkg: Package, language: LanguageId, source: string) =>
    verdictIn(slot, pkg, language, source);

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

    const javaTakes =
      "java.util.List<long[]> all = new java.util.ArrayList<>(); for (;;) all.add(new long[1 << 16]);";
    it.each<[how: string, language: LanguageId, source: string]>([
      [
        "the JVM's heap is full",
        "java",
        `class Main { public static void main(String[] w) { ${javaTakes} } }`,
      ],
      [
        "the JVM's heap is full in a thread, and the main one would end well",
        "java",
        `class Main { public static void main(String[] w) throws Exception {
          Thread own = new Thread(null, () -> { ${javaTakes} }, "", 1 << 26); own.start(); own.join(); } }`,
      ],
      ["V8's heap is full", "javascript", "const all = []; for (;;) all.push(new Array(1000).fill({}));"],
      ["Python asks for more than there is", "python3", "a = [0] * 10**13"],
      [
        "C++ asks for more than there is",
        "cpp",
        "#include <vector>\nint main() { std::vector<char> v(1ll << 46); return v[5]; }",
      ],
    ])("MLE when %s", async (_how, language, source) => {
      expect(await verdictOf(small(), language, source)).toBe("MLE");
    });

    it.each<[what: string, language: LanguageId, source: string]>([
      [
        "exits as the JVM does then",
        "java",
        "class Main { public static void main(String[] w) { System.exit(3); } }",
      ],
      ["aborts as V8 does then", "javascript", "process.abort();"],
      ["raises another error", "python3", "raise ValueError('MemoryError')"],
      [
        "throws another exception",
        "cpp",
        '#include <stdexcept>\nint main() { throw std::runtime_error("bad_alloc"); }',
      ],
    ])("RTE, not MLE, when it %s", async (_what, language, source) => {
      expect(await verdictOf(small(), language, source)).toBe("RTE");
    });

    it("AC when it makes do with the memory that it gets", async () => {
      const source = `try:\n    a = [0] * 10**13\nexcept MemoryError:\n    pass\n${right.python3}`;
      expect(await verdictOf(small(), "python3", source)).toBe("AC");
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
    if (outcome.type !== "verdict") throw new Error(JSON.stringify(outcome));
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
    await judgeSubmission(slot, submissionOf(problem, "python3", right.python3), (done, total) =>
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

    it("is not asked about a program that crashed", async () => {
      const pkg = packageOf({ ...custom, "output_validator/validate.py": "exit(42)" });
      expect(await verdictOf(pkg, "python3", "print(1)\nexit(1)")).toBe("RTE");
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

  it("grades as the older format's graders do, with what their groups leave out", async () => {
    const pkg = packageOf({
      "problem.yaml":
        "name: Sum\ntype: scoring\nlicense: cc by\nrights_owner: Tabarena\nauthor: Ada\nlimits:\n  time_limit: 1.5\n",
      "statement/problem.en.md": null,
      "problem_statement/problem.tex": "\\problemname{Sum}\n",
      "data/secret/01.in": null,
      "data/secret/01.ans": null,
      "data/testdata.yaml": "on_reject: continue\ngrader_flags: ignore_sample accept_if_any_accepted\n",
      "data/secret/testdata.yaml": "on_reject: continue\ngrader_flags: accept_if_any_accepted\n",
      "data/secret/1-easy/testdata.yaml": "accept_score: 40\non_reject: break\ngrader_flags: min\n",
      "data/secret/1-easy/1.in": "1 1\n",
      "data/secret/1-easy/1.ans": "2\n",
      "data/secret/1-easy/2.in": "2 2\n",
      "data/secret/1-easy/2.ans": "4\n",
      "data/secret/2-hard/testdata.yaml":
        "accept_score: 30\non_reject: continue\ngrader_flags: accept_if_any_accepted\n",
      "data/secret/2-hard/1.in": "5 5\n",
      "data/secret/2-hard/1.ans": "10\n",
      "data/secret/2-hard/2.in": "6 6\n",
      "data/secret/2-hard/2.ans": "12\n",
    });
    expect(pkg.legacyGrading).not.toBeNull();
    expect(await judge(pkg, "python3", right.python3)).toMatchObject({ verdict: "AC", score: 100 });
    const part = await judge(
      pkg,
      "python3",
      "a, b = map(int, input().split())\nprint({1: 0, 5: 0}.get(a, a + b) if a == b else 3)",
    );
    if (part.type !== "verdict") throw new Error(part.message);
    expect([part.verdict, part.score]).toEqual(["AC", 30]);
    // The second test of the first group could change nothing any more.
    expect(part.runs.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
      "sample/1 AC",
      "secret/1-easy/1 WA",
      "secret/2-hard/1 WA",
      "secret/2-hard/2 AC",
    ]);
  });

  it(
    "uses the precompiled header once there is one, with the same verdict",
    { timeout: 120_000 },
    async () => {
      const toolchain = slot.toolchains.get("cpp");
      if (toolchain === undefined) throw new Error("no C++");
      const folder = await compileAhead(slot.sandbox, slot.store, toolchain);
      expect(await readdir(slot.store.absolute(`${folder}/bits`))).toEqual(["stdc++.h.gch"]);
      expect(await compileAhead(slot.sandbox, slot.store, toolchain)).toBe(folder);
      const problem = await openProblem(packageOf(), slot.store);
      const withHeader = { ...slot, madeAhead: () => folder };
      const source = right.cpp.replace("<iostream>", "<bits/stdc++.h>");
      // The header itself is not there, so that only its precompiled form can be what was used.
      expect(await judgeSubmission(withHeader, submissionOf(problem, "cpp", source))).toMatchObject({
        outcome: { verdict: "AC" },
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
    const problem = await openProblem(pkg, slot.store);
    for await (const { submission, unexpected } of judgePackage(slot, problem, null))
      seen.push(`${submission.path} ${unexpected.length === 0}`);
    await problem.close();
    expect(seen.sort()).toEqual([
      "submissions/accepted/not_really.py false",
      "submissions/accepted/sum.py true",
      "submissions/wrong_answer/zero.py true",
    ]);
  });

  it("fails, without a verdict, on a language that it does not have", async () => {
    const problem = await openProblem(packageOf(), slot.store);
    const none = { ...slot, toolchains: new Map() };
    expect(await judgeSubmission(none, submissionOf(problem, "cpp", ""))).toMatchObject({
      outcome: { type: "failure" },
    });
    await problem.close();
  });
});
