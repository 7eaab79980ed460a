import { describe, expect, it } from "vitest";
import type { JuryJudgement } from "../../judge/judge-package.ts";
import type { Outcome, RunResult } from "../../protocol/judge.ts";
import type { RunVerdict } from "../../protocol/verdict.ts";
import { exampleFiles, exampleYaml } from "../../rules/package/example.ts";
import type { JurySubmission, Package } from "../../rules/package/package.ts";
import { readPackage } from "../../rules/package/read.ts";
import { inferredFromRuns } from "./inferred-limit.ts";
import { newAgreement } from "./agreement.ts";
import type { Judged, JudgedRun } from "./judged.ts";
import { explain, newMatrix, verified } from "./report.ts";

function packageWith(changes: Readonly<Record<string, string | null>>): Package {
  const { package: pkg, messages } = readPackage(exampleFiles(changes), "sum");
  if (pkg === null) throw new Error(JSON.stringify(messages));
  return pkg;
}

const pkg = packageWith({
  "data/secret/02.in": "1 1\n",
  "data/secret/02.ans": "2\n",
  "submissions/time_limit_exceeded/slow.py": "while True: pass\n",
  "submissions/wrong_answer/zero.py": "print(0)\n",
});

function submission(name: string): JurySubmission {
  const found = pkg.submissions.find(({ path }) => path.endsWith(`/${name}`));
  if (found === undefined) throw new Error(name);
  return found;
}

function run(name: string, verdict: RunVerdict, cpuMs: number): RunResult {
  const figures = { wallMs: cpuMs + 5, memoryKiB: 9000, outputBytes: 2 };
  return { name, verdict, score: null, cpuMs, ...figures, message: "", teamMessage: "", measurements: [] };
}

function judged(
  name: string,
  runs: readonly [RunVerdict, number][],
  unexpected: string[] = [],
): JuryJudgement & { engine: "judge" } {
  const names = ["sample/1", "secret/01", "secret/02"];
  const results = runs.map(([verdict, cpuMs], index) => run(names[index] ?? "", verdict, cpuMs));
  const verdict = runs.find(([one]) => one !== "AC")?.[0] ?? "AC";
  const about = { toolchain: "CPython 3", level: "full", compileOutput: "", evidence: null } as const;
  const outcome = {
    type: "verdict",
    verdict,
    score: null,
    groups: [],
    runs: results,
    ...about,
  } satisfies Outcome;
  return { engine: "judge", submission: submission(name), outcome, unexpected };
}

const failed: JuryJudgement & { engine: "judge" } = {
  engine: "judge",
  submission: submission("zero.py"),
  outcome: { type: "failure", message: "this judge does not have the language python3" },
  unexpected: ["this judge does not have the language python3"],
};

const right = judged("sum.py", [
  ["AC", 20],
  ["AC", 400],
  ["AC", 30],
]);

const inBrowser: Judged = {
  engine: "browser",
  submission: submission("sum.py"),
  outcome: {
    type: "verdict",
    verdict: "RTE",
    score: null,
    runs: [
      inBrowserRun("sample/1", "AC", 90),
      inBrowserRun("secret/01", "AC", 850),
      { ...inBrowserRun("secret/02", "RTE", 70), note: "it recursed more deeply than the browser allows" },
    ],
  },
  unexpected: ["secret/02 was RTE, but only AC is permitted"],
};

function inBrowserRun(name: string, verdict: RunVerdict, wallMs: number): JudgedRun {
  return { name, verdict, score: null, cpuMs: null, wallMs, memoryKiB: null, message: "" };
}

describe("the line of a submission for programs", () => {
  it("has what was got, what was expected, and every test", () => {
    expect(verified(right)).toEqual({
      submission: "submissions/accepted/sum.py",
      language: "python3",
      engine: "judge",
      verdict: "AC",
      expected: ["AC"],
      ok: true,
      score: null,
      tests: [
        { name: "sample/1", verdict: "AC", cpuMs: 20, wallMs: 25, memoryKiB: 9000 },
        { name: "secret/01", verdict: "AC", cpuMs: 400, wallMs: 405, memoryKiB: 9000 },
        { name: "secret/02", verdict: "AC", cpuMs: 30, wallMs: 35, memoryKiB: 9000 },
      ],
    });
  });

  it("has the verdict JE and no test where the judge could not judge", () => {
    expect(verified(failed)).toMatchObject({ verdict: "JE", ok: false, score: null, tests: [] });
  });
});

