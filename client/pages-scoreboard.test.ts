import { describe, expect, it } from "vitest";
import { boardOf, largeBoard, solvedCell } from "./testing/fixtures/boards.ts";
import { accessibilityFaults, open, openOwn, page, site, usePages, visit } from "./testing/stage.ts";

usePages();

const FROZEN =
  "The scoreboard was frozen with 60 minutes remaining - submissions in the last 60 minutes of the contest are still shown as pending.";
const seq = boardOf("spring-open")?.seq ?? 0;
const row = (team: string) => page.getByRole("row").filter({ hasText: team });
const rankOf = (team: string) => row(team).getByRole("cell").first();
const isLive = () => page.getByText("live", { exact: true }).waitFor();

/** Tells the page that the last team has solved some problems at once. */
function tellSolved(labels: string[], after = seq): void {
  const changes = labels.map((label, index) => ({
    type: "cell" as const,
    seq: after + 1 + index,
    cell: solvedCell("team-12", label, 1000),
  }));
  site.tellContest("spring-open", { type: "changes", epoch: "first", changes, now: Date.now() });
}

describe("a live scoreboard", () => {
  it("moves a team up when the room says that it solved a problem", async () => {
    await open();
    await visit("/contests/spring-open/scoreboard");
    await isLive();
    expect(await rankOf("Late Registration").textContent()).toBe("13");
    tellSolved(["A", "B", "C", "D", "E", "F", "G"]);
    await expect.poll(() => rankOf("Late Registration").textContent()).toBe("1");
    await page.getByText("A: solved, 1 try, at minute 0, first to solve").waitFor({ state: "attached" });
  });

  it("asks for the whole board when it missed a change, instead of showing a wrong one", async () => {
    await open();
    await visit("/contests/spring-open/scoreboard");
    const timesAsked = () => site.heard.filter((text) => text.includes('"since":null')).length;
    // Once as it opens.
    await expect.poll(timesAsked).toBe(1);
    await isLive();
    tellSolved(["A"], seq + 4);
    await expect.poll(timesAsked).toBe(2);
    expect(await rankOf("Late Registration").textContent()).toBe("13");
  });

  it("resumes after the last change that it saw when its connection was cut", async () => {
    await open();
    await visit("/contests/spring-open/scoreboard");
    await isLive();
    tellSolved(["A"]);
    await page.getByText("A: solved, 1 try, at minute 0").waitFor({ state: "attached" });
    await page.evaluate(() => dispatchEvent(new Event("offline")));
    await expect
      .poll(() => site.heard.at(-1))
      .toBe(JSON.stringify({ type: "follow", epoch: "first", since: seq + 1 }));
  });

  it("takes a team out, and gives one its new name", async () => {
    await open();
    await visit("/contests/spring-open/scoreboard");
    await isLive();
    const renamed = { id: "team-11", name: "Byte by Byte", group: null, organisation: null };
    site.tellContest("spring-open", {
      type: "changes",
      epoch: "first",
      changes: [
        { type: "team_removed", seq: seq + 1, team: "team-12" },
        { type: "team", seq: seq + 2, team: renamed },
      ],
      now: Date.now(),
    });
    await row("Byte by Byte").waitFor();
    expect(await row("Late Registration").count()).toBe(0);
  });

  it("draws nothing anew but the row whose cell changed, and the sums", async () => {
    await open();
    await visit("/contests/spring-open/scoreboard");
    await isLive();
    const board = largeBoard(100);
    if (board === null) throw new Error("The fixtures have no large board.");
    site.tellContest("spring-open", { type: "board", epoch: "first", board, now: Date.now() });
    await row("Team 99").waitFor({ state: "attached" });
    await page.evaluate(() => {
      const touched = new Set<string>();
      new MutationObserver((records) => {
        for (const { target } of records) {
          const of = (target instanceof Element ? target : target.parentElement)?.closest("tr");
          touched.add(of?.dataset["team"] ?? of?.className ?? "elsewhere");
        }
        document.documentElement.dataset["touched"] = [...touched].join();
      }).observe(document.querySelector("table.scoreboard") ?? document, {
        subtree: true,
        childList: true,
        characterData: true,
        attributes: true,
      });
    });
    const rejected = {
      ...solvedCell("many-80", "B", 0),
      solvedAt: null,
      attempts: 3,
      points: 0,
      penalty: 0,
    };
    site.tellContest("spring-open", {
      type: "changes",
      epoch: "first",
      changes: [{ type: "cell", seq: board.seq + 1, cell: { ...rejected, result: "none" } }],
      now: Date.now(),
    });
    await page.getByText("B: 3 rejected").waitFor({ state: "attached" });
    expect(await page.evaluate(() => document.documentElement.dataset["touched"])).toBe("many-80,sums");
  });

  it.each([
    ["for at most 300 ms", "no-preference", [280]],
    ["not at all for those who want less motion", "reduce", []],
  ] as const)("slides a row to its new place %s", async (_, reducedMotion, durations) => {
    await openOwn({ reducedMotion, viewport: { width: 1280, height: 1400 } });
    await page.addInitScript(() => {
      const { animate } = Element.prototype;
      Element.prototype.animate = function (frames, options) {
        const list = (document.documentElement.dataset["moves"] ?? "").split(" ").filter(Boolean);
        const duration = typeof options === "object" ? options.duration : options;
        document.documentElement.dataset["moves"] = [...list, String(duration)].join(" ");
        return animate.call(this, frames, options);
      };
    });
    await visit("/contests/spring-open/scoreboard");
    await isLive();
    tellSolved(["A", "B", "C", "D", "E", "F", "G"]);
    await expect.poll(() => rankOf("Late Registration").textContent()).toBe("1");
    const moves = await page.evaluate(() => document.documentElement.dataset["moves"] ?? "");
    expect([...new Set(moves.split(" ").filter(Boolean).map(Number))]).toEqual(durations);
  });
});

