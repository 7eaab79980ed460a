import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, realpath, rm } from "node:fs/promises";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LanguageId } from "../protocol/language.ts";
import { exampleYaml } from "../rules/package/example.ts";
import type { Package } from "../rules/package/package.ts";
import {
  brokenPrograms as broken,
  crashingPrograms as crashing,
  judgeIn,
  verdictIn,
  packageOf,
  rightPrograms as right,
} from "./example-package.ts";
import { openFloor } from "./floor.ts";
import { openHostLoad } from "./host-load.ts";
import { judgeSubmission } from "./judge-submission.ts";
import { c } from "./languages/c.ts";
import { cpp } from "./languages/cpp.ts";
import { java } from "./languages/java.ts";
import { javascript, nodeMount } from "./languages/javascript.ts";
import { python3 } from "./languages/python3.ts";
import { environment, MIB, programLimits } from "./limits.ts";
import { compileAhead } from "./compile-ahead.ts";
import { openProblem } from "./problem.ts";
import { openProcessSandbox } from "./process-sandbox.ts";
import type { Ending, Program, Sandbox } from "./sandbox.ts";
import { SandboxError } from "./sandbox.ts";
import type { Slot } from "./slot.ts";
import { openStore, type Store } from "./store.ts";
import { submissionOf } from "./testing-submissions.ts";
import { findToolchains } from "./toolchains.ts";
import { transcriptOf } from "./transcript.ts";

