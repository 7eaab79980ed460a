import { describe, expect, it } from "vitest";
import type { ProblemType } from "../../protocol/problem.ts";
import { bytes, testCase } from "./example.ts";
import { readSubmissions } from "./jury-submissions.ts";
import type { FormatVersion } from "./metadata.ts";
import type { JurySubmission } from "./package.ts";
import { newReport } from "./report.ts";
import type { TestData } from "./test-data.ts";

interface Setting {
  version?: FormatVersion;
  types?: readonly ProblemType[];
  /** Names of tests; none as in a package whose tests could not be read. */
  tests?: readonly string[];
  groups?: readonly string[];
}

/** The submissions below `submissions/` and the messages, in a problem that has no tests unless they are given. */
function readAll(
  texts: Record<string, string>,
  { version = "2025-09", types = ["pass-fail"], tests = [], groups = [] }: Setting = {},
): { submissions: JurySubmission[]; messages: string[] } {
  const report = newReport();
  const files = new Map(Object.entries(texts).map(([path, text]) => [`submissions/${path}`, bytes(text)]));
  const data: TestData = {
    samples: [],
    groups: ["secret", ...groups].map((name) => ({
      name,
      maxScore: 100,
      aggregation: "sum",
      requirePass: [],
      tests: name === "secret" ? tests.map(testCase) : [],
    })),
    legacyGrading: null,
    scoreAggregation: types.includes("scoring") ? "sum" : null,
    maxScore: 100,
  };
  const submissions = readSubmissions(files, { version, types }, data, report);
  return {
    submissions,
    messages: report.messages.map(({ severity, file, message }) => `${severity} ${file}: ${message}`),
  };
}

/** Expected verdicts by path below `submissions/`, and the messages. */
function read(
  texts: Record<string, string>,
  setting: Setting = {},
): { expected: Record<string, string>; messages: string[] } {
  const { submissions, messages } = readAll(texts, setting);
  return {
    expected: Object.fromEntries(
      submissions.map(({ path, expected }) => [path.slice("submissions/".length), expected.join(" ")]),
    ),
    messages,
  };
}

const accepted = { "accepted/a.py": "" };

describe("the folders of submissions", () => {
  it.each([
    ["accepted", "AC"],
    ["wrong_answer", "WA OLE"],
    ["time_limit_exceeded", "TLE"],
    ["run_time_error", "RTE MLE"],
    ["rejected", "WA TLE RTE MLE OLE"],
    ["brute_force", "RTE TLE MLE"],
    ["compile_error", "CE"],
    ["compiler_error", "CE"],
  ])("%s expects %s", (folder, verdicts) => {
    const { expected, messages } = read({ ...accepted, [`${folder}/x.py`]: "" });
    expect(expected[`${folder}/x.py`]).toBe(verdicts);
    expect(messages).toEqual([]);
  });

  it("may have any name that submissions.yaml explains", () => {
    const { expected, messages } = read({
      ...accepted,
      "mixed/x.py": "",
      "submissions.yaml": "mixed: { permitted: [AC, TLE] }",
    });
    expect(expected["mixed/x.py"]).toBe("AC TLE");
    expect(messages).toEqual([]);
  });

  it("are remarked on when nothing explains them", () => {
    const { expected, messages } = read({ ...accepted, "constructor/x.py": "" });
    expect(expected["constructor/x.py"]).toBe("AC WA TLE RTE MLE OLE");
    expect(messages).toEqual([
      'warning submissions/constructor/x.py: says nothing of the verdict to expect: "constructor" has no meaning of its own',
    ]);
  });

  it("should hold an accepted submission", () => {
    expect(read({ "wrong_answer/x.py": "" }).messages).toEqual([
      "warning submissions/accepted/: holds no submission, so nothing shows that the problem can be solved",
    ]);
  });
});

describe("the folders of the older format", () => {
  it.each([
    ["accepted", "AC"],
    ["wrong_answer", "WA OLE"],
    ["time_limit_exceeded", "WA TLE OLE"],
    ["run_time_error", "WA TLE RTE MLE OLE"],
  ])("%s expects %s", (folder, verdicts) => {
    const { expected } = read({ ...accepted, [`${folder}/x.py`]: "" }, { version: "legacy" });
    expect(expected[`${folder}/x.py`]).toBe(verdicts);
  });

  it("partially_accepted expects AC, and fewer points than the most", () => {
    const setting = { version: "legacy", types: ["scoring"], tests: ["secret/1"] } as const;
    const { submissions, messages } = readAll({ ...accepted, "partially_accepted/x.py": "" }, setting);
    expect(messages).toEqual([]);
    expect(submissions[1]).toMatchObject({
      expected: ["AC"],
      requirements: [{ tests: "all", permitted: null, score: { least: -Infinity, most: 100 - 1e-9 } }],
    });
  });

  it("bound the time limit by accepted submissions alone", () => {
    const texts = { ...accepted, "wrong_answer/b.py": "", "time_limit_exceeded/c.py": "" };
    const { submissions } = readAll(texts, { version: "legacy", tests: ["secret/1"] });
    expect(submissions.map(({ bounds }) => bounds)).toEqual(["lower", null, null]);
  });
});

