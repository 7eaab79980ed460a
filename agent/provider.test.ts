import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Offer } from "../protocol/offer.ts";
import { MAX_PROVIDER_FRAME_BYTES } from "../protocol/provider.ts";
import { MAX_DIMENSIONS } from "../protocol/vector.ts";
import { EngineError } from "../provider/engine.ts";
import { openProvider, type Provider } from "./provider.ts";
import { type ScriptedAnswer, type ScriptedEngine, scriptedEngine } from "./testing-engine.ts";
import { embeddingRequest } from "./testing.ts";
import { jobOf, openMarket, type ScriptedMarket, settled, testOffer, until } from "./testing-market.ts";
import { vectorPiece } from "../provider/vector-piece.ts";

const one = "job-00001";
const two = "job-00002";
const three = "job-00003";

const offer: Offer = {
  offer: testOffer,
  model: "test-model",
  tasks: ["chat"],
  contextTokens: 1_000,
  maxOutputTokens: 200,
  prices: { prompt: 1, cachedPrompt: 1, completion: 2 },
  artifact: { sha256: null, quantisation: null, bytes: null },
  engine: { name: "scripted", build: "1" },
  features: [],
  tokensPerSecond: 12.5,
};

describe("a provider", () => {
  let market: ScriptedMarket;
  let scripted: ScriptedEngine;
  let provider: Provider;
  let said: string[];

  beforeEach(async () => {
    market = await openMarket();
    scripted = scriptedEngine();
    said = [];
    provider = openProvider({
      server: market.url,
      token: "a token",
      agent: "test 1",
      slots: 2,
      served: [{ offer, engine: scripted.engine }],
      say: (line) => said.push(line),
      waits: { first: 10, longest: 50, turnedAway: 60_000 },
    });
    await market.welcome();
  });
  afterEach(async () => {
    // A Market that is gone settles nothing, and nobody waits for it.
    void provider.stop();
    await market.close();
  });

  const begun = async (nth = 0): Promise<ScriptedAnswer> => {
    await until(() => scripted.answers.length > nth);
    const answer = scripted.answers[nth];
    if (answer === undefined) throw new Error("no answer");
    return answer;
  };
  const textOf = (job: string): string =>
    market
      .deltasOf(job)
      .map(({ text }) => text)
      .join("");
  /** The next welcome after the link was lost. */
  const reconnected = async (times = 1): Promise<string[]> => {
    const { holding } = await market.hear("hello", times);
    await market.welcome(times);
    return holding;
  };

  it("says what it offers", async () => {
    expect(await market.hear("hello")).toMatchObject({
      agent: "test 1",
      slots: 2,
      offers: [offer],
      holding: [],
    });
  });

  it("accepts a job, tells each token as it is written, and how it ended, until that is settled", async () => {
    market.say(jobOf(one, "Hello", { maxTokens: 5 }));
    expect(await market.hear("accept")).toEqual({ type: "accept", job: one, promptTokens: 7 });
    const answer = await begun();
    expect(answer.request).toMatchObject({ maxTokens: 5, messages: [{ content: "Hello" }] });
    for (const text of ["Good", " day", "."]) await answer.write(text);
    answer.finish();
    expect(await market.endOf(one)).toEqual({
      type: "finished",
      job: one,
      reason: "stop",
      deltas: 3,
      usage: { promptTokens: 7, cachedPromptTokens: 0, completionTokens: 3 },
      timings: null,
    });
    expect(market.deltasOf(one).map(({ seq, text, tokenCount }) => [seq, text, tokenCount])).toEqual([
      [0, "Good", 1],
      [1, " day", 1],
      [2, ".", 1],
    ]);
    market.say(settled(one));
    await until(() => said.some((line) => line.includes("earned")));
    expect(said.at(-1)).toBe(`job ${one}: earned 0.000001 credits for 1 tokens read and 2 written`);
    market.drop();
    expect(await reconnected()).toEqual([]);
  });

  it("writes no more than it offered", async () => {
    market.say(jobOf(one, "Hello", { maxTokens: 100_000 }));
    expect((await begun()).request).toHaveProperty("maxTokens", 200);
  });

  it("refuses what its engine can't do, in the engine's words", async () => {
    scripted.refusal = new EngineError("too_long", "the prompt has 2000 tokens");
    market.say(jobOf(one));
    expect(await market.hear("refuse")).toEqual({
      type: "refuse",
      job: one,
      reason: "too_long",
      message: "the prompt has 2000 tokens",
    });
  });

  it("refuses offers that it does not make, and more jobs than it has slots", async () => {
    market.say({ ...jobOf(one), offer: "another" });
    expect(await market.hear("refuse")).toMatchObject({ job: one, reason: "unknown_offer" });
    market.say(jobOf(one));
    market.say(jobOf(two));
    market.say(jobOf(three));
    expect(await market.hear("refuse", 1)).toMatchObject({ job: three, reason: "busy" });
    (await begun()).finish();
    await market.endOf(one);
    market.say(jobOf(three));
    await market.hear("accept", 2);
  });

  it("works on as many jobs at once as it has slots", async () => {
    market.say(jobOf(one));
    market.say(jobOf(two));
    const [first, second] = [await begun(0), await begun(1)];
    await first.write("a");
    await second.write("b");
    await first.write("c");
    second.finish();
    await market.endOf(two);
    first.finish("length");
    expect(await market.endOf(one)).toMatchObject({ reason: "length", deltas: 2 });
    expect([textOf(one), textOf(two)]).toEqual(["ac", "b"]);
  });

  it("fails with the engine's sentence, and goes on with other jobs", async () => {
    market.say(jobOf(one));
    const answer = await begun();
    await answer.write("Go");
    answer.fail(new EngineError("engine", "out of memory"));
    expect(await market.endOf(one)).toEqual({
      type: "failed",
      job: one,
      deltas: 1,
      message: "out of memory",
      usage: null,
    });
    market.say(jobOf(two));
    await market.hear("accept", 1);
  });

  it("makes the engine wait while the Market says so", async () => {
    market.say(jobOf(one));
    const answer = await begun();
    await answer.write("a");
    market.say({ type: "pause", job: one });
    // What comes after it on the same link has been heard when this is answered.
    market.say(jobOf("job-pause", "", {}));
    await market.hear("accept", 1);
    let wanted = false;
    const writing = answer.write("b").then(() => (wanted = true));
    await until(() => textOf(one) === "ab");
    expect(wanted).toBe(false);
    market.say({ type: "resume", job: one });
    await writing;
    answer.finish();
    await market.endOf(one);
    expect(textOf(one)).toBe("ab");
  });

  it.each([false, true])("stops at a cancel, also when it was paused: %s", async (paused) => {
    market.say(jobOf(one));
    const answer = await begun();
    await answer.write("a");
    if (paused) market.say({ type: "pause", job: one });
    market.say({ type: "cancel", job: one });
    expect(await market.endOf(one)).toMatchObject({
      type: "finished",
      reason: "cancelled",
      deltas: 1,
      usage: { completionTokens: 1 },
    });
    expect(answer.aborted).toBe(true);
    // An engine that has not noticed yet.
    await answer.write("b");
    market.say(jobOf(two));
    await market.hear("accept", 1);
    expect(textOf(one)).toBe("a");
  });

  it("hears nothing about jobs that it does not have", async () => {
    for (const type of ["cancel", "pause", "resume"] as const) market.say({ type, job: three });
    market.say(settled(three));
    market.say(jobOf(one));
    await market.hear("accept");
    expect(market.heard.map(({ type }) => type)).toEqual(["hello", "accept"]);
  });

  it("joins tokens while the Market reads too slowly, stops the engine then, and loses none", async () => {
    market.say(jobOf(one));
    const answer = await begun();
    market.pauseReading();
    const texts = Array.from({ length: 1_500 }, (_, index) => `${index} ${"é".repeat(10_000)}\n`);
    const writing = (async () => {
      for (const text of texts) await answer.write(text);
      answer.finish();
    })();
    await until(() => answer.pieces > 0);
    let before = -1;
    // The network's own buffers take some megabytes.
    while (before !== answer.pieces) {
      before = answer.pieces;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(answer.pieces).toBeLessThan(texts.length);
    market.resumeReading();
    await writing;
    const end = await market.endOf(one);
    const deltas = market.deltasOf(one);
    expect(textOf(one) === texts.join("")).toBe(true);
    expect(deltas.map(({ seq }) => seq)).toEqual(deltas.map((_, index) => index));
    expect(deltas.reduce((sum, { tokenCount }) => sum + tokenCount, 0)).toBe(texts.length);
    expect(Math.max(...deltas.map(({ tokenCount }) => tokenCount))).toBeGreaterThan(1);
    expect(end).toMatchObject({ deltas: deltas.length, usage: { completionTokens: texts.length } });
  });

  it("tells each vector in a delta of its own, however slowly the Market reads, in frames of its size", async () => {
    const long = Array.from({ length: MAX_DIMENSIONS }, (_, place) => place / MAX_DIMENSIONS);
    const inputs = Array.from({ length: 300 }, (_, index) => `text ${index}`);
    market.say({ ...jobOf(one), request: embeddingRequest(inputs) });
    const answer = await begun();
    expect(answer.request).toEqual(embeddingRequest(inputs));
    market.pauseReading();
    const writing = (async () => {
      for (const index of inputs.keys()) await answer.write(vectorPiece(index, long));
      answer.finish();
    })();
    await until(() => answer.pieces > 0);
    market.resumeReading();
    await writing;
    expect(await market.endOf(one)).toMatchObject({ type: "finished", deltas: inputs.length });
    const deltas = market.deltasOf(one);
    expect(deltas.map(({ seq, vector }) => [seq, vector?.index])).toEqual(
      inputs.map((_, index) => [index, index]),
    );
    expect(market.longestFrame).toBeLessThan(MAX_PROVIDER_FRAME_BYTES);
  });

  it("breaks off its jobs when the link is lost, and tells afterwards that it holds them and how they ended", async () => {
    market.say(jobOf(one));
    const answer = await begun();
    await answer.write("a");
    await until(() => textOf(one) === "a");
    market.drop();
    expect(await reconnected()).toEqual([one]);
    expect(answer.aborted).toBe(true);
    expect(await market.endOf(one)).toMatchObject({ reason: "cancelled", deltas: 1 });
    expect(textOf(one)).toBe("a");
    market.say(settled(one));
    await until(() => said.at(-1)?.includes("earned") === true);
    market.drop();
    expect(await reconnected(2)).toEqual([]);
  });

  it("tells an end again after each reconnect until it is settled, and never a delta", async () => {
    market.say(jobOf(one));
    const answer = await begun();
    await answer.write("a");
    answer.finish();
    const end = await market.endOf(one);
    for (let times = 1; times < 4; times++) {
      market.drop();
      expect(await reconnected(times)).toEqual([one]);
      expect(await market.endOf(one, times)).toEqual(end);
    }
    expect(market.deltasOf(one)).toHaveLength(1);
  });

  it("forgets a job of an earlier link that went elsewhere, though not one that just ended", async () => {
    market.say(jobOf(one));
    (await begun()).finish();
    await market.endOf(one);
    market.say({ type: "cancel", job: one });
    market.say(jobOf(two));
    await market.hear("accept", 1);
    market.drop();
    expect(await reconnected()).toEqual([one, two]);
    await market.endOf(two);
    for (const job of [one, two]) market.say({ type: "cancel", job });
    market.say(jobOf(three));
    await market.hear("accept", 2);
    market.drop();
    expect(await reconnected(2)).toEqual([three]);
  });

  it("keeps the slot of a job that went elsewhere until its engine has stopped, and then forgets it", async () => {
    scripted.deaf = true;
    for (const job of [one, two]) market.say(jobOf(job));
    const answer = await begun(1);
    market.drop();
    expect(await reconnected()).toEqual([one, two]);
    for (const job of [one, two]) market.say({ type: "cancel", job });
    market.say(jobOf(three));
    expect(await market.hear("refuse")).toMatchObject({ job: three, reason: "busy" });
    answer.finish("cancelled");
    await market.endOf(two);
    market.say(jobOf(three));
    await market.hear("accept", 2);
    market.drop();
    expect(await reconnected(2)).toEqual([one, three]);
    for (const { finish } of scripted.answers) finish("cancelled");
  });

  it("drains: says so, takes no more, finishes what it has, waits until that is settled, and leaves", async () => {
    market.say(jobOf(one));
    const answer = await begun();
    const drained = provider.drain();
    await market.hear("drain");
    market.say(jobOf(two));
    expect(await market.hear("refuse")).toMatchObject({ job: two, reason: "draining" });
    await answer.write("a");
    answer.finish();
    expect(await market.endOf(one)).toMatchObject({ reason: "stop" });
    expect(market.connections()).toBe(1);
    market.say(settled(one));
    await drained;
    await until(() => market.connections() === 0);
    expect(textOf(one)).toBe("a");
  });

  it("says again that it drains when it had to connect again", async () => {
    market.say(jobOf(one));
    await begun();
    market.say(jobOf(two));
    await begun(1);
    void provider.drain();
    await market.hear("drain");
    market.drop();
    await reconnected();
    await market.hear("drain", 1);
    for (const job of [one, two]) await market.endOf(job);
  });

  it("stops at once when it must, and tells what it wrote until then", async () => {
    market.say(jobOf(one));
    const answer = await begun();
    await answer.write("a");
    void provider.drain();
    const stopped = provider.stop();
    expect(await market.endOf(one)).toMatchObject({ reason: "cancelled", deltas: 1 });
    market.say(settled(one));
    await stopped;
    await until(() => market.connections() === 0);
  });
});
