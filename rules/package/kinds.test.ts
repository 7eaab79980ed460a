import { describe, expect, it } from "vitest";
import { exampleYaml } from "./example.ts";
import { messages, read } from "./testing.ts";

describe("a time limit that is left out", () => {
  const without = exampleYaml().replace(/limits:\n.*\n/, "");

  it("is to be inferred, with the format's factors", () => {
    expect(read({ "problem.yaml": without }).limits).toMatchObject({
      timeMs: null,
      timing: { acToTimeLimit: 2, timeLimitToTle: 1.5, resolutionMs: 1000 },
    });
  });

  it("is to be inferred with the package's own factors", () => {
    const own =
      "limits:\n  time_resolution: 0.1\n  time_multipliers: { ac_to_time_limit: 3, time_limit_to_tle: 1 }\n";
    expect(read({ "problem.yaml": without + own }).limits).toMatchObject({
      timeMs: null,
      timing: { acToTimeLimit: 3, timeLimitToTle: 1, resolutionMs: 100 },
    });
  });

  it("is refused where nothing says what is needed", () => {
    const changes = { "problem.yaml": without, "submissions/accepted/sum.py": null };
    expect(messages(changes)).toContain(
      "error problem.yaml: limits.time_limit: is missing, and there is no accepted submission to work it out from",
    );
  });
});

describe("a problem of several passes", () => {
  const passes = {
    "problem.yaml": exampleYaml("  validation_passes: 4\ntype: [multi-pass]"),
    "output_validator/next.py": "",
  };

  it("has a validator, a bound on passes and samples shown as dialogues", () => {
    const pkg = read({ ...passes, "data/sample/1.interaction": "<1\n>2\n---\n<2\n>3\n" });
    expect(pkg).toMatchObject({
      types: ["pass-fail", "multi-pass"],
      checker: "custom",
      limits: { validationPasses: 4 },
      samples: [{ shown: { type: "interaction" } }],
    });
  });

  it("may be interactive", () => {
    const yaml = exampleYaml("type: [interactive, multi-pass]");
    expect(read({ ...passes, "problem.yaml": yaml })).toMatchObject({
      types: ["pass-fail", "interactive", "multi-pass"],
      checker: "interactive",
      limits: { validationPasses: 2 },
    });
  });
});

describe("a problem whose answers are submitted", () => {
  const answers = {
    "problem.yaml": exampleYaml("type: submit-answer").replace(/limits:\n.*\n/, ""),
    "submissions/accepted/sum.py": null,
    "submissions/accepted/mine/01.out": "7\n",
    "submissions/accepted/mine/sample-1.out": "3\n",
  };

  it("takes nothing else, and needs no time limit", () => {
    const pkg = read(answers);
    expect(pkg.languages).toEqual(["answers"]);
    expect(pkg.limits.timeMs).not.toBeNull();
    expect(pkg.submissions).toMatchObject([{ path: "submissions/accepted/mine", language: "answers" }]);
  });

  it("has tests whose answers can be told apart", () => {
    const clash = {
      "data/secret/01.in": null,
      "data/secret/01.ans": null,
      "data/secret/a/b.in": "",
      "data/secret/a/b.ans": "",
      "data/secret/a-b.in": "",
      "data/secret/a-b.ans": "",
      "problem.yaml": answers["problem.yaml"].replace("2025-09", "2023-07-draft"),
    };
    expect(messages({ ...answers, ...clash })).toContain(
      "error data/secret/a-b.in: could not be told by a file's name from another test: rename it",
    );
  });

  it("has no more tests than files can be submitted", () => {
    const many: Record<string, string> = {};
    for (let i = 10; i < 70; i++) {
      many[`data/secret/${i}.in`] = "";
      many[`data/secret/${i}.ans`] = "";
    }
    expect(messages({ ...answers, ...many })).toContain(
      "error data/: holds 62 tests, but at most 50 files can be submitted",
    );
  });

  it("includes nothing", () => {
    expect(messages({ ...answers, "include/default/a.txt": "" })).toContain(
      "error include/: has no meaning where answers are submitted, not programs",
    );
  });
});

describe("files included with submissions", () => {
  function included(changes: Record<string, string>): Record<string, string[]> {
    const { include } = read(changes);
    return Object.fromEntries([...include].map(([language, files]) => [language, [...files.keys()]]));
  }

  it("are by language, with its dialects, and for all others", () => {
    const files = { "include/cpp/main.cpp": "", "include/cpp/lib.h": "", "include/default/words.txt": "" };
    expect(included(files)).toEqual({
      cpp: ["main.cpp", "lib.h"],
      cpp17: ["main.cpp", "lib.h"],
      default: ["words.txt"],
    });
  });

  it("may be a dialect's own", () => {
    expect(included({ "include/python3/main.py": "", "include/pypy3/fast.py": "" })).toEqual({
      python3: ["main.py"],
      pypy3: ["fast.py"],
    });
  });

  it.each<[string, Record<string, string>, string]>([
    [
      "an unknown language",
      { "include/ada/a.adb": "" },
      "warning include/ada/: is ignored, since that language is not judged here",
    ],
    [
      "a language that is not allowed",
      { "include/java/Main.java": "", "problem.yaml": exampleYaml("languages: [cpp]") },
      "error include/java/: is for a language that problem.yaml does not allow",
    ],
    [
      "no language",
      { "include/main.cpp": "" },
      "warning include/main.cpp: is ignored: included files lie in include/default/ or include/<language>/",
    ],
    [
      "folders",
      { "include/cpp/lib/a.h": "" },
      "error include/cpp/lib/a.h: lies too deep: included files lie side by side in their language's folder",
    ],
  ])("get a clear message for %s", (_, changes, expected) => {
    expect(messages(changes)).toContain(expected);
  });
});

describe("writing files", () => {
  it("is for the package to allow", () => {
    expect(read().mayWriteFiles).toBe(false);
    expect(read({ "problem.yaml": exampleYaml("allow_file_writing: true") }).mayWriteFiles).toBe(true);
  });
});
