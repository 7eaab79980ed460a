import { execFile } from "node:child_process";
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Conditions, findLevel } from "./levels.ts";
import { environment, programLimits } from "./limits.ts";
import type { Ending, Sandbox } from "./sandbox.ts";
import { openStore, type Store } from "./store.ts";
import { openTestSandbox, openTestSlot, TEST_SLOT, whyNoSandbox } from "./testing.ts";

const any: Conditions = { level: null, root: "/", notUnsafe: "JUDGE_ALLOW_UNSAFE=1 is not set" };

const shell = (sandbox: Sandbox, script: string): Promise<Ending> =>
  sandbox.run({
    argv: ["/bin/sh", "-c", script],
    env: environment,
    input: null,
    collect: null,
    mounts: [],
    limits: programLimits(1000, 64, 1),
  });
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes).trim();

const noFull = await whyNoSandbox("full");
const noUserns = await whyNoSandbox("userns");

describe("a judge's level", () => {
  let folder: string;
  let store: Store;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "judge-test-"));
    store = await openStore(folder);
  });
  afterAll(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  const find = async (change: Partial<Conditions> = {}) => {
    const found = await findLevel(store, { ...any, ...change }, null);
    if (found.level !== null) await found.first.close();
    return found;
  };

  it.skipIf(noFull !== null)(
    "is full where all of it holds, and the reason says on what it stands",
    async () => {
      expect(await find()).toMatchObject({
        level: "full",
        reason: expect.stringMatching(/^root, cgroup v[12]: [^;]*$/),
      });
    },
  );

  it.skipIf(noUserns !== null)("is no other than the one demanded", async () => {
    const found = await find({ level: "userns" });
    expect(found).toMatchObject({ level: "userns", reason: expect.stringContaining("user namespace") });
  });

  it("is never process unless its operator allowed that, even if demanded", async () => {
    expect(await find({ level: "process" })).toEqual({
      level: null,
      reason: "not process: JUDGE_ALLOW_UNSAFE=1 is not set",
    });
    expect(await find({ level: "process", notUnsafe: null })).toMatchObject({ level: "process" });
  });

  it("is none, with the reason for each, where nothing holds", async () => {
    const { level, reason } = await find({ root: "/nowhere" });
    expect(level).toBeNull();
    expect(reason).toMatch(/^not full: .*; not userns: .*; not process: JUDGE_ALLOW_UNSAFE=1 is not set$/);
    expect(reason).toContain("/nowhere/usr");
  });

  it.skipIf(noUserns !== null)(
    "is userns, and says why it is not full, for a user without privileges",
    async () => {
      const script = `
        import { findLevel } from ${JSON.stringify(join(import.meta.dirname, "levels.ts"))};
        import { openStore } from ${JSON.stringify(join(import.meta.dirname, "store.ts"))};
        const store = await openStore(process.argv[1]);
        const found = await findLevel(store, ${JSON.stringify(any)}, null);
        if (found.level !== null) await found.first.close();
        console.log(JSON.stringify({ level: found.level, reason: found.reason }));
      `;
      const theirs = join(folder, "theirs");
      await mkdir(theirs);
      await chmod(folder, 0o777);
      await chmod(theirs, 0o777);
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ["--input-type=module-typescript", "--eval", script, theirs],
        process.getuid?.() === 0 ? { uid: 65_533, gid: 65_533 } : {},
      );
      expect(JSON.parse(stdout)).toEqual({
        level: "userns",
        reason: expect.stringMatching(
          /^user namespace; .*; not full: cannot create a cgroup: Permission denied$/,
        ),
      });
    },
  );
});

describe.skipIf(noFull !== null).each(["full", "userns"] as const)("a sandbox at level %s", (level) => {
  it.skipIf(availableParallelism() < 2)("runs its programs on the processor that it was given", async () => {
    const seen = new Set<string>();
    for (const processor of [0, 1]) {
      const { sandbox, close } = await openTestSandbox(TEST_SLOT, level, { processor });
      seen.add(text((await shell(sandbox, "grep ^Cpus_allowed_list /proc/self/status")).stdout));
      await close();
    }
    expect([...seen].sort()).toEqual([
      expect.stringMatching(/^Cpus_allowed_list:\t\d+$/),
      expect.stringMatching(/^Cpus_allowed_list:\t\d+$/),
    ]);
  });

  it("says so when there is no such processor", async () => {
    await expect(openTestSandbox(TEST_SLOT, level, { processor: 5000 })).rejects.toThrow(
      /no processor 5000: this judge may use \d+/,
    );
  });

  it("shows a root folder instead of the host, with nothing else in it", async () => {
    const root = await mkdtemp(join(tmpdir(), "judge-root-"));
    try {
      await makeRoot(root, ["/bin/sh", "/bin/ls", "/bin/cat"]);
      await writeFile(join(root, "usr/of-this-root"), "yes\n");
      const { sandbox, close } = await openTestSandbox(TEST_SLOT, level, { root });
      expect(text((await shell(sandbox, "cat /usr/of-this-root; ls /usr/bin")).stdout)).toBe(
        "yes\ncat\nls\nsh",
      );
      const ending = await shell(sandbox, "echo changed > /usr/of-this-root");
      expect(text(ending.stderr)).toMatch(/Read-only file system|Permission denied/);
      await close();
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });
});

it.skipIf(noFull !== null || noUserns !== null)(
  "every language that works at level full works at userns",
  async () => {
    const offered: string[][] = [];
    for (const level of ["full", "userns"] as const) {
      const { slot, close } = await openTestSlot(level);
      offered.push([...slot.toolchains.keys()]);
      await close();
    }
    expect(offered[1]).toEqual(offered[0]);
  },
);

/** Copies programs and the libraries that they need into a folder laid out as a merged `/usr`. */
async function makeRoot(root: string, programs: string[]): Promise<void> {
  await mkdir(join(root, "usr/bin"), { recursive: true });
  await mkdir(join(root, "etc"));
  const { stdout } = await promisify(execFile)("sh", [
    "-c",
    `cd ${root} && for name in bin lib lib64; do [ -e /$name ] && mkdir -p usr/$name && ln -s usr/$name $name; done; ldd ${programs.join(" ")}`,
  ]);
  const libraries = new Set(stdout.match(/\/\S+\.so\S*(?= \(0x)/g));
  for (const path of [...programs, ...libraries]) {
    const inside = path.replace(/^\/(bin|lib|lib64)\//, "/usr/$1/");
    await mkdir(join(root, dirname(inside)), { recursive: true });
    await copyFile(path, join(root, inside));
  }
}
