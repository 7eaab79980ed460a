import { describe, expect, it } from "vitest";
import { MOST_CHARACTERS, MOST_VERSIONS, toForget, type Version, withVersion } from "./history.ts";

const version = (text: string, at: number, why: Version["why"] = "run"): Version => ({
  at,
  why,
  files: [{ name: "main.py", text }],
  entryPoint: null,
});
const textsOf = (history: readonly Version[]) => history.map(({ files }) => files[0]?.text);
const historyOf = (...versions: Version[]) => versions.reduce<Version[]>(withVersion, []);

describe("a draft's history", () => {
  it("keeps every version that differs from the one before, in order", () => {
    expect(textsOf(historyOf(version("a", 1), version("a", 2), version("b", 3), version("a", 4)))).toEqual([
      "a",
      "b",
      "a",
    ]);
    const renamed = { ...version("a", 2), files: [{ name: "other.py", text: "a" }] };
    expect(historyOf(version("a", 1), renamed)).toHaveLength(2);
    expect(historyOf(version("a", 1), { ...version("a", 2), entryPoint: "main.py" })).toHaveLength(2);
  });

  it("remembers that a version which was run was submitted afterwards, and never the other way round", () => {
    const submitted = historyOf(version("a", 1, "run"), version("a", 2, "submit"), version("a", 3, "time"));
    expect(submitted).toEqual([version("a", 1, "submit")]);
  });

  it("tells two versions of one moment apart", () => {
    expect(historyOf(version("a", 5), version("b", 5)).map(({ at }) => at)).toEqual([5, 6]);
  });

  it("gives up first what merely lay there, then what was run, and last what was submitted", () => {
    const many = Array.from({ length: MOST_VERSIONS }, (_, index) =>
      version(String(index), index, index === 0 ? "submit" : index === 50 ? "time" : "run"),
    );
    const once = withVersion(historyOf(...many), version("one more", 1000));
    expect(once).toHaveLength(MOST_VERSIONS);
    expect(textsOf(once)).not.toContain("50");
    const twice = withVersion(once, version("two more", 1001));
    expect(textsOf(twice).slice(0, 2)).toEqual(["0", "2"]);
  });

  it("is bounded in size, and still keeps the newest", () => {
    const large = (letter: string) => letter.repeat(MOST_CHARACTERS * 0.4);
    const history = historyOf(version(large("a"), 1), version(large("b"), 2), version(large("c"), 3));
    expect(textsOf(history).map((text) => text?.[0])).toEqual(["b", "c"]);
    expect(historyOf(version("small", 1), version("x".repeat(MOST_CHARACTERS + 1), 2))).toHaveLength(1);
  });
});

describe("the histories of all drafts", () => {
  const sizes = {
    old: { characters: 50, at: 1 },
    used: { characters: 60, at: 0 },
    newer: { characters: 40, at: 3 },
  };

  it("are forgotten from the one that grew longest ago, and never the one in use", () => {
    expect(toForget(sizes, "used", 200)).toEqual([]);
    expect(toForget(sizes, "used", 100)).toEqual(["old"]);
    expect(toForget(sizes, "used", 10)).toEqual(["old", "newer"]);
  });
});
