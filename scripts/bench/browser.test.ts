import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { LanguageId } from "../../protocol/language.ts";
import { compare } from "./browser.ts";
import type { Speed } from "./browser-speed.ts";
import type { Starts } from "./browser-starts.ts";
import { openNative } from "./native.ts";
import {
  CONTEST_INPUT,
  CONTEST_OUTPUT,
  cpuPrograms,
  hello,
  sourceOf,
  sourcePath,
  variant,
} from "./programs.ts";

function starts(language: LanguageId, totalMs: number): Starts {
  const start = { openMs: totalMs - 30, compileMs: 10, outputMs: 20, totalMs };
  const sixty = { firstMs: 3000, warmMs: 2500, keptMs: 40, runMs: 100 };
  const rest = { downloadBytes: 1, testMs: 1, testsPerSecond: 1, toolchain: "" };
  return { language, cold: start, warm: start, sixty, ...rest };
}

const speed = (language: LanguageId, program: string, ratio: number): Speed => {
  return { language, program, ratio, browserMs: ratio * 100, nativeMs: 100, native: "gcc" };
};

describe("the targets of practice in the browser", () => {
  it("are met, not met or not measured, each with what the figure is made of", () => {
    const all = [starts("python3", 1300), starts("cpp", 9000), starts("javascript", 90)];
    const speeds = [speed("c", "sieve", 1), speed("c", "matrix", 4), speed("cpp", "sieve", 1.5)];
    const found = compare(all, speeds);
    expect(found.map(({ met, figure }) => [met, figure])).toEqual([
      [false, 1300],
      [true, 2600],
      [true, 90],
      [false, 4],
      [true, 1.5],
      [null, null],
    ]);
    expect(found[0]?.limit).toMatch(/^1270 ms to start the language/);
    expect(found[3]?.limit).toMatch(/^matrix is the slowest, 400 ms to 100 ms of gcc; .* mean of all is 2$/);
  });
});

describe("the benchmark's programs", () => {
  it("are sixty lines that do the same in every language, and programs that compute for those compared", async () => {
    const there = new Set(readdirSync(join(import.meta.dirname, "programs")));
    for (const language of offered)
      for (const program of Object.keys(cpuPrograms[language] ?? {}))
        expect(there).toContain(basename(sourcePath(program, language)));
    for (const { text } of await contests()) {
      expect(text.split("\n").length).toBeGreaterThanOrEqual(60);
      expect(text.split("\n").length).toBeLessThanOrEqual(65);
    }
  });

  it("are never the same program twice, where they are compiled anew", async () => {
    const [source] = await contests();
    if (source === undefined) throw new Error("there is no program");
    expect(variant(source).text).not.toBe(variant(source).text);
    expect(variant(source).text.startsWith(source.text)).toBe(true);
  });

  it("say the same natively", async () => {
    const native = await openNative("javascript");
    const program = await native?.prepare(sourcePath("contest", "javascript"));
    expect((await program?.run(CONTEST_INPUT))?.stdout).toBe(CONTEST_OUTPUT);
    await native?.close();
    const typed = execFileSync(process.execPath, [sourcePath("contest", "typescript")], {
      input: CONTEST_INPUT,
    });
    expect(String(typed)).toBe(CONTEST_OUTPUT);
  });
});

const offered: readonly LanguageId[] = ["c", "cpp", "python3", "javascript", "typescript"];

function contests() {
  expect(Object.keys(hello).sort()).toEqual(offered.toSorted());
  return Promise.all(offered.map((language) => sourceOf("contest", language)));
}
