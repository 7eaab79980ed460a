import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { exampleFiles } from "../rules/package/example.ts";
import { doLease } from "./lease-work.ts";
import { openLeases, type Leases } from "./leases.ts";
import { type Link, openLink, PROTOCOLS } from "./link.ts";
import { openPackageCache } from "./package-cache.ts";
import { connectServer } from "./server.ts";
import type { Slot } from "./slot.ts";
import { openTestSlot, until, whyNoSandbox } from "./testing.ts";
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
const slow = `import time\ntime.sleep(0.3)\n${right}`;

describe.skipIf((await whyNoSandbox()) !== null)("the judge's leases", () => {
  let slot: Slot;
  let closeSlot: () => Promise<void>;
  let queue: ScriptedQueue;
  let link: Link;
  let leases: Leases;
  let states: string[];

  beforeAll(async () => {
    ({ slot, close: closeSlot } = await openTestSlot());
  });
  afterAll(() => closeSlot());
  beforeEach(async () => {
    queue = await openQueue();
    queue.packages.set(hash, zip);
    states = [];
    const server = connectServer(queue.url, "a token");
    const packages = openPackageCache({ store: slot.store, fetch: server.fetchPackage });
    const say = (line: string): number => states.push(line);
    leases = openLeases({
      slots: [slot],
      work: (free, lease, onProgress) => doLease(free, lease, { packages, server }, onProgress),
      send: (message) => link.send(message),
      onOutcome: say,
    });
    link = openLink({
      server: queue.url,
      token: "a token",
      hello: () => ({
        type: "hello",
        protocols: [...PROTOCOLS],
        name: "test",
        slots: 1,
        level: "full",
        reason: "",
        languages: [],
        holding: leases.holding(),
      }),
      heartbeat: () => ({ type: "heartbeat", holding: leases.holding(), load: 0.5 }),
      onMessage: leases.handle,
      onState: say,
    });
    await queue.hear("hello");
    queue.say(welcome);
  });
  afterEach(async () => {
    await link.close();
    await queue.close();
    await slot.store.remove("packages");
  });

  const giveSubmission = (id: string, source = right): void => {
    queue.sources.set(id, sourceOf(source));
    queue.say(submissionLease(id, hash));
  };
  const settle = async (id: string): Promise<void> => {
    queue.say({ type: "settled", lease: id });
    await until(async () => !leases.holding().includes(id));
  };

  it("are told of by heartbeats and progress, end in a result, and are forgotten once that is settled", async () => {
    giveSubmission("1", slow);
    expect(await queue.resultOf("1")).toMatchObject({ type: "verdict", verdict: "AC", level: "full" });
    expect(await queue.hear("progress")).toEqual({ type: "progress", lease: "1", done: 0, total: 2 });
    await until(async () =>
      queue.heard.some((said) => said.type === "heartbeat" && said.holding.includes("1")),
    );
    await settle("1");
    expect(new Set(queue.asked.map((path) => path.slice(0, 15)))).toEqual(new Set(["Bearer a token "]));
  });

  it("have their result repeated after every reconnect until it is settled, and never after", async () => {
    giveSubmission("1");
    await queue.hear("result");
    for (let times = 1; times <= 2; times++) {
      queue.drop();
      expect(await queue.hear("hello", times)).toMatchObject({ holding: ["1"] });
      queue.say(welcome);
      expect(await queue.hear("result", times)).toEqual(await queue.hear("result"));
    }
    await settle("1");
    queue.drop();
    expect(await queue.hear("hello", 3)).toMatchObject({ holding: [] });
    queue.say(welcome);
    await queue.hear("heartbeat", queue.heard.filter(({ type }) => type === "heartbeat").length);
    expect(queue.heard.filter(({ type }) => type === "result")).toHaveLength(3);
  });

  it("are worked on while there is no connection, and their results told on the next one", async () => {
    giveSubmission("1", slow);
    await queue.hear("progress");
    queue.drop();
    expect(await queue.hear("hello", 1)).toMatchObject({ holding: ["1"] });
    await until(async () => states.some((line) => line.endsWith(": AC")));
    expect(queue.heard.filter(({ type }) => type === "result")).toEqual([]);
    queue.say(welcome);
    expect(await queue.resultOf("1")).toMatchObject({ verdict: "AC" });
  });

  it("are done once, however often the judge is told of them", async () => {
    giveSubmission("1");
    queue.say(submissionLease("1", hash));
    await queue.hear("result");
    queue.say(submissionLease("1", hash));
    await queue.hear("result", 1);
    expect(queue.asked.filter((path) => path.endsWith("/leases/1/source"))).toHaveLength(1);
  });

  it("wait where there are more of them than slots, and share one package", async () => {
    for (const id of ["1", "2", "3"]) giveSubmission(id);
    await queue.hear("result", 2);
    expect(queue.asked.filter((path) => path.includes("/packages/"))).toHaveLength(1);
  });

  it("are finished by a judge that drains, which takes no others, also after a reconnect", async () => {
    giveSubmission("1", slow);
    await queue.hear("progress");
    let drained = false;
    void leases.drain().then(() => (drained = true));
    expect(await queue.hear("leaving")).toEqual({ type: "leaving", holding: ["1"] });
    giveSubmission("2");
    expect(await queue.resultOf("1")).toMatchObject({ verdict: "AC" });
    queue.drop();
    expect(await queue.hear("hello", 1)).toMatchObject({ holding: ["1"] });
    queue.say(welcome);
    expect(await queue.hear("leaving", 1)).toEqual({ type: "leaving", holding: ["1"] });
    giveSubmission("3");
    await queue.hear("result", 1);
    expect(drained).toBe(false);
    queue.say({ type: "settled", lease: "1" });
    await until(async () => drained);
    expect(queue.asked.filter((path) => /leases\/[23]/.test(path))).toEqual([]);
  });

  it("make a judge that drains with none of them leave at once", async () => {
    await leases.drain();
    expect(await queue.hear("leaving")).toEqual({ type: "leaving", holding: [] });
  });
});
