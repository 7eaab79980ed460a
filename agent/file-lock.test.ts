import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeFault } from "./file-errors.ts";
import { withLock } from "./file-lock.ts";
import { until } from "./testing-market.ts";

const waits = { lookMs: 5, beatMs: 5, staleMs: 60_000 };

describe("a lock of a file", () => {
  let folder: string;
  let path: string;
  let waited: string[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "tabarena-lock-"));
    path = join(folder, "model.lock");
    waited = [];
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const locked = <T>(
    work: (lost: AbortSignal) => Promise<T>,
    signal = new AbortController().signal,
  ): Promise<T> => withLock(path, { onWait: (owner) => waited.push(owner), signal, waits }, work);
  const leave = (owner: Record<string, unknown>): Promise<void> => writeFile(path, JSON.stringify(owner));

  it("lets one in at a time, says once who that is, and leaves nothing behind", async () => {
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 20));
      inside--;
    };
    await Promise.all([locked(work), locked(work), locked(work)]);
    expect(most).toBe(1);
    expect(waited.length).toBe(2);
    expect(waited[0]).toBe(`process ${process.pid} on ${hostname()}`);
    expect(await readdir(folder)).toEqual([]);
  });

  it("is free again after a failure", async () => {
    await expect(locked(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    expect(await locked(async () => "again")).toBe("again");
  });

  it("is taken over from a process of this machine that has ended, and from this one's number before", async () => {
    // Numbers of processes end far below.
    for (const pid of [2 ** 30, process.pid]) {
      await leave({ id: "another", pid, host: hostname() });
      expect(await locked(async () => "mine")).toBe("mine");
    }
  });

  it("is taken over from whoever gave no sign of life for long, whatever stands in it", async () => {
    for (const owner of [{ id: "another", pid: 1, host: "elsewhere" }, {}]) {
      await leave(owner);
      const longAgo = new Date(Date.now() - 120_000);
      await utimes(path, longAgo, longAgo);
      expect(await locked(async () => "mine")).toBe("mine");
      expect(await readdir(folder)).toEqual([]);
    }
  });

  it("is waited for where its owner may live, until that is of no use any more", async () => {
    await leave({ id: "another", pid: 1, host: "elsewhere" });
    const abort = new AbortController();
    const waiting = locked(async () => "mine", abort.signal).catch((error: unknown) => error);
    await until(() => waited.length === 1);
    expect(waited).toEqual(["process 1 on elsewhere"]);
    abort.abort();
    expect(await waiting).toMatchObject({ name: "AbortError" });
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({ id: "another" });
  });

  it("is refused where its file can't be made", async () => {
    path = join(folder, "no-folder", "model.lock");
    await expect(locked(async () => "mine")).rejects.toMatchObject({ code: "ENOENT" });
    path = join(folder, "a-file", "model.lock");
    await writeFile(join(folder, "a-file"), "");
    await expect(locked(async () => "mine")).rejects.toMatchObject({ code: "ENOTDIR" });
  });

  it("tells its owner when it was taken over, and is then not released", async () => {
    const reason = await locked(async (lost) => {
      await leave({ id: "another", pid: 1, host: "elsewhere" });
      await until(() => lost.aborted);
      return String(lost.reason);
    });
    expect(reason).toContain("was taken over by another program");
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({ id: "another" });
  });
});

describe("a file that can't be written", () => {
  it.each([
    ["ENOSPC", "the disk is full: F can't be written; make room, or choose another folder by --models"],
    ["EDQUOT", "the quota is used up: F"],
    ["EFBIG", "F is larger than this disk's files may be"],
    ["EROFS", "F may not be written; choose another folder"],
  ])("is told as what to do about %s", (code, sentence) => {
    expect(writeFault(Object.assign(new Error("x"), { code }), "F")).toContain(sentence);
  });

  it("is not explained where nobody knows", () => {
    expect(writeFault(Object.assign(new Error("x"), { code: "EIO" }), "F")).toBeNull();
    expect(writeFault("x", "F")).toBeNull();
  });
});