describe("submissions of several files", () => {
  it("are folders in a folder", () => {
    const { submissions, messages } = readAll({
      "accepted/big/main.py": "import part",
      "accepted/big/part.py": "",
      "accepted/big/data.txt": "",
      "accepted/small.py": "",
      "submissions.yaml": "accepted/big: { entrypoint: part.py }",
    });
    expect(messages).toEqual([]);
    expect(submissions).toMatchObject([
      { path: "submissions/accepted/big", language: "python3", entryPoint: "part.py" },
      { path: "submissions/accepted/small.py", language: "python3", entryPoint: null },
    ]);
    expect(submissions.map(({ files }) => [...files.keys()])).toEqual([
      ["data.txt", "main.py", "part.py"],
      ["small.py"],
    ]);
  });

  it("may say what to expect in any of their files", () => {
    const texts = {
      ...accepted,
      "rejected/x/a.py": "",
      "rejected/x/b.py": "# @EXPECTED_RESULTS@: RUN-ERROR",
    };
    expect(read(texts).expected["rejected/x"]).toBe("RTE");
  });

  it("must be in one language, or say in which", () => {
    const mixed = { ...accepted, "accepted/x/a.c": "", "accepted/x/b.py": "" };
    expect(read(mixed).messages).toEqual([
      "error submissions/accepted/x: has files of several languages (c, python3); say which in submissions/submissions.yaml",
    ]);
    const yaml = { ...mixed, "submissions.yaml": "accepted/x: { language: c }" };
    expect(read(yaml).messages).toEqual([]);
    expect(readAll(yaml).submissions[1]?.language).toBe("c");
  });

  it("have no folders", () => {
    expect(read({ ...accepted, "accepted/x/deep/a.py": "" }).messages).toEqual([
      "error submissions/accepted/x/deep/a.py: lies too deep: the files of a submission lie side by side in submissions/accepted/x",
    ]);
  });
});

describe("submissions of answers", () => {
  const setting = { types: ["pass-fail", "submit-answer"], tests: ["secret/1", "secret/2"] } as const;

  it("are folders of files named after tests, in no language of ours", () => {
    const { submissions, messages } = readAll({ "accepted/a/1.out": "5", "accepted/a/2.out": "7" }, setting);
    expect(messages).toEqual([]);
    expect(submissions).toMatchObject([{ path: "submissions/accepted/a", language: "answers" }]);
  });

  it("are remarked on where a file answers nothing", () => {
    expect(read({ "accepted/a/1.out": "5", "accepted/a/3.out": "7" }, setting).messages).toEqual([
      "warning submissions/accepted/a: 3.out is named after no test, as 1.out is",
    ]);
  });
});

