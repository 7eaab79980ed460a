import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import * as v from "valibot";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { JUDGE_PROTOCOL, JudgeMessage, type QueueMessage } from "../protocol/judge.ts";
import { exampleFiles } from "../rules/package/example.ts";
import { openLeases, type Leases } from "./leases.ts";
import { type Link, openLink } from "./link.ts";
import { openPackageCache } from "./package-cache.ts";
import { connectServer } from "./server.ts";
import type { Slot } from "./slot.ts";
import { childrenOf, judgeCgroups, openTestSlot, until, whyNoSandbox } from "./testing.ts";

const zip = zipSync(Object.fromEntries(exampleFiles()));
const hash = createHash("sha256").update(zip).digest("hex");
const right = "print(sum(map(int, input().split())))";

/** The far end of the judge link, which says what a test tells it to. */
interface FakeSite {
  url: URL;
  /** Everything that judges have said, parsed by the protocol's schema. */
  heard: JudgeMessage[];
  /** Paths asked for over HTTP, with the token. */
  asked: string[];
  sources: Map<string, string>;
  packages: Map<string, Uint8Array>;
  say(message: QueueMessage | string): void;
  /** Waits for a message that a test asks for, from the `skip`th of its type on. */
  hear<T extends JudgeMessage["type"]>(type: T, skip?: number): Promise<JudgeMessage & { type: T }>;
  drop(): void;
  close(): Promise<void>;
}

async function openSite(): Promise<FakeSite> {
  const heard: JudgeMessage[] = [];
  const asked: string[] = [];
  const sources = new Map<string, string>();
  const packages = new Map<string, Uint8Array>([[hash, zip]]);
  let socket: WebSocket | null = null;
  const http = createServer((request, response) => {
    asked.push(`${request.headers.authorization} ${request.url}`);
    const [, kind, id] = /^\/link\/judge\/(packages|leases)\/([^/]+)/.exec(request.url ?? "") ?? [];
    const found = kind === "packages" ? packages.get(id ?? "") : sources.get(id ?? "");
    if (found === undefined) return response.writeHead(404).end('{"code":"not_found"}');
    return response.end(typeof found === "string" ? JSON.stringify({ source: found }) : found);
  });
  const sockets = new WebSocketServer({ server: http, path: "/link/judge" });
  sockets.on("connection", (opened, request) => {
    socket = opened;
    asked.push(`${request.headers.authorization} socket`);
    opened.on("message", (data) => heard.push(v.parse(JudgeMessage, JSON.parse(String(data)))));
  });
  await once(http.listen(0, "127.0.0.1"), "listening");
  const address = http.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: new URL(`http://127.0.0.1:${address.port}`),
    heard,
    asked,
    sources,
    packages,
    say: (message) => socket?.send(typeof message === "string" ? message : JSON.stringify(message)),
    hear: async (type, skip = 0) => {
      const isWanted = (message: JudgeMessage): message is JudgeMessage & { type: typeof type } =>
        message.type === type;
      await until(async () => heard.filter(isWanted).length > skip);
      const found = heard.filter(isWanted)[skip];
      if (found === undefined) throw new Error(`no ${type}`);
      return found;
    },
    drop: () => socket?.terminate(),
    close: async () => {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      http.close();
      http.closeAllConnections();
    },
  };
}

const welcome: QueueMessage = { type: "welcome", protocol: JUDGE_PROTOCOL, heartbeatMs: 50, leaseMs: 1000 };
const lease = (id: string, change: Partial<QueueMessage & { type: "lease" }> = {}): QueueMessage => ({
  type: "lease",
  lease: id,
  submission: `submission-${id}`,
  round: 1,
  attempt: 1,
  language: "python3",
  package: hash,
  ...change,
});

const why = await whyNoSandbox();
const noUserns = await whyNoSandbox("userns");

