import { beforeAll, describe, expect, it } from "vitest";
import { formatCredits } from "../../protocol/money.ts";
import { locale } from "../i18n.ts";
import { change, credits, fee, share, tokens } from "./amounts.ts";

describe("an amount in credits", () => {
  beforeAll(() => {
    locale.value = "en";
  });

  it.each([0, 1, -1, 250_000_000, 1_000_000_000, -999_999_999, 9_007_199_254_740_991])(
    "is exact to the last decimal, as formatCredits says it: %s",
    (nano) => {
      expect(credits(nano).replaceAll(",", "")).toBe(formatCredits(nano));
    },
  );

  it("can be a sum that is beyond safe integers", () => {
    expect(credits("-123456789012345678901")).toBe("-123,456,789,012.345678901");
  });

  it("is written as the language writes numbers", () => {
    locale.value = "pt-BR";
    expect(credits(1_234_500_000_000)).toBe("1.234,5");
    locale.value = "zh";
    expect(credits(1_234_500_000_000)).toBe("1,234.5");
    locale.value = "en";
  });

  it("says which way it moved", () => {
    expect(change(250_000_000)).toBe("+0.25");
    expect(change(-250_000_000)).toBe("-0.25");
    expect(change(0)).toBe("0");
  });
});

describe("a share", () => {
  it("is all or nothing only where it is so", () => {
    expect([1, 0.99999, 0.9994, 0.57, 0.00001, 0].map(share)).toEqual([
      "100 %",
      "99.9 %",
      "99.9 %",
      "57 %",
      "0.1 %",
      "0 %",
    ]);
  });
});

describe("other figures", () => {
  it("tell a fee in percent", () => {
    expect([250, 0, 5].map(fee)).toEqual(["2.5 %", "0 %", "0.05 %"]);
  });

  it("group a number of tokens", () => {
    expect(tokens(131_072)).toBe("131,072");
  });
});
