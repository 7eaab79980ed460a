import { describe, expect, it } from "vitest";
import { frozenContest, type Hidden, type Told } from "./contest/frozen-contest.ts";

const hidden: readonly Hidden[] = [
  { first: "AC", later: "AC" },
  { first: "WA", later: "AC" },
  { first: "CE", later: "WA" },
];

/** What a reading tells that another does not, address by address. */
function differences(some: ReadonlyMap<string, string>, others: ReadonlyMap<string, string>): string[] {
  return [...some].flatMap(([address, text]) =>
    text === others.get(address) ? [] : [`${address}\n${text}\n${others.get(address)}`],
  );
}

describe("what everybody and another team receive of a contest with a freeze", () => {
  it("is the same, byte by byte, whatever the results are that the freeze hides", async () => {
    const told: Told[] = [];
    for (const results of hidden) told.push(await frozenContest(results));
    const [reference, ...others] = told;
    if (reference === undefined) throw new Error("There is nothing to compare.");
    expect(reference.text.size).toBeGreaterThan(1000);
    for (const other of others) {
      expect(other.frames).toEqual(reference.frames);
      expect([...other.text.keys()]).toEqual([...reference.text.keys()]);
      expect(differences(other.text, reference.text)).toEqual([]);
    }
    for (const { readings } of told) {
      // Ids are the same here, and so are the tags of answers, which are made of their bytes.
      for (const who of ["nobody", "gamma"])
        for (const when of ["frozen", "over"])
          expect(
            differences(
              readings.get(`${who}, ${when}`) ?? new Map(),
              readings.get(`${who}, ${when}, judged anew`) ?? new Map(),
            ),
          ).toEqual([]);
    }
    expect(new Set(told.map(({ jury }) => jury)).size).toBe(hidden.length);
  });
});
