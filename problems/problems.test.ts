import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import * as v from "valibot";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { demoContest, practiceOnly } from "./demo.ts";

const folder = import.meta.dirname;
const slugs = readdirSync(folder).filter((name) => existsSync(join(folder, name, "problem.yaml")));

const MEBIBYTE = 2 ** 20;

const ProblemYaml = v.object({
  problem_format_version: v.literal("2025-09"),
  name: v.strictObject({ en: v.string(), pt: v.string() }),
  uuid: v.pipe(v.string(), v.regex(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)),
  license: v.literal("cc by-sa"),
  limits: v.object({ time_limit: v.number() }),
});

/** What the judges of 2025-09 take from the settings of tests, as far as our packages use them. */
const TestSettings = v.object({ input_validator_args: v.optional(v.array(v.string()), []) });

const headings: Readonly<Record<string, string>> = {
  Entrada: "Input",
  Saída: "Output",
  Pontuação: "Scoring",
  Interação: "Interaction",
  Exemplo: "Example",
};

function problemYaml(slug: string): v.InferOutput<typeof ProblemYaml> {
  return v.parse(ProblemYaml, parse(readFileSync(join(folder, slug, "problem.yaml"), "utf8")));
}

function filesBelow(root: string): string[] {
  if (!existsSync(root)) return [];
  const entries = readdirSync(root, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

function bytesOf(root: string): number {
  return filesBelow(root).reduce((sum, path) => sum + statSync(join(root, path)).size, 0);
}

function contents(root: string): Map<string, string> {
  return new Map(filesBelow(root).map((path) => [path, readFileSync(join(root, path), "utf8")]));
}

function testsOf(slug: string, kind: "sample" | "secret"): string[] {
  return filesBelow(join(folder, slug, "data", kind)).filter((path) => path.endsWith(".in"));
}

function statement(slug: string, language: "en" | "pt"): string {
  return readFileSync(join(folder, slug, "statement", `problem.${language}.md`), "utf8");
}

function sectionsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map((match) => match[1] ?? "");
}

// The interpreter itself: "python3" may be a script that looks for it at every start, which takes longer than our tests.
const python = execFileSync("python3", ["-c", "import sys; print(sys.executable)"], {
  encoding: "utf8",
}).trim();

/** The exit code of the package's input validator: 42 for a valid input (2025-09, "Input Validators"). */
function validate(slug: string, input: string): number | null {
  const root = join(folder, slug);
  const settings = join(root, "data", input, "..", "test_group.yaml");
  const yaml: unknown = existsSync(settings) ? parse(readFileSync(settings, "utf8")) : {};
  const args = v.parse(TestSettings, yaml).input_validator_args;
  const { status, error } = spawnSync(
    python,
    ["-I", "-S", join(root, "input_validators", "validate.py"), ...args],
    {
      input: readFileSync(join(root, "data", input)),
    },
  );
  if (error !== undefined) throw error;
  return status;
}

describe("the packages that ship with the product", () => {
  it("have folders whose names the format allows", () => {
    // 2025-09, "General requirements": lower-case letters and digits only.
    for (const slug of slugs) expect(slug).toMatch(/^[a-z0-9]+$/);
  });

  it("are told apart by their uuid and by their name in either language", () => {
    const packages = slugs.map(problemYaml);
    expect(new Set(packages.map(({ uuid }) => uuid)).size).toBe(slugs.length);
    expect(new Set(packages.map(({ name }) => name.en)).size).toBe(slugs.length);
    expect(new Set(packages.map(({ name }) => name.pt)).size).toBe(slugs.length);
  });

  it("are each either in the demo contest or for practice only", () => {
    expect([...demoContest.problems, ...practiceOnly].sort()).toEqual(slugs);
  });

  it("take no more than 8 MiB together", () => {
    expect(bytesOf(folder)).toBeLessThanOrEqual(8 * MEBIBYTE);
  });
});

describe.each(slugs)("%s", (slug) => {
  const root = join(folder, slug);
  const data = join(root, "data");
  const temporary = mkdtempSync(join(tmpdir(), `tabarena-${slug}-`));
  afterAll(() => rmSync(temporary, { recursive: true }));

  it("has test data that its generator reproduces byte for byte", () => {
    const again = join(temporary, "data");
    execFileSync(process.execPath, [join(root, "generator", "generate.ts"), again]);
    expect(contents(again)).toEqual(contents(data));
  });

  it("has two or three samples and 15 to 60 secret tests, each with an answer", () => {
    expect(testsOf(slug, "sample").length).toBeGreaterThanOrEqual(2);
    expect(testsOf(slug, "sample").length).toBeLessThanOrEqual(3);
    expect(testsOf(slug, "secret").length).toBeGreaterThanOrEqual(15);
    expect(testsOf(slug, "secret").length).toBeLessThanOrEqual(60);
    for (const kind of ["sample", "secret"] as const) {
      for (const test of testsOf(slug, kind)) {
        expect(existsSync(join(data, kind, test.replace(/\.in$/, ".ans"))), `answer of ${test}`).toBe(true);
      }
    }
  });

  it("numbers its secret tests and says in their names what they are for", () => {
    for (const test of testsOf(slug, "secret")) expect(basename(test)).toMatch(/^\d\d-[a-z0-9-]+\.in$/);
  });

  it("asks nothing twice", () => {
    const inputs = testsOf(slug, "secret").map((test) => readFileSync(join(data, "secret", test), "utf8"));
    expect(new Set(inputs).size).toBe(inputs.length);
  });

  it("has no test that its input validator refuses", () => {
    const tests = (["sample", "secret"] as const).flatMap((kind) =>
      testsOf(slug, kind).map((test) => join(kind, test)),
    );
    const refused = tests.filter((test) => validate(slug, test) !== 42);
    expect(refused).toEqual([]);
  });

  it("has invalid inputs, each of which its input validator refuses", () => {
    const inputs = filesBelow(join(data, "invalid_input"));
    expect(inputs.length).toBeGreaterThan(0);
    const accepted = inputs.filter((input) => validate(slug, join("invalid_input", input)) === 42);
    expect(accepted).toEqual([]);
  });

  it("is told in English and Portuguese with the same sections", () => {
    const english = sectionsOf(statement(slug, "en"));
    const portuguese = sectionsOf(statement(slug, "pt"));
    expect(portuguese.map((heading) => headings[heading])).toEqual(english);
    expect(english.some((heading) => heading === "Input" || heading === "Interaction")).toBe(true);
  });

  it("states the same numbers in both languages", () => {
    const formulas = (text: string): string[] =>
      [...text.matchAll(/\$[^$]*\$/g)].map(([formula]) => formula).sort();
    expect(new Set(formulas(statement(slug, "pt")))).toEqual(new Set(formulas(statement(slug, "en"))));
  });

  it("has accepted programs in C++, Java, JavaScript and Python, and a program for every other verdict", () => {
    const submissions = filesBelow(join(root, "submissions"));
    for (const ending of ["cpp", "java", "js", "py"]) {
      expect(
        submissions.filter((path) => path.startsWith("accepted") && path.endsWith(`.${ending}`)),
      ).not.toEqual([]);
    }
    for (const verdict of ["wrong_answer", "time_limit_exceeded", "run_time_error", "compile_error"]) {
      expect(
        submissions.filter((path) => path.startsWith(verdict)),
        verdict,
      ).not.toEqual([]);
    }
  });

  it("takes no more than 1.5 MiB", () => {
    expect(bytesOf(root)).toBeLessThanOrEqual(1.5 * MEBIBYTE);
  });
});

describe("two buses, where many answers are right", () => {
  const root = join(folder, "twobuses");
  const temporary = mkdtempSync(join(tmpdir(), "tabarena-validator-"));
  const program = join(temporary, "validate");
  const reason = join(temporary, "judgemessage.txt");
  beforeAll(() => {
    execFileSync("c++", ["-std=gnu++20", "-o", program, join(root, "output_validator", "validate.cpp")]);
  });
  beforeEach(() => rmSync(reason, { force: true }));
  afterAll(() => rmSync(temporary, { recursive: true }));

  /** What the output validator says of `data/<kind>/<output>`. */
  function verdict(kind: string, output: string): number | null {
    const test = join(root, "data", kind, output.replace(/\.out$/, ""));
    const team = { input: readFileSync(`${test}.out`) };
    return spawnSync(program, [`${test}.in`, `${test}.ans`, `${temporary}/`], team).status;
  }

  function outputs(kind: string): string[] {
    return filesBelow(join(root, "data", kind)).filter((path) => path.endsWith(".out"));
  }

  it.each(outputs("valid_output"))("accepts %s", (output) => {
    expect(verdict("valid_output", output)).toBe(42);
    expect(existsSync(reason)).toBe(false);
  });

  it.each(outputs("invalid_output"))("refuses %s and tells the jury why", (output) => {
    expect(verdict("invalid_output", output)).toBe(43);
    expect(readFileSync(reason, "utf8")).toMatch(/^[ -~]+\n$/);
  });
});

describe("fog on the ridge, which is a dialogue", () => {
  const lines = readFileSync(join(folder, "ridge/data/sample/1.interaction"), "utf8").trim().split("\n");

  it.each(["en", "pt"] as const)("shows that of its first sample in the statement (%s)", (language) => {
    const shown = lines.map((line) => line.replace(/^[<>]/, "$& ")).join("\n");
    expect(statement("ridge", language)).toContain(`\n${shown}\n`);
  });
});
