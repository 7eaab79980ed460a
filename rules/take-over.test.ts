import { describe, expect, it } from "vitest";
import { billJob, type Part } from "./billing.ts";
import { beginDelivery, bytesOf, receiveDelta } from "./delivery.ts";
import { seededRandom } from "./seeded-random.ts";
import { beginSplice, isCaughtUp, spliceDelta } from "./stream-splice.ts";
import { afterPart, type AnswerSoFar, type PartEnd, type Sequel } from "./take-over.ts";

const nothing = { text: false, reasoning: false, toolCalls: false };
const begun: AnswerSoFar = {
  maxTokens: 100,
  countedTokens: 30,
  emitted: { ...nothing, text: true },
  isConstrained: false,
  isDeterministic: false,
};
const broken: PartEnd = { type: "broken" };
const prefill = { way: "prefill", feature: "prefill", maxTokens: 70 };
const regenerate = { way: "regenerate", feature: "deterministic", maxTokens: 100 };
const noWay: Sequel = { type: "error", cause: "cannot_continue" };

describe("an answer whose provider broke off", () => {
  it.each<[what: string, answer: Partial<AnswerSoFar>, sequel: unknown]>([
    ["begins again, unseen, when the consumer has nothing", { emitted: nothing }, { type: "restart" }],
    [
      "also with tools, or a form",
      { emitted: nothing, isConstrained: true, isDeterministic: true },
      { type: "restart" },
    ],
    ["goes on from what there is, for the tokens that are left", {}, { type: "continue", ways: [prefill] }],
    [
      "is rather written anew where that gives the same",
      { isDeterministic: true },
      { type: "continue", ways: [regenerate, prefill] },
    ],
    [
      "is only written anew from within thoughts",
      { isDeterministic: true, emitted: { ...nothing, reasoning: true } },
      { type: "continue", ways: [regenerate] },
    ],
    ["fails within thoughts that chance has a part in", { emitted: { ...nothing, reasoning: true } }, noWay],
    ["fails within a form", { isConstrained: true, isDeterministic: true }, noWay],
    ["fails within tool calls", { isDeterministic: true, emitted: { ...nothing, toolCalls: true } }, noWay],
    [
      "is at its end when all tokens were delivered",
      { countedTokens: 100 },
      { type: "finish", reason: "length" },
    ],
    [
      "is at its end then, though it keeps to a form",
      { countedTokens: 100, isConstrained: true },
      { type: "finish", reason: "length" },
    ],
  ])("%s", (_, answer, sequel) => {
    expect(afterPart(broken, { ...begun, ...answer })).toEqual(sequel);
  });
});

describe("an answer ends by one finish_reason", () => {
  it("which is that of the provider who finished it", () => {
    expect(afterPart({ type: "finished", reason: "stop" }, begun)).toEqual({
      type: "finish",
      reason: "stop",
    });
  });

  it("which is its length, when it was cut", () => {
    expect(afterPart({ type: "cut" }, begun)).toEqual({ type: "finish", reason: "length" });
  });

  it("or by an error, when another went on with something else", () => {
    expect(afterPart({ type: "diverged" }, { ...begun, isDeterministic: true })).toEqual({
      type: "error",
      cause: "diverged",
    });
  });
});

describe("an answer that several providers wrote, each anew, is the undisturbed one", () => {
  const random = seededRandom(61);
  const below = (bound: number): number => Math.floor(random() * bound);
  const vocabulary = ["a", " b", "the ", "é", "漢字", "\u{1f600}", "\n\n"];

  /** The same tokens, in deltas of one or several, of which the first and those sent twice are kept. */
  function* deltasOf(tokens: readonly string[], most: number) {
    for (let at = 0, seq = 0; at < tokens.length; seq++) {
      const some = tokens.slice(at, at + 1 + below(most));
      at += some.length;
      const delta = { seq, text: some.join(""), tokenCount: some.length };
      yield delta;
      if (random() < 0.1) yield delta;
    }
  }

  /** One provider after the other breaks off; the last one writes to the end. */
  function relay(
    tokens: readonly string[],
    providers: number,
    most: number,
  ): { text: string; parts: Part[] } {
    let text = "";
    const parts: Part[] = [];
    for (let index = 0; index < providers; index++) {
      const breaksAfter = index === providers - 1 ? Infinity : below(2 * tokens.length);
      const part: Part = {
        provider: `p${index}`,
        prices: { prompt: 0, cachedPrompt: 0, completion: 1_000_000 },
        deliveredTokens: 0,
        deliveredBytes: 0,
        claimed: null,
      };
      let delivery = beginDelivery(tokens.length, 0);
      let splice = beginSplice(text);
      let count = 0;
      for (const delta of deltasOf(tokens, most)) {
        if (count++ >= breaksAfter) break;
        const receipt = receiveDelta(delivery, delta, 0);
        if (receipt.type !== "deliver" && receipt.type !== "drop") throw new Error(receipt.type);
        delivery = receipt.delivery;
        if (receipt.type === "drop") continue;
        const spliced = spliceDelta(splice, receipt.delta);
        if (spliced.type === "diverged") throw new Error(`It diverged at ${spliced.at}.`);
        splice = spliced.splice;
        text += spliced.text;
        part.deliveredTokens += spliced.tokenCount;
        part.deliveredBytes += bytesOf(spliced);
      }
      expect(isCaughtUp(splice) || breaksAfter < Infinity).toBe(true);
      parts.push(part);
    }
    return { text, parts };
  }

  const bill = (parts: Part[], maxTokens: number) =>
    billJob({
      consumer: "ann",
      bounds: { promptTokens: 0, maxTokens },
      heldNano: 1_000_000,
      feeBasisPoints: 0,
      parts,
    });

  it.each<[what: string, most: number]>([
    ["and each is paid for the very tokens that it added, where a delta is a token", 1],
    ["and all together are paid for no fewer tokens than there are, and no more than were asked for", 4],
  ])("%s", (_, most) => {
    for (let round = 0; round < 400; round++) {
      const tokens = Array.from({ length: 1 + below(50) }, () => vocabulary[below(vocabulary.length)] ?? "");
      const { text, parts } = relay(tokens, 1 + below(4), most);
      expect(text).toBe(tokens.join(""));
      const { usage, costNano } = bill(parts, tokens.length);
      expect([usage.completionTokens, costNano]).toEqual([tokens.length, tokens.length]);
      if (most > 1) continue;
      const added = parts.reduce((sum, { deliveredTokens }) => sum + deliveredTokens, 0);
      expect(added).toBe(tokens.length);
    }
  });
});