describe("the table", () => {
  it("has a row for each submission, a letter for each test, and a mark where something is not as expected", () => {
    const matrix = newMatrix(pkg, ["judge"]);
    const wrong = judged(
      "zero.py",
      [
        ["WA", 10],
        ["RTE", 10],
      ],
      ["secret/01 was RTE"],
    );
    expect([matrix.head, matrix.row(right), matrix.row(wrong), matrix.row(failed)]).toEqual([
      "  verdict  slowest sample secret submission",
      "  AC       0.400 s A      AA     submissions/accepted/sum.py",
      "! WA       0.010 s W      R.     submissions/wrong_answer/zero.py",
      "! JE               .      ..     submissions/wrong_answer/zero.py",
    ]);
  });

  it("says of each row what judged it, where several do; the browser's slowest is by the clock on the wall", () => {
    const engines = ["judge", "browser"] as const;
    const matrix = newMatrix(pkg, engines);
    expect([matrix.head, matrix.row(right), matrix.row(inBrowser)]).toEqual([
      "  engine  verdict  slowest sample secret submission",
      "  judge   AC       0.400 s A      AA     submissions/accepted/sum.py",
      "! browser RTE      0.850 s A      AR     submissions/accepted/sum.py",
    ]);
    expect(explain(inBrowser, engines)[0]).toBe(
      "submissions/accepted/sum.py got RTE from the browser, expected AC",
    );
  });

  it("has the points, where there are any", () => {
    const scored = packageWith({
      "problem.yaml": exampleYaml().replace("limits:", "type: scoring\nlimits:"),
      "data/secret/01.in": null,
      "data/secret/01.ans": null,
      "data/secret/small/test_group.yaml": "max_score: 100\n",
      "data/secret/small/01.in": "1 1\n",
      "data/secret/small/01.ans": "2\n",
    });
    expect(newMatrix(scored, ["judge"]).head).toBe("  verdict  score  slowest sample small submission");
  });

  it("is followed by why a submission is not as expected", () => {
    expect(explain(failed, ["judge"])).toEqual([
      "submissions/wrong_answer/zero.py got JE, expected WA or OLE",
      "    this judge does not have the language python3",
    ]);
  });
});

describe("how far judge and browser agree", () => {
  const agreementOf = (...pairs: readonly (readonly [Judged, Judged])[]): string[] => {
    const agreement = newAgreement();
    for (const [judge, browser] of pairs) agreement.add("problems/sum: ", judge, browser);
    return agreement.lines();
  };
  const same: Judged = { ...right, engine: "browser" };

  it("is a share of pairs that is never rounded up, and every exception with its reason", () => {
    expect(agreementOf([right, same], [right, same], [right, inBrowser])).toEqual([
      "Judge and browser agree on 2 of 3 (submission, language) pairs (66.6 %)",
      "  problems/sum: submissions/accepted/sum.py (Python 3): judge AC, browser RTE; first on secret/02, where the judge says AC and the browser RTE (30 ms of CPU time and 70 ms), it recursed more deeply than the browser allows",
    ]);
    expect(agreementOf([right, same])[0]).toMatch(/1 of 1 .*\(100 %\)$/);
  });

  it("is none where one of them could not judge, or where they give other points", () => {
    const crashed: Judged = {
      ...same,
      outcome: { type: "failure", message: "the sandbox died" },
      unexpected: ["x"],
    };
    expect(agreementOf([right, crashed])).toEqual([
      expect.stringMatching(/0 of 1/),
      expect.stringMatching(/judge AC, browser JE; the browser could not judge it: the sandbox died$/),
    ]);
    const scored = (engine: Judged["engine"], score: number): Judged => ({
      ...right,
      engine,
      outcome: { type: "verdict", verdict: "AC", score, runs: [] },
    });
    expect(agreementOf([scored("judge", 50), scored("browser", 40)])[1]).toMatch(
      /judge AC with 50 points, browser AC with 40 points$/,
    );
    expect(agreementOf([scored("judge", 0.1 + 0.2), scored("browser", 0.3)])).toHaveLength(1);
  });

  it("is not known where nothing was judged by both", () => {
    expect(agreementOf()).toEqual(["No submission was judged by both the judge and the browser"]);
  });
});

describe("the time limit that submissions ask for, from runs under the package's own", () => {
  const { timing } = pkg.limits;
  const allowanceMs = (): number => 0;

  it("goes by the slowest of those that must pass", () => {
    expect(inferredFromRuns(timing, [right], allowanceMs)).toBe(
      "The jury's submissions ask for a time limit of 1 s.",
    );
    const slower = judged("sum.py", [["AC", 600]]);
    expect(inferredFromRuns(timing, [right, slower], allowanceMs)).toMatch(/of 2 s\.$/);
  });

  it("does not go by what a language has beside the limit", () => {
    const slower = judged("sum.py", [["AC", 600]]);
    expect(inferredFromRuns(timing, [slower], () => 150)).toMatch(/of 1 s\.$/);
  });

  it("takes a stopped submission to be slow enough, and names it where it had not shown that", () => {
    const shown = judged("slow.py", [["TLE", 1650]]);
    expect(inferredFromRuns(timing, [right, shown], allowanceMs)).toMatch(/of 1 s\.$/);
    const stopped = judged("slow.py", [["TLE", 1100]]);
    expect(inferredFromRuns(timing, [right, stopped], allowanceMs)).toBe(
      "The jury's submissions ask for a time limit of 1 s, if these take at least 1.5 s, before which they were stopped: submissions/time_limit_exceeded/slow.py.",
    );
  });

  it("is none where a submission that must be too slow is too fast", () => {
    const fast = judged("slow.py", [["AC", 1100]]);
    expect(inferredFromRuns(timing, [right, fast], allowanceMs)).toMatch(
      /slow\.py takes no more than 1100 ms/,
    );
  });
});
