import { describe, expect, it } from "vitest";
import { bytes } from "./example.ts";
import type { Files } from "./package.ts";
import { readPackage } from "./read.ts";

/** A package as the ICPC's older contests left them, with changes. */
function legacy(changes: Record<string, string | null> = {}): Files {
  const texts: Record<string, string | null> = {
    "problem.yaml":
      "author: Ada Lovelace and Alan Turing\nlimits:\n  memory: 512\nvalidation: default\nvalidator_flags: float_tolerance 1e-6\n",
    ".timelimit": "2\n",
    "problem_statement/problem.tex": "\\problemname{Hello World!}\n",
    "data/sample/1.in": "",
    "data/sample/1.ans": "1.0",
    "data/secret/1.in": "",
    "data/secret/1.ans": "2.0",
    "data/secret/1.desc": "the first",
    "submissions/accepted/a.py": "",
    "input_format_validators/v.py": "",
    ...changes,
  };
  return new Map(
    Object.entries(texts).flatMap(([path, text]) => (text === null ? [] : [[path, bytes(text)] as const])),
  );
}

function messages(changes: Record<string, string | null>): string[] {
  return readPackage(legacy(changes), "hello").messages.map(
    ({ severity, file, message }) => `${severity} ${file}: ${message}`,
  );
}

