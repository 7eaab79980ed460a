import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { floatsOf } from "../rules/vectors.ts";
import { embeddingRequest } from "./testing.ts";
import { type Between, openBetween } from "./testing-between.ts";
import { jobOf, type ScriptedMarket } from "./testing-market.ts";
import { json, refused, type ScriptedUpstream, vectorList, vectorsOfAll } from "./testing-upstream.ts";

const job = "job-00001";

describe("what the Market sees of an upstream's vectors", () => {
  let market: ScriptedMarket;
  let upstream: ScriptedUpstream;
  let between: Between;

  beforeEach(async () => {
    between = await openBetween({ task: "embedding", contextTokens: 100, features: null }, (opened) => {
      opened.vectors = [vectorsOfAll];
    });
    ({ market, upstream } = between);
  });
  afterEach(() => between.close());

  const ask = (inputs: string[]): void => market.say({ ...jobOf(job), request: embeddingRequest(inputs) });

  it("is a delta for each, and what was read", async () => {
    ask(["a", "bb"]);
    expect(await market.endOf(job)).toMatchObject({
      type: "finished",
      reason: "stop",
      deltas: 2,
      usage: { promptTokens: 2, cachedPromptTokens: 0, completionTokens: 0 },
    });
    expect(await market.hear("accept")).toMatchObject({ promptTokens: null });
    const deltas = market.deltasOf(job);
    expect(deltas.map(({ seq, vector }) => [seq, vector?.index])).toEqual([
      [0, 0],
      [1, 1],
    ]);
    expect(deltas.map(({ vector }) => [...floatsOf(vector?.values ?? "")])).toEqual([
      [1, 0, 0.5],
      [2, 1, 0.5],
    ]);
  });

  it.each([
    ["engine", refused(302, "", { location: "http://169.254.169.254/latest/meta-data/" }), /not followed/],
    ["engine", json(vectorList([[1]])), /gave 1 vectors, of 1 texts, for 2 texts/],
    ["too_long", refused(400, '{"error":"input exceeds the context"}'), /exceeds the context/],
  ])("is a refusal (%s), and no vector, of what the server does not do", async (reason, answer, message) => {
    upstream.vectors = [answer];
    ask(["a", "bb"]);
    expect(await market.hear("refuse")).toMatchObject({
      job,
      reason,
      message: expect.stringMatching(message),
    });
    expect(market.deltasOf(job)).toEqual([]);
  });

  it("is a failure after those that came, where a later part of them fails", async () => {
    upstream.vectors = [vectorsOfAll, refused(500, "out of memory")];
    ask(Array.from({ length: 40 }, () => "a"));
    expect(await market.endOf(job)).toMatchObject({
      type: "failed",
      deltas: 32,
      message: expect.stringContaining("500: out of memory"),
    });
    expect(market.deltasOf(job)).toHaveLength(32);
  });

  it("is an end when the Market cancels, and the server is left alone", async () => {
    upstream.vectors = [() => undefined];
    ask(["a"]);
    await market.hear("accept");
    market.say({ type: "cancel", job });
    expect(await market.endOf(job)).toMatchObject({ type: "finished", reason: "cancelled", deltas: 0 });
    await expect.poll(() => upstream.hungUp).toBe(1);
  });
});
