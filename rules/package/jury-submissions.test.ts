import { describe, expect, it } from "vitest";
import { bytes } from "./example.ts";
import { readSubmissions } from "./jury-submissions.ts";
import { newReport } from "./report.ts";

/** Expected verdicts by path below `submissions/`, and the messages. */
function read(texts: Record<string, string>): { expected: Record<string, string>; messages: string[] } {
  const report = newReport();
  const files = new Map(Object.entries(texts).map(([path, text]) => [`submissions/${path}`, bytes(text)]));
  const submissions = readSubmissions(files, report);
  return {
    expected: Object.fromEntries(
      submissions.map(({ path, expected }) => [path.slice("submissions/".length), expected.join(" ")]),
    ),
    messages: report.messages.map(({ severity, file, message }) => `${severity} ${file}: ${message}`),
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

  it("hold single files: a folder is refused, by its name and once", () => {
    expect(read({ ...accepted, "accepted/big/main.py": "", "accepted/big/part.py": "" }).messages).toEqual([
      "error submissions/accepted/big: is a folder: submissions of several files are not supported yet",
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
    const report = newReport();
    const files = new Map([
      ["submissions/accepted/solve.txt", bytes("")],
      ["submissions/accepted/solve.php", bytes("")],
      [
        "submissions/submissions.yaml",
        bytes("accepted/solve.txt: { language: python3 }\naccepted/solve.php: { language: php }\n"),
      ],
    ]);
    expect(readSubmissions(files, report).map(({ language }) => language)).toEqual([null, "python3"]);
    expect(report.messages.map(({ message }) => message)).toEqual(['is in "php", which is not judged here']);
  });

  it("may ask things of groups of tests, which say nothing of the whole", () => {
    const yaml =
      "accepted/a.py:\n  secret/group1:\n    permitted: [AC]\n  secret/*-hard: { required: [TLE], score: [0, 1] }\n";
    expect(read({ ...accepted, "submissions.yaml": yaml })).toEqual({
      expected: { "accepted/a.py": "AC" },
      messages: [],
    });
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
  function scoreOf(yaml: string): unknown {
    const files = new Map([
      ["submissions/accepted/a.py", bytes("")],
      ["submissions/submissions.yaml", bytes(yaml)],
    ]);
    const report = newReport();
    const [submission] = readSubmissions(files, report);
    return report.messages[0]?.message ?? submission?.requirements[0]?.score ?? null;
  }

  it.each([
    ["accepted: { model_solution: true }", null],
    ["accepted/*: { score: 100 }", { least: 100, most: 100 }],
    ["accepted/a.py: { score: [10, 30.5] }", { least: 10, most: 30.5 }],
    ["accepted/*: { score: [10, 30] }\naccepted/a.py: { score: [20, 40] }", { least: 20, most: 30 }],
    [
      "accepted/*: { score: 10 }\naccepted/a.py: { score: 20 }",
      "can never be as expected: its rules contradict each other",
    ],
    ["accepted/a.py: { score: [30, 10] }", "can never be as expected: its rules contradict each other"],
  ])("%s", (yaml, expected) => {
    expect(scoreOf(yaml)).toEqual(expected);
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