const wanted = [c, cpp, java, javascript, python3];

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe.skipIf(process.platform === "win32")("the process sandbox", () => {
  let root: string;
  let sandbox: Sandbox;
  let store: Store;
  let slot: Slot;

  beforeAll(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "judge-test-")));
    // Whoever develops may keep a checkout anywhere.
    await mkdir(join(root, 'it\'s a "folder" $HOME'));
    store = await openStore(join(root, 'it\'s a "folder" $HOME'));
    sandbox = await openProcessSandbox({ store, binds: [nodeMount] });
    const { toolchains } = await findToolchains(sandbox, store, wanted);
    slot = {
      sandbox,
      store,
      toolchains,
      madeAhead: () => null,
      floor: openFloor(),
      hostLoad: openHostLoad(null),
    };
  });
  afterAll(async () => {
    await sandbox.close();
    await store.close();
    await rm(root, { recursive: true, force: true });
  });

  /** Numbers of processes in whose command or environment our store is named. */
  const processesLeft = async (): Promise<string[]> => {
    const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,args="]);
    return stdout.split("\n").filter((line) => line.includes(root));
  };
  const filesLeft = async (): Promise<string[]> => {
    const entries = await readdir(store.absolute(`live/${process.pid}`), { recursive: true });
    return entries.filter((name) => /(^|\/)(work|pipes)(\/|$)/.test(name));
  };

  const limits = { ...programLimits(1000, 256, 1), wallMs: 10_000 };
  const shell = (script: string, change: Partial<Program> = {}): Program => ({
    argv: ["/bin/sh", "-c", script],
    env: environment,
    input: null,
    collect: null,
    mounts: [],
    limits,
    ...change,
  });
  const run = async (script: string, change: Partial<Program> = {}): Promise<Ending> => {
    const ending = await sandbox.run(shell(script, change));
    expect(await processesLeft()).toEqual([]);
    expect(await filesLeft()).toEqual([]);
    return ending;
  };
  const judge = (pkg: Package, language: LanguageId, source: string) => judgeIn(slot, pkg, language, source);
  const verdictOf = (pkg: Package, language: LanguageId, source: string) =>
    verdictIn(slot, pkg, language, source);

  it("says what it is", () => {
    expect(sandbox).toMatchObject({ level: "process", reason: "no isolation: JUDGE_ALLOW_UNSAFE=1" });
  });

  it("offers every language that a jail would", () => {
    expect(slot.toolchains.size).toBe(wanted.length);
  });

  it.each(Object.entries(right) as [LanguageId, string][])(
    "accepts a right program in %s, and says that nothing isolated it",
    async (language, source) => {
      const outcome = await judge(packageOf(), language, source);
      expect(outcome).toMatchObject({ type: "verdict", verdict: "AC", level: "process" });
      expect(await processesLeft()).toEqual([]);
      expect(await filesLeft()).toEqual([]);
    },
  );

  it.each(Object.entries(broken) as [LanguageId, string][])(
    "gives CE with the compiler's words, and none of this machine's folders, in %s",
    async (language, source) => {
      const outcome = await judge(packageOf(), language, source);
      expect(outcome).toMatchObject({ type: "verdict", verdict: "CE", runs: [] });
      if (outcome.type !== "verdict") return;
      expect(outcome.compileOutput).toMatch(/error/i);
      expect(outcome.compileOutput).toMatch(/main|Main/);
      expect(outcome.compileOutput).not.toContain("/box");
      expect(outcome.compileOutput).not.toContain(root);
    },
  );

  it.each(Object.entries(crashing) as [LanguageId, string][])(
    "gives RTE to a crash in %s",
    async (language, source) => {
      expect(await verdictOf(packageOf(), language, source)).toBe("RTE");
    },
  );

  describe("gives each verdict its cause:", () => {
    const yaml = exampleYaml("  memory: 64\n  output: 1\n").replace("time_limit: 1.5", "time_limit: 0.5");
    const small = (): Package => packageOf({ "problem.yaml": yaml });

    it.each<[verdict: string, why: string, language: LanguageId, source: string]>([
      ["WA", "a wrong answer", "python3", "print(4)"],
      ["TLE", "an endless loop", "c", "int main(void) { for (volatile int i = 0;; i++); }"],
      ["TLE", "sleep", "python3", "import time\ntime.sleep(1000)"],
      [
        "TLE",
        "an endless loop in the JVM",
        "java",
        "class Main { public static void main(String[] w) { for (;;); } }",
      ],
      ["TLE", "an endless loop in Node.js", "javascript", "for (;;);"],
      [
        "TLE",
        "children that compute, and are never waited for",
        "python3",
        "import os\nfor i in range(3):\n    if os.fork() == 0:\n        while True: pass\nimport time\ntime.sleep(1000)",
      ],
      [
        "MLE",
        "too much memory",
        "c",
        `#include <stdlib.h>\nint main(void) { for (;;) { volatile char *p = malloc(1 << 20); for (int i = 0; i < 1 << 20; i += 4096) p[i] = 1; } }`,
      ],
      ["MLE", "too much memory in Python", "python3", "x = []\nwhile True: x.append(bytearray(1 << 20))"],
      ["OLE", "endless output", "python3", "while True: print('x' * 10000)"],
      [
        "RTE",
        "a non-zero exit code after the right answer",
        "python3",
        "print(sum(map(int, input().split())))\nexit(3)",
      ],
      ["RTE", "reading past an array", "c", "int main(void) { *(volatile int *)0 = 1; }"],
    ])("%s for %s", async (verdict, _why, language, source) => {
      expect(await verdictOf(small(), language, source)).toBe(verdict);
      expect(await processesLeft()).toEqual([]);
      expect(await filesLeft()).toEqual([]);
    });
  });

  it("gives deep recursion the memory of the problem, not a small stack", async () => {
    const javascript = `const f = (n) => (n === 0 ? 0 : 1 + f(n - 1)); f(100000);\n${right.javascript}`;
    expect(await verdictOf(packageOf(), "javascript", javascript)).toBe("AC");
  });

  describe("tells how a program ended:", () => {
    it.each<[script: string, facts: Partial<Ending>]>([
      ["exit 0", { exitCode: 0, signal: null }],
      ["exit 3", { exitCode: 3, signal: null }],
      ["exit 126", { exitCode: 126, signal: null, notStarted: null }],
      ["exit 127", { exitCode: 127, signal: null, notStarted: null }],
      ["exit 137", { exitCode: 137, signal: null }],
      ["exit 139", { exitCode: 139, signal: null }],
      ["exit 255", { exitCode: 255, signal: null }],
      ["kill -SEGV $$", { exitCode: null, signal: constants.signals.SIGSEGV }],
      ["kill -KILL $$", { exitCode: null, signal: constants.signals.SIGKILL }],
      ["kill -INT $$", { exitCode: null, signal: constants.signals.SIGINT }],
      ["kill -PIPE $$", { exitCode: null, signal: constants.signals.SIGPIPE }],
      ["kill -XCPU $$", { exitCode: null, signal: constants.signals.SIGXCPU, timedOut: true }],
      ["kill -KILL 0", { exitCode: null, signal: constants.signals.SIGKILL }],
      ["kill -STOP $$", { exitCode: null, signal: null, timedOut: true }],
    ])("%s", async (script, facts) => {
      const ending = await run(script, { limits: { ...limits, wallMs: 1000 } });
      expect(ending).toMatchObject({ timedOut: false, outOfMemory: false, notStarted: null, ...facts });
    });

    it.each([
      ["is not there", "/box/missing", /\/box\/missing.*ENOENT/],
      ["is a folder", "/usr", /no file/],
      ["may not be executed", "/etc/passwd", /EACCES/],
    ])("not at all, when it %s", async (_why, command, reason) => {
      const ending = await sandbox.run(
        shell("", { argv: [command], mounts: [{ from: "jail", to: "/box" }] }),
      );
      expect(ending).toMatchObject({ exitCode: null, signal: null });
      expect(ending.notStarted).toMatch(reason);
    });
  });

  describe("measures", () => {
    const busy = "i=0; while [ $i -lt 300000 ]; do i=$((i + 1)); done";

    it("the CPU time of what was waited for and of what was not", async () => {
      const alone = await run(busy);
      const child = await run(`(${busy}); :`);
      const orphan = await run(`(${busy}) & while kill -0 $! 2>/dev/null; do sleep 0.02; done`);
      for (const { cpuMs } of [alone, child, orphan]) {
        expect(cpuMs).toBeGreaterThanOrEqual(30);
        expect(cpuMs).toBeLessThan(limits.cpuMs);
      }
    });

    it("the wall time of a sleeper, who uses no CPU time", async () => {
      const { wallMs, cpuMs } = await run("sleep 0.3");
      expect(wallMs).toBeGreaterThanOrEqual(290);
      expect(cpuMs).toBeLessThan(100);
    });

    it("memory, as soon as a program has it for a moment", async () => {
      const python = "x = bytearray(100 << 20); import time; time.sleep(0.3)";
      const { memoryKiB } = await run("", { argv: ["/usr/bin/python3", "-c", python] });
      expect(memoryKiB).toBeGreaterThan(100 * 1024);
      expect(memoryKiB).toBeLessThan(150 * 1024);
    });
  });

  describe("gives a program its streams", () => {
    it("stdin from a file, and none when there is none", async () => {
      const folder = await store.newFolder();
      await store.write(`${folder}/input`, "some words\n");
      expect(text((await run("cat", { input: `${folder}/input` })).stdout)).toBe("some words\n");
      expect(text((await run("cat /dev/stdin", { input: `${folder}/input` })).stdout)).toBe("some words\n");
      expect(text((await run("cat; echo end")).stdout)).toBe("end\n");
    });

    it("that can be opened again by name", async () => {
      const { stdout, stderr } = await run("echo out >/dev/stdout; echo error >/dev/stderr");
      expect([text(stdout), text(stderr)]).toEqual(["out\n", "error\n"]);
    });

    it("and no other file of ours", async () => {
      const list = "import os; print([n for n in range(3, 200) if os.path.exists(f'/dev/fd/{n}')])";
      const plain = await promisify(execFile)("/usr/bin/python3", ["-c", list]);
      expect(text((await run("", { argv: ["/usr/bin/python3", "-c", list] })).stdout)).toBe(plain.stdout);
    });

    it("stdout as large as its limit, byte by byte", async () => {
      const exact = await run(`head -c ${MIB} /dev/zero`);
      expect(exact).toMatchObject({ exitCode: 0, outputExceeded: false });
      expect(exact.stdout).toHaveLength(MIB);
      const more = await run(`head -c ${MIB + 1} /dev/zero; sleep 1000`);
      expect(more).toMatchObject({ exitCode: null, outputExceeded: true, timedOut: false });
      expect(more.stdout).toHaveLength(MIB);
    });

    it("stderr that is cut and never held against it", async () => {
      const ending = await run("head -c 1000000 /dev/zero >&2; echo done");
      expect(ending).toMatchObject({ exitCode: 0, stderrCut: true, outputExceeded: false });
      expect(ending.stderr).toHaveLength(limits.errorBytes);
      expect(text(ending.stdout)).toBe("done\n");
    });
  });

  it("ends what a program leaves running, and waits for nothing that it left", async () => {
    const ending = await run("sleep 1000 & (sleep 1000 &) ; echo done");
    expect(ending).toMatchObject({ exitCode: 0, timedOut: false });
    expect(text(ending.stdout)).toBe("done\n");
    expect(ending.wallMs).toBeLessThan(limits.wallMs);
  });

  it("ends a program that has more processes than it may", async () => {
    const ending = await run("for i in $(seq 200); do sleep 1000 & done; wait");
    expect(ending).toMatchObject({ signal: constants.signals.SIGKILL, timedOut: false, outOfMemory: false });
  });

  it("ends a program that ignores every signal that can be ignored", async () => {
    const ending = await run("trap '' TERM INT HUP QUIT USR1; while :; do sleep 1000; done", {
      limits: { ...limits, wallMs: 500 },
    });
    expect(ending).toMatchObject({ exitCode: null, timedOut: true });
  });

  it("gives each run an empty work folder as its current folder and home", async () => {
    const first = await run('pwd; echo "$HOME"; ls -A; echo x > file; mkdir -m 0 closed');
    const second = await run("ls -A");
    const [folder, home, ...rest] = text(first.stdout).trim().split("\n");
    expect(folder).toMatch(/\/work$/);
    expect([home, ...rest]).toEqual([folder]);
    expect(text(second.stdout)).toBe("");
  });

  it("collects plain files only, and only from a program that ended by itself", async () => {
    const target = await store.newFolder();
    const script = `echo text > plain; echo tool > tool; chmod 700 tool; chmod 600 plain; mkdir -p a/b; echo deep > a/b/deep
ln -s /etc/passwd link; ln -s /etc folder; mkfifo pipe`;
    await run(script, { collect: target });
    const { stdout } = await promisify(execFile)("find", [
      store.absolute(target),
      "-type",
      "f",
      "-printf",
      "%P %m\n",
    ]);
    expect(stdout.trim().split("\n").sort()).toEqual(["a/b/deep 644", "plain 644", "tool 755"]);
    const none = await store.newFolder();
    await run("echo x > file; sleep 1000", { collect: none, limits: { ...limits, wallMs: 300 } });
    expect(await readdir(store.absolute(none))).toEqual([]);
  });

  it("does not follow a link to a store's folder when it removes a work folder", async () => {
    const kept = await store.newFolder();
    await store.write(`${kept}/file`, "still here");
    await run("", { argv: ["/bin/ln", "-s", store.absolute(kept), "link"] });
    expect(await readFile(store.absolute(`${kept}/file`), "utf8")).toBe("still here");
  });

  it("lays files into the work folder, as copies", async () => {
    const files = await store.newFolder();
    await store.write(`${files}/data.txt`, "given\n");
    const ending = await sandbox.run({ ...shell("cat data.txt; echo more > data.txt"), files });
    expect(text(ending.stdout)).toBe("given\n");
    expect(await readFile(store.absolute(`${files}/data.txt`), "utf8")).toBe("given\n");
  });

  // As at the other levels, with the same mounts as all else.
  const isLong = process.env["TEST_LONG"] === "1";
  it.runIf(isLong)("precompiles the C++ header, and compiles with it", { timeout: 120_000 }, async () => {
    const toolchain = slot.toolchains.get("cpp");
    if (toolchain === undefined) throw new Error("no C++");
    const folder = await compileAhead(sandbox, store, toolchain);
    expect(await readdir(store.absolute(`${folder}/bits`))).toEqual(["stdc++.h.gch"]);
    const problem = await openProblem(packageOf(), store);
    const source = right.cpp.replace("<iostream>", "<bits/stdc++.h>");
    const withHeader = { ...slot, madeAhead: () => folder };
    expect(await judgeSubmission(withHeader, submissionOf(problem, "cpp", source))).toMatchObject({
      outcome: { verdict: "AC" },
    });
    await problem.close();
  });

  it.each([
    [
      "C++",
      "validate.cpp",
      `#include <fstream>\n#include <iostream>\nint main(int count, char **words) {
      std::ifstream in(words[1]); int a, b, x, y; in >> a >> b;
      std::ofstream(std::string(words[3]) + "judgemessage.txt") << "looked";
      return std::cin >> x >> y && x + y == a + b ? 42 : 43; }`,
    ],
    [
      "Python",
      "validate.py",
      `import sys\na, b = map(int, open(sys.argv[1]).read().split())\nx = sys.stdin.read().split()
sys.exit(42 if len(x) == 2 and int(x[0]) + int(x[1]) == a + b else 43)`,
    ],
  ])("asks a validator of the package's own in %s", async (_language, file, source) => {
    const pkg = packageOf({ [`output_validator/${file}`]: source });
    expect(await verdictOf(pkg, "python3", "a, b = map(int, input().split())\nprint(a + 1, b - 1)")).toBe(
      "AC",
    );
    expect(await verdictOf(pkg, "python3", "print(1, 1)")).toBe("WA");
  });

  it("fails, without a verdict, when the validator crashes", async () => {
    const pkg = packageOf({ "output_validator/validate.cpp": "#include <cstdlib>\nint main() { abort(); }" });
    expect(await verdictOf(pkg, "python3", "print(1)")).toMatch(/^failure: .*signal 6/);
  });

  describe("in a dialogue", () => {
    const interactive = (validator: string): Package =>
      packageOf(
        { "data/sample/1.in": null, "data/sample/1.ans": null, "output_validator/validate.py": validator },
        "type: interactive\n",
      );
    const guess = `import sys
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

    it.each([
      ["AC", "one that ends well", search],
      ["WA", "one that is rejected while it runs", "while True:\n    print(1, flush=True)\n    input()"],
      ["RTE", "one that crashes first", "print(1, flush=True)\ninput()\nraise ValueError()"],
      ["TLE", "one that never flushes", "import sys\nprint(1)\nsys.stdin.readline()"],
      ["OLE", "one that never stops talking", "while True: print('1' * 1000)\n"],
    ])("gives %s to %s", async (verdict, _how, source) => {
      const listener = "import sys\nfor line in sys.stdin: pass\nsys.exit(43)";
      const pkg = interactive(verdict === "OLE" ? listener : guess);
      expect(await verdictOf(pkg, "python3", source)).toBe(verdict);
      expect(await processesLeft()).toEqual([]);
      expect(await filesLeft()).toEqual([]);
    });

    const pair = (a: string, b: string) => sandbox.runPair(shell(a), shell(b));

    it("passes everything on, both ways, at any size", async () => {
      const { endings } = await pair(
        "head -c 1000000 /dev/zero | tr '\\0' x; exec >&-; cat | wc -c >&2",
        "wc -c >&2; echo thanks",
      );
      expect(endings.map(({ stderr, exitCode }) => [text(stderr).trim(), exitCode])).toEqual([
        ["7", 0],
        ["1000000", 0],
      ]);
    });

    it("keeps what they said, in order", async () => {
      const { dialogue } = await pair(
        "echo 1; read said; echo $said$said",
        "read said; echo ${said}0; read said; exit 42",
      );
      expect(transcriptOf([dialogue])).toBe(">1\n<10\n>1010\n");
      expect(dialogue.bytes).toEqual([7, 3]);
    });

    it.each([
      ["ends", "exit 1", "cat >/dev/null; exit 2", 0],
      ["closes its output and goes on", "exec >&-; cat >/dev/null; exit 1", "cat >/dev/null; exit 2", 0],
      ["crashes", "cat >/dev/null; exit 1", "kill -SEGV $$", 1],
      ["ends without reading", "yes | head -c 300000; cat >/dev/null; exit 1", "exit 2", 1],
    ])("says who was first, when one %s", async (_how, a, b, first) => {
      expect((await pair(a, b)).first).toBe(first);
    });

    it("breaks no pipe of a program whose partner has gone", async () => {
      const { endings } = await pair("sleep 0.2; head -c 300000 /dev/zero; exit 7", "exit 0");
      expect(endings[0]).toMatchObject({ exitCode: 7, signal: null });
    });

    it("starts neither when one cannot be started", async () => {
      const { endings } = await sandbox.runPair(shell("exit 0"), shell("", { argv: ["/box/missing"] }));
      expect(endings[0].notStarted).toMatch(/its partner.*missing/);
      expect(endings[1].notStarted).toMatch(/missing/);
    });
  });

  it("runs one request at a time, in order", async () => {
    const folder = await store.newFolder();
    await store.write(`${folder}/log`, "");
    const log = store.absolute(`${folder}/log`);
    const step = (name: string): Promise<Ending> => {
      const script = `echo begin ${name} >> "$1"; sleep 0.05; echo end ${name} >> "$1"`;
      return sandbox.run(shell("", { argv: ["/bin/sh", "-c", script, "sh", log] }));
    };
    await Promise.all(["1", "2", "3"].map(step));
    expect(await readFile(log, "utf8")).toBe("begin 1\nend 1\nbegin 2\nend 2\nbegin 3\nend 3\n");
  });

  it("ends what runs when it is closed, and runs nothing any more", async () => {
    const own = await openProcessSandbox({ store, binds: [] });
    const running = own.run(shell("sleep 1000"));
    const failed = expect(running).rejects.toThrow(SandboxError);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await own.close();
    await failed;
    await expect(own.run(shell("exit 0"))).rejects.toThrow("the sandbox is closed");
    expect(await processesLeft()).toEqual([]);
    expect(await filesLeft()).toEqual([]);
  });

  it("ends what runs when the judge itself is killed", async () => {
    const program = `import { openStore } from ${JSON.stringify(new URL("store.ts", import.meta.url).href)};
import { openProcessSandbox } from ${JSON.stringify(new URL("process-sandbox.ts", import.meta.url).href)};
const store = await openStore(process.argv[1]);
const sandbox = await openProcessSandbox({ store, binds: [] });
setTimeout(() => process.kill(process.pid, "SIGKILL"), 500);
await sandbox.run(${JSON.stringify(shell("trap '' HUP TERM; sleep 987654 & sleep 987654"))});`;
    const other = join(root, "another store");
    const judge = promisify(execFile)(process.execPath, ["--input-type=module", "-e", program, other]);
    await expect(judge).rejects.toMatchObject({ signal: "SIGKILL" });
    const left = async (): Promise<boolean> =>
      (await promisify(execFile)("ps", ["-A", "-o", "args="])).stdout.includes("987654");
    while (await left()) await new Promise((resolve) => setTimeout(resolve, 20));
  });
});
