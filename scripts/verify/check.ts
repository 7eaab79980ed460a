import { check } from "../../judge/pass.ts";
import type { Problem } from "../../judge/problem.ts";
import type { Slot } from "../../judge/slot.ts";
import type { Validation } from "../../judge/output-validator.ts";
import { checkOutput } from "../../rules/output-check.ts";
import type { TestCase } from "../../rules/package/package.ts";

/** What a problem's checker says of an output. */
export type Check = (test: TestCase, output: Uint8Array) => Promise<Validation>;

/** The format's own checker, which needs no sandbox. */
export const defaultCheck: Check = async (test, output) => {
  const result = checkOutput(output, test.answer, test.checkerOptions);
  return result.accepted
    ? { check: "accepted", feedback: new Map() }
    : { check: "rejected", feedback: new Map([["judgemessage.txt", result.reason]]) };
};

/** The package's own validator, in the judge's sandbox, whatever ran the program; one output at a time. */
export function validatorCheck(slot: Slot, problem: Problem): Check {
  let before: Promise<unknown> = Promise.resolve();
  const validate = async (test: TestCase, output: Uint8Array): Promise<Validation> => {
    const folders: string[] = [];
    const newFolder = async (): Promise<string> => {
      const folder = await slot.store.newFolder();
      folders.push(folder);
      return folder;
    };
    try {
      return (await check({ slot, problem, test, newFolder }, { earlier: null }, output)).validation;
    } finally {
      await Promise.all(folders.map((folder) => slot.store.remove(folder)));
    }
  };
  return (test, output) => {
    const asked = before.then(() => validate(test, output));
    before = asked.catch(() => {});
    return asked;
  };
}
