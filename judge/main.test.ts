import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exampleFiles } from "../rules/package/example.ts";
import { childrenOf, judgeCgroups, until, whyNoSandbox } from "./testing.ts";
import {
  openQueue,
  packed,
  type ScriptedQueue,
  sourceOf,
  submissionLease,
  welcome,
} from "./testing-queue.ts";

const { zip, hash } = packed(exampleFiles());
const right = "print(sum(map(int, input().split())))";

const why = await whyNoSandbox();
const noUserns = await whyNoSandbox("userns");

describe.skipIf(why !== null)("the judge as a process", () => {
  let queue: ScriptedQueue;
  let cache: string;
  let judge: ChildProcess | null = null;
  let said = "";
  /** Which toolchains work, as the first judge found out for those after it. */
  let proven: string | null = null;

  beforeEach(async () => {
    queue = await openQueue();
    queue.packages.set(hash, zip);
    cache = await mkdtemp(join(tmpdir(), "judge-test-"));
    if (proven !== null) await writeFile(join(cache, "proven.json"), proven);
    // For the tests whose judge is another user.
    if (proven !== null) await chmod(join(cache, "proven.json"), 0o666);
    said = "";
  });
  afterEach(async () => {
    judge?.kill("SIGKILL");
    await queue.close();
    proven ??= await readFile(join(cache, "proven.json"), "utf8").catch(() => null);
    await rm(cache, { recursive: true, force: true });
  });

  const start = (
    options: { env?: Record<string, string | undefined>; words?: string[]; uid?: number } = {},
  ): ChildProcess => {
    const { uid } = options;
    judge = spawn(
      process.execPath,
      [join(import.meta.dirname, "main.ts"), "--cache", cache, ...(options.words ?? [])],
      {
        stdio: ["pipe", "pipe", "pipe"],
        env: {
          ...process.env,
          JUDGE_URL: queue.url.href,
          JUDGE_TOKEN: "a token",
          JUDGE_NAME: "judge 1",
          // To try all takes ten times as long, at each level anew.
          JUDGE_LANGUAGES: "javascript,python3",
          ...options.env,
        },
        ...(uid === undefined ? {} : { uid, gid: uid }),
      },
    );
    for (const stream of [judge.stdout, judge.stderr]) stream?.on("data", (bytes) => (said += String(bytes)));
    return judge;
  };
  const gone = async (child: ChildProcess): Promise<number | null> => {
    if (child.exitCode !== null) return child.exitCode;
    const [code] = await once(child, "exit");
    return code;
  };
  /** Gives the judge a submission that sleeps so long on each test, and returns its supervisors once that runs. */
  const startSubmission = async (seconds: number): Promise<number[]> => {
    await queue.hear("hello");
    queue.say(welcome);
    queue.sources.set("1", sourceOf(`import time\ntime.sleep(${seconds})\n${right}`));
    queue.say(submissionLease("1", hash));
    await queue.hear("progress");
    const supervisors = await childrenOf(judge?.pid ?? 0);
    expect(supervisors.length).toBeGreaterThan(0);
    return supervisors;
  };
  const nothingLeft = async (supervisors: number[]): Promise<void> => {
    await until(async () => (await judgeCgroups(supervisors)).length === 0);
    for (const pid of supervisors) expect(await childrenOf(pid)).toEqual([]);
  };

  it("says hello with what holds here, and prints it", async () => {
    start({ words: ["--slots", "2"] });
    const hello = await queue.hear("hello");
    expect(hello).toMatchObject({ protocols: [4], name: "judge 1", slots: 2, level: "full", holding: [] });
    expect(hello.languages).toEqual([
      { id: "javascript", version: process.versions.node },
      { id: "python3", version: expect.stringMatching(/^3\.\d+/) },
    ]);
    expect(said).toMatch(/^judge: level full \(root, cgroup v[12]: /m);
    expect(said).toMatch(/^judge: languages JavaScript \d+\..*, Python 3 3\./m);
    queue.say(welcome);
    expect((await queue.hear("heartbeat")).load).toBeGreaterThanOrEqual(0);
  });

  it.each([
    ["its parent's end", (child: ChildProcess) => void child.stdin?.end()],
    ["SIGTERM", (child: ChildProcess) => void child.kill("SIGTERM")],
    ["SIGINT", (child: ChildProcess) => void child.kill("SIGINT")],
  ])(
    "ends at %s in the middle of a submission, gives that up and leaves nothing behind",
    async (_why, end) => {
      const child = start({ env: { JUDGE_LIFELINE: "1" } });
      const supervisors = await startSubmission(60);
      end(child);
      expect(await gone(child)).toBe(0);
      expect(await queue.hear("leaving")).toEqual({ type: "leaving", holding: [] });
      expect(queue.heard.filter(({ type }) => type === "result")).toEqual([]);
      await nothingLeft(supervisors);
      expect(await readdir(join(cache, "live"))).toEqual([]);
    },
  );

  it("finishes at SIGHUP what it holds, takes nothing else, and ends once that is settled", async () => {
    const child = start();
    const supervisors = await startSubmission(0.5);
    child.kill("SIGHUP");
    expect(await queue.hear("leaving")).toEqual({ type: "leaving", holding: ["1"] });
    queue.say(submissionLease("2", hash));
    expect(await queue.resultOf("1")).toMatchObject({ verdict: "AC" });
    expect(child.exitCode).toBeNull();
    queue.say({ type: "settled", lease: "1" });
    expect(await gone(child)).toBe(0);
    expect(queue.asked.filter((path) => path.includes("leases/2"))).toEqual([]);
    await nothingLeft(supervisors);
    expect(await readdir(join(cache, "live"))).toEqual([]);
  });

  it("ends at once at a second signal", async () => {
    const child = start();
    const supervisors = await startSubmission(60);
    child.kill("SIGHUP");
    await queue.hear("leaving");
    // Two signals in quick succession are one: npm hands on what the terminal sends as well.
    await sleep(600);
    child.kill("SIGTERM");
    expect(await gone(child)).toBe(0);
    expect(await queue.hear("leaving", 1)).toEqual({ type: "leaving", holding: [] });
    await nothingLeft(supervisors);
  });

  it("leaves nothing running when it is killed, and the next one sweeps its files", async () => {
    const child = start();
    const supervisors = await startSubmission(60);
    child.kill("SIGKILL");
    await gone(child);
    await nothingLeft(supervisors);
    expect(await readdir(join(cache, "live"))).toEqual([String(child.pid)]);
    const next = start();
    await queue.hear("hello", 1);
    expect(await readdir(join(cache, "live"))).toEqual([String(next.pid)]);
  });

  it("tells of a supervisor that was killed as a failure, and judges the next submission", async () => {
    start({ words: ["--slots", "1"] });
    const supervisors = await startSubmission(60);
    for (const pid of supervisors) process.kill(pid, "SIGKILL");
    expect(await queue.resultOf("1")).toMatchObject({
      type: "failure",
      message: expect.stringContaining("the supervisor ended (SIGKILL)"),
    });
    queue.sources.set("2", sourceOf(right));
    queue.say(submissionLease("2", hash));
    expect(await queue.resultOf("2")).toMatchObject({ verdict: "AC" });
  });

  it("connects without slots, and says why, where nothing isolates", async () => {
    await chmod(cache, 0o777);
    start({ uid: 65_534, words: ["--level", "full"] });
    const hello = await queue.hear("hello");
    expect(hello).toMatchObject({ slots: 0, level: null, languages: [] });
    expect(hello.reason).toMatch(/^not full: .*(Permission denied|Operation not permitted)/);
    expect(said).toMatch(/^judge: level none: nothing is judged here/m);
  });

  it.skipIf(noUserns !== null)("judges as a user without privileges, at a level that it tells", async () => {
    await chmod(cache, 0o777);
    start({ uid: 65_534 });
    const hello = await queue.hear("hello");
    expect(hello).toMatchObject({ level: "userns", reason: expect.stringContaining("; not full: ") });
    queue.say(welcome);
    queue.sources.set("1", sourceOf(right));
    queue.say(submissionLease("1", hash));
    expect(await queue.resultOf("1")).toMatchObject({ type: "verdict", verdict: "AC", level: "userns" });
  });

  it("runs nothing bare, and says so, unless its operator allowed it for a site on this machine", async () => {
    start({ words: ["--level", "process"] });
    expect(await queue.hear("hello")).toMatchObject({ slots: 0, level: null });
    const child = judge;
    child?.kill("SIGKILL");
    start({ words: ["--level", "process"], env: { JUDGE_ALLOW_UNSAFE: "1" } });
    expect(await queue.hear("hello", 1)).toMatchObject({ level: "process" });
    await until(async () => said.includes("NOTHING IS ISOLATED"));
  });

  it("helps, naming its commands, options, environment and signals", async () => {
    expect(await gone(start({ words: ["--help"] }))).toBe(0);
    for (const word of [
      "doctor",
      "install",
      "--slots",
      "--cache",
      "--level",
      "--root",
      "--languages",
      "JUDGE_TOKEN",
      "SIGHUP",
    ])
      await until(async () => said.includes(word));
  });

  it.each([
    [["--slots", "0"], "--slots must be a number from 1"],
    [["install", "cobol"], "no language is called cobol; there are: bash c cpp"],
  ])("does not start with %s, and says why", async (words, reason) => {
    expect(await gone(start({ words }))).toBe(1);
    await until(async () => said.includes(reason));
  });
});
