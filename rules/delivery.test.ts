import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { Delta } from "../protocol/provider.ts";
import { beginDelivery, bytesOf, type Delivery, type IncomingDelta, receiveDelta } from "./delivery.ts";
import { seededRandom } from "./seeded-random.ts";

const NOW = 1000;

function delta(seq: number, text: string, tokenCount = 1, more: Partial<IncomingDelta> = {}): IncomingDelta {
  return { seq, text, tokenCount, ...more };
}

/** All deltas at once; what reached the consumer, and how it ended. */
function run(
  deltas: Iterable<IncomingDelta>,
  maxTokens = 100,
  everyMs = 0,
): { text: string; tokens: number; end: string; delivery: Delivery } {
  let delivery = beginDelivery(maxTokens, NOW);
  let now = NOW;
  let text = "";
  let tokens = 0;
  for (const next of deltas) {
    const receipt = receiveDelta(delivery, next, now);
    now += everyMs;
    if (receipt.type === "breach") return { text, tokens, end: receipt.breach, delivery };
    if (receipt.type !== "drop" && receipt.delta !== null) {
      text += receipt.delta.text;
      tokens += receipt.delta.tokenCount;
    }
    if (receipt.type === "cut") return { text, tokens, end: "cut", delivery };
    delivery = receipt.delivery;
  }
  return { text, tokens, end: "open", delivery };
}

describe("deltas of a provider", () => {
  it("are passed on in order, each once", () => {
    const sent = [delta(0, "a"), delta(1, "b"), delta(1, "B"), delta(0, "A"), delta(2, "c")];
    expect(run(sent)).toMatchObject({ text: "abc", tokens: 3, end: "open" });
  });

  it("keep all else that they have", () => {
    const logprobs = [{ token: "a", logprob: -0.5, bytes: [97], top_logprobs: [] }];
    const sent = {
      type: "delta",
      job: "job-0001",
      seq: 0,
      text: "a",
      tokenCount: 1,
      tokenIds: [7],
      logprobs,
    };
    const receipt = receiveDelta(beginDelivery(100, NOW), v.parse(Delta, sent), NOW);
    expect(receipt).toMatchObject({ type: "deliver", delta: sent });
  });

  it("are refused with a vector, which is no part of a text", () => {
    expect(run([delta(0, "a"), delta(1, "", 0, { vector: { index: 0, values: "AAAAAA==" } })])).toMatchObject(
      {
        text: "a",
        end: "vector",
      },
    );
  });

  it("are refused when one is missing, or comes too soon", () => {
    expect(run([delta(0, "a"), delta(2, "c"), delta(1, "b")])).toMatchObject({ text: "a", end: "gap" });
    expect(run([delta(1, "b")])).toMatchObject({ text: "", end: "gap" });
  });

  it("end at the maximum, whatever comes then", () => {
    expect(run([delta(0, "ab", 2), delta(1, "c"), delta(2, "d")], 3)).toMatchObject({
      text: "abc",
      tokens: 3,
      end: "cut",
    });
    expect(run([delta(0, "abc", 3)], 3)).toMatchObject({ text: "abc", end: "open" });
  });

  it("may say no more tokens after the maximum, but the rest of a character", () => {
    expect(run([delta(0, "", 3), delta(1, "漢", 0)], 3)).toMatchObject({
      text: "漢",
      tokens: 3,
      end: "open",
    });
  });

  it("are cut within one that goes beyond the maximum, between characters", () => {
    expect(run([delta(0, "a".repeat(100), 50)], 10)).toMatchObject({
      text: "a".repeat(20),
      tokens: 10,
      end: "cut",
    });
    expect(run([delta(0, "\u{1f600}\u{1f600}", 4)], 3)).toMatchObject({ text: "\u{1f600}", end: "cut" });
  });

  it("with tool calls beyond the maximum are not passed on in part", () => {
    const call = delta(1, "", 5, { toolCalls: [{ name: "f", arguments: "{}" }] });
    expect(run([delta(0, "a"), call], 3)).toMatchObject({ text: "a", tokens: 1, end: "cut" });
    expect(run([delta(0, "a"), call], 6)).toMatchObject({ tokens: 6, end: "open" });
  });

  it("are refused when their text is longer than any tokens are, also without any tokens", () => {
    expect(run([delta(0, "a".repeat(5121), 10)], 10).end).toBe("too_long");
    expect(run([delta(0, "a".repeat(5000), 0), delta(1, "a".repeat(121), 0)], 10).end).toBe("too_long");
    expect(run([delta(0, "", 1, { reasoning: "é".repeat(2561) })], 10).end).toBe("too_long");
    expect(run([delta(0, "a".repeat(5120), 10)], 10).end).toBe("open");
  });
});

