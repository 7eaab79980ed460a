/** `npm run verify`, as whoever prepares a package runs it: a process of its own, on a folder and on a zip. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exampleFiles } from "../rules/package/example.ts";
import type { Files } from "../rules/package/package.ts";
import { findChromium } from "../scripts/setup.ts";
import { whyNoSandbox } from "./testing.ts";

const script = join(import.meta.dirname, "../scripts/verify.ts");

interface Ran {
  code: number | string | null | undefined;
  stdout: string;
  stderr: string;
}

function verify(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const env = { ...process.env, JUDGE_LEVEL: "", JUDGE_ALLOW_UNSAFE: "", ...environment };
    execFile(process.execPath, [script, ...words], { env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
    );
  });
}

const validator = `import sys
sys.exit(42 if all(-100 <= int(word) <= 100 for word in sys.stdin.read().split()) else 43)
`;
const right = exampleFiles({
  "input_validators/validate.py": validator,
  "data/invalid_input/large.in": "1 1000\n",
  "submissions/wrong_answer/zero.py": "print(0)\n",
  "submissions/time_limit_exceeded/endless.py": "while True: pass\n",
  "submissions/compile_error/unclosed.py": "print(\n",
});
const wrong = new Map([
  ...right,
  ["data/invalid_input/small.in", new TextEncoder().encode("1 10\n")] as const,
  ["submissions/accepted/not_really.py", new TextEncoder().encode("print(3)\n")] as const,
]);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "verify-test-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function asFolder(name: string, files: Files): Promise<string> {
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(folder, name, path)), { recursive: true });
    await writeFile(join(folder, name, path), bytes);
  }
  return join(folder, name);
}

async function asZip(name: string, files: Files): Promise<string> {
  const path = join(folder, `${name}.zip`);
  await writeFile(path, zipSync(Object.fromEntries(files)));
  return path;
}

describe.skipIf((await whyNoSandbox()) !== null)("npm run verify", { timeout: 300_000 }, () => {
  it("ends with 0 where every submission of a folder is as expected, and shows all that was judged", async () => {
    const { code, stdout, stderr } = await verify([await asFolder("right", right)]);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^Sum \(pass-fail\): 1 sample, 1 secret test, 4 submissions$/m);
    expect(stdout).toMatch(/^Time limit 1\.5 s, by the package$/m);
    expect(stdout).toMatch(/^ {2}AC +\d\.\d{3} s A +A +submissions\/accepted\/sum\.py$/m);
    expect(stdout).toMatch(/^ {2}CE +\. +\. +submissions\/compile_error\/unclosed\.py$/m);
    expect(stdout).toMatch(/^ {2}TLE +\d\.\d{3} s T +T +submissions\/time_limit_exceeded\/endless\.py$/m);
    expect(stdout).toMatch(/^ {2}WA +\d\.\d{3} s W +W +submissions\/wrong_answer\/zero\.py$/m);
    expect(stdout).toMatch(/^The jury's submissions ask for a time limit of \d+ s/m);
    expect(stdout).toMatch(/^All is as expected of 4 submissions$/m);
    expect(stdout).toMatch(/validate\.py: tried on 2 valid and 1 invalid inputs, all as they should$/m);
    expect(code).toBe(0);
  });

  it("ends with 1 where something is not, and says what and why", async () => {
    const { code, stdout } = await verify([await asFolder("wrong", wrong)]);
    expect(stdout).toMatch(/^! WA +\d\.\d{3} s A +W +submissions\/accepted\/not_really\.py$/m);
    expect(stdout).toMatch(/^Not as expected: 1 of 5 submissions$/m);
    expect(stdout).toMatch(/^ {2}submissions\/accepted\/not_really\.py got WA, expected AC$/m);
    expect(stdout).toMatch(/^ {6}secret\/01 was WA, but only AC is permitted$/m);
    expect(stdout).toMatch(/invalid_input\/small: accepted by every input validator, but must be refused/);
    expect(code).toBe(1);
  });

  it("prints for programs one object a line and nothing else, of a zip too", async () => {
    const { code, stdout, stderr } = await verify(["--json", await asZip("wrong", wrong)]);
    const lines = stdout
      .trim()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
    const test = (name: string, verdict: string) => ({
      name,
      verdict,
      cpuMs: expect.any(Number),
      wallMs: expect.any(Number),
      memoryKiB: expect.any(Number),
    });
    const about = { language: "python3", engine: "judge", score: null };
    expect(lines).toEqual([
      {
        submission: "submissions/accepted/not_really.py",
        ...about,
        verdict: "WA",
        expected: ["AC"],
        ok: false,
        tests: [test("sample/1", "AC"), test("secret/01", "WA")],
      },
      {
        submission: "submissions/accepted/sum.py",
        ...about,
        verdict: "AC",
        expected: ["AC"],
        ok: true,
        tests: [test("sample/1", "AC"), test("secret/01", "AC")],
      },
      {
        submission: "submissions/compile_error/unclosed.py",
        ...about,
        verdict: "CE",
        expected: ["CE"],
        ok: true,
        tests: [],
      },
      expect.objectContaining({
        submission: "submissions/time_limit_exceeded/endless.py",
        verdict: "TLE",
        ok: true,
      }),
      expect.objectContaining({ submission: "submissions/wrong_answer/zero.py", verdict: "WA", ok: true }),
    ]);
    expect(stderr).toMatch(/not_really\.py got WA, expected AC/);
    expect(code).toBe(1);
  });

  it("ends with 2 on a host where nothing is isolated, and runs nothing", async () => {
    const path = await asFolder("right", right);
    const { code, stdout, stderr } = await verify([path], { JUDGE_LEVEL: "process" });
    expect(stderr).toMatch(/^verify: nothing can be judged on this host: .*JUDGE_ALLOW_UNSAFE=1 is not set/m);
    expect(stdout).not.toMatch(/submissions\//);
    expect(code).toBe(2);
  });
});

describe.skipIf((await whyNoSandbox()) !== null || findChromium() === null)(
  "npm run verify with the judge and the browser",
  { timeout: 300_000 },
  () => {
    it("judges in both, names what they do not agree on, and says what the browser does not run", async () => {
      const onlyJudged =
        "import sys\nprint(3 if sys.platform == 'emscripten' else sum(map(int, sys.stdin.read().split())))\n";
      const files = exampleFiles({
        "submissions/accepted/not_in_browsers.py": onlyJudged,
        "submissions/accepted/sum.lua": "local a, b = io.read('n', 'n')\nprint(a + b)\n",
        "submissions/run_time_error/deep.js": "const f = (n) => 1 + f(n + 1);\nconsole.log(f(0));\n",
        "submissions/time_limit_exceeded/endless.py": "while True: pass\n",
        "submissions/compile_error/unclosed.py": "print(\n",
      });
      const { code, stdout, stderr } = await verify(["--engine", "both", await asFolder("both", files)]);
      expect(stderr).toBe("");
      expect(stdout).toMatch(/^Not in the browser: submissions\/accepted\/sum\.lua \(Lua\)$/m);
      expect(stdout).toMatch(/^In Chromium [\d.]+: 4\.5 s for each test, by the clock on the wall$/m);
      expect(stdout).toMatch(/^ {2}judge +AC +\d\.\d{3} s A +A +submissions\/accepted\/sum\.py$/m);
      expect(stdout).toMatch(/^ {2}browser AC +\d\.\d{3} s A +A +submissions\/accepted\/sum\.py$/m);
      expect(stdout).toMatch(/^! browser WA .* submissions\/accepted\/not_in_browsers\.py$/m);
      expect(stdout).toMatch(/^ {2}browser RTE .* submissions\/run_time_error\/deep\.js$/m);
      expect(stdout).toMatch(/^ {2}browser TLE .* T +T +submissions\/time_limit_exceeded\/endless\.py$/m);
      expect(stdout).toMatch(/^ {2}browser CE .* submissions\/compile_error\/unclosed\.py$/m);
      expect(stdout).toMatch(/^Python 3 in the browser: CPython 3\.\d+/m);
      expect(stdout).toMatch(
        /^Judge and browser agree on 4 of 5 \(submission, language\) pairs \(80 %\)\n {2}submissions\/accepted\/not_in_browsers\.py \(Python 3\): judge AC, browser WA; first on secret\/01,/m,
      );
      expect(code).toBe(1);
    });

    it("ends with 2 where there is no browser, and says what to do", async () => {
      const path = await asFolder("right", right);
      const { code, stderr } = await verify(["--engine", "browser", path], { CHROMIUM: "/nowhere/chromium" });
      expect(stderr).toMatch(/^verify: \/nowhere\/chromium does not start: /m);
      expect(code).toBe(2);
    });
  },
);

describe("npm run verify, where there is nothing to judge,", { timeout: 60_000 }, () => {
  it("ends with 2 for a package that is not usable, and tells all that is wrong with it", async () => {
    const broken = exampleFiles({ "data/secret/01.ans": null, "problem.yaml": "name: 1\n" });
    const { code, stdout, stderr } = await verify([await asFolder("broken", broken)]);
    expect(stdout).toMatch(/^error: .*problem\.yaml/m);
    expect(stderr).toMatch(/^verify: .*broken is not a usable package$/m);
    expect(code).toBe(2);
  });

  it.each([
    [["nowhere"], /^verify: there is no nowhere$/m],
    [[], /^verify: which package\?/m],
    [["--engine", "turbo", "x.zip"], /^verify: --engine must be judge, browser or both, not "turbo"$/m],
  ])("ends with 2 for %j", async (words, message) => {
    const { code, stdout, stderr } = await verify(words);
    expect(stderr).toMatch(message);
    expect([code, stdout]).toEqual([2, ""]);
  });
});