describe("submissions.yaml", () => {
  it("replaces a folder's default key by key", () => {
    const yaml = "time_limit_exceeded:\n  permitted: [AC, WA, TLE]\n";
    expect(
      read({ ...accepted, "time_limit_exceeded/x.py": "", "submissions.yaml": yaml }).expected[
        "time_limit_exceeded/x.py"
      ],
    ).toBe("WA TLE OLE");
  });

  it("asks in addition by any other glob", () => {
    const yaml = "rejected/x.*:\n  required: [TLE]\n  permitted: [AC, TLE]\n";
    const { expected } = read({
      ...accepted,
      "rejected/x.py": "",
      "rejected/y.py": "",
      "submissions.yaml": yaml,
    });
    expect(expected).toMatchObject({ "rejected/x.py": "TLE", "rejected/y.py": "WA TLE RTE MLE OLE" });
  });

  it("is refused where its rules contradict each other", () => {
    const yaml = "accepted/a.py: { required: [WA] }";
    expect(read({ ...accepted, "submissions.yaml": yaml }).messages).toEqual([
      "error submissions/accepted/a.py: can never be as expected: its rules contradict each other",
    ]);
  });

  it("may ask for a compile error, which the format itself cannot", () => {
    const yaml = "broken:\n  permitted: [CE]\n  required: [CE]\n";
    expect(read({ ...accepted, "broken/x.c": "", "submissions.yaml": yaml }).expected["broken/x.c"]).toBe(
      "CE",
    );
  });

  it("may say the language", () => {
    const { submissions, messages } = readAll({
      "accepted/solve.txt": "",
      "accepted/solve.ada": "",
      "submissions.yaml":
        "accepted/solve.txt: { language: python3 }\naccepted/solve.ada: { language: ada }\n",
    });
    expect(submissions.map(({ language }) => language)).toEqual([null, "python3"]);
    expect(messages).toEqual([
      'warning submissions/accepted/solve.ada: is in "ada", which is not judged here',
    ]);
  });

  const tests = ["sample/1", "secret/1-easy", "secret/2-hard", "secret/group1/1"];

  it("may ask things of some tests only", () => {
    const yaml = `rejected/x.py:
  sample: { permitted: [AC] }
  secret/group1: { permitted: [AC], message: wrong }
  secret/{1,2}-*: { permitted: [AC, TLE], required: [TLE] }
`;
    const { submissions, messages } = readAll(
      { ...accepted, "rejected/x.py": "", "submissions.yaml": yaml },
      { tests },
    );
    expect(messages).toEqual([]);
    const none = { permitted: null, required: null, score: null, message: null, bounds: null };
    expect(submissions[1]).toMatchObject({ expected: ["TLE"], bounds: null });
    expect(submissions[1]?.requirements).toEqual([
      { ...none, tests: "all", required: ["RTE", "TLE", "WA"], covers: tests },
      { ...none, tests: "sample", permitted: ["AC"], covers: ["sample/1"], bounds: "lower" },
      {
        ...none,
        tests: "secret/group1",
        permitted: ["AC"],
        message: "wrong",
        covers: ["secret/group1/1"],
        bounds: "lower",
      },
      {
        ...none,
        tests: "secret/{1,2}-*",
        permitted: ["AC", "TLE"],
        required: ["TLE"],
        covers: ["secret/1-easy", "secret/2-hard"],
        bounds: "upper",
      },
    ]);
  });

  it.each([
    ["accepted/a.py: { secret/2-hard: { required: [TLE] } }"],
    ["accepted/a.py: { use_for_time_limit: upper }"],
    ["accepted/*: { sample: { permitted: [WA] } }"],
    ["accepted/a.py: { secret/*: { permitted: [AC, TLE], required: [TLE] } }"],
  ])("is refused where its rules contradict each other on some tests: %s", (yaml) => {
    expect(read({ ...accepted, "submissions.yaml": yaml }, { tests }).messages).toEqual([
      "error submissions/accepted/a.py: can never be as expected: its rules contradict each other",
    ]);
  });

  it("is remarked on where it names no test", () => {
    const yaml = "accepted/a.py: { secret/group7: { permitted: [AC] } }";
    expect(read({ ...accepted, "submissions.yaml": yaml }, { tests }).messages).toEqual([
      'warning submissions/submissions.yaml: "secret/group7" of "accepted/a.py" matches no test',
    ]);
  });

  it.each([
    ["accepted", "", "lower"],
    ["wrong_answer", "", "lower"],
    ["run_time_error", "", "lower"],
    ["time_limit_exceeded", "", "upper"],
    ["rejected", "", null],
    ["brute_force", "", null],
    ["compile_error", "", null],
    ["accepted", "use_for_time_limit: false", null],
    ["time_limit_exceeded", "use_for_time_limit: false", null],
    ["brute_force", "use_for_time_limit: upper", "upper"],
    ["rejected", "use_for_time_limit: lower", "lower"],
    ["rejected", "required: [TLE, RTE]", null],
    ["rejected", "required: [TLE]", "upper"],
    ["rejected", "permitted: [AC, WA]", "lower"],
  ] as const)("%s bounds the time limit with { %s }: %s", (folder, rule, bounds) => {
    const texts = { ...accepted, [`${folder}/x.py`]: "", "submissions.yaml": `${folder}: { ${rule} }` };
    const { submissions, messages } = readAll(texts, { tests });
    expect(messages).toEqual([]);
    expect(submissions.find(({ path }) => path.endsWith("/x.py"))?.bounds).toBe(bounds);
  });

  it.each([
    [
      "accepted: { permitted: [OK] }",
      /^error submissions\/submissions\.yaml: accepted\.permitted\.0: must be .*, found "OK"$/,
    ],
    ["accepted: { permitted: [] }", /accepted\.permitted: must not be empty$/],
    ["accepted:\n  sample: { permited: [AC] }", /unknown key "accepted\.sample\.permited"$/],
    ["accepted: [AC]", /^error submissions\/submissions\.yaml: accepted\.0: must be a map, found "AC"$/],
  ])("is refused with its key: %s", (yaml, message) => {
    expect(read({ ...accepted, "submissions.yaml": yaml }).messages[0]).toMatch(message);
  });

  it("is remarked on where it matches nothing", () => {
    expect(read({ ...accepted, "submissions.yaml": "acepted/*: { permitted: [AC] }" }).messages).toEqual([
      'warning submissions/submissions.yaml: "acepted/*" matches no submission',
    ]);
  });
});

