import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { languages, programmingLanguages } from "../protocol/language.ts";
import { packageOf } from "./example-package.ts";
import { judgeSubmission } from "./judge-submission.ts";
import { examples } from "./languages/examples.ts";
import { openProblem, type Problem } from "./problem.ts";
import type { Slot } from "./slot.ts";
import type { SourceToCompile } from "./compile.ts";
import { openTestSlot, whyNoSandbox } from "./testing.ts";

const numbers = Array.from({ length: 5000 }, (_, index) => index);

/** What the obedient programs are told, and the verdict that it should bring. */
const orders = [
  ["1-sum", `sum\n${numbers.join(" ")}\n${numbers.join("\n")}\n`, "AC"],
  ["2-crash", "crash\n", "RTE"],
  ["3-loop", "loop\n", "TLE"],
  ["4-eat", "eat\n", "MLE"],
] as const;

/** A problem whose tests are inputs, all of the same answer. */
function problemOf(
  slot: Slot,
  inputs: readonly (readonly [name: string, input: string, ...string[]])[],
  answer: string,
): Promise<Problem> {
  const tests = inputs.flatMap(([name, input]) => [
    [`data/secret/${name}.in`, input],
    [`data/secret/${name}.ans`, answer],
  ]);
  const files = { ...Object.fromEntries(tests), "data/sample/1.in": null, "data/sample/1.ans": null };
  const pkg = packageOf({ ...files, "data/secret/01.in": null, "data/secret/01.ans": null });
  return openProblem({ ...pkg, limits: { ...pkg.limits, timeMs: 750, memoryMiB: 64 } }, slot.store);
}

const single = (text: string): SourceToCompile => ({ files: new Map([["any", text]]), entryPoint: null });

// At the second level the same programs run with the same tools; only how they are bounded differs.
const levels = process.env["TEST_LONG"] === "1" ? (["full", "userns"] as const) : (["full"] as const);

for (const level of levels) {
  describe.skipIf((await whyNoSandbox(level)) !== null)(`languages at level ${level}`, () => {
    let slot: Slot;
    let obeying: Problem;
    let counting: Problem;
    let close: () => Promise<void>;

    beforeAll(async () => {
      ({ slot, close } = await openTestSlot(level, programmingLanguages));
      const missing = programmingLanguages.filter((id) => !slot.toolchains.has(id));
      if (missing.length > 0)
        console.warn(`not installed, so not tested: ${missing.map((id) => languages[id].name).join(", ")}`);
      const sum = 2 * numbers.reduce((total, each) => total + each);
      obeying = await problemOf(slot, orders, `${sum}\n`);
      counting = await problemOf(slot, [["1", "41\n"]], "42\n");
    }, 180_000);
    afterAll(async () => {
      await obeying.close();
      await counting.close();
      await close();
    });

    const judge = async (
      problem: Problem,
      language: (typeof programmingLanguages)[number],
      source: SourceToCompile,
    ) => {
      const asked = { problem, language, source, timeMs: null, extent: "all" } as const;
      const { outcome } = await judgeSubmission(slot, asked);
      if (outcome.type !== "verdict") throw new Error(outcome.message);
      return outcome;
    };

    describe.each(programmingLanguages)("%s", (language) => {
      it(
        "runs, crashes, loops and takes memory with the verdict for each",
        { timeout: 120_000 },
        async (test) => {
          if (!slot.toolchains.has(language))
            return test.skip(`${languages[language].name} is not installed`);
          const { runs, compileOutput } = await judge(obeying, language, single(examples[language].obedient));
          const verdicts = runs.map(({ verdict }) => verdict);
          expect(verdicts, `${compileOutput}${JSON.stringify(runs)}`).toEqual(
            orders.map(([, , verdict]) => verdict),
          );
        },
      );

      it("tells what is wrong with a program that no compiler accepts", { timeout: 60_000 }, async (test) => {
        if (!slot.toolchains.has(language)) return test.skip(`${languages[language].name} is not installed`);
        const outcome = await judge(counting, language, single(examples[language].broken));
        expect(outcome).toMatchObject({ verdict: "CE", runs: [] });
        expect(outcome.compileOutput).toMatch(/main/i);
        expect(outcome.compileOutput).not.toContain("/box");
      });

      it("makes one program of several files", { timeout: 60_000 }, async (test) => {
        if (!slot.toolchains.has(language)) return test.skip(`${languages[language].name} is not installed`);
        const outcome = await judge(counting, language, examples[language].several);
        expect(outcome).toMatchObject({ verdict: "AC" });
      });
    });
  });
}
