import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type MarketMessage, MAX_PROVIDER_FRAME_BYTES } from "../protocol/provider.ts";
import { type Link, openLink, PROTOCOLS } from "./link.ts";
import { jobOf, openMarket, type ScriptedMarket, settled, until, welcome } from "./testing-market.ts";

const deltaOf = (seq: number, text: string) =>
  ({ type: "delta", job: "job-00001", seq, text, tokenCount: 1 }) as const;

describe("the provider's link", () => {
  let market: ScriptedMarket;
  let link: Link;
  let states: string[];
  let told: MarketMessage[];
  let lost: number;

  const open = (turnedAway = 40, server = market.url): void => {
    states = [];
    told = [];
    lost = 0;
    link = openLink({
      server,
      token: "a token",
      hello: () => ({
        type: "hello",
        protocols: [...PROTOCOLS],
        agent: "test 1",
        kind: "native",
        slots: 1,
        offers: [],
        holding: [],
      }),
      onMessage: (message) => told.push(message),
      onLost: () => lost++,
      onRoom: () => undefined,
      onState: (line) => states.push(line),
      waits: { first: 10, longest: 50, turnedAway },
    });
  };
  beforeEach(async () => {
    market = await openMarket();
  });
  afterEach(async () => {
    await link.close();
    await market.close();
  });

  it("comes with its token, says hello, and tells under which name it is welcome", async () => {
    open();
    expect(await market.hear("hello")).toMatchObject({ protocols: [1], kind: "native" });
    expect(market.asked).toEqual(["Bearer a token /link/provider"]);
    expect(link.send({ type: "drain" })).toBe(false);
    market.say(welcome);
    await until(() => told.length === 1);
    expect(states).toEqual([`connected to ${market.url.origin} as tabarena-test`]);
    expect(link.send({ type: "drain" })).toBe(true);
    await market.hear("drain");
  });

  it("sends heartbeats, whose answers are no messages", async () => {
    open();
    await market.hear("hello");
    market.say({ ...welcome, heartbeatMs: 50 });
    await until(() => market.heartbeats > 5);
    expect(told).toHaveLength(1);
    expect(lost).toBe(0);
  });

  it("gives up a connection whose heartbeats are not answered, and makes another", async () => {
    open();
    market.alive = false;
    await market.hear("hello");
    market.say({ ...welcome, heartbeatMs: 50 });
    await market.hear("hello", 1);
    expect(market.heartbeats).toBe(3);
    expect([lost, states[1]]).toEqual([
      1,
      `no connection to ${market.url.origin} (3 heartbeats were not answered); tries again`,
    ]);
  });

  it("connects again after each loss", async () => {
    open();
    for (let times = 0; times < 3; times++) {
      await market.welcome(times);
      await until(() => told.length > times);
      market.drop();
      await until(() => lost > times);
    }
    await market.welcome(3);
    await until(() => states.length === 7);
    expect(states.filter((state) => state.startsWith("connected"))).toHaveLength(4);
  });

  it("says that the site speaks another version, hears nothing of it, and tries again seldom", async () => {
    open();
    for (let times = 0; times < 2; times++) {
      await market.hear("hello", times);
      market.say({ ...welcome, protocol: 9 });
      market.say(jobOf("job-00001"));
    }
    await market.welcome(2);
    await until(() => told.length > 0);
    expect(states).toEqual([
      `turned away by ${market.url.origin}: it speaks version 9 of the provider link, this agent 1; ` +
        "the older of the two must be updated; tries again every 0.04 s",
      `connected to ${market.url.origin} as tabarena-test`,
    ]);
    expect(told).toEqual([welcome]);
  });

  it.each([
    [true, "no connection to ORIGIN (Too many); tries again"],
    [false, "turned away by ORIGIN: Too many; tries again every 0.04 s"],
  ])("says once why it is unwelcome, where trying again makes sense: %s", async (retry, state) => {
    open();
    for (let times = 0; times < 3; times++) {
      await market.hear("hello", times);
      market.say({ type: "unwelcome", message: "Too many.", retry });
    }
    await market.hear("hello", 3);
    expect(states).toEqual([state.replace("ORIGIN", market.url.origin)]);
    expect([told, lost]).toEqual([[], 0]);
  });

  it.each([401, 403])(
    "says once that it is turned away by %d, and is connected when it is known",
    async (status) => {
      const body = JSON.stringify({ code: "wrong_token", message: "No provider has this token." });
      market.refusals.push({ status, body, times: 3 });
      open();
      await market.welcome();
      await until(() => states.length > 1);
      expect(states[0]).toBe(
        `turned away by ${market.url.origin}: ${status} No provider has this token; tries again every 0.04 s`,
      );
      expect(market.asked).toHaveLength(4);
    },
  );

  it("does not come back soon where a person has to do something first", async () => {
    market.refusals.push({ status: 401, body: "", times: 1 });
    open(60_000);
    await until(() => states.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(market.asked).toHaveLength(1);
  });

  it("leaves the place for a while to another agent with its token, so that the two do not chase each other", async () => {
    open(60_000);
    await market.welcome();
    await until(() => told.length > 0);
    market.replace();
    await until(() => lost > 0);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(market.asked).toHaveLength(1);
    expect(states.at(-1)).toBe(
      `turned away by ${market.url.origin}: another agent with the same token connected; tries again every 60 s`,
    );
  });

  it.each([
    ["<!doctype html>\n<html><body>Not here</body></html>", "404"],
    ["Not\n  here.\n", "404 Not here"],
  ])("says in one line what another server answers, and nothing of its pages: %j", async (body, why) => {
    market.refusals.push({ status: 404, body, times: 1 });
    open();
    await market.hear("hello");
    expect(states[0]).toBe(`no connection to ${market.url.origin} (${why}); tries again`);
  });

  it("says that a server which is asked by TLS knows none of it", async () => {
    const server = new URL(`https://${market.url.host}`);
    open(60_000, server);
    await until(() => states.length > 0);
    expect(states[0]).toBe(
      `no connection to ${server.origin} (it does not speak TLS: is it http:// there?); tries again`,
    );
  });

  it("says once that a server is starting or away, and why", async () => {
    market.refusals.push({ status: 503, body: "starting", times: 2 });
    open();
    await market.hear("hello");
    expect(states).toEqual([`no connection to ${market.url.origin} (503 starting); tries again`]);
    await market.close();
    await until(() => states.length > 1);
    expect(states[1]).toContain("no connection to");
  });

  it.each([
    "{",
    "null",
    '"job"',
    '{"type":"job","job":"job-00001"}',
    '{"type":"dance"}',
    '{"type":"cancel","job":"../x"}',
  ])("ignores %s, says so, and goes on", async (nonsense) => {
    open();
    await market.welcome();
    market.say(nonsense);
    market.say(settled("job-00001"));
    await until(() => told.length > 1);
    expect(told).toEqual([welcome, settled("job-00001")]);
    expect(states.at(-1)).toBe(`ignores a message that is not of the provider link: ${nonsense}`);
  });

  it("tells in one frame what it was given to say in one turn, in frames that are never too long", async () => {
    open();
    await market.welcome();
    await until(() => told.length > 0);
    const before = market.frames;
    const deltas = Array.from({ length: 50 }, (_, seq) => deltaOf(seq, "short"));
    for (const delta of deltas) link.send(delta);
    await until(() => market.deltasOf("job-00001").length === 50);
    expect(market.frames).toBe(before + 1);
    // 3 MB of characters of three bytes each, where a frame has at most one.
    for (let seq = 50; seq < 70; seq++) link.send(deltaOf(seq, "\u20ac".repeat(50_000)));
    await until(() => market.deltasOf("job-00001").length === 70);
    expect(market.frames).toBeGreaterThan(before + 3);
    expect(market.longestFrame).toBeLessThanOrEqual(MAX_PROVIDER_FRAME_BYTES);
    expect(market.deltasOf("job-00001").map(({ seq }) => seq)).toEqual(
      Array.from({ length: 70 }, (_, at) => at),
    );
  });

  it("tells all that it was given to say before it closes", async () => {
    open();
    await market.welcome();
    await until(() => told.length > 0);
    link.send({ type: "drain" });
    await link.close();
    expect(market.heard.at(-1)).toEqual({ type: "drain" });
    await until(() => market.connections() === 0);
    expect(lost).toBe(0);
  });
});
