import { describe, expect, it } from "vitest";
import { bytes, exampleFiles, exampleYaml } from "./example.ts";
import { readPackage } from "./read.ts";
import { messages, read } from "./testing.ts";

describe("a sound package of 2025-09", () => {
  it("is read without a message", () => {
    expect(messages({})).toEqual([]);
  });

  it("has the format's typical limits where it says nothing", () => {
    expect(read().limits).toEqual({
      timeMs: 1500,
      memoryMiB: 2048,
      outputMiB: 8,
      codeKiB: 128,
      timing: { acToTimeLimit: 2, timeLimitToTle: 1.5, resolutionMs: 1000 },
      validationPasses: 2,
      compilationTimeS: 60,
      compilationMemoryMiB: 2048,
      validationTimeS: 60,
      validationMemoryMiB: 2048,
      validationOutputMiB: 8,
    });
  });

  it("keeps one group for all secret tests of a pass-fail problem, in lexicographical order", () => {
    const pkg = read({
      "data/secret/01.in": null,
      "data/secret/01.ans": null,
      "data/secret/b/2.in": "1 1",
      "data/secret/b/2.ans": "2",
      "data/secret/a/10.in": "1 1",
      "data/secret/a/10.ans": "2",
      "data/secret/a/9.in": "1 1",
      "data/secret/a/9.ans": "2",
    });
    expect(pkg.groups.map((group) => group.name)).toEqual(["secret"]);
    expect(pkg.groups[0]?.tests.map((test) => test.name)).toEqual([
      "secret/a/10",
      "secret/a/9",
      "secret/b/2",
    ]);
  });

  it("never changes a byte of test data", () => {
    const files = new Map(exampleFiles());
    const odd = Uint8Array.of(0xef, 0xbb, 0xbf, 0xff, 0x0d, 0x0a, 0x00);
    files.set("data/secret/01.in", odd);
    expect(readPackage(files, "sum").package?.groups[0]?.tests[0]?.input).toEqual(odd);
  });

  it("may have a byte-order mark and CRLF line ends in its YAML", () => {
    expect(read({ "problem.yaml": `\uFEFF${exampleYaml().replaceAll("\n", "\r\n")}` }).name).toEqual({
      en: "Sum",
    });
  });

  it("names its authors without their addresses", () => {
    const credits =
      "credits:\n  authors:\n  - Ada Lovelace <ada@example.org>\n  - name: Grace Hopper\n    email: g@example.org\n";
    expect(read({ "problem.yaml": exampleYaml(credits) }).credits).toEqual(["Ada Lovelace", "Grace Hopper"]);
  });

  it("is behaved towards as if files with a leading dot were not there", () => {
    expect(
      messages({ ".gitignore": "x", "data/secret/.02.in": "1", "submissions/accepted/.sum.py.swp": "x" }),
    ).toEqual([]);
  });
});

