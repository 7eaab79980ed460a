import { describe, expect, it } from "vitest";
import { noFirstToken } from "../../rules/first-token-estimate.ts";
import { declaredSpeed } from "../../rules/speed-estimate.ts";
import { noRecord } from "../../rules/success-rate.ts";
import { ProviderBook } from "./provider-book.ts";
import { beginPart, overdueOf, type ServedPart, standStill } from "./served-part.ts";

const limits = {
  acceptMs: 5_000,
  firstTokenMs: 20_000,
  stallMs: 10_000,
  totalMs: 900_000,
  waitMs: 60_000,
  waiting: 10,
  waitingPerConsumer: 10,
  answerTokens: 100,
  saveTokens: 10,
  saveMs: 500,
};

/** A part that began at 0. */
function part(): ServedPart {
  const terms = {
    offer: "one",
    model: "m",
    tasks: ["chat" as const],
    contextTokens: 1_000,
    maxOutputTokens: 1_000,
    prices: { prompt: 1, cachedPrompt: 1, completion: 1 },
    artifact: { sha256: null, quantisation: null, bytes: null },
    engine: { name: "engine", build: "1" },
    features: [],
    tokensPerSecond: null,
  };
  const provider = new ProviderBook().add({
    id: "ada",
    owner: "ann",
    kind: "native",
    agent: "agent 1",
    session: "session",
    socket: new WebSocketPair()[0],
    slots: 1,
    offers: [{ terms, speed: declaredSpeed(null, 0), firstToken: noFirstToken }],
    success: noRecord(0),
    draining: false,
  });
  const offer = provider.offers.get("one");
  if (offer === undefined) throw new Error("The provider has no such offer.");
  return beginPart(provider, offer, 100, null, null, 0);
}

describe("a provider's time", () => {
  const accepted = { isAccepted: true };
  const writing = { isAccepted: true, firstDeltaAt: 1_000, heardAt: 1_000 };

  it.each([
    ["to accept", {}, 5_000, "silent"],
    ["to the first token", accepted, 20_000, "stalled"],
    ["between two tokens", writing, 11_000, "stalled"],
  ] as const)("%s ends when it is over, and not before", (_, progress, at, how) => {
    const served = Object.assign(part(), progress);
    expect([overdueOf(served, limits, at - 1), overdueOf(served, limits, at)]).toEqual([null, how]);
  });

  it.each([
    ["to accept", {}, 5_000, "silent"],
    ["to the first token", accepted, 20_000, "stalled"],
    ["between two tokens", writing, 11_000, "stalled"],
  ] as const)("%s is none in which the Market stood still", (_, progress, at, how) => {
    const served = Object.assign(part(), progress);
    standStill(served, 19_000);
    expect([overdueOf(served, limits, at + 18_999), overdueOf(served, limits, at + 19_000)]).toEqual([
      null,
      how,
    ]);
  });

  it("is none while it is asked to wait, however long", () => {
    const served = Object.assign(part(), writing, { pausedAt: 2_000 });
    expect(overdueOf(served, limits, 1_000_000)).toBeNull();
    standStill(served, 19_000);
    expect(served.pausedMs).toBe(0);
  });
});
