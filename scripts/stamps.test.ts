import { mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ROOT } from "./folders.ts";
import { digestOf } from "./stamps.ts";

let folder: string;
let digest: () => string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stamps-"));
  writeFileSync(join(folder, "a.ts"), "1");
  digest = () => digestOf([relative(ROOT, folder)]);
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("the digest of a build step's inputs", () => {
  it("changes with a file's bytes and name, and with a new file", () => {
    const seen = [digest()];
    writeFileSync(join(folder, "a.ts"), "2");
    seen.push(digest());
    renameSync(join(folder, "a.ts"), join(folder, "b.ts"));
    seen.push(digest());
    writeFileSync(join(folder, "c.ts"), "");
    seen.push(digest());
    expect(new Set(seen).size).toBe(4);
  });

  it("stays when a file is only written anew, and when a test or a text is edited", () => {
    const before = digest();
    utimesSync(join(folder, "a.ts"), 1, 1);
    writeFileSync(join(folder, "a.test.ts"), "");
    writeFileSync(join(folder, "README.md"), "");
    expect(digest()).toBe(before);
  });

  it("changes with the digests of the steps before", () => {
    expect(digestOf([], ["x"])).not.toBe(digestOf([], ["y"]));
  });
});
