import { describe, expect, it } from "vitest";
import { everything, juryQuery, outcomes, readJuryFilter, readRejudgingFilter } from "./jury-filter.ts";

const parse = (query: string) => Object.fromEntries(new URLSearchParams(query));

describe("the jury's filter", () => {
  it("is read from the address as it was written there", () => {
    for (const { id } of outcomes) {
      const filter = { problem: "A", team: "t-1", language: "cpp", outcome: id, before: "s-9" };
      expect(readJuryFilter(parse(juryQuery(filter)))).toEqual(filter);
    }
    expect(juryQuery(everything)).toBe("");
    expect(readJuryFilter({})).toEqual(everything);
  });

  it("asks by a verdict or by a state, never by both", () => {
    expect(juryQuery({ ...everything, outcome: "WA" })).toBe("verdict=WA");
    expect(juryQuery({ ...everything, outcome: "failed" })).toBe("state=failed");
  });

  it("takes what it does not know for everything", () => {
    expect(readJuryFilter({ language: "cobol", verdict: "OK" })).toEqual(everything);
  });
});

describe("what a rejudging takes", () => {
  it("is nothing in particular at first", () => {
    expect(Object.values(readRejudgingFilter({}))).toEqual([null, null, null, null, null]);
  });

  it("follows from the list that led to it", () => {
    expect(readRejudgingFilter(parse("problem=B&verdict=WA"))).toMatchObject({
      problem: "B",
      verdicts: ["WA"],
    });
    expect(readRejudgingFilter(parse("state=failed")).verdicts).toEqual(["failed"]);
    expect(readRejudgingFilter(parse("submissions=s-1,s-2")).submissions).toEqual(["s-1", "s-2"]);
    expect(readRejudgingFilter(parse("state=queued")).verdicts).toBeNull();
  });
});
