import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { zipPackage } from "./build-problems.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "package-"))));
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

describe("a problem package as a zip", () => {
  it("stands in one folder of the package's name", () => {
    write("problem.yaml", "name: x");
    write("data/secret/1.in", "1");
    expect(Object.keys(unzipSync(zipPackage(folder, "x")))).toEqual(["x/data/secret/1.in", "x/problem.yaml"]);
  });

  it("is the same bytes whenever the files were written", () => {
    write("problem.yaml", "name: x");
    const first = zipPackage(folder, "x");
    utimesSync(join(folder, "problem.yaml"), 1, 1);
    expect(zipPackage(folder, "x")).toEqual(first);
  });

  it("has neither the generator nor what compilers left", () => {
    write("problem.yaml", "name: x");
    write("generator/generate.ts", "");
    write("submissions/accepted/a.class", "");
    write("submissions/accepted/a.out", "");
    write("submissions/accepted/__pycache__/a.pyc", "");
    write(".DS_Store", "");
    expect(Object.keys(unzipSync(zipPackage(folder, "x")))).toEqual(["x/problem.yaml"]);
  });

  it("has outputs that are part of it", () => {
    write("submissions/accepted/all/1.out", "1");
    write("data/sample/1.out", "1");
    expect(Object.keys(unzipSync(zipPackage(folder, "x")))).toEqual([
      "x/data/sample/1.out",
      "x/submissions/accepted/all/1.out",
    ]);
  });
});
