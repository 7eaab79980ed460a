import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageOf } from "./example-package.ts";
import type { Slot } from "./slot.ts";
import { openTestSlot, whyNoSandbox } from "./testing.ts";
import { judgedIn, told } from "./testing-submissions.ts";

const sum = "print(sum(map(int, input().split())))";

describe.skipIf((await whyNoSandbox()) !== null)("an output validator", () => {
  let slot: Slot;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ slot, close } = await openTestSlot());
  });
  afterAll(() => close());

  const judge = async (validator: Record<string, string>, yaml = "") =>
    judgedIn(slot, packageOf(validator, yaml), "python3", sum);
  const python = (source: string): Record<string, string> => ({ "output_validator/validate.py": source });
  const accepts = "AC: sample/1 AC, secret/01 AC";

  it("may be of several files, in C, C++ or Python", async () => {
    const header = "static int verdict(void) { return 42; }\n";
    const main = '#include "own.h"\nint main(void) { return verdict(); }\n';
    for (const language of ["c", "cc"]) {
      const files = { "output_validator/own.h": header, [`output_validator/check.${language}`]: main };
      expect(told(await judge(files))).toBe(accepts);
    }
    const several = {
      "output_validator/__init__.py": "",
      "output_validator/__main__.py": "from verdict import verdict\nexit(verdict)\n",
      "output_validator/verdict.py": "verdict = 42\n",
    };
    expect(told(await judge(several))).toBe(accepts);
  });

  it("is given the input, the answer, the feedback folder and its arguments, and the output to read", async () => {
    const source = `import os, sys
_, given, answer, feedback, *words = sys.argv
assert feedback.endswith("/") and os.path.isdir(feedback)
told = [open(given).read(), open(answer).read(), sys.stdin.read(), " ".join(words)]
open(feedback + "judgemessage.txt", "w").write("|".join(told).replace("\\n", ""))
sys.exit(42)`;
    const files = { ...python(source), "data/secret/test_group.yaml": "output_validator_args: [a, 'b c']\n" };
    expect(told(await judge(files))).toBe("AC: sample/1 AC (1 2|3|3|), secret/01 AC (3 4|7|7|a b c)");
  });

  it.each<[how: string, files: Record<string, string>, message: RegExp, yaml?: string]>([
    [
      "does not compile",
      { "output_validator/v.cpp": "int main() { return x; }" },
      /does not compile: .*error: .x. was not declared/s,
    ],
    ["is no Python", python("def f(:"), /does not compile: .*SyntaxError/s],
    ["loops", python("while True: pass"), /failed on sample\/1: it took too long/, "  validation_time: 1\n"],
    ["sleeps", python("import time\ntime.sleep(1000)"), /it took too long/, "  validation_time: 1\n"],
    [
      "floods its output",
      python("while True: print('x' * 1000)"),
      /it wrote too much/,
      "  validation_output: 1\n",
    ],
    [
      "eats memory",
      python("x = bytearray(1 << 30)"),
      /MemoryError|ran out of memory/,
      "  validation_memory: 64\n",
    ],
    [
      "fills its folder",
      python('import sys\nopen(sys.argv[3] + "x", "wb").write(bytes(1 << 28))'),
      /No space left|File too large/,
    ],
    ["crashes", python("raise ValueError('odd')"), /exit code 1 \(42 accepts, 43 rejects\): ValueError: odd/],
    ["ends with 0", python(""), /exit code 0 \(42 accepts, 43 rejects\)/],
    ["is killed", python("import os\nos.kill(os.getpid(), 9)"), /signal 9 ended it/],
    [
      "nests folders without end",
      python(
        'import os, sys\nos.chdir(sys.argv[3])\nfor _ in range(40):\n    os.mkdir("a")\n    os.chdir("a")\nsys.exit(42)',
      ),
      /folders nested more than/,
    ],
  ])(
    "that %s is a failure with its cause, and the next submission is judged",
    async (_how, files, message, yaml) => {
      const judged = await judge(files, yaml);
      expect(judged.evidence).toBeNull();
      expect(told(judged)).toMatch(/^failure: the output validator /);
      expect(told(judged)).toMatch(message);
      expect(told(await judge(python("exit(42)")))).toBe(accepts);
    },
  );

  it("may leave anything in its feedback folder, of which a jury gets the texts", async () => {
    const source = `import os, sys
os.chdir(sys.argv[3])
open("judgemessage.txt", "wb").write(b"\\xff\\xfe no text \\xc3\\n")
os.mkdir("teammessage.txt")
os.symlink("/etc/passwd", "link.txt")
os.mkfifo("pipe.txt")
open(b"\\xff\\xfe.txt", "w").write("a name of bytes")
open("a b.txt", "w").write("a name with a space")
open("judgeimage.png", "wb").write(b"\\x89PNG")
open("long.txt", "w").write("x" * 1000000)
for number in range(100): open("note%03d.txt" % number, "w").write("")
sys.exit(43)`;
    const { outcome, evidence } = await judge(python(source));
    expect(outcome).toMatchObject({
      verdict: "WA",
      runs: [{ message: "\ufffd\ufffd no text \ufffd", teamMessage: "" }],
    });
    const feedback = evidence?.runs[0]?.feedback ?? {};
    const names = Object.keys(feedback);
    expect(names.slice(0, 3)).toEqual(["judgemessage.txt", "long.txt", "note000.txt"]);
    expect(names.length).toBe(16);
    expect(feedback["long.txt"]?.length).toBe(64 * 1024);
  });

  it("cannot be read, and its files cannot, by the submission", async () => {
    const peek = `import os
for path in ("/data/input", "/data/answer", "/box/validate.py", "judgemessage.txt"): assert not os.path.exists(path), path
${sum}`;
    const files = python(
      'import sys\nopen(sys.argv[3] + "judgemessage.txt", "w").write("secret")\nsys.exit(42)',
    );
    expect(told(await judgedIn(slot, packageOf(files), "python3", peek))).toMatch(/^AC/);
  });
});
