import { describe, expect, it } from "vitest";
import { stopFilter } from "./stop-filter.ts";

/** What is shown after each piece, and at the end. */
function shown(stops: string[], pieces: string[]): { texts: string[]; stopped: boolean; rest: string } {
  const filter = stopFilter(stops);
  const texts: string[] = [];
  for (const piece of pieces) {
    const { text, stopped } = filter.add(piece);
    texts.push(text);
    if (stopped) return { texts, stopped, rest: "" };
  }
  return { texts, stopped: false, rest: filter.end() };
}

describe("stop strings", () => {
  it("let everything through at once where there are none", () => {
    expect(shown([], ["a", "b"])).toEqual({ texts: ["a", "b"], stopped: false, rest: "" });
  });

  it("end the answer before the first of them, also within a piece", () => {
    expect(shown(["END", ","], ["one, END"])).toEqual({ texts: ["one"], stopped: true, rest: "" });
  });

  it("are found across pieces, and nothing of them is shown", () => {
    expect(shown(["END"], ["aE", "N", "D"])).toEqual({ texts: ["a", "", ""], stopped: true, rest: "" });
  });

  it("hold back only what could still become one", () => {
    expect(shown(["END"], ["aE", "x", "E"])).toEqual({ texts: ["a", "Ex", ""], stopped: false, rest: "E" });
    expect(shown(["aab"], ["a", "a", "a", "b"])).toEqual({
      texts: ["", "", "a", ""],
      stopped: true,
      rest: "",
    });
  });

  it("hold back for the longest of several", () => {
    expect(shown(["\n\n", "\nUser:"], ["x\n", "User", "s"]).texts).toEqual(["x", "", "\nUsers"]);
  });
});
