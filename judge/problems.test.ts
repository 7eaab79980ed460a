import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JurySubmission } from "../rules/package/package.ts";
import { readPackage } from "../rules/package/read.ts";
import { inferLimit } from "./infer-time-limit.ts";
import { judgePackage } from "./judge-package.ts";
import { openProblem } from "./problem.ts";
import type { Slot } from "./slot.ts";
import { openTestSlot, readFiles, whyNoSandbox } from "./testing.ts";

const problems = join(import.meta.dirname, "../problems");

/** The folders of packages in a folder: those that ship, and those that show what packages can ask for. */
function packagesIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, "problem.yaml")));
}

const packages = [
  ...packagesIn(problems),
  ...packagesIn(join(problems, "fixtures")).map((name) => `fixtures/${name}`),
];

const isLong = process.env["TEST_LONG"] === "1";

/**
 * Of a package that ships: one submission for each verdict, and of the accepted ones one that is compiled to machine code
 * and one that is not. Which, differs from package to package, so that together they are in all languages.
 */
function sampleOf(submissions: readonly JurySubmission[], turn: number): JurySubmission[] {
  const kindOf = ({ expected, language }: JurySubmission): string =>
    `${expected.join()} ${expected.includes("AC") && (language === "c" || language === "cpp")}`;
  return [...Map.groupBy(submissions, kindOf).values()].flatMap((same) => same[turn % same.length] ?? []);
}

describe.skipIf((await whyNoSandbox()) !== null)("the problems that ship", () => {
  let slot: Slot;
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ slot, close } = await openTestSlot());
  }, 60_000);
  afterAll(() => close());

  it.each(packages)(
    "get from the jury submissions of %s what their packages expect",
    { timeout: 600_000 },
    async (name) => {
      const files = await readFiles(join(problems, name));
      const { package: pkg, messages } = readPackage(files, name.slice(name.lastIndexOf("/") + 1));
      if (pkg === null) throw new Error(`${name} is not a usable package: ${JSON.stringify(messages)}`);
      // Those that ship are many and long; what shows what packages can ask for is judged whole every time.
      const whole = isLong || name.startsWith("fixtures/") || pkg.limits.timeMs === null;
      const submissions = whole ? pkg.submissions : sampleOf(pkg.submissions, packages.indexOf(name));
      const problem = await openProblem({ ...pkg, submissions }, slot.store);
      const unexpected: string[] = [];
      const { timeMs } = pkg.limits.timeMs === null ? await inferLimit(slot, problem) : { timeMs: null };
      for await (const judged of judgePackage(slot, problem, timeMs, whole ? "all" : "deciding"))
        unexpected.push(...judged.unexpected.map((sentence) => `${judged.submission.path}: ${sentence}`));
      await problem.close();
      expect(unexpected).toEqual([]);
      expect(submissions.length).toBeGreaterThan(0);
    },
  );
});
