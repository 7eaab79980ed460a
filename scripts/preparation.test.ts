import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PreparedFiles } from "../wasm-runtimes/manifest.ts";
import { filesOfList, keepPrepared } from "./preparation.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "prepared-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const list = (name: string): string => `/runtimes/header.${name}.json`;

/** Makes a list of one file in two pieces; `parts` of the three files are written. */
const maker =
  (name: string, parts = 3) =>
  async (into: string): Promise<void> => {
    const pieces = ["a", "b"].map((part) => `${name}.${part}.bin`);
    const files: PreparedFiles = [
      {
        name: "header",
        encoding: "gzip",
        pieces: pieces.map((piece) => ({ path: `/runtimes/${piece}`, bytes: 1 })),
      },
    ];
    const written = [...pieces.map((piece) => [piece, "x"]), [`header.${name}.json`, JSON.stringify(files)]];
    for (const [file = "", text = ""] of written.slice(0, parts)) writeFileSync(join(into, file), text);
    if (parts < 3) throw new Error("the compiler failed");
  };

const never = async (): Promise<void> => {
  throw new Error("made again");
};

describe("what is prepared", () => {
  it("is made once, and its list is named last", async () => {
    await keepPrepared(folder, list("1"), maker("1"));
    await keepPrepared(folder, list("1"), never);
    expect(filesOfList(folder, list("1"))).toEqual(["1.a.bin", "1.b.bin", "header.1.json"]);
  });

  it("is not there before it is whole, and is made anew when some of it is missing", async () => {
    await expect(keepPrepared(folder, list("1"), maker("1", 2))).rejects.toThrow("the compiler failed");
    expect(filesOfList(folder, list("1"))).toBeNull();
    await keepPrepared(folder, list("1"), maker("1"));
    rmSync(join(folder, "1.b.bin"));
    expect(filesOfList(folder, list("1"))).toBeNull();
    await keepPrepared(folder, list("1"), maker("1"));
    expect(filesOfList(folder, list("1"))).not.toBeNull();
  });

  it("replaces what was made from older sources, or left by a process that was killed, but nothing of one that lives", async () => {
    await keepPrepared(folder, list("1"), maker("1"));
    // No process has this id: it is above the kernel's largest.
    for (const pid of [process.ppid, 2 ** 30]) mkdirSync(join(folder, `making-${pid}`));
    await keepPrepared(folder, list("2"), maker("2"));
    expect(readdirSync(folder).sort()).toEqual([
      "2.a.bin",
      "2.b.bin",
      "header.2.json",
      `making-${process.ppid}`,
    ]);
  });
});
