import { describe, expect, it } from "vitest";
import { bytes, exampleYaml } from "./example.ts";
import { messages, read } from "./testing.ts";

describe("output validators", () => {
  const validator = { "output_validator/validate.cpp": "int main() { return 42; }\n" };

  it("make the checker custom, and take any arguments", () => {
    const pkg = read({ ...validator, "data/secret/01.yaml": "output_validator_args: [--any, thing]" });
    expect(pkg.checker).toBe("custom");
    expect([...pkg.outputValidator.keys()]).toEqual(["validate.cpp"]);
    expect(pkg.groups[0]?.tests[0]?.validatorArgs).toEqual(["--any", "thing"]);
  });

  it("lead the dialogue of an interactive problem", () => {
    const pkg = read({
      ...validator,
      "problem.yaml": exampleYaml("type: interactive"),
      "data/sample/1.interaction": ">1\n<2\n",
    });
    expect(pkg.checker).toBe("interactive");
    expect(pkg.types).toEqual(["pass-fail", "interactive"]);
    expect(pkg.samples[0]?.shown).toEqual({ type: "interaction", log: bytes(">1\n<2\n") });
  });

  it("are needed by an interactive problem", () => {
    expect(messages({ "problem.yaml": exampleYaml("type: interactive") })).toContain(
      "error output_validator/: holds no program, but an interactive problem needs one",
    );
  });

  it("may be a folder in output_validator/", () => {
    const pkg = read({ "output_validator/check/main.cpp": "", "output_validator/check/lib.h": "" });
    expect([...pkg.outputValidator.keys()]).toEqual(["main.cpp", "lib.h"]);
  });

  const testlib = { "output_validator/check.cpp": '#include "testlib.h"\nint main() {}\n' };

  it("are testlib's where they include its header, which the package brings", () => {
    expect(read(validator).validatorInterface).toBe("icpc");
    const header = { "output_validator/testlib.h": "#define OK_EXIT_CODE 0\n" };
    expect(read({ ...testlib, ...header }).validatorInterface).toBe("testlib");
  });

  it("are the format's where their testlib.h was made for it", () => {
    const header = { "output_validator/testlib.h": "#define OK_EXIT_CODE 42\n" };
    expect(read({ ...testlib, ...header }).validatorInterface).toBe("icpc");
  });

  it.each<[string, Record<string, string>, string]>([
    [
      "a missing testlib.h",
      testlib,
      "error output_validator/check.cpp: includes testlib.h, which the package must bring: add output_validator/testlib.h",
    ],
    [
      "testlib in several passes",
      { ...testlib, "output_validator/testlib.h": "", "problem.yaml": exampleYaml("type: multi-pass") },
      "error output_validator/: is written with testlib.h, which has no multi-pass validators",
    ],
    [
      "a script that builds it",
      { ...validator, "output_validator/build": "" },
      "error output_validator/build: is a script, and scripts that build or run validators are not supported; give the C, C++ or Python source alone",
    ],
    [
      "a script that runs it",
      { "output_validator/run": "" },
      "error output_validator/run: is a script, and scripts that build or run validators are not supported; give the C, C++ or Python source alone",
    ],
    [
      "another language",
      { "output_validator/Check.java": "" },
      "error output_validator/: holds no C, C++ or Python source, but Check.java",
    ],
    [
      "two languages",
      { ...validator, "output_validator/a.py": "" },
      "error output_validator/: holds sources of two languages: a.py and validate.cpp",
    ],
    [
      "two programs",
      { ...validator, "output_validator/other/a.py": "" },
      "error output_validator/: holds several validators (validate.cpp, other); only one is supported",
    ],
  ])("get a clear message for %s", (_, changes, expected) => {
    expect(messages(changes)).toContain(expected);
  });
});
