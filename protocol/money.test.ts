import * as v from "valibot";
import { describe, expect, it } from "vitest";
import {
  Credits,
  formatCredits,
  formatTokenPrice,
  MAX_PRICE,
  Nano,
  NANO_PER_CREDIT,
  NanoChange,
  NanoPrice,
  parseCredits,
  Prices,
  TOKENS_PER_PRICE,
} from "./money.ts";

describe("an amount of credits as a text", () => {
  it.each([
    ["0", 0],
    ["1", 1_000_000_000],
    ["0.25", 250_000_000],
    ["0.005", 5_000_000],
    ["0.000000001", 1],
    ["12.000000001", 12_000_000_001],
    ["9007199.254740991", Number.MAX_SAFE_INTEGER],
  ])("is read and written exactly: %s", (text, nano) => {
    expect(parseCredits(text)).toBe(nano);
    expect(formatCredits(nano)).toBe(text);
  });

  it("is exact where floating point is not", () => {
    expect(parseCredits("4.35")).toBe(4_350_000_000);
    expect(parseCredits("1.1") + parseCredits("2.2")).toBe(parseCredits("3.3"));
    expect(parseCredits("8123456.123456789")).toBe(8_123_456_123_456_789);
  });

  it("may have zeros that it does not need, and is written without them", () => {
    expect(formatCredits(parseCredits("1.50"))).toBe("1.5");
    expect(formatCredits(parseCredits("007.000000000"))).toBe("7");
  });

  it.each(["", " 1", "1 ", ".5", "5.", "-1", "+1", "1e3", "1,5", "0x1", "NaN", "Infinity", "١", "1.2.3"])(
    "is refused when it is none, with the reason: %j",
    (text) => expect(() => parseCredits(text)).toThrow(/not an amount of credits/),
  );

  it("is refused with a tenth decimal, and beyond safe integers", () => {
    expect(() => parseCredits("0.0000000001")).toThrow(/at most 9 decimals/);
    expect(() => parseCredits("9007199.254740992")).toThrow(/at most 9007199.254740991 credits/);
    expect(() => parseCredits("9".repeat(41))).toThrow(/at most 40 characters/);
    expect(() => parseCredits("9".repeat(40))).toThrow(RangeError);
  });

  it("comes back as it was for any number of nano-credits", () => {
    for (let power = 0; power <= 52; power++) {
      for (const offset of [-1, 0, 1]) {
        const nano = 2 ** power + offset;
        expect(parseCredits(formatCredits(nano))).toBe(nano);
        expect(formatCredits(-nano - 1)).toBe(`-${formatCredits(nano + 1)}`);
      }
    }
  });

  it("is written with its sign when something was taken, and never as a negative nothing", () => {
    expect(formatCredits(-250_000_000)).toBe("-0.25");
    expect(formatCredits(-0)).toBe("0");
  });

  it.each([0.5, NaN, Infinity, Number.MAX_SAFE_INTEGER + 1])("is not made of %d nano-credits", (nano) => {
    expect(() => formatCredits(nano)).toThrow(RangeError);
  });

  it("is a text at the door, never a number", () => {
    expect(v.parse(Credits, "0.25")).toBe(250_000_000);
    expect(v.is(Credits, 0.25)).toBe(false);
  });
});

describe("nano-credits", () => {
  it("are whole, not negative and safe; a change may be below zero", () => {
    for (const nano of [0, 1, Number.MAX_SAFE_INTEGER]) {
      expect(v.is(Nano, nano)).toBe(true);
      expect(v.is(NanoChange, -nano)).toBe(true);
    }
    for (const wrong of [-1, 0.5, NaN, Number.MAX_SAFE_INTEGER + 1, "1", 1n]) {
      expect(v.is(Nano, wrong)).toBe(false);
    }
    expect(v.is(NanoChange, -0.5)).toBe(false);
  });

  it("per million tokens are a price, of at most one credit a token", () => {
    expect(MAX_PRICE / TOKENS_PER_PRICE).toBe(NANO_PER_CREDIT);
    expect(v.is(NanoPrice, MAX_PRICE)).toBe(true);
    expect(v.is(NanoPrice, MAX_PRICE + 1)).toBe(false);
    expect(v.is(Prices, { prompt: 0, cachedPrompt: 0, completion: 1 })).toBe(true);
    expect(v.is(Prices, { prompt: 0, completion: 1 })).toBe(false);
  });
});

describe("the price of one token", () => {
  it.each([
    ["0", 0],
    ["0.000000000000001", 1],
    ["0.0000004", 400_000_000],
    ["0.000001000000001", 1_000_000_001],
    ["1", MAX_PRICE],
  ])("is exact, without an exponent: %s", (text, price) => {
    expect(formatTokenPrice(price)).toBe(text);
    expect(Number(formatTokenPrice(price)) * TOKENS_PER_PRICE).toBeCloseTo(price / NANO_PER_CREDIT, 6);
  });
});