describe("a flood is cut", () => {
  function* many(count: number, make: (seq: number) => IncomingDelta): Generator<IncomingDelta> {
    for (let seq = 0; seq < count; seq++) yield make(seq);
  }
  it.each<[what: string, end: string, deltas: () => Iterable<IncomingDelta>, everyMs: number]>([
    [
      "of more deltas at once than any engine makes",
      "flood",
      () => many(20_001, (seq) => delta(seq, "a")),
      0,
    ],
    ["also of empty ones", "flood", () => many(20_001, (seq) => delta(seq, "", 0)), 0],
    ["also of the same one", "flood", () => many(20_001, () => delta(0, "a")), 0],
    ["of too many bytes at once", "flood", () => many(70, (seq) => delta(seq, "a".repeat(65_536), 200)), 0],
    ["that does not end", "flood", () => many(60_000, (seq) => delta(seq, "a")), 0.25],
    ["but not a burst of two thousand", "open", () => many(2000, (seq) => delta(seq, "a")), 0],
    ["but not a fast engine's tokens", "open", () => many(60_000, (seq) => delta(seq, "a")), 0.5],
  ])("%s", (_, end, deltas, everyMs) => {
    expect(run(deltas(), 100_000, everyMs).end).toBe(end);
  });

  it("though a clock be set back time and again", () => {
    let delivery = beginDelivery(100_000, NOW);
    for (let seq = 0; seq < 30_000; seq++) {
      const receipt = receiveDelta(delivery, delta(seq, "a"), seq % 2 === 0 ? NOW : NOW - 1000);
      if (receipt.type === "breach") return expect([receipt.breach, seq]).toEqual(["flood", 20_000]);
      if (receipt.type === "deliver") delivery = receipt.delivery;
    }
    throw new Error("It was not cut.");
  });
});

describe("characters", () => {
  it("reach the consumer whole, wherever a provider cuts them", () => {
    const random = seededRandom(51);
    const letters = ["a", "é", "漢", "\u{1f600}", "\u{1f468}\u200d\u{1f469}"];
    for (let round = 0; round < 500; round++) {
      const text = Array.from({ length: 20 }, () => letters[Math.floor(random() * 5)] ?? "").join("");
      let delivery = beginDelivery(1000, NOW);
      let all = "";
      for (let at = 0, seq = 0; at < text.length; seq++) {
        const length = Math.floor(random() * 4);
        const receipt = receiveDelta(delivery, delta(seq, text.slice(at, at + length)), NOW);
        at += length;
        if (receipt.type !== "deliver") throw new Error(receipt.type);
        expect(receipt.delta.text.isWellFormed()).toBe(true);
        all += receipt.delta.text;
        delivery = receipt.delivery;
      }
      expect(all).toBe(text);
    }
  });

  it("that are broken are replaced, and half a one at the very end is left out", () => {
    expect(run([delta(0, "a\ude00b"), delta(1, "\ud83d"), delta(2, "c\ud83d")]).text).toBe("a\ufffdb\ufffdc");
  });
});

it("all that a delta says counts by its bytes", () => {
  const all = {
    text: "é",
    reasoning: "漢",
    toolCalls: [{ name: "f", arguments: "{}" }, { arguments: "\u{1f600}" }],
  };
  expect(bytesOf({ ...all, tokenCount: 1 })).toBe(2 + 3 + 3 + 4);
});
