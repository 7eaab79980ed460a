import { execFile, spawn } from "node:child_process";
import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compile } from "./compile.ts";
import { openFloor } from "./floor.ts";
import { openHostLoad } from "./host-load.ts";
import { c } from "./languages/c.ts";
import { environment, MIB } from "./limits.ts";
import type { Ending, Limits, Program, Sandbox } from "./sandbox.ts";
import { SandboxError } from "./sandbox.ts";
import type { Store } from "./store.ts";
import { transcriptOf } from "./transcript.ts";
import {
  childrenOf,
  judgeCgroups,
  openTestSandbox,
  processesOf,
  readFiles,
  TEST_SLOT,
  TEST_UID,
  until,
  whyNoSandbox,
} from "./testing.ts";

const sources = await readFiles(join(import.meta.dirname, "hostile"));
const header = sources.get("contained.h") ?? new Uint8Array();

const mounts = await readFile("/proc/self/mountinfo", "utf8").catch(() => "");
const rootIsMount = mounts.split("\n").some((line) => line.split(" ")[4] === "/");

/** Small and short, so that what never ends is soon stopped. */
const limits: Limits = {
  cpuMs: 400,
  wallMs: 1000,
  memoryBytes: 32 * MIB,
  outputBytes: MIB,
  errorBytes: 4096,
  workBytes: 64 * MIB,
  workInodes: 1000,
  processes: 48,
};

