import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPackage } from "../rules/package/read.ts";
import { judgePackage } from "./judge-package.ts";
import type { Slot } from "./slot.ts";
import { openTestSlot, readFiles, whyNoSandbox } from "./testing.ts";

const folder = join(import.meta.dirname, "../problems");
const problems = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && readdirSync(join(folder, entry.name)).includes("problem.yaml"))
  .map((entry) => entry.name);

describe.skipIf((await whyNoSandbox()) !== null || problems.length === 0)("the problems that ship", () => {
  let slot: Slot;
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ slot, close } = await openTestSlot());
  }, 60_000);
  afterAll(() => close());

  it.each(problems)(
    "get from every jury submission of %s what their packages expect",
    { timeout: 600_000 },
    async (name) => {
      const { package: pkg, messages } = readPackage(await readFiles(join(folder, name)), name);
      if (pkg === null) throw new Error(`${name} is not a usable package: ${JSON.stringify(messages)}`);
      const surprises: string[] = [];
      for await (const { submission, outcome, asExpected } of judgePackage(slot, pkg)) {
        const got = outcome.type === "failure" ? `failure: ${outcome.message}` : outcome.verdict;
        if (!asExpected)
          surprises.push(`${submission.path}: ${got}, expected ${submission.expected.join(" or ")}`);
      }
      expect(surprises).toEqual([]);
      expect(pkg.submissions.length).toBeGreaterThan(0);
    },
  );
});
