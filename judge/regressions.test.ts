import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LanguageId } from "../protocol/language.ts";
import { bytes } from "../rules/package/example.ts";
import type { Package } from "../rules/package/package.ts";
import { judgeIn, verdictIn, moreTests, packageOf, rightPrograms as right } from "./example-package.ts";
import { judgeSubmission } from "./judge-submission.ts";
import { openProblem } from "./problem.ts";
import type { Slot } from "./slot.ts";
import { openTestSandbox, openTestSlot, processesOf, TEST_SLOT, TEST_UID, whyNoSandbox } from "./testing.ts";

/** Each of these once was a wrong verdict, or worse, of another judge in use at contests. */
describe.skipIf((await whyNoSandbox()) !== null)("what another judge got wrong:", () => {
  let slot: Slot;
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ slot, close } = await openTestSlot());
  });
  afterAll(() => close());

  const judge = (pkg: Package, language: LanguageId, source: string) => judgeIn(slot, pkg, language, source);
  const verdictOf = (pkg: Package, language: LanguageId, source: string) =>
    verdictIn(slot, pkg, language, source);

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
      expect(outcome.runs.reduce((sum, { cpuMs }) => sum + cpuMs, 0)).toBeGreaterThan(pkg.limits.timeMs ?? 0);
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
      await verdictOf(packageOf(), "c", right.c.replace("} ", "return 2; } ").replace(/\}$/, "return 2; }")),
    ).toBe("RTE");
  });

  it("a compile error is CE, and C has optimisation, mathematics and a modern standard", async () => {
    expect(await verdictOf(packageOf(), "c", "int main(void) { return 0 }")).toBe("CE");
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

  it.runIf(process.env["TEST_LONG"] === "1")("a submission may take longer than half a minute", async () => {
    const source = `import time\ntime.sleep(1)\n${right.python3}`;
    expect(await verdictOf(packageOf(moreTests(32)), "python3", source)).toBe("AC");
  });

  it("a program is not root, reaches no network, and leaves nothing for the next test", async () => {
    const source = `import os, socket
assert 0 not in (os.getuid(), os.geteuid(), os.getgid()) and os.getgroups() in ([], [os.getgid()])
assert os.listdir("/scratch") == [], os.listdir("/scratch")
open("/scratch/left", "w").write("for the next")
for address in (("127.0.0.1", 80), ("10.0.0.1", 3000), ("1.1.1.1", 53)):
    try:
        socket.create_connection(address, 1)
        os.abort()
    except OSError:
        pass
${right.python3}`;
    expect(await verdictOf(packageOf(moreTests(2)), "python3", source)).toBe("AC");
  });

  it("no name that comes with a submission or a package gets near a shell", async () => {
    const named = right.java.replace("class Sum", "class $HOME");
    expect(await verdictOf(packageOf(), "java", named)).toBe("AC");
    expect(await verdictOf(packageOf(), "java", right.java.replace("class Sum", "class Größe"))).toBe("AC");
    // The package reader refuses such names; the judge must not depend on that.
    const odd = "$(exit 7); 'a b' \"&|`id`.py";
    const pkg = packageOf({ "output_validator/validate.py": "" });
    const validator = bytes("import sys\nsys.exit(42 if sys.stdin.read().split() in (['3'], ['7']) else 43)");
    expect(
      await verdictOf({ ...pkg, outputValidator: new Map([[odd, validator]]) }, "python3", right.python3),
    ).toBe("AC");
  });

  it("submissions are judged beside each other, one in each slot", async () => {
    const second = await openTestSandbox(TEST_SLOT + 1);
    const other = { ...slot, sandbox: second.sandbox, store: second.store };
    const events: string[] = [];
    const slow = `import time\ntime.sleep(1)\n${right.python3}`;
    const follow = async (name: string, on: Slot): Promise<void> => {
      const problem = await openProblem(packageOf(), on.store);
      const source = { files: new Map([["slow.py", slow]]), entryPoint: null };
      const { outcome } = await judgeSubmission(
        on,
        { problem, language: "python3", source, timeMs: null, extent: "deciding" },
        (done) => events.push(`${name} ${done}`),
      );
      events.push(outcome.type);
    };
    try {
      await Promise.all([follow("one", slot), follow("two", other)]);
    } finally {
      await second.close();
    }
    expect(events.filter((event) => event === "verdict")).toHaveLength(2);
    expect(events.slice(0, 2).sort()).toEqual(["one 0", "two 0"]);
  });

  it("sources, inputs and outputs may be larger than 64 KiB", async () => {
    const sizes = [65_535, 65_536, 65_537, 1024 * 1024 + 1, 3 * 1024 * 1024];
    const changes: Record<string, string> = { "data/sample/1.ans": "1 2\n", "data/secret/01.ans": "3 4\n" };
    for (const [index, size] of sizes.entries()) {
      const text = `${"word ".repeat(Math.ceil(size / 5)).slice(0, size - 4)}end\n`;
      changes[`data/secret/1${index}.in`] = changes[`data/secret/1${index}.ans`] = text;
    }
    const echo = "import sys\nsys.stdout.write(sys.stdin.read())";
    const source = `# ${"x".repeat(300 * 1024)}\n${echo}`;
    const outcome = await judge(packageOf(changes), "python3", source);
    expect(outcome).toMatchObject({ verdict: "AC" });
    if (outcome.type === "verdict") expect(outcome.runs).toHaveLength(2 + sizes.length);
  });

  it("blanks between words and at the ends of lines do not matter, and numbers may be given a tolerance", async () => {
    const changes = { "data/sample/1.ans": "3  three\n\n", "data/secret/01.ans": "7 three \n" };
    const source = "print('', sum(map(int, input().split())), 'three', sep='   ', end='  \\n\\n\\n')";
    expect(await verdictOf(packageOf(changes), "python3", source)).toBe("AC");
    expect(await verdictOf(packageOf(changes), "python3", source.replace("three", "thr ee"))).toBe("WA");
    const args = { "data/secret/test_group.yaml": "output_validator_args: [float_tolerance, '1e-6']\n" };
    const float = packageOf({ ...args, "data/secret/01.ans": "7.0000001\n" });
    expect(await verdictOf(float, "python3", right.python3)).toBe("AC");
  });
});
