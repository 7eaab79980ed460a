import { rename } from "node:fs/promises";
import { JudgingFailure } from "./failure.ts";
import { hasNextPass, NEXT_PASS } from "./output-validator.ts";
import { judgePass, type Pass, type PassStart, type Task } from "./pass.ts";

/**
 * Runs a test pass by pass (2025-09, "Multi-pass validation"):
 *
 *     pass --accepted, nextpass.in--> the next pass, with that input and the feedback so far
 *      |
 *      +-- accepted without nextpass.in, or anything else: the last one
 *
 * A problem that is not multi-pass has one pass, whatever its validator writes.
 *
 * @returns every pass, in order
 * @throws JudgingFailure when the validator asks for more passes than the package allows
 */
export async function judgePasses(task: Task, input: string | null): Promise<[Pass, ...Pass[]]> {
  const { types, limits } = task.problem.pkg;
  const most = types.includes("multi-pass") ? limits.validationPasses : 1;
  let last = await judgePass(task, { input, earlier: null });
  const passes: [Pass, ...Pass[]] = [last];
  for (;;) {
    const start = types.includes("multi-pass") ? await nextStart(task, last) : null;
    if (start === null) return passes;
    if (passes.length === most)
      throw new JudgingFailure(
        `the output validator failed on ${task.test.name}: it asks for more than ${most} passes (validation_passes)`,
      );
    last = await judgePass(task, start);
    passes.push(last);
  }
}

/** What another pass begins with; null when this one was the last. */
async function nextStart({ slot, newFolder, problem }: Task, pass: Pass): Promise<PassStart | null> {
  const { feedbackFolder, timed } = pass;
  if (feedbackFolder === null || timed.verdict !== "AC" || !(await hasNextPass(slot.store, feedbackFolder)))
    return null;
  const input = `${await newFolder()}/input`;
  await rename(slot.store.absolute(`${feedbackFolder}/${NEXT_PASS}`), slot.store.absolute(input));
  return { input: problem.pkg.checker === "interactive" ? null : input, earlier: feedbackFolder };
}