describe("the cells of each format", () => {
  it.each([
    ["spring-open", "Penalty", "C: solved, 3 tries, at minute 79, first to solve"],
    ["score-cup", "Points", "A: partly solved, 70 of 100 points, 1 try"],
    ["round-a", "Time", "C: solved, 300 of 300 points, 2 rejected, at 1:19:19, first to solve"],
    ["round-c", "Points", "C: solved, 163 of 300 points, 2 rejected, at minute 79, first to solve"],
    ["sheet-6", "Points", "C: solved, 75 of 100 points, 25 points lost, 3 tries, first to solve"],
  ])("of %s are what its rules make of its log", async (slug, total, sentence) => {
    await open();
    await visit(`/contests/${slug}/scoreboard`);
    await page.getByRole("columnheader", { name: total, exact: true }).waitFor();
    await row("Segfault Samba").getByText(sentence).waitFor({ state: "attached" });
    await page.getByText("Legend").click();
    await page.getByText("first of all teams to solve it").waitFor();
    expect(await accessibilityFaults()).toEqual([]);
  });
});

describe("the jury's view", () => {
  it("says the frozen sentence to the letter to everybody, and shows the jury what is behind it", async () => {
    await open();
    await visit("/contests/frozen-cup/scoreboard");
    await page.getByText(FROZEN, { exact: true }).waitFor();
    await row("Null Pointers Anonymous").getByText("H: 1 pending").waitFor({ state: "attached" });
    await page.getByRole("link", { name: "Jury", exact: true }).click();
    await page.getByText("This is the jury's view, with every result.").waitFor();
    await row("Null Pointers Anonymous").getByText("H: solved, 1 try").waitFor({ state: "attached" });
    expect(await page.getByText(FROZEN).count()).toBe(0);
    expect(new URL(page.url()).search).toBe("?view=jury");
    expect(await accessibilityFaults()).toEqual([]);
  });

  it("is neither offered nor shown to anybody else", async () => {
    await open();
    const asked = page.waitForRequest(/\/scoreboard(\?|$)/u);
    await visit("/contests/guest-cup/scoreboard?view=jury");
    await asked;
    await page.getByText(FROZEN, { exact: true }).waitFor();
    expect(await page.getByRole("link", { name: "Jury", exact: true }).count()).toBe(0);
    await row("Null Pointers Anonymous").getByText("H: 1 pending").waitFor({ state: "attached" });
  });
});

describe("the state of a contest", () => {
  it.each([
    ["spring-open", "running"],
    ["frozen-cup", "running, frozen"],
    ["tomorrow-round", "not started"],
    ["power-cut", "paused"],
    ["winter-final", "over, results final"],
  ])("of %s is said in a word", async (slug, word) => {
    await open();
    await visit(`/contests/${slug}/scoreboard`);
    await page.locator(".board-clock").getByText(word, { exact: true }).waitFor();
  });

  it("is a list of the teams by group and organisation before the start, and no table", async () => {
    await open();
    await visit("/contests/tomorrow-round/scoreboard");
    await page.getByText("13 teams take part.").waitFor();
    const headings = await page.getByRole("heading", { level: 2 }).allTextContents();
    expect(headings).toEqual(["North", "South", "Without a group"]);
    const alone = page.getByRole("listitem").filter({ hasText: "Kungliga Tekniska högskolan" });
    expect(await alone.getByRole("listitem").allTextContents()).toContain("Pão de Queijo");
    expect(await page.getByRole("table").count()).toBe(0);
    expect(await accessibilityFaults()).toEqual([]);
  });
});
