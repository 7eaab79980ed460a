import { describe, expect, it } from "vitest";
import { readTermsForm } from "./limits.ts";

const form = { priceIn: "0.1", priceOut: "0.4", hours: "", share: "1", megabytes: "" };

describe("the terms of an offer", () => {
  it("have no limits where nothing was typed, and cached prompts cost what others do", () => {
    expect(readTermsForm(form, 5)).toEqual({
      prices: { prompt: 100_000_000, cachedPrompt: 100_000_000, completion: 400_000_000 },
      limits: { until: null, share: 1, bytes: null },
    });
  });

  it("count hours from now, also parts of them, and megabytes", () => {
    const read = readTermsForm({ ...form, hours: "1,5", share: "0.25", megabytes: "20" }, 1000);
    expect(read).toMatchObject({ limits: { until: 5_401_000, share: 0.25, bytes: 20_000_000 } });
  });

  it("name every field that is wrong", () => {
    const read = readTermsForm({ ...form, priceIn: "cheap", hours: "-1", megabytes: "much" }, 0);
    expect(read).toEqual({ wrong: { priceIn: "amount", hours: "number", megabytes: "number" } });
  });
});
