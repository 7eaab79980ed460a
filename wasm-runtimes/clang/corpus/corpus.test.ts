import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBench, type Bench } from "../../testing/browser.ts";

/**
 * Programs as they are written in contests, each with what the judge's compiler makes of it: `g++ -O2 -std=gnu++20`. Their first line
 * may tell another end than success.
 */

const folder = join(import.meta.dirname, "programs");
const names = readdirSync(folder)
  .filter((name) => name.endsWith(".cpp"))
  .map((name) => name.slice(0, -".cpp".length));

/** Exceptions that are caught and that are not, the containers, parts of C++20, an end by a fault, all kinds of deep recursion. */
const quick = [
  "concepts-spaceship",
  "containers",
  "coroutine",
  "error-division",
  "error-noexcept",
  "exceptions-deep",
  "exceptions-far",
  "recursion-kinds",
];
const isLong = process.env["TEST_LONG"] === "1";

const read = (name: string): string =>
  existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : "";

const ENDING = /^\/\/ ends: (?:exit (\d+)|run-time error(?: with "(.*)")?)\n/;

let bench: Bench;
beforeAll(async () => {
  bench = await openBench(["cpp"]);
}, 600_000);
afterAll(() => bench.close());

describe("contest programs in C++", () => {
  it("are at least 45, and the quick ones are among them", () => {
    expect(names.length).toBeGreaterThanOrEqual(45);
    expect(names).toEqual(expect.arrayContaining(quick));
  });

  for (const name of names) {
    it.runIf(isLong || quick.includes(name))(`${name} writes what it writes under the judge`, async () => {
      const program = read(`${name}.cpp`);
      const result = await bench.attempt({ language: "cpp", program, stdin: read(`${name}.in`) });
      const [isSpecial, code = "0", words = ""] = ENDING.exec(program) ?? [];
      expect(result.stdout, result.stderr).toBe(read(`${name}.out`));
      if (isSpecial === undefined || !isSpecial.includes("error"))
        return expect(result).toMatchObject({ ended: "exit", exitCode: Number(code) });
      expect(["exit", "memory", "stack"]).toContain(result.ended);
      expect(result.exitCode).not.toBe(0);
      expect(result.stderr).toContain(words);
    });
  }
});