describe.skipIf(why !== null)("the judge's link", () => {
  let slot: Slot;
  let closeSlot: () => Promise<void>;
  let site: FakeSite;
  let link: Link;
  let leases: Leases;
  let states: string[];

  beforeAll(async () => {
    ({ slot, close: closeSlot } = await openTestSlot());
  });
  afterAll(() => closeSlot());
  beforeEach(async () => {
    site = await openSite();
    states = [];
    const server = connectServer(site.url, "a token");
    const packages = openPackageCache({ store: slot.store, fetch: server.fetchPackage });
    const say = (line: string): number => states.push(line);
    leases = openLeases({
      slots: [slot],
      packages,
      server,
      send: (message) => link.send(message),
      onOutcome: say,
    });
    link = openLink({
      server: site.url,
      token: "a token",
      hello: () => ({
        type: "hello",
        protocol: JUDGE_PROTOCOL,
        name: "test",
        slots: 1,
        level: "full",
        reason: "",
        languages: [],
        holding: leases.holding(),
      }),
      heartbeat: () => ({ type: "heartbeat", holding: leases.holding() }),
      onMessage: leases.handle,
      onState: say,
    });
    await site.hear("hello");
    site.say(welcome);
  });
  afterEach(async () => {
    link.close();
    await site.close();
    await slot.store.remove("packages");
  });

  it("judges a lease: progress, a result, and nothing held once it is settled", async () => {
    site.sources.set("1", right);
    site.say(lease("1"));
    const result = await site.hear("result");
    expect(result).toMatchObject({ lease: "1", outcome: { type: "verdict", verdict: "AC", level: "full" } });
    expect(await site.hear("progress")).toEqual({ type: "progress", lease: "1", done: 0, total: 2 });
    expect(site.heard.some((said) => said.type === "heartbeat" && said.holding.includes("1"))).toBe(true);
    site.say({ type: "settled", lease: "1" });
    await until(async () => leases.holding().length === 0);
    expect(new Set(site.asked.map((path) => path.slice(0, 15)))).toEqual(new Set(["Bearer a token "]));
  });

  it("repeats a result after every reconnect until it is settled, and never after", async () => {
    site.sources.set("1", right);
    site.say(lease("1"));
    await site.hear("result");
    for (let times = 1; times <= 2; times++) {
      site.drop();
      expect(await site.hear("hello", times)).toMatchObject({ holding: ["1"] });
      site.say(welcome);
      expect(await site.hear("result", times)).toEqual(await site.hear("result"));
    }
    site.say({ type: "settled", lease: "1" });
    await until(async () => leases.holding().length === 0);
    site.drop();
    expect(await site.hear("hello", 3)).toMatchObject({ holding: [] });
    site.say(welcome);
    await site.hear("heartbeat", site.heard.filter(({ type }) => type === "heartbeat").length);
    expect(site.heard.filter(({ type }) => type === "result")).toHaveLength(3);
  });

  it("goes on judging while there is no connection, and tells the result on the next one", async () => {
    site.sources.set("1", `import time\ntime.sleep(0.3)\n${right}`);
    site.say(lease("1"));
    await site.hear("progress");
    site.drop();
    expect(await site.hear("hello", 1)).toMatchObject({ holding: ["1"] });
    await until(async () => states.some((line) => line.endsWith(": AC")));
    site.say(welcome);
    expect(await site.hear("result")).toMatchObject({ outcome: { verdict: "AC" } });
  });

  it("judges a lease once, however often it is told of it", async () => {
    site.sources.set("1", right);
    site.say(lease("1"));
    site.say(lease("1"));
    await site.hear("result");
    site.say(lease("1"));
    await site.hear("result", 1);
    expect(site.asked.filter((path) => path.endsWith("/leases/1/source"))).toHaveLength(1);
  });

  it("keeps more leases than slots waiting, and fetches a package once for all of them", async () => {
    for (const id of ["1", "2", "3"]) {
      site.sources.set(id, right);
      site.say(lease(id));
    }
    await site.hear("result", 2);
    expect(site.asked.filter((path) => path.includes("/packages/"))).toHaveLength(1);
  });

  it.each<[what: string, change: Partial<QueueMessage & { type: "lease" }>, message: RegExp]>([
    ["a source that it is not given", { lease: "unknown" }, /did not give .*source: 404/],
    ["a package that is not there", { package: "0".repeat(64) }, /did not give .*packages.*404/],
    ["a package that arrives damaged", { package: "1".repeat(64) }, /arrived damaged/],
    [
      "a package that is no zip",
      { package: createHash("sha256").update("zip").digest("hex") },
      /is not usable/,
    ],
    ["a language that it does not have", { language: "java" }, /does not have the language java/],
  ])("tells of %s as a failure, never as a verdict", async (_what, change, message) => {
    site.packages.set("1".repeat(64), zip);
    site.packages.set(createHash("sha256").update("zip").digest("hex"), Buffer.from("zip"));
    site.sources.set("1", right);
    const { toolchains } = slot;
    slot.toolchains = new Map([...toolchains].filter(([id]) => id !== "java"));
    site.say(lease("1", change));
    const { outcome } = await site.hear("result");
    slot.toolchains = toolchains;
    expect(outcome.type).toBe("failure");
    if (outcome.type === "failure") expect(outcome.message).toMatch(message);
  });

  it("fetches a package again whose file on disk has been damaged", async () => {
    await slot.store.write(`packages/${hash}.zip`, "damaged");
    site.sources.set("1", right);
    site.say(lease("1"));
    expect(await site.hear("result")).toMatchObject({ outcome: { verdict: "AC" } });
  });

  it.each([
    "{",
    "null",
    '{"type":"lease"}',
    '{"type":"dance"}',
    JSON.stringify(lease("1", { package: "../../etc" })),
  ])("ignores %s and goes on", async (nonsense) => {
    site.say(nonsense);
    site.sources.set("1", right);
    site.say(lease("1"));
    expect(await site.hear("result")).toMatchObject({ outcome: { verdict: "AC" } });
  });

  it("tells why it was refused, and tries again", async () => {
    site.say({ type: "refused", message: "This token was revoked." });
    await until(async () => states.some((line) => line.includes("This token was revoked.")));
    site.drop();
    await site.hear("hello", 1);
  });
});