describe("a legacy package", () => {
  it("is read as far as it means the same", () => {
    const { package: pkg } = readPackage(legacy(), "hello");
    expect(pkg).toMatchObject({
      name: { en: "Hello World!" },
      shortName: "hello",
      types: ["pass-fail"],
      credits: ["Ada Lovelace", "Alan Turing"],
      limits: { timeMs: 2000, memoryMiB: 512 },
      checker: "default",
      checkerOptions: { floatAbsoluteTolerance: 1e-6, floatRelativeTolerance: 1e-6 },
      statements: [{ locale: "en", format: "tex" }],
    });
  });

  it("without a uuid is known by its short name, always by the same", () => {
    const [one, same, other] = ["hello", "hello", "world"].map(
      (name) => readPackage(legacy(), name).package?.uuid,
    );
    expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(same).toBe(one);
    expect(other).not.toBe(one);
    expect(messages({})).toEqual([
      "warning problem.yaml: uuid: is missing; the problem is known by its short name, hello",
    ]);
  });

  it("has its time limit and name in domjudge-problem.ini", () => {
    const files = legacy({
      ".timelimit": null,
      "problem_statement/problem.tex": "Hello",
      "domjudge-problem.ini": "timelimit = '1.5'\r\nname=Hi there\n",
    });
    expect(readPackage(files, "hello").package).toMatchObject({
      name: { en: "Hi there" },
      limits: { timeMs: 1500 },
    });
  });

  it("may have DOMjudge's time limit in problem.yaml, which goes before the others", () => {
    expect(
      readPackage(legacy({ "problem.yaml": "limits: { time_limit: 3 }" }), "hello").package?.limits.timeMs,
    ).toBe(3000);
  });

  it("prefers a statement's source to its PDF, and may have only a PDF", () => {
    const both = legacy({
      "problem_statement/problem.en.pdf": "%PDF",
      "problem_statement/problem.tex": null,
      "problem_statement/problem.en.tex": "\\problemname{Hi}",
    });
    expect(readPackage(both, "hello").package?.statements.map(({ format }) => format)).toEqual(["tex"]);
    const only = legacy({
      "problem_statement/problem.tex": null,
      "problem.pdf": "%PDF",
      "problem.yaml": "name: Hi",
    });
    expect(readPackage(only, "hello").package).toMatchObject({
      name: { en: "Hi" },
      statements: [{ format: "pdf", text: "" }],
    });
  });

  it("takes a plain name before one in LaTeX", () => {
    const files = legacy({
      "problem_statement/problem.tex": "\\problemname{$x^2$}\n%% plainproblemname: x squared\n",
    });
    expect(readPackage(files, "hello").package?.name).toEqual({ en: "x squared" });
  });

  it("keeps the order of nested folders of tests, in one group", () => {
    const { package: pkg } = readPackage(
      legacy({ "data/secret/0-a/x.in": "", "data/secret/0-a/x.ans": "" }),
      "hello",
    );
    expect(pkg?.groups.map((group) => group.tests.map((test) => test.name))).toEqual([
      ["secret/0-a/x", "secret/1"],
    ]);
  });

  it("gives a custom validator its flags, those of testdata.yaml last", () => {
    const { package: pkg } = readPackage(
      legacy({
        "problem.yaml": "validation: custom interactive\nvalidator_flags: --fast x\nlimits: {}\n",
        "output_validators/check/main.cpp": "",
        "output_validators/check/lib.h": "",
        "data/secret/testdata.yaml": "on_reject: break\noutput_validator_flags: --strict\nrange: 0 1\n",
      }),
      "hello",
    );
    expect(pkg).toMatchObject({ checker: "interactive", types: ["pass-fail", "interactive"] });
    expect([...(pkg?.outputValidator.keys() ?? [])]).toEqual(["main.cpp", "lib.h"]);
    expect(pkg?.groups[0]?.tests[0]?.validatorArgs).toEqual(["--fast", "x", "--strict"]);
  });

  it.each<[string, Record<string, string | null>, string]>([
    ["an unknown key", { "problem.yaml": "auhtor: x" }, 'error problem.yaml: unknown key "auhtor"'],
    [
      "an unknown type",
      { "problem.yaml": "type: magic" },
      'error problem.yaml: type: must be "pass-fail" or "scoring", found "magic"',
    ],
    [
      "scores where the format has none",
      { "problem.yaml": "problem_format_version: legacy-icpc\ntype: scoring" },
      'error problem.yaml: type: "scoring" is not part of legacy-icpc; use the format legacy or 2025-09',
    ],
    [
      "grading without scores",
      { "problem.yaml": "grading: { objective: max }" },
      "error problem.yaml: grading: is only for problems of the type scoring",
    ],
    [
      "scores of which fewer are better",
      { "problem.yaml": "type: scoring\ngrading: { objective: min }" },
      'error problem.yaml: grading.objective: "min" is not supported: more points are always better here; turn the scores round',
    ],
    [
      "a validator's scores without scores",
      { "problem.yaml": "validation: custom score", "output_validators/a.py": "" },
      'error problem.yaml: validation: "score" is only for problems of the type scoring',
    ],
    [
      "options of the default validator",
      { "problem.yaml": "validation: default interactive" },
      'error problem.yaml: validation: "interactive" is unknown after "default"',
    ],
    [
      "several passes without a validator",
      { "problem.yaml": "validation: custom multi-pass" },
      "error output_validator/: holds no program, but a multi-pass problem needs one",
    ],
    [
      "strange validation",
      { "problem.yaml": "validation: magic" },
      'error problem.yaml: validation: must be "default", or "custom" with any of "interactive", "multi-pass" and "score", found "magic"',
    ],
    [
      "no validator",
      { "problem.yaml": "validation: custom" },
      'error output_validator/: holds no program, but validation is "custom"',
    ],
    [
      "two validators",
      {
        "problem.yaml": "validation: custom",
        "output_validators/a/a.py": "",
        "output_validators/b/b.py": "",
      },
      "error output_validators/: holds several validators (a, b); only one is supported",
    ],
    [
      "an unused validator",
      { "output_validators/a.py": "" },
      'warning output_validators/: is ignored, since validation is "default"',
    ],
    [
      "nothing to infer a time limit from",
      { ".timelimit": null, "submissions/accepted/a.py": null },
      "error problem.yaml: limits.time_limit: is missing, and there is no accepted submission to work it out from",
    ],
    [
      "scores in a problem without any",
      { "data/secret/testdata.yaml": "accept_score: 5" },
      "warning data/secret/testdata.yaml: accept_score: is ignored, since only problems of the type scoring have scores",
    ],
    [
      "graders of its own",
      { "data/testdata.yaml": "grading: custom", "graders/grade.py": "" },
      "error data/testdata.yaml: grading: custom graders are not supported; use the default grader and its grader_flags",
    ],
    [
      "a dialogue that is not shown",
      { "problem.yaml": "validation: custom interactive", "output_validators/a.py": "" },
      "warning data/sample/1.in: is not shown, and there is no data/sample/1.interaction to show instead",
    ],
    [
      "no statement",
      { "problem_statement/problem.tex": null },
      "error statement/: holds no statement; add problem.en.md, for example",
    ],
  ])("gets a clear message for %s", (_, changes, expected) => {
    expect(messages(changes)).toContain(expected);
  });
});

