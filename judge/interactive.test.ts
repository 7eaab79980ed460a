import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Package } from "../rules/package/package.ts";
import { packageOf } from "./example-package.ts";
import type { Slot } from "./slot.ts";
import { openTestSlot, whyNoSandbox } from "./testing.ts";
import { judgedIn, told } from "./testing-submissions.ts";

/** Says a number, and wants its double, so often as the test's input says. */
const doubling = `import sys
for n in range(1, int(open(sys.argv[1]).read().split()[0]) + 1):
    print(n, flush=True)
    said = sys.stdin.readline().split()
    if said != [str(2 * n)]:
        open(sys.argv[3] + "judgemessage.txt", "w").write("%s is not twice %d" % (" ".join(said), n))
        sys.exit(43)
print("done", flush=True)
sys.exit(42)
`;
const double = `while (said := input()) != "done": print(2 * int(said), flush=True)`;

/** Ends as it is told by a line from the submission, or at the end of its input with 42. */
const obedient = `import sys, time
for line in sys.stdin:
    word = line.strip()
    if word == "accept": sys.exit(42)
    if word == "reject": sys.exit(43)
    if word == "crash": raise ValueError("told to")
    if word == "say": print("something", flush=True)
sys.exit(END)
`;

describe.skipIf((await whyNoSandbox()) !== null)("a dialogue", () => {
  let slot: Slot;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ slot, close } = await openTestSlot());
  });
  afterAll(() => close());

  const interactive = (validator: string): Package =>
    packageOf(
      { "data/sample/1.in": null, "data/sample/1.ans": null, "output_validator/validate.py": validator },
      "type: interactive\n",
    );
  /** Who waits for ever is stopped the sooner, the less time there is. */
  const judge = async (validator: string, source: string): Promise<string> =>
    told(await judgedIn(slot, interactive(validator), "python3", source, { timeMs: 500 }));
  const ends = (exitCode: number): string => obedient.replace("END", String(exitCode));

  it("is kept for the jury, both sides in order, and what the program said is counted", async () => {
    const { outcome, evidence } = await judgedIn(slot, interactive(doubling), "python3", double);
    expect(evidence?.runs).toMatchObject([{ output: "", transcript: "<1\n>2\n<2\n>4\n<3\n>6\n<done\n" }]);
    expect(outcome).toMatchObject({ verdict: "AC", runs: [{ outputBytes: 6, message: "" }] });
  });

  it("is kept to where it went wrong, with the validator's reason", async () => {
    const wrong = double.replace("2 * int(said)", "int(said) ** 2 + 1");
    const { outcome, evidence } = await judgedIn(slot, interactive(doubling), "python3", wrong);
    expect(outcome).toMatchObject({ verdict: "WA", runs: [{ message: "5 is not twice 2" }] });
    expect(evidence?.runs[0]?.transcript).toBe("<1\n>2\n<2\n>5\n");
    expect(evidence?.runs[0]?.stderr).toMatch(/EOFError/);
  });

  it("is kept in part when it is long", async () => {
    const talk = "for i in range(30000): print('say', flush=False)\nprint('accept', flush=True)";
    const { outcome, evidence } = await judgedIn(slot, interactive(ends(42)), "python3", talk);
    expect(outcome).toMatchObject({ runs: [{ outputBytes: 30000 * 4 + 7 }] });
    const transcript = evidence?.runs[0]?.transcript ?? "";
    expect(transcript.length).toBeLessThan(140_000);
    expect(transcript).toMatch(/\[the rest is not kept\]\n$/);
  });

  const linger = "\nimport time\ntime.sleep(0.3)\n";
  it.each([
    ["WA", "the validator rejects, and the program crashes of it", "print('reject', flush=True)\ninput()"],
    ["WA", "the validator rejects, and the program crashes later", `print('reject', flush=True)${linger}1/0`],
    [
      "WA",
      "the validator rejects, and the program never ends",
      "print('reject', flush=True)\nwhile True: pass",
    ],
    ["WA", "the validator rejects, and the program ends well later", `print('reject', flush=True)${linger}`],
    ["RTE", "the program crashes before anything is said", "1/0"],
    [
      "RTE",
      "the program crashes after what makes the validator reject at the end",
      "print('say', flush=True)\n1/0",
    ],
    ["AC", "the validator accepts, and the program ends well later", `print('accept', flush=True)${linger}`],
    ["RTE", "the validator accepts, and the program crashes", `print('accept', flush=True)${linger}1/0`],
    [
      "TLE",
      "the validator accepts, and the program never ends",
      "print('accept', flush=True)\nwhile True: pass",
    ],
    ["WA", "the program ends early, and the validator rejects at the end of its input", "print('say')"],
    ["TLE", "both wait for the other", "input()"],
    [
      "TLE",
      "the program does not flush what the validator waits for",
      "print('reject')\nimport sys\nsys.stdin.readline()",
    ],
  ])("is %s when %s", async (verdict, _how, source) => {
    expect(await judge(ends(43), source)).toMatch(new RegExp(`^${verdict}`));
  });

  it("shows the submission nothing of the test but what the validator says", async () => {
    const peek = `import os
for path in ("/data/input", "/data/answer", "/box/validate.py", "judgemessage.txt"): assert not os.path.exists(path), path
${double}`;
    expect(await judge(doubling, peek)).toMatch(/^AC/);
  });

  it("is RTE when the program crashes first, whatever the validator says of the end of its input", async () => {
    expect(await judge(ends(42), "1/0")).toMatch(/^RTE/);
    expect(await judge(ends(42), "print('say')")).toMatch(/^AC/);
  });

  it.each([
    ["crashes", "print('crash', flush=True)\ninput()", /exit code 1 .*ValueError: told to/],
    ["crashes while the program crashes, too", "print('crash', flush=True)\n1/0", /exit code 1/],
    ["ends with 0", "print('say')", /exit code 0 \(42 accepts, 43 rejects\)/],
  ])("has no verdict when the validator %s, and the next one has", async (_how, source, message) => {
    expect(await judge(ends(0), source)).toMatch(message);
    expect(await judge(ends(0), "print('accept')")).toMatch(/^AC/);
  });

  it("has no verdict when the validator waits for ever though the program has ended", async () => {
    const waiting = packageOf(
      {
        "data/sample/1.in": null,
        "data/sample/1.ans": null,
        "output_validator/validate.py": "import time\ntime.sleep(1000)",
      },
      "  validation_time: 1\ntype: interactive\n",
    );
    const judged = await judgedIn(slot, waiting, "python3", "", { timeMs: 200 });
    expect(told(judged)).toMatch(/^failure: .*it took too long/);
  });

  it("has no verdict when the validator floods the program", async () => {
    const flood = "while True: print('x' * 1000)";
    const judged = await judge(flood, "import sys\nfor line in sys.stdin: pass");
    expect(judged).toMatch(/^failure: .*it wrote too much/);
  });
});
