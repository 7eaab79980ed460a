import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockFolder } from "./lock.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "lock-"))));
afterEach(() => rmSync(folder, { recursive: true }));

describe("the lock of a data folder", () => {
  it("makes the folder, and is gone when given back", () => {
    const inner = join(folder, "a", "b");
    const release = lockFolder(inner);
    expect(existsSync(join(inner, "lock.json"))).toBe(true);
    release();
    expect(existsSync(join(inner, "lock.json"))).toBe(false);
  });

  it("keeps a second site out and names the process that has it", () => {
    lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(`process ${process.pid}`);
  });

  it("is taken over from a process that is no more", async () => {
    const child = spawn("sleep", ["0"]);
    await once(child, "close");
    writeFileSync(join(folder, "lock.json"), JSON.stringify({ pid: child.pid, began: null }));
    lockFolder(folder);
    expect(JSON.parse(readFileSync(join(folder, "lock.json"), "utf8"))).toMatchObject({ pid: process.pid });
  });

  it.runIf(process.platform === "linux")(
    "is taken over when its process id was given to another process",
    () => {
      writeFileSync(join(folder, "lock.json"), JSON.stringify({ pid: process.pid, began: "1" }));
      expect(() => lockFolder(folder)).not.toThrow();
    },
  );

  it("is taken over when it is not readable, as after a power cut", () => {
    writeFileSync(join(folder, "lock.json"), "");
    expect(() => lockFolder(folder)).not.toThrow();
  });
});
