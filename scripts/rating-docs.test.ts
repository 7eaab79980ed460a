import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..");

it("the worked example of docs/ratings.md prints the table below it", () => {
  const text = readFileSync(join(root, "docs", "ratings.md"), "utf8");
  const [, program = ""] = /```js\n([\s\S]*?)```/.exec(text) ?? [];
  const printed = execFileSync(process.execPath, ["--input-type=module", "-e", program], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  expect(printed.split("\n").length).toBeGreaterThan(7);
  expect(text.endsWith(`|---|---|---|---|---|---|---|---|\n${printed}`)).toBe(true);
});
