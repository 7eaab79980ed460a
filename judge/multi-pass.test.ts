import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Package } from "../rules/package/package.ts";
import { packageOf } from "./example-package.ts";
import type { Slot } from "./slot.ts";
import { openTestSlot, whyNoSandbox } from "./testing.ts";
import { judgedIn, told } from "./testing-submissions.ts";

/** Halves a number until it is 1: each pass gives the next one its input. */
const halving = String.raw`import os, sys
answer, feedback = sys.argv[2], sys.argv[3]
said = sys.stdin.read().split()
log = feedback + "judgemessage.txt"
before = open(log).read() if os.path.exists(log) else open(sys.argv[1]).read().split()[0] + "\n"
assert not os.path.exists(feedback + "nextpass.in")
last = int(before.split()[-1])
if said != [str(last // 2)]:
    open(log, "w").write(before + "expected %d" % (last // 2))
    sys.exit(43)
open(log, "w").write(before + said[0] + "\n")
if said != ["1"]:
    open(feedback + "nextpass.in", "w").write(said[0] + " 0\n")
sys.exit(42)
`;
const halve = "print(int(input().split()[0]) // 2)";

describe.skipIf((await whyNoSandbox()) !== null)("a multi-pass problem", () => {
  let slot: Slot;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ slot, close } = await openTestSlot());
  });
  afterAll(() => close());

  /** Its sample takes two passes, its secret test three. */
  const multiPass = (validator = halving, passes = 4, more: Record<string, string> = {}): Package =>
    packageOf(
      {
        "data/sample/1.in": "4 0\n",
        "data/secret/01.in": "8 0\n",
        "output_validator/validate.py": validator,
        ...more,
      },
      `  validation_passes: ${passes}\ntype: multi-pass\n`,
    );
  const judge = async (pkg: Package, source: string): Promise<string> =>
    told(await judgedIn(slot, pkg, "python3", source));

  it("runs again on what the validator wrote, with its feedback so far, until it writes no more", async () => {
    const { outcome, evidence } = await judgedIn(slot, multiPass(), "python3", halve);
    expect(outcome).toMatchObject({ verdict: "AC" });
    expect(evidence?.runs.map(({ feedback }) => feedback["judgemessage.txt"])).toEqual([
      "4\n2\n1\n",
      "8\n4\n2\n1\n",
    ]);
    // The last pass's output, and the bytes of all.
    expect(evidence?.runs.map(({ output }) => atob(output))).toEqual(["1\n", "1\n"]);
    if (outcome.type === "verdict") expect(outcome.runs.map((run) => run.outputBytes)).toEqual([4, 6]);
  });

  it("is rejected in the pass in which it is wrong", async () => {
    const wrong = "n = int(input().split()[0])\nprint(n // 2 if n != 4 else 7)";
    expect(await judge(multiPass(), wrong)).toBe("WA: sample/1 WA (expected 2)");
    const late = "n = int(input().split()[0])\nprint(n // 2 if n != 2 else 7)";
    expect(await judge(multiPass(), late)).toBe("WA: sample/1 WA (expected 1)");
  });

  it("has each limit for each pass, and shows the most that one took", async () => {
    const slow = `import time
n = int(input().split()[0])
while time.process_time() < (0.4 if n != 2 else 0.2): pass
print(n // 2)`;
    const { outcome } = await judgedIn(slot, multiPass(), "python3", slow, { timeMs: 600 });
    if (outcome.type !== "verdict") throw new Error(outcome.message);
    // Three passes together take longer than the limit.
    expect(outcome.verdict).toBe("AC");
    for (const { cpuMs } of outcome.runs) {
      expect(cpuMs).toBeGreaterThan(350);
      expect(cpuMs).toBeLessThan(650);
    }
  });

  it.each([
    ["crashes", "n = int(input().split()[0])\nassert n != 2\nprint(n // 2)", "RTE"],
    ["sleeps", "n = int(input().split()[0])\nif n == 2: import time; time.sleep(99)\nprint(n // 2)", "TLE"],
  ])("ends with the pass in which it %s", async (_how, source, verdict) => {
    const { outcome } = await judgedIn(slot, multiPass(), "python3", source);
    expect(outcome).toMatchObject({ verdict, runs: [{ name: "sample/1", verdict }] });
  });

  it("fails when its validator asks for more passes than the package allows, and goes on with the next", async () => {
    const endless = String.raw`import sys
open(sys.argv[3] + "nextpass.in", "w").write("1 0\\\n")
sys.exit(42)`;
    expect(await judge(multiPass(endless, 3), halve)).toBe(
      "failure: the output validator failed on sample/1: it asks for more than 3 passes (validation_passes)",
    );
    expect(await judge(multiPass(halving, 2), halve)).toMatch(/^failure: .*secret\/01: .*more than 2 passes/);
    expect(await judge(multiPass(halving, 3), halve)).toMatch(/^AC/);
  });

  it("fails when its validator rejects and asks for another pass", async () => {
    const both = 'import sys\nopen(sys.argv[3] + "nextpass.in", "w").write("1")\nsys.exit(43)';
    expect(await judge(multiPass(both), halve)).toMatch(
      /^failure: .*nextpass\.in for another pass, and rejected/,
    );
  });

  it("takes a nextpass.in that is no file for none", async () => {
    const folder = 'import os, sys\nos.mkdir(sys.argv[3] + "nextpass.in")\nsys.exit(42)';
    expect(await judge(multiPass(folder), halve)).toMatch(/^AC/);
  });

  it("leaves nothing in the store", async () => {
    const folders = async (): Promise<string[]> =>
      readdir(slot.store.absolute(`live/${process.pid}`)).catch(() => []);
    await judge(multiPass(), halve);
    const before = await folders();
    await judge(multiPass(), halve);
    expect(await folders()).toEqual(before);
  });

  it("can be a dialogue, pass by pass, whose transcript has them all", async () => {
    const validator = `import os, sys
state = sys.argv[3] + "state"
turn = int(open(state).read()) if os.path.exists(state) else 1
print(turn, flush=True)
if sys.stdin.readline().split() != [str(turn * 10)]: sys.exit(43)
open(state, "w").write(str(turn + 1))
if turn < 3: open(sys.argv[3] + "nextpass.in", "w").write("")
sys.exit(42)`;
    const pkg = packageOf(
      { "data/sample/1.in": null, "data/sample/1.ans": null, "output_validator/validate.py": validator },
      "  validation_passes: 3\ntype: [multi-pass, interactive]\n",
    );
    const { outcome, evidence } = await judgedIn(
      slot,
      pkg,
      "python3",
      "print(int(input()) * 10, flush=True)",
    );
    expect(outcome).toMatchObject({ verdict: "AC", runs: [{ outputBytes: 9 }] });
    expect(evidence?.runs[0]?.transcript).toBe("<1\n>10\n---\n<2\n>20\n---\n<3\n>30\n");
    const wrong = await judge(pkg, "n = int(input())\nprint(n * 10 if n < 3 else 0, flush=True)");
    expect(wrong).toMatch(/^WA/);
  });
});

it("a problem of one pass has one, whatever its validator writes", { timeout: 30_000 }, async () => {
  if ((await whyNoSandbox()) !== null) return;
  const { slot, close } = await openTestSlot();
  const again = 'import sys\nopen(sys.argv[3] + "nextpass.in", "w").write("1 0")\nsys.exit(42)';
  const pkg = packageOf({ "output_validator/validate.py": again });
  expect(told(await judgedIn(slot, pkg, "python3", halve))).toBe("AC: sample/1 AC, secret/01 AC");
  await close();
});