describe.skipIf(why !== null)("the judge as a process", () => {
  let site: FakeSite;
  let cache: string;
  let judge: ChildProcess | null = null;
  let said = "";

  beforeEach(async () => {
    site = await openSite();
    cache = await mkdtemp(join(tmpdir(), "judge-test-"));
    said = "";
  });
  afterEach(async () => {
    judge?.kill("SIGKILL");
    await site.close();
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
          JUDGE_URL: site.url.href,
          JUDGE_TOKEN: "a token",
          JUDGE_NAME: "judge 1",
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
  /** Starts a submission that would run for a minute and returns the judge's supervisors once it runs. */
  const startLongSubmission = async (): Promise<number[]> => {
    await site.hear("hello");
    site.say(welcome);
    site.packages.set(hash, zip);
    site.sources.set("1", "import time\ntime.sleep(60)");
    site.say(lease("1"));
    await site.hear("progress");
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
    const hello = await site.hear("hello");
    expect(hello).toMatchObject({
      protocol: JUDGE_PROTOCOL,
      name: "judge 1",
      slots: 2,
      level: "full",
      holding: [],
    });
    expect(hello.languages.find(({ id }) => id === "javascript")?.version).toBe(process.versions.node);
    expect(said).toMatch(/^judge: level full \(root, cgroup v[12]: /m);
    expect(said).toMatch(/^judge: languages .*JavaScript \d+\./m);
  });

  it.each([
    ["its parent's end", (child: ChildProcess) => void child.stdin?.end()],
    ["SIGTERM", (child: ChildProcess) => void child.kill("SIGTERM")],
    ["SIGINT", (child: ChildProcess) => void child.kill("SIGINT")],
  ])("ends at %s in the middle of a submission, and leaves nothing behind", async (_why, end) => {
    const child = start({ env: { JUDGE_LIFELINE: "1" } });
    const supervisors = await startLongSubmission();
    end(child);
    expect(await gone(child)).toBe(0);
    await nothingLeft(supervisors);
    expect(await readdir(join(cache, "live"))).toEqual([]);
  });

  it("leaves nothing running when it is killed, and the next one sweeps its files", async () => {
    const child = start();
    const supervisors = await startLongSubmission();
    child.kill("SIGKILL");
    await gone(child);
    await nothingLeft(supervisors);
    expect(await readdir(join(cache, "live"))).toEqual([String(child.pid)]);
    const next = start();
    await site.hear("hello", 1);
    expect(await readdir(join(cache, "live"))).toEqual([String(next.pid)]);
  });

  it("connects without slots, and says why, where nothing isolates", async () => {
    await chmod(cache, 0o777);
    start({ uid: 65_534, words: ["--level", "full"] });
    const hello = await site.hear("hello");
    expect(hello).toMatchObject({ slots: 0, level: null, languages: [] });
    expect(hello.reason).toMatch(/^not full: .*(Permission denied|Operation not permitted)/);
    expect(said).toMatch(/^judge: level none: nothing is judged here/m);
  });

  it.skipIf(noUserns !== null)("judges as a user without privileges, at a level that it tells", async () => {
    await chmod(cache, 0o777);
    start({ uid: 65_534 });
    const hello = await site.hear("hello");
    expect(hello).toMatchObject({ level: "userns", reason: expect.stringContaining("; not full: ") });
    site.say(welcome);
    site.sources.set("1", right);
    site.say(lease("1"));
    const { outcome } = await site.hear("result");
    expect(outcome).toMatchObject({ type: "verdict", verdict: "AC", level: "userns" });
  });

  it("runs nothing bare, and says so, unless its operator allowed it for a site on this machine", async () => {
    start({ words: ["--level", "process"] });
    expect(await site.hear("hello")).toMatchObject({ slots: 0, level: null });
    const child = judge;
    child?.kill("SIGKILL");
    start({ words: ["--level", "process"], env: { JUDGE_ALLOW_UNSAFE: "1" } });
    expect(await site.hear("hello", 1)).toMatchObject({ level: "process" });
    await until(async () => said.includes("NOTHING IS ISOLATED"));
  });

  it.each([
    ["JUDGE_URL", { JUDGE_URL: undefined }],
    ["JUDGE_URL", { JUDGE_URL: "localhost" }],
    ["JUDGE_TOKEN", { JUDGE_TOKEN: undefined }],
  ])("does not start without a usable %s, and names it", async (name, env) => {
    expect(await gone(start({ env }))).toBe(1);
    await until(async () => said.includes(name));
  });

  it.each([
    [["--slots", "0"], "--slots must be a number from 1"],
    [["--slots", "two"], "--slots must be a number from 1"],
    [["--slots", "1.5"], "--slots must be a number from 1"],
    [["--slots", "1000"], "one for each processor"],
    [["--level", "best"], "--level must be one of full, userns, process"],
    [["--root", "here"], "--root must be an absolute path"],
    [["--all"], "--all belongs to the command doctor"],
    [["docter"], 'the only command is "doctor"'],
    [["--slot", "1"], "Unknown option '--slot'"],
  ])("does not start with %s, and says why", async (words, reason) => {
    expect(await gone(start({ words }))).toBe(1);
    await until(async () => said.includes(reason));
  });
});