describe.skipIf((await whyNoSandbox()) !== null)("the sandbox", () => {
  let sandbox: Sandbox;
  let store: Store;
  let close: () => Promise<void>;
  const boxes = new Map<string, string>();

  beforeAll(async () => {
    ({ sandbox, store, close } = await openTestSandbox());
  });
  afterAll(() => close());

  /** Compiles a program of hostile/, once. */
  const box = async (name: string): Promise<string> => {
    const known = boxes.get(name);
    if (known !== undefined) return known;
    const slot = { sandbox, store, madeAhead: () => null, floor: openFloor(), hostLoad: openHostLoad(null) };
    const source = sources.get(`${name}.c`);
    if (source === undefined) throw new Error(`no program ${name}`);
    const toolchain = { language: c, version: "" };
    const files = new Map([["main.c", source] as const, ["contained.h", header] as const]);
    const bounds = { cpuMs: 20_000, memoryMiB: 512 };
    const compiled = await compile(slot, toolchain, { files, entryPoint: null }, bounds);
    if (!compiled.ok) throw new Error(`${name}: ${compiled.output}`);
    boxes.set(name, compiled.box);
    return compiled.box;
  };
  const program = async (
    name: string,
    change: Partial<Program> = {},
    words: string[] = [],
  ): Promise<Program> => ({
    argv: ["/box/main", ...words],
    env: environment,
    input: null,
    collect: null,
    mounts: [{ from: await box(name), to: "/box" }],
    limits,
    ...change,
  });
  const run = async (name: string, change: Partial<Program> = {}): Promise<Ending> =>
    sandbox.run(await program(name, change));
  const inputFile = async (bytes: Uint8Array | string): Promise<string> => {
    const folder = await store.newFolder();
    await store.write(`${folder}/input`, bytes);
    return `${folder}/input`;
  };
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

  const ok = {
    exitCode: 0,
    signal: null,
    timedOut: false,
    outOfMemory: false,
    outputExceeded: false,
    notStarted: null,
  };

  it.each<[program: string, facts: Partial<Ending> & { text?: string }]>([
    ["memory-heap", { exitCode: null, outOfMemory: true, timedOut: false }],
    ["output-flood", { exitCode: null, outputExceeded: true, timedOut: false }],
    ["error-flood", { ...ok, stderrCut: true, text: "contained\n" }],
    ["sleeper", { exitCode: null, timedOut: true, outputExceeded: false, outOfMemory: false }],
    ["busy", { exitCode: null, timedOut: true, outputExceeded: false, outOfMemory: false }],
    ["old-calls", { exitCode: null, signal: 31, text: "" }],
    ["closed-stdout", { ...ok, text: "" }],
  ])("tells how %s ended", async (name, { text: expected, ...facts }) => {
    const ending = await run(name);
    if (expected !== undefined) expect(text(ending.stdout)).toBe(expected);
    expect(ending).toMatchObject(facts);
  });

  it("measures the CPU time of children that were never waited for, and stops at the limit", async () => {
    const { cpuMs } = await run("busy-children", { limits: { ...limits, wallMs: 60_000 } });
    expect(cpuMs).toBeGreaterThan(limits.cpuMs);
    expect(cpuMs).toBeLessThan(limits.cpuMs * 2);
  });

  it("counts no CPU time for sleeping, and little for ending at once", async () => {
    expect((await run("sleeper")).cpuMs).toBeLessThan(limits.cpuMs / 4);
    expect((await run("end-as", { input: await inputFile("exit 0") })).cpuMs).toBeLessThan(limits.cpuMs / 4);
  });

  it("tells the peak of memory, of all processes together", async () => {
    const { memoryKiB } = await run("memory-children", { limits: { ...limits, memoryBytes: 1024 * MIB } });
    expect(memoryKiB).toBeGreaterThan(32 * 8 * 1024);
  });

  it("keeps of stdout what the limit allows, and of stderr too", async () => {
    expect((await run("output-flood")).stdout).toHaveLength(limits.outputBytes);
    expect((await run("error-flood")).stderr).toHaveLength(limits.errorBytes);
  });

  it.each([0, 1, 42, 126, 127, 255])("tells exit code %i as it is", async (code) => {
    const ending = await run("end-as", { input: await inputFile(`exit ${code}`) });
    expect(ending).toMatchObject({ exitCode: code, signal: null, notStarted: null });
  });

  it.each([6, 8, 11, 9, 15, 2, 1, 13])("tells signal %i as it is, not as an exit code", async (signal) => {
    const ending = await run("end-as", { input: await inputFile(`signal ${signal}`) });
    expect(ending).toMatchObject({ exitCode: null, signal, timedOut: false });
  });

  it("tells a program that cannot be started from every exit code", async () => {
    const missing = await sandbox.run({ ...(await program("sum")), argv: ["/box/missing"] });
    expect(missing).toMatchObject({ exitCode: null, signal: null });
    expect(missing.notStarted).toContain("No such file or directory");
    const folder = await store.newFolder();
    await store.write(`${folder}/main`, "not a program");
    const plain = await sandbox.run({ ...(await program("sum")), mounts: [{ from: folder, to: "/box" }] });
    expect(plain.notStarted).toContain("Permission denied");
  });

  it("gives a large input by file, without charging its memory to the program", async () => {
    const bytes = new Uint8Array(64 * MIB).fill(3);
    const ending = await run("sum", {
      input: await inputFile(bytes),
      limits: { ...limits, memoryBytes: 8 * MIB },
    });
    expect(ending).toMatchObject(ok);
    expect(text(ending.stdout)).toBe(`${bytes.length * 3}\n`);
    expect(ending.memoryKiB).toBeLessThan(8 * 1024);
  });

  it("brings every byte of the output, NUL included", async () => {
    expect([...(await run("binary-output")).stdout]).toEqual(Array.from({ length: 256 }, (_, byte) => byte));
  });

  it("lets a program open its standard streams again by name, files and pipes alike", async () => {
    const ending = await run("reopen", { input: await inputFile("hello\n") });
    expect(ending).toMatchObject(ok);
    expect([text(ending.stdout), text(ending.stderr)]).toEqual(["hello\n", "said\n"]);
  });

  it("copies plain files out of a work folder, and follows no link in it", async () => {
    const collect = await store.newFolder();
    expect(await run("links", { collect })).toMatchObject(ok);
    const found = (await readdir(store.absolute(collect), { recursive: true })).sort();
    expect(found).toEqual(["folder", "folder/inner", "plain"]);
    expect(await readFile(store.absolute(`${collect}/plain`), "utf8")).toBe("plain\n");
    const { mode, uid } = await lstat(store.absolute(`${collect}/folder/inner`));
    expect([mode & 0o7777, uid]).toEqual([0o755, 0]);
  });

  it("refuses to copy folders nested without end", async () => {
    const collect = await store.newFolder();
    expect((await run("deep-folders", { collect })).notCollected).toMatch(/nested more than/);
    expect(await run("sum")).toMatchObject(ok);
  });

  it.each(["../etc/passwd", "/etc/passwd", "live/../../x", "live//x", "./x"])(
    "refuses a path outside the store: %s",
    async (input) => {
      await expect(run("sum", { input })).rejects.toThrow(SandboxError);
      expect(await run("sum")).toMatchObject(ok);
    },
  );

  describe("with files for the work folder", () => {
    const shell = (script: string, files: string): Program => ({
      argv: ["/bin/sh", "-c", script],
      env: environment,
      input: null,
      files,
      collect: null,
      mounts: [],
      limits,
    });
    const folderOf = async (files: Record<string, string>): Promise<string> => {
      const folder = await store.newFolder();
      for (const [name, content] of Object.entries(files)) await store.write(`${folder}/${name}`, content);
      return folder;
    };

    it("gives a program copies of its own, to read and to change", async () => {
      const files = await folderOf({ "data.txt": "given\n", "deep/er.txt": "below\n" });
      const script =
        "cat data.txt deep/er.txt; echo more >> data.txt; rm deep/er.txt; touch deep/new; id -u; stat -c %u . data.txt deep";
      const ending = await sandbox.run(shell(script, files));
      const uids = `${TEST_UID}\n`.repeat(4);
      expect([text(ending.stdout), text(ending.stderr)]).toEqual([`given\nbelow\n${uids}`, ""]);
      expect(await readFile(store.absolute(`${files}/data.txt`), "utf8")).toBe("given\n");
      expect(text((await sandbox.run(shell("cat data.txt; ls deep", files))).stdout)).toBe("given\ner.txt\n");
    });

    it("hands them on with what the program adds", async () => {
      const collect = await store.newFolder();
      const files = await folderOf({ kept: "1", changed: "2", removed: "3" });
      await sandbox.run({ ...shell("echo x > changed; rm removed; touch added", files), collect });
      expect((await readdir(store.absolute(collect))).sort()).toEqual(["added", "changed", "kept"]);
    });

    it("says why when they do not fit", async () => {
      const files = await folderOf({ large: "x".repeat(2 * MIB) });
      const small = { ...limits, workBytes: MIB };
      const { notStarted } = await sandbox.run({ ...shell("true", files), limits: small });
      expect(notStarted).toMatch(/copying files into the work folder.*No space left/);
    });

    it("refuses a folder outside the store", async () => {
      await expect(sandbox.run(shell("true", "../etc"))).rejects.toThrow(SandboxError);
    });
  });

  describe("with two programs joined", () => {
    const pair = async (one: string, two: string) =>
      sandbox.runPair(await program("talker", {}, [one]), await program("talker", {}, [two]));

    it("carries a dialogue both ways", async () => {
      const { first, endings } = await pair("count-up", "add-one");
      expect(endings.map(({ exitCode }) => exitCode)).toEqual([0, 42]);
      expect(first).toBe(0);
    });

    it("says that the one that crashed ended first, though the other reacts at once", async () => {
      const { first, endings } = await pair("crash", "reject-at-end-of-input");
      expect(first).toBe(0);
      expect(endings).toMatchObject([{ signal: 6 }, { exitCode: 43 }]);
    });

    it("says that the validator ended first, though the other crashes of it at once", async () => {
      const { first, endings } = await pair("crash-at-end-of-input", "reject-at-once");
      expect(first).toBe(1);
      expect(endings).toMatchObject([{ signal: 6 }, { exitCode: 43 }]);
    });

    it("ends no writer by a signal for want of a reader", async () => {
      const { endings } = await pair("write-without-a-reader", "reject-at-once");
      expect(endings).toMatchObject([{ exitCode: 7, signal: null }, { exitCode: 43 }]);
    });

    it("stops one that floods and one that waits for ever", async () => {
      const { endings } = await pair("flood", "wait");
      expect(endings[1]).toMatchObject({ timedOut: true });
      expect(endings[0].timedOut || endings[0].outputExceeded).toBe(true);
      const both = await pair("wait", "wait");
      expect(both.endings).toMatchObject([{ timedOut: true }, { timedOut: true }]);
      expect(await processesOf(TEST_UID)).toEqual([]);
    });

    it("keeps what they said, in order, and counts it", async () => {
      const { endings, dialogue } = await pair("count-up", "add-one");
      const lines = transcriptOf([dialogue]).trimEnd().split("\n");
      expect(lines.slice(0, 4)).toEqual([">1", "<2", ">2", "<3"]);
      expect(dialogue.cut).toBe(false);
      expect(endings.map(({ stdout }) => stdout.length)).toEqual([0, 0]);
      const own = lines.filter((line) => line.startsWith(">"));
      expect(dialogue.bytes[0]).toBe(own.join("").length);
    });

    it("keeps what one says as it ends, though nobody reads it any more", async () => {
      const { dialogue } = await pair("write-without-a-reader", "reject-at-once");
      expect(dialogue.bytes[0]).toBeGreaterThan(0);
    });

    it("keeps only the start of a flood", async () => {
      const { dialogue } = await pair("flood", "reject-at-end-of-input");
      expect(dialogue.cut).toBe(true);
      const kept = dialogue.said.reduce((sum, { bytes }) => sum + bytes.length, 0);
      expect(kept).toBeGreaterThan(60 * 1024);
      expect(kept).toBeLessThanOrEqual(64 * 1024);
      expect(dialogue.bytes[0]).toBeGreaterThan(MIB);
    });

    it("counts what is said against the output limit", async () => {
      const { endings } = await pair("flood", "reject-at-end-of-input");
      expect(endings[0]).toMatchObject({ outputExceeded: true });
    });
  });

  // Where these tests run in such a chroot themselves, all of them show it.
  it.skipIf(!rootIsMount)("holds inside a chroot, whose root is no mount point", async () => {
    const script = `
      import { openTestSandbox } from ${JSON.stringify(join(import.meta.dirname, "testing.ts"))};
      const { sandbox, close } = await openTestSandbox(${TEST_SLOT});
      const argv = ["/bin/echo", "judged"];
      const ending = await sandbox.run({ argv, env: [], input: null, collect: null, mounts: [], limits: ${JSON.stringify(limits)} });
      process.stdout.write(ending.stdout);
      await close();
    `;
    const enter = `
      root=$(mktemp -d) && cd "$root" || exit 1
      for entry in /*; do
        if [ -L "$entry" ]; then cp -P "$entry" .; elif [ -d "$entry" ]; then mkdir ".$entry" && mount --rbind "$entry" ".$entry"; fi
      done
      exec chroot . "$0" --input-type=module-typescript --eval "$1"
    `;
    const { stdout } = await promisify(execFile)(
      "unshare",
      ["--mount", "--propagation", "private", "sh", "-c", enter, process.execPath, script],
      { env: { ...process.env, TMPDIR: store.root } },
    );
    expect(stdout).toBe("judged\n");
  });

  describe("when processes die", () => {
    it("fails the run whose supervisor was killed, runs the next one, and sweeps what was left", async () => {
      const running = run("sleeper", { limits: { ...limits, wallMs: 60_000 } });
      await until(async () => (await processesOf(TEST_UID)).length > 0);
      const [supervisor] = await childrenOf(process.pid);
      if (supervisor === undefined) throw new Error("no supervisor");
      process.kill(supervisor, "SIGKILL");
      await expect(running).rejects.toThrow(SandboxError);
      expect(await run("sum")).toMatchObject(ok);
      expect(await processesOf(TEST_UID)).toEqual([]);
      expect(await judgeCgroups([supervisor])).toEqual([]);
    });

    it("ends all by itself when the judge is killed", async () => {
      const script = `
        import { openTestSandbox } from ${JSON.stringify(join(import.meta.dirname, "testing.ts"))};
        const { sandbox } = await openTestSandbox(${TEST_SLOT});
        const argv = ["/bin/sleep", "600"];
        const limits = ${JSON.stringify({ ...limits, wallMs: 600_000 })};
        await sandbox.run({ argv, env: [], input: null, collect: null, mounts: [], limits });
      `;
      const judge = spawn(process.execPath, ["--input-type=module-typescript", "--eval", script], {
        stdio: ["ignore", "ignore", "inherit"],
        // Its store is left behind by its death, so it goes where ours ends.
        env: { ...process.env, TMPDIR: store.root },
      });
      try {
        await until(async () => (await processesOf(TEST_UID)).length > 0);
        const supervisors = await childrenOf(judge.pid ?? 0);
        expect(supervisors).toHaveLength(1);
        judge.kill("SIGKILL");
        await until(async () => (await processesOf(TEST_UID)).length === 0);
        await until(async () => (await judgeCgroups(supervisors)).length === 0);
      } finally {
        judge.kill("SIGKILL");
      }
    });
  });
});