describe("problem.yaml", () => {
  it.each([
    ["is missing", null, "error problem.yaml: is missing; it must stand at the top of the package"],
    ["is not YAML", "a: [1", /^error problem\.yaml: is not valid YAML: .* at line 1/],
    ["is not a map", "- 1", "error problem.yaml: must be a map, found a list"],
    [
      "says a key twice",
      exampleYaml("name: Sum"),
      /^error problem\.yaml: is not valid YAML: Map keys must be unique at line/,
    ],
    ["has an unknown key", exampleYaml("nmae: Sum"), 'error problem.yaml: unknown key "nmae"'],
    ["has an unknown limit", exampleYaml("  tiem: 1"), 'error problem.yaml: unknown key "limits.tiem"'],
    [
      "has no name",
      exampleYaml().replace("name: Sum\n", ""),
      'error problem.yaml: the key "name" is required',
    ],
    ["has no uuid", exampleYaml().replace(/uuid.*\n/, ""), 'error problem.yaml: the key "uuid" is required'],
    [
      "has a bad uuid",
      exampleYaml().replace(/uuid.*/, "uuid: 17"),
      "error problem.yaml: uuid: must be text, found 17",
    ],
    [
      "has a short uuid",
      exampleYaml().replace(/uuid.*/, "uuid: abc"),
      /^error problem\.yaml: uuid: is not a UUID like/,
    ],
    [
      "is of a future version",
      exampleYaml().replace("2025-09", "2031-01"),
      /problem_format_version: "2031-01" is not supported/,
    ],
    [
      "says a version that only objects know",
      exampleYaml().replace("2025-09", "constructor"),
      /"constructor" is not supported/,
    ],
    [
      "is multi-pass without a validator",
      exampleYaml("type: multi-pass"),
      "error output_validator/: holds no program, but a multi-pass problem needs one",
    ],
    [
      "has passes without being multi-pass",
      exampleYaml("  validation_passes: 3"),
      "error problem.yaml: limits.validation_passes: is only for problems of the type multi-pass",
    ],
    [
      "asks for answers in a dialogue",
      exampleYaml("type: [submit-answer, interactive]"),
      'error problem.yaml: type: "submit-answer" and "interactive" exclude each other',
    ],
    [
      "asks for answers in several passes",
      exampleYaml("type: [submit-answer, multi-pass]"),
      'error problem.yaml: type: "submit-answer" and "multi-pass" exclude each other',
    ],
    ["contradicts itself", exampleYaml("type: [scoring, pass-fail]"), /exclude each other/],
    [
      "has a time limit finer than clocks are",
      exampleYaml().replace("1.5", "0.00125"),
      "warning problem.yaml: limits.time_limit: is rounded to 0.001 s, since time is measured in ms",
    ],
    [
      "has a negative time limit",
      exampleYaml().replace("1.5", "-1"),
      "error problem.yaml: limits.time_limit: must be above 0",
    ],
    ["has half a MiB of memory", exampleYaml("  memory: 0.5"), /limits\.memory: must be a whole number/],
    [
      "allows no language of ours",
      exampleYaml("languages: [cobol]"),
      /error problem\.yaml: languages: none of them is judged here/,
    ],
    [
      "names no statement's language",
      exampleYaml().replace("name: Sum", "name:\n  en: Sum\n  pt: Soma"),
      /name: has "pt", but there is no statement/,
    ],
  ])("is refused where it %s", (_, yaml, expected) => {
    const found = messages({ "problem.yaml": yaml });
    expect(found).toContainEqual(typeof expected === "string" ? expected : expect.stringMatching(expected));
  });

  it("narrows the languages to ours, saying which it ignores", () => {
    const yaml = exampleYaml("languages: [pypy3, ada, cpp]");
    expect(read({ "problem.yaml": yaml }).languages).toEqual(["cpp", "cpp17", "pypy3"]);
    expect(messages({ "problem.yaml": yaml })).toEqual([
      "warning problem.yaml: languages: ignored, since they are not judged here: ada",
    ]);
  });
});

describe("data", () => {
  it.each<[string, Record<string, string | null>, string]>([
    [
      "a test without an answer",
      { "data/secret/01.ans": null },
      "error data/secret/01.in: has no answer file data/secret/01.ans",
    ],
    [
      "an answer without a test",
      { "data/secret/02.ans": "1" },
      "error data/secret/02.ans: has no input file data/secret/02.in",
    ],
    [
      "no secret tests",
      { "data/secret/01.in": null, "data/secret/01.ans": null },
      "error data/secret/: holds no tests",
    ],
    [
      "no samples",
      { "data/sample/1.in": null, "data/sample/1.ans": null },
      "warning data/sample/: holds no samples",
    ],
    [
      "folders of input files",
      { "data/secret/01.files/deep/a.txt": "" },
      "error data/secret/01.files/deep/a.txt: lies in a folder: the files of a test lie side by side",
    ],
    [
      "input files without a test",
      { "data/secret/02.files/a.txt": "" },
      "warning data/secret/02.files: belongs to no test: there is no data/secret/02.in",
    ],
    [
      "arguments as drafts of the format had them",
      { "data/secret/01.args": "-v" },
      "error data/secret/01.args: is of a draft of the format; say args: in the test's .yaml file",
    ],
    [
      "scores in a pass-fail problem",
      { "data/secret/test_group.yaml": "max_score: 5" },
      "error data/secret/test_group.yaml: max_score: is only for problems of the type scoring",
    ],
    ["an unknown key", { "data/secret/01.yaml": "hnit: x" }, 'error data/secret/01.yaml: unknown key "hnit"'],
    [
      "an unquoted number",
      { "data/secret/test_group.yaml": "output_validator_args: [float_tolerance, 1e-6]" },
      "error data/secret/test_group.yaml: output_validator_args.1: must be text; put numbers in quotes",
    ],
    [
      "arguments that are no text",
      { "data/secret/01.yaml": "args: [1]" },
      "error data/secret/01.yaml: args.0: must be text; put numbers in quotes",
    ],
    [
      "tests of static validators",
      { "data/secret/test_group.yaml": "static_validator_args: [x]" },
      "error data/secret/test_group.yaml: static_validation_score: static validators are not supported yet",
    ],
    [
      "a static validator",
      { "static_validator/check.py": "" },
      "error static_validator/: static validators are not supported yet",
    ],
    [
      "graders",
      { "graders/grade.py": "" },
      "warning graders/: is ignored: only the default grader is supported",
    ],
    [
      "an unknown argument",
      { "data/secret/01.yaml": "output_validator_args: [exact]" },
      'error data/secret/01.in: output_validator_args of this test: "exact" is not an argument of the default output validator',
    ],
  ])("gets a clear message for %s", (_, changes, expected) => {
    expect(messages(changes)).toContainEqual(expected);
  });

  it("takes the checker's arguments from the test, else its group, else data/secret", () => {
    const pkg = read({
      "data/sample/test_group.yaml": "output_validator_args: [case_sensitive]",
      "data/secret/01.in": null,
      "data/secret/01.ans": null,
      "data/secret/test_group.yaml": 'output_validator_args: [float_tolerance, "1e-6"]',
      "data/secret/a/1.in": "",
      "data/secret/a/1.ans": "",
      "data/secret/b/1.in": "",
      "data/secret/b/1.ans": "",
      "data/secret/b/2.in": "",
      "data/secret/b/2.ans": "",
      "data/secret/b/test_group.yaml": "output_validator_args: [space_change_sensitive]",
      "data/secret/b/2.yaml": "output_validator_args: []",
    });
    const tolerance = {
      caseSensitive: false,
      spaceChangeSensitive: false,
      floatAbsoluteTolerance: 1e-6,
      floatRelativeTolerance: 1e-6,
    };
    const plain = { ...tolerance, floatAbsoluteTolerance: null, floatRelativeTolerance: null };
    expect(pkg.samples[0]?.checkerOptions).toEqual({ ...plain, caseSensitive: true });
    expect(pkg.groups[0]?.tests.map((test) => test.checkerOptions)).toEqual([
      tolerance,
      { ...plain, spaceChangeSensitive: true },
      plain,
    ]);
    expect(pkg.checkerOptions).toEqual({ ...plain, caseSensitive: true });
  });
});

