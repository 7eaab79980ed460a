import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Lease, Outcome } from "../protocol/judge.ts";
import { exampleFiles } from "../rules/package/example.ts";
import type { Files } from "../rules/package/package.ts";
import { doLease } from "./lease-work.ts";
import { openPackageCache } from "./package-cache.ts";
import { connectServer } from "./server.ts";
import type { Slot } from "./slot.ts";
import { openTestSlot, whyNoSandbox } from "./testing.ts";
import { hashOf, openQueue, packed, type ScriptedQueue, sourceOf, submissionLease } from "./testing-queue.ts";

const right = "print(sum(map(int, input().split())))";

/** How long a server that is away is waited for here. */
const PATIENCE_MS = 2000;

describe.skipIf((await whyNoSandbox()) !== null)("the work of a lease", () => {
  let slot: Slot;
  let closeSlot: () => Promise<void>;
  let queue: ScriptedQueue;
  let progress: string[];
  let hash: string;

  beforeAll(async () => {
    ({ slot, close: closeSlot } = await openTestSlot());
  });
  afterAll(() => closeSlot());
  beforeEach(async () => {
    queue = await openQueue();
    progress = [];
    hash = serve(exampleFiles());
  });
  afterEach(async () => {
    await queue.close();
    await slot.store.remove("packages");
  });

  const serve = (files: Files): string => {
    const { zip, hash } = packed(files);
    queue.packages.set(hash, zip);
    return hash;
  };
  const work = (lease: Lease, on = slot): Promise<Outcome> => {
    const server = connectServer(queue.url, "a token", PATIENCE_MS);
    const packages = openPackageCache({ store: slot.store, fetch: server.fetchPackage, inMemory: 0 });
    return doLease(on, lease, { packages, server }, (done, total) => progress.push(`${done}/${total}`));
  };
  const judge = (change: Parameters<typeof submissionLease>[2] = {}, package_ = hash): Promise<Outcome> =>
    work(submissionLease("1", package_, change).lease);

  describe("on a submission", () => {
    it("ends in a verdict, whose evidence was brought before", async () => {
      queue.sources.set("1", sourceOf(right));
      const outcome = await judge();
      expect(outcome).toMatchObject({ type: "verdict", verdict: "AC", level: "full" });
      const brought = queue.evidence.get("1")?.evidence;
      expect(brought?.runs.map(({ name }) => name)).toEqual(["sample/1", "secret/01"]);
      expect(outcome).toMatchObject({ evidence: hashOf(JSON.stringify(brought)) });
      expect(progress).toEqual(["0/2", "1/2", "2/2"]);
    });

    it("brings none where the program did not compile", async () => {
      queue.sources.set("1", sourceOf("def"));
      expect(await judge()).toMatchObject({ verdict: "CE", evidence: null });
      expect(queue.evidence.size).toBe(0);
    });

    it.each([
      ["the server says that it cannot now", 503, 2],
      ["somebody between us and the server does", 502, 1],
    ])("brings evidence again when %s", async (_when, status, times) => {
      queue.refusals.push({ path: /evidence/, status, body: "", times });
      queue.sources.set("1", sourceOf(right));
      expect(await judge()).toMatchObject({ verdict: "AC" });
      expect(queue.asked.filter((path) => path.endsWith("/evidence"))).toHaveLength(times + 1);
    });

    it.each([
      [
        409,
        '{"code":"lease_not_held","message":"This lease is another judge\'s."}',
        1,
        "409 This lease is another judge's.",
      ],
      [413, "", 1, "413"],
      [500, "", Infinity, "500"],
    ])("is a failure that says so where evidence is refused with %i", async (status, body, times, why) => {
      queue.refusals.push({ path: /evidence/, status, body, times });
      queue.sources.set("1", sourceOf(right));
      expect(await judge()).toEqual({
        type: "failure",
        message: `the server did not take /link/judge/leases/1/evidence: ${why}`,
      });
    });

    it("runs all tests only where it should, by the limit that it is given where the package has none", async () => {
      queue.sources.set("1", sourceOf("print(0)"));
      const unlimited = serve(
        exampleFiles({ "problem.yaml": exampleText("problem.yaml").replace("  time_limit: 1.5\n", "") }),
      );
      const runs = (outcome: Outcome) => (outcome.type === "verdict" ? outcome.runs.length : outcome);
      expect(runs(await judge({ timeMs: 1000 }, unlimited))).toBe(1);
      expect(runs(await judge({ timeMs: 1000, extent: "all" }, unlimited))).toBe(2);
      expect(await judge({}, unlimited)).toMatchObject({ type: "failure" });
    });

    it("goes by the limits that it is given in place of the package's, which holds for those that come after", async () => {
      const verdict = (outcome: Outcome) => (outcome.type === "verdict" ? outcome.verdict : outcome);
      const large = `held = bytearray(96 << 20)\nfor place in range(0, len(held), 4096): held[place] = 1\n${right}`;
      queue.sources.set("1", sourceOf(large));
      expect(verdict(await judge({ memoryMiB: 16 }))).toMatch(/MLE|RTE/);
      expect(verdict(await judge())).toBe("AC");
      queue.sources.set("1", sourceOf(`import time\nwhile time.process_time() < 0.3: pass\n${right}`));
      expect(verdict(await judge({ timeMs: 100 }))).toBe("TLE");
      expect(verdict(await judge())).toBe("AC");
    });

    it.each<[what: string, change: () => Parameters<typeof judge>, message: RegExp]>([
      [
        "a package that is not there",
        () => [{}, "0".repeat(64)],
        /did not give .*packages.*404 there is nothing/,
      ],
      ["a package that arrives damaged", () => [{}, "1".repeat(64)], /arrived damaged/],
      ["a package that is no zip", () => [{}, hashOf("zip")], /is not usable/],
      [
        "a package without an answer",
        () => [{}, serve(exampleFiles({ "data/secret/01.ans": null }))],
        /is not usable: data\/secret\/01/,
      ],
      ["a language that it does not have", () => [{ language: "java" }], /does not have the language java/],
      [
        "a validator that does not compile",
        () => [{}, serve(exampleFiles({ "output_validator/validate.py": "def" }))],
        /output validator does not compile/,
      ],
    ])(
      "tells of %s as a failure, never as a verdict, and does the next one",
      async (_what, change, message) => {
        queue.packages.set("1".repeat(64), packed(exampleFiles()).zip);
        queue.packages.set(hashOf("zip"), Buffer.from("zip"));
        queue.sources.set("1", sourceOf(right));
        const [which, package_] = change();
        const lacking = {
          ...slot,
          toolchains: new Map([...slot.toolchains].filter(([id]) => id !== "java")),
        };
        const outcome = await work(submissionLease("1", package_ ?? hash, which).lease, lacking);
        expect(outcome).toEqual({ type: "failure", message: expect.stringMatching(message) });
        expect(await judge()).toMatchObject({ verdict: "AC" });
      },
    );

    it("is a failure where the source is not given, or is none", async () => {
      expect(await judge()).toEqual({
        type: "failure",
        message: "the server did not give /link/judge/leases/1/source: 404 there is nothing here",
      });
      queue.sources.set("1", { ...sourceOf(right), files: [] });
      expect(await judge()).toEqual({
        type: "failure",
        message: "the server gave something else than a source",
      });
    });
  });

  describe("on a custom run", () => {
    const run = async (source: string, input: string | null, package_ = hash): Promise<Outcome> => {
      queue.sources.set("1", sourceOf(source, input));
      return work({
        work: "custom run",
        lease: "1",
        language: "python3",
        package: package_,
        timeMs: null,
        memoryMiB: null,
      });
    };

    it("judges the samples as of a submission, and nothing else", async () => {
      const outcome = await run(right, null);
      expect(outcome).toEqual({
        type: "run",
        result: {
          compiled: true,
          compileOutput: "",
          toolchain: expect.stringMatching(/^CPython 3\./),
          tests: [
            {
              test: "sample/1",
              verdict: "AC",
              exitCode: 0,
              signal: null,
              cpuMs: expect.any(Number),
              wallMs: expect.any(Number),
              memoryKiB: expect.any(Number),
              output: "3\n",
              outputBytes: 2,
              stderr: "",
              message: "",
            },
          ],
        },
      });
      expect(progress).toEqual(["0/1"]);
    });

    it("says why a sample was rejected", async () => {
      expect(await run("print(4)", null)).toMatchObject({
        result: { tests: [{ verdict: "WA", output: "4\n", message: expect.stringMatching(/\S/) }] },
      });
    });

    it("runs the program alone on input of its author's, where nothing is wrong but a bad end", async () => {
      expect(
        await run("import sys\nprint(input()[::-1], file=sys.stderr)\nprint('é')", "abc\n"),
      ).toMatchObject({
        result: { tests: [{ test: null, verdict: null, output: "é\n", outputBytes: 3, stderr: "cba\n" }] },
      });
      expect(await run("exit(3)", "")).toMatchObject({
        result: { tests: [{ verdict: "RTE", exitCode: 3 }] },
      });
      expect(await run("while True: pass", "")).toMatchObject({
        result: { tests: [{ verdict: "TLE", exitCode: null }] },
      });
    });

    it("finds no test's files, its input's least of all", async () => {
      const spy =
        'import os\nprint([n for p in ("/box", "/data", "/scratch") if os.path.isdir(p) for n in os.listdir(p)])';
      expect(await run(spy, "1 2")).toMatchObject({ result: { tests: [{ output: "['main.py']\n" }] } });
    });

    it("shows 64 KiB of what the program wrote, and no half letters", async () => {
      const outcome = await run("print('x' + 'é' * 100000)", "");
      if (outcome.type !== "run") throw new Error(JSON.stringify(outcome));
      const [test] = outcome.result.tests;
      expect(test?.outputBytes).toBe(200_002);
      expect(test?.output).toBe(`x${"é".repeat(32_767)}`);
    });

    it("shows the compiler's words and runs nothing where the program does not compile", async () => {
      expect(await run("def", null)).toMatchObject({
        type: "run",
        result: { compiled: false, compileOutput: expect.stringContaining("SyntaxError"), tests: [] },
      });
    });
  });

  describe("on a time limit", () => {
    const yaml = (): string => exampleText("problem.yaml").replace("  time_limit: 1.5\n", "");
    const burn = (seconds: number): string =>
      `import time\nwhile time.process_time() < ${seconds}: pass\n${right}`;
    const infer = (submissions: Record<string, string>): Promise<Outcome> => {
      const files = exampleFiles({
        "problem.yaml": yaml(),
        "submissions/accepted/sum.py": null,
        ...submissions,
      });
      return work({ work: "time limit", lease: "1", package: serve(files) });
    };

    it("finds the limit between those that must pass and those that must be too slow", async () => {
      const outcome = await infer({
        "submissions/accepted/quick.py": right,
        "submissions/accepted/slow.py": burn(0.6),
        "submissions/time_limit_exceeded/endless.py": "while True: pass",
      });
      expect(outcome).toEqual({
        type: "time limit",
        timeMs: 2000,
        explanation: expect.stringMatching(
          /^2 s, since submissions\/accepted\/slow\.py.* takes 0\.[5-9]\d* s\.$/,
        ),
      });
      expect(progress).toEqual(["0/3", "1/3", "2/3"]);
    });

    it("looks behind a wrong answer of a submission that must be too slow", async () => {
      const wrongThenSlow = `if input() == "1 2": print(0)\nelse:\n  while True: pass`;
      expect(
        await infer({
          "submissions/accepted/quick.py": right,
          "submissions/time_limit_exceeded/wrong.py": wrongThenSlow,
        }),
      ).toMatchObject({ timeMs: 1000 });
    });

    it.each<[why: string, submissions: Record<string, string>, explanation: RegExp]>([
      [
        "one that must be too slow is not",
        { "submissions/accepted/a.py": right, "submissions/time_limit_exceeded/b.py": right },
        /b\.py/,
      ],
      ["one that must pass does not", { "submissions/accepted/a.py": "print(0)" }, /a\.py.* gets WA/],
      [
        "one does not compile",
        { "submissions/accepted/a.py": "def" },
        /a\.py.* does not compile: .*SyntaxError/s,
      ],
    ])("says why there is none where %s", async (_why, submissions, explanation) => {
      expect(await infer(submissions)).toEqual({
        type: "time limit",
        timeMs: null,
        explanation: expect.stringMatching(explanation),
      });
    });

    it("is a failure where a submission's language is not here, since another judge may have it", async () => {
      const lease: Lease = {
        work: "time limit",
        lease: "1",
        package: serve(
          exampleFiles({ "problem.yaml": yaml(), "submissions/accepted/Sum.java": "class Sum {}" }),
        ),
      };
      const lacking = { ...slot, toolchains: new Map([...slot.toolchains].filter(([id]) => id !== "java")) };
      expect(await work(lease, lacking)).toEqual({
        type: "failure",
        message: "submissions/accepted/Sum.java: this judge does not have the language java",
      });
    });
  });
});

function exampleText(path: string): string {
  return new TextDecoder().decode(exampleFiles().get(path));
}