describe("a legacy package that leaves things out", () => {
  it("has its time limit inferred by the older format's factors", () => {
    const { package: usual } = readPackage(legacy({ ".timelimit": null }), "hello");
    expect(usual?.limits).toMatchObject({
      timeMs: null,
      timing: { acToTimeLimit: 5, timeLimitToTle: 2, resolutionMs: 1000 },
    });
    const own = legacy({
      ".timelimit": null,
      "problem.yaml": "limits: { time_multiplier: 3.5, time_safety_margin: 1.5 }",
    });
    expect(readPackage(own, "hello").package?.limits.timing).toMatchObject({
      acToTimeLimit: 3.5,
      timeLimitToTle: 1.5,
    });
  });

  it("may have several passes, as DOMjudge's have", () => {
    const yaml = "validation: custom multi-pass interactive\nlimits: { validation_passes: 5 }\n";
    const files = legacy({ "problem.yaml": yaml, "output_validators/a.py": "" });
    expect(readPackage(files, "hello").package).toMatchObject({
      types: ["pass-fail", "multi-pass", "interactive"],
      limits: { validationPasses: 5 },
    });
  });

  it("never shows the input of an interactive sample", () => {
    const yaml = "validation: custom interactive";
    const files = legacy({ "problem.yaml": yaml, "output_validators/a.py": "", "data/sample/1.in": "42" });
    expect(readPackage(files, "hello").package?.samples[0]?.shown).toEqual({
      type: "interaction",
      log: bytes(""),
    });
  });

  it("has hints in files of their own", () => {
    const files = legacy({ "data/secret/1.hint": "Look at the sign." });
    expect(readPackage(files, "hello").package?.groups[0]?.tests[0]?.hint).toBe("Look at the sign.");
  });
});

describe("a package of 2023-07-draft", () => {
  const yaml = `problem_format_version: 2023-07-draft
name: { en: Hello, pt: Oi }
uuid: 4C7E5B0A-63a2-4a8e-9d39-3c1a5b1f2e70
source_url: https://example.org
validator_flags: case_sensitive
limits: { time_limit: 1 }
`;

  it("may be of either age of the draft", () => {
    const older = readPackage(legacy({ "problem.yaml": yaml }), "hello").package;
    expect(older).toMatchObject({
      checkerOptions: { caseSensitive: true },
      uuid: "4c7e5b0a-63a2-4a8e-9d39-3c1a5b1f2e70",
    });
    const newer = legacy({
      "problem.yaml": yaml,
      "problem_statement/problem.tex": null,
      "statement/problem.pt.md": "Oi",
      "data/secret/test_group.yaml": "output_validator_args: [space_change_sensitive]",
    });
    expect(readPackage(newer, "hello").package?.groups[0]?.tests[0]?.checkerOptions).toMatchObject({
      caseSensitive: true,
      spaceChangeSensitive: true,
    });
  });

  it("has no scores in testdata.yaml, which were the draft's own", () => {
    const files = {
      "problem.yaml": `${yaml}type: scoring\n`,
      "data/secret/testdata.yaml": "accept_score: 1",
    };
    expect(messages(files)).toContain(
      "error data/secret/testdata.yaml: scores of the drafts of 2023-07 are not supported; convert the package to 2025-09",
    );
  });

  it("still has no unknown keys", () => {
    expect(messages({ "problem.yaml": `${yaml}nmae: x\n` })).toEqual([
      'error problem.yaml: unknown key "nmae"',
    ]);
  });
});

describe("a package of 2025-09", () => {
  const now =
    "problem_format_version: 2025-09\nname: Hello\nuuid: 4c7e5b0a-63a2-4a8e-9d39-3c1a5b1f2e70\nlimits: { time_limit: 1 }\n";

  it("is told where its files are of an older format", () => {
    const found = messages({
      "problem.yaml": now,
      "output_validators/a.py": "",
      "data/secret/testdata.yaml": "",
    });
    expect(found).toContain(
      "error output_validators/: is of an older format; 2025-09 has one output_validator/",
    );
    expect(found).toContain(
      "error data/secret/testdata.yaml: is of an older format; 2025-09 calls this file test_group.yaml",
    );
    expect(found).toContain("error statement/: holds no statement; add problem.en.md, for example");
  });
});