describe("what tests say of themselves", () => {
  it("comes from the test, else from its group, else from data/secret", () => {
    const pkg = read({
      "data/secret/01.in": null,
      "data/secret/01.ans": null,
      "data/secret/test_group.yaml": 'args: ["-v", "2"]\nfull_feedback: true\n',
      "data/secret/a/1.in": "",
      "data/secret/a/1.ans": "",
      "data/secret/b/1.in": "",
      "data/secret/b/1.ans": "",
      "data/secret/b/2.in": "",
      "data/secret/b/2.ans": "",
      "data/secret/b/test_group.yaml": "full_feedback: false",
      "data/secret/b/2.yaml": "args: []\nhint: Look at the sign.\n",
    });
    const settings = pkg.groups[0]?.tests.map(({ args, fullFeedback, hint }) => ({
      args,
      fullFeedback,
      hint,
    }));
    expect(settings).toEqual([
      { args: ["-v", "2"], fullFeedback: true, hint: "" },
      { args: ["-v", "2"], fullFeedback: false, hint: "" },
      { args: [], fullFeedback: false, hint: "Look at the sign." },
    ]);
  });

  it("is full feedback for samples, and for no other test, where nothing is said", () => {
    const pkg = read();
    expect([pkg.samples[0]?.fullFeedback, pkg.groups[0]?.tests[0]?.fullFeedback]).toEqual([true, false]);
    expect(read({ "data/sample/1.yaml": "full_feedback: false" }).samples[0]?.fullFeedback).toBe(false);
  });

  it("is the files beside its input, byte for byte", () => {
    const pkg = read({ "data/secret/01.files/map.txt": "#.\n", "data/secret/01.files/seed": "7" });
    expect([...(pkg.groups[0]?.tests[0]?.files ?? [])]).toEqual([
      ["map.txt", bytes("#.\n")],
      ["seed", bytes("7")],
    ]);
  });
});

describe("statements", () => {
  it("may be in several languages", () => {
    const pkg = read({
      "problem.yaml": exampleYaml().replace("name: Sum", "name: { en: Sum, pt-BR: Soma }"),
      "statement/problem.pt-BR.tex": "Some.\n",
    });
    expect(pkg.statements.map(({ locale, format }) => `${locale} ${format}`)).toEqual(["en md", "pt-BR tex"]);
  });

  it.each<[string, Record<string, string | null>, string]>([
    [
      "there is none",
      { "statement/problem.en.md": null },
      "error statement/: holds no statement; add problem.en.md, for example",
    ],
    [
      "it has no language",
      { "statement/problem.md": "" },
      "error statement/problem.md: has no language in its name; call it problem.en.md",
    ],
    [
      "there are two",
      { "statement/problem.en.tex": "" },
      'error statement/problem.en.tex: is a second statement in "en", beside statement/problem.en.md',
    ],
  ])("are refused where %s", (_, changes, expected) => {
    expect(messages(changes)).toContainEqual(expected);
  });
});
