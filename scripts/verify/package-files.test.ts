import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { zipSync } from "fflate";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readPackageFiles } from "./package-files.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "verify-files-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const namesOf = (path: string): string[] => [...readPackageFiles(path).files.keys()].sort();

describe("a package in a folder", () => {
  it("has all of its files, without what compilers, editors and version control left there", () => {
    for (const kept of ["problem.yaml", "data/valid_output/1.out", "submissions/accepted/a.py", ".timelimit"])
      write(kept, "");
    for (const left of [
      ".git/config",
      "data/.1.in.swp",
      "submissions/accepted/__pycache__/a.cpython-312.pyc",
      "submissions/accepted/A.class",
      "submissions/accepted/a.out",
    ])
      write(left, "");
    expect(namesOf(folder)).toEqual([
      ".timelimit",
      "data/valid_output/1.out",
      "problem.yaml",
      "submissions/accepted/a.py",
    ]);
    expect(readPackageFiles(folder).shortName).toBe(basename(folder));
  });

  it("may share files by symbolic links inside it", () => {
    write("input_validators/library.h", "shared");
    mkdirSync(join(folder, "output_validator"));
    symlinkSync("../input_validators/library.h", join(folder, "output_validator/library.h"));
    const text = readPackageFiles(folder).files.get("output_validator/library.h");
    expect(new TextDecoder().decode(text)).toBe("shared");
  });

  it.each([
    ["/etc/passwd", /secret.in is a symbolic link out of the package/],
    ["../..", /secret.in is a symbolic link out of the package/],
    ["nowhere", /secret.in is a symbolic link to nothing/],
    ["..", /secret.in is a symbolic link to a folder that holds it/],
  ])("may not have a link to %s", (target, message) => {
    write("data/1.in", "");
    symlinkSync(target, join(folder, "data/secret.in"));
    expect(() => readPackageFiles(folder)).toThrow(message);
  });
});

describe("a package in a zip", () => {
  it("has the zip's name, and its files without the folder around them", () => {
    const zip = zipSync({ "sum/problem.yaml": new Uint8Array(), "sum/data/sample/1.in": new Uint8Array() });
    writeFileSync(join(folder, "adding.zip"), zip);
    expect(namesOf(join(folder, "adding.zip"))).toEqual(["data/sample/1.in", "problem.yaml"]);
    expect(readPackageFiles(join(folder, "adding.zip")).shortName).toBe("adding");
  });

  it("must be one, and be there", () => {
    write("broken.zip", "this is no zip");
    expect(() => readPackageFiles(join(folder, "broken.zip"))).toThrow(/zip/);
    expect(() => readPackageFiles(join(folder, "none.zip"))).toThrow(/there is no .*none\.zip/);
  });
});
