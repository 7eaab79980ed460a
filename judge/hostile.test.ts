/** Hostile programs of our own, judged as submissions at every level that this machine has; all of them with TEST_LONG=1. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Examiner, openExaminer } from "./doctor.ts";
import { expectationAt } from "./hostile/program.ts";
import { hostilePrograms } from "./hostile/suite.ts";
import { watchResidue } from "./residue.ts";
import { openTestSlot, whyNoSandbox } from "./testing.ts";

const levels = ["full", "userns"] as const;
const programs = hostilePrograms.filter(({ quick }) => quick || process.env["TEST_LONG"] === "1");

for (const level of levels) {
  describe.skipIf((await whyNoSandbox(level)) !== null)(`at level ${level}`, () => {
    let examiner: Examiner;
    let close: () => Promise<void>;
    let started = 0;

    beforeAll(async () => {
      started = Date.now();
      const opened = await openTestSlot(level);
      examiner = await openExaminer(opened.slot, await watchResidue(opened.slot.sandbox));
      close = async () => {
        await examiner.close();
        await opened.close();
      };
    });
    afterAll(async () => {
      await close();
      console.log(`${programs.length} hostile programs at level ${level}: ${Date.now() - started} ms`);
    });

    const given = programs.filter((program) => !("notGiven" in expectationAt(program, level)));
    it.each(given.map((program) => ({ program, sentence: program.name.replaceAll("-", " ") })))(
      "$sentence",
      async ({ program }) => {
        const { state, detail } = await examiner.try(program);
        expect(`${state}: ${detail}`).toMatch(/^holds: /);
      },
    );
  });
}
