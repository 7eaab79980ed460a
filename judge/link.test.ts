import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type QueueMessage } from "../protocol/judge.ts";
import { type Link, openLink, PROTOCOLS } from "./link.ts";
import { until } from "./testing.ts";
import { openQueue, type ScriptedQueue, submissionLease, welcome } from "./testing-queue.ts";

describe("the judge's link", () => {
  let queue: ScriptedQueue;
  let link: Link;
  let states: string[];
  let told: QueueMessage[];

  const open = (): void => {
    states = [];
    told = [];
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
        holding: [],
      }),
      heartbeat: () => ({ type: "heartbeat", holding: [], load: 0.25 }),
      onMessage: (message) => told.push(message),
      onState: (line) => states.push(line),
    });
  };
  beforeEach(async () => {
    queue = await openQueue();
  });
  afterEach(async () => {
    await link.close();
    await queue.close();
  });

  it("says hello with the versions that it speaks, and once welcome, how busy its host is", async () => {
    open();
    expect(await queue.hear("hello")).toMatchObject({ protocols: [4] });
    queue.say(welcome);
    expect(await queue.hear("heartbeat")).toEqual({ type: "heartbeat", holding: [], load: 0.25 });
    expect(states).toEqual([`connected to ${queue.url.origin}`]);
  });

  it("says once that the site speaks another version, does nothing for it, and tries again", async () => {
    open();
    for (let times = 0; times < 2; times++) {
      await queue.hear("hello", times);
      queue.say({ ...welcome, protocol: 5 });
      queue.say(submissionLease("1", "0".repeat(64)));
    }
    await queue.hear("hello", 2);
    expect(states).toEqual([
      `cannot work for ${queue.url.origin}: it speaks version 5 of the judge link, this judge 4; the older of the two must be updated`,
    ]);
    expect(told).toEqual([]);
    queue.say(welcome);
    await until(async () => states.includes(`connected to ${queue.url.origin}`));
  });

  it("says once why it was refused, in the site's words, and tries again", async () => {
    open();
    for (let times = 0; times < 3; times++) {
      await queue.hear("hello", times);
      queue.say({ type: "refused", message: "This token was revoked." });
      await until(async () => states.length > 0);
      queue.drop();
    }
    await queue.hear("hello", 3);
    expect(states).toEqual([`refused by ${queue.url.origin}: This token was revoked.`]);
  });

  it("says once that its token is not known, and is connected when it is", async () => {
    const body = JSON.stringify({ code: "wrong_token", message: "No judge has this token." });
    queue.refusals.push({ path: /socket/, status: 401, body, times: 3 });
    open();
    await queue.hear("hello");
    queue.say(welcome);
    await until(async () => states.length > 1);
    expect(states).toEqual([
      `refused by ${queue.url.origin}: 401 No judge has this token.`,
      `connected to ${queue.url.origin}`,
    ]);
    expect(queue.asked).toHaveLength(4);
  });

  it("says once that a server is starting or away, and why", async () => {
    queue.refusals.push({ path: /socket/, status: 503, body: "starting", times: 2 });
    open();
    await queue.hear("hello");
    expect(states).toEqual([`no connection to ${queue.url.origin} (503 starting); tries again`]);
    await queue.close();
    await until(async () => states.length > 1);
    expect(states[1]).toContain("no connection to");
  });

  it.each([
    "{",
    "null",
    '"lease"',
    '{"type":"lease"}',
    '{"type":"lease","lease":{"work":"dance","lease":"1"}}',
    '{"type":"dance"}',
    JSON.stringify(submissionLease("1", "../../etc")),
  ])("ignores %s, says so, and goes on", async (nonsense) => {
    open();
    await queue.hear("hello");
    queue.say(welcome);
    queue.say(nonsense);
    queue.say({ type: "settled", lease: "1" });
    await until(async () => told.length > 1);
    expect(told).toEqual([welcome, { type: "settled", lease: "1" }]);
    // A long one is not told whole.
    const beginning = nonsense.slice(0, 200);
    expect(states.at(-1)).toBe(`ignores a message that is not of the judge link: ${beginning}`);
  });

  it("tells all that it was given to say before it closes", async () => {
    open();
    await queue.hear("hello");
    queue.say(welcome);
    await until(async () => told.length > 0);
    link.send({ type: "leaving", holding: [] });
    await link.close();
    expect(queue.heard.at(-1)).toEqual({ type: "leaving", holding: [] });
    await until(async () => queue.connections() === 0);
  });
});
