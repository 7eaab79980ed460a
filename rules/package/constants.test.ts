import { describe, expect, it } from "vitest";
import { withConstants } from "./constants.ts";
import { bytes, exampleFiles, exampleYaml } from "./example.ts";
import { readPackage } from "./read.ts";

const constants = new Map([
  ["n", "1000"],
  ["name", "$&"],
]);

function replaced(path: string, text: string): string {
  return new TextDecoder().decode(withConstants(new Map([[path, bytes(text)]]), constants).get(path));
}

describe("constants", () => {
  it.each([
    [
      "statement/problem.en.md",
      "{{n}} {{nextsample}} {{ n }} \\constant{n}",
      "1000 {{nextsample}} {{ n }} \\constant{n}",
    ],
    ["statement/problem.en.tex", "{{n}} \\constant{n} \\constant{m}", "1000 1000 \\constant{m}"],
    ["output_validator/v.cpp", "int n = {{n}};", "int n = 1000;"],
    ["submissions/accepted/a.py", "{{n}}{{name}}", "1000$&"],
    ["data/secret/a/test_group.yaml", "max_score: {{n}}", "max_score: 1000"],
    ["data/secret/1.in", "{{n}}", "{{n}}"],
    ["problem.yaml", "{{n}}", "{{n}}"],
  ])("in %s turn %j into %j", (path, text, expected) => {
    expect(replaced(path, text)).toBe(expected);
  });

  it("leave what is not text as it is", () => {
    const image = Uint8Array.of(0xff, 0xd8, 0x7b, 0x7b, 0x6e, 0x7d, 0x7d);
    expect(
      withConstants(new Map([["submissions/accepted/a.png", image]]), constants).get(
        "submissions/accepted/a.png",
      ),
    ).toBe(image);
  });

  it("come from problem.yaml as they are written there", () => {
    const yaml = exampleYaml("constants:\n  limit: 1000000\n  word: yes\n");
    const { package: pkg } = readPackage(
      exampleFiles({ "problem.yaml": yaml, "statement/problem.en.md": "{{limit}} {{word}}\n" }),
      "sum",
    );
    expect(pkg?.statements[0]?.text).toBe("1000000 yes\n");
  });
});
