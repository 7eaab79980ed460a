import { describe, expect, it } from "vitest";
import { boardAddress, readBoardView } from "./board-view.ts";

describe("a scoreboard's address", () => {
  it.each([
    ["/contests/cup/scoreboard", { view: "public", groups: [], hall: false }],
    ["/contests/cup/scoreboard?view=jury", { view: "jury", groups: [], hall: false }],
    [
      "/contests/cup/scoreboard?group=a%26b&group=2&view=jury&display=hall",
      { view: "jury", groups: ["a&b", "2"], hall: true },
    ],
  ] as const)("%s says how it is looked at, and is made from that", (address, view) => {
    expect(readBoardView(address.split("?")[1] ?? "")).toEqual(view);
    expect(boardAddress("cup", view)).toBe(address);
  });

  it("means what everybody sees by what it does not know", () => {
    expect(readBoardView("?view=admin&display=wall&group=1&group=1")).toEqual({
      view: "public",
      groups: ["1"],
      hall: false,
    });
  });
});