describe("points in submissions.yaml", () => {
  const scored = { types: ["scoring"], tests: ["secret/g/1"], groups: ["secret/g"] } as const;

  function scoreOf(yaml: string): unknown {
    const { submissions, messages } = readAll({ ...accepted, "submissions.yaml": yaml }, scored);
    const scores = submissions[0]?.requirements.flatMap(({ score }) => (score === null ? [] : [score]));
    return messages[0] ?? scores;
  }

  const contradiction =
    "error submissions/accepted/a.py: can never be as expected: its rules contradict each other";
  it.each([
    ["accepted: { model_solution: true }", []],
    ["accepted/*: { score: 100 }", [{ least: 100, most: 100 }]],
    ["accepted/a.py: { score: [10, 30.5] }", [{ least: 10, most: 30.5 }]],
    ["accepted/a.py: { secret/g: { score: 40 } }", [{ least: 40, most: 40 }]],
    [
      "accepted/*: { score: [10, 30] }\naccepted/a.py: { score: [20, 40] }",
      [
        { least: 10, most: 30 },
        { least: 20, most: 40 },
      ],
    ],
    ["accepted/*: { score: 10 }\naccepted/a.py: { score: 20 }", contradiction],
    ["accepted/a.py: { score: [30, 10] }", contradiction],
    [
      "accepted/a.py: { secret/g/1: { score: 40 } }",
      'error submissions/submissions.yaml: score: "secret/g/1" is no group of tests',
    ],
  ])("%s", (yaml, expected) => {
    expect(scoreOf(yaml)).toEqual(expected);
  });

  it("are refused where there are none", () => {
    expect(read({ ...accepted, "submissions.yaml": "accepted: { score: 1 }" }).messages).toEqual([
      "error submissions/submissions.yaml: score: is only for problems of the type scoring",
    ]);
  });

  it.each([
    ["# @EXPECTED_SCORE@: 40", [{ least: 40, most: 40 }]],
    ["// @EXPECTED_SCORE@: 40-60.5\r", [{ least: 40, most: 60.5 }]],
    ["/* @EXPECTED_SCORE@: 40 .. 60 */", [{ least: 40, most: 60 }]],
    [
      "# @EXPECTED_SCORE@: most",
      'warning submissions/accepted/a.py: @EXPECTED_SCORE@: "most" is neither a number nor a range like 40-60',
    ],
    [
      "# @EXPECTED_SCORE@: 60-40",
      'warning submissions/accepted/a.py: @EXPECTED_SCORE@: "60-40" is neither a number nor a range like 40-60',
    ],
  ])("may stand in a source: %j", (line, expected) => {
    const { submissions, messages } = readAll({ "accepted/a.py": `print(1)\n${line}\n` }, scored);
    const scores = submissions[0]?.requirements.flatMap(({ score }) => (score === null ? [] : [score]));
    expect(messages[0] ?? scores).toEqual(expected);
  });
});

describe("@EXPECTED_RESULTS@", () => {
  it.each([
    ["// @EXPECTED_RESULTS@: WRONG-ANSWER", "WA"],
    ["# @EXPECTED_RESULTS@: TIMELIMIT, RUN-ERROR", "TLE RTE"],
    ["/* @EXPECTED_RESULTS@: COMPILER-ERROR */", "CE"],
    ["# @EXPECTED_RESULTS@: correct\r\n", "AC"],
  ])("is obeyed before the folder: %j", (line, verdicts) => {
    expect(read({ ...accepted, "rejected/x.py": `print(1)\n${line}` }).expected["rejected/x.py"]).toBe(
      verdicts,
    );
  });

  it("falls back to the folder, with a remark, for a word that nobody knows", () => {
    const { expected, messages } = read({ "accepted/a.py": "# @EXPECTED_RESULTS@: FINE" });
    expect(expected["accepted/a.py"]).toBe("AC");
    expect(messages).toEqual([
      'warning submissions/accepted/a.py: @EXPECTED_RESULTS@: "FINE" is not a known result',
    ]);
  });
});
