import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { largeBoard } from "./testing/fixtures/boards.ts";
import { accessibilityFaults, narrow, open, openOwn, page, site, usePages, visit } from "./testing/stage.ts";

usePages();

const board = "/contests/spring-open/scoreboard";
const row = (team: string) => page.getByRole("row").filter({ hasText: team });
const heart = (team: string) => page.getByRole("button", { name: `Favourite: ${team}` });
const names = () => page.locator("tbody:last-of-type tr[data-team] .names > span").allTextContents();
const scrollTop = () => page.evaluate(() => document.querySelector(".table-scroll")?.scrollTop ?? -1);

async function showLargeBoard(): Promise<void> {
  await page.getByText("live", { exact: true }).waitFor();
  const large = largeBoard(200);
  if (large === null) throw new Error("The fixtures have no large board.");
  const own = { id: "team-04", name: "Os Tabaréus", group: null, organisation: null };
  const told = { ...large, teams: [...large.teams, own] };
  site.tellContest("spring-open", { type: "board", epoch: "first", board: told, now: Date.now() });
  await row("Team 199").waitFor({ state: "attached" });
}

describe("one's own row", () => {
  it.each(["by the button", "by g m"])("is found %s", async (how) => {
    await open({ viewport: { width: 800, height: 500 } });
    await visit(board);
    await row("Os Tabaréus").waitFor();
    if (how === "by g m") await page.keyboard.type("gm");
    else await page.getByRole("button", { name: "Find me" }).click();
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.textContent))
      .toContain("Os Tabaréus");
  });

  it("is in sight wherever the board is scrolled to", async () => {
    await open({ viewport: { width: 1280, height: 700 } });
    await visit(board);
    await showLargeBoard();
    for (const top of [0, 3000, 100_000]) {
      const inside = await page.evaluate((to) => {
        const box = document.querySelector(".table-scroll");
        box?.scrollTo(0, to);
        const outer = box?.getBoundingClientRect();
        const inner = document.querySelector("[data-me] .rank")?.getBoundingClientRect();
        return outer && inner ? inner.top >= outer.top && inner.bottom <= outer.bottom : null;
      }, top);
      expect(inside).toBe(true);
    }
  });
});

describe("favourites", () => {
  it("stand on top with their rank, in this browser and for this contest, until they are none", async () => {
    await open();
    await visit(board);
    await heart("Heap of Trouble").focus();
    await page.keyboard.press("Enter");
    const section = page.locator("tbody.favourites");
    await section.getByText("Favourites").waitFor();
    expect(
      await section.getByRole("row").filter({ hasText: "Heap" }).getByRole("cell").first().textContent(),
    ).toBe("8");
    // It keeps its place among all teams.
    expect(await names()).toContain("Heap of Trouble");
    await visit(board);
    await section.waitFor();
    await visit("/contests/frozen-cup/scoreboard");
    expect(await section.count()).toBe(0);
    await visit(board);
    expect(await heart("Heap of Trouble").first().getAttribute("aria-pressed")).toBe("true");
    await heart("Heap of Trouble").first().click();
    await section.waitFor({ state: "detached" });
  });
});

describe("the filters", () => {
  it("keep the chosen groups in the address, and show the rank among them beside that of all", async () => {
    await open();
    await visit(board);
    await page.getByText("All groups").click();
    await page.getByRole("checkbox", { name: "South" }).check();
    await row("O(1) Hit Wonders").getByText("of all teams, 1 among the chosen groups").waitFor();
    expect(await row("O(1) Hit Wonders").getByRole("cell").first().textContent()).toMatch(/^2 · 1/);
    expect(new URL(page.url()).search).toBe("?group=south");
    expect(await names()).not.toContain("Segfault Samba");
    await visit(`${board}?group=north`);
    await row("Segfault Samba").waitFor();
    expect(await row("O(1) Hit Wonders").count()).toBe(0);
    await page.getByRole("rowheader", { name: "These groups" }).waitFor();
    expect(await accessibilityFaults()).toEqual([]);
  });

  it("find a team by a part of its name, without its accents, and leave its rank and the sums", async () => {
    await open();
    await visit(board);
    const sums = await page.locator("tr.sums").textContent();
    await page.getByRole("searchbox", { name: "Find a team" }).fill("tabareus");
    await row("Segfault Samba").waitFor({ state: "detached" });
    expect(await row("Os Tabaréus").getByRole("cell").first().textContent()).toBe("5");
    expect(await page.locator("tr.sums").textContent()).toBe(sums);
    await page.getByRole("searchbox", { name: "Find a team" }).fill("nobody at all");
    await page.getByText("No team is called so.").waitFor();
  });

  it("have sums of what all teams did in the last row", async () => {
    await open();
    await visit(board);
    await page.locator("tr.sums").getByText("12 solved, 21 tries, from 6′").waitFor({ state: "attached" });
  });
});

describe("a board that is taken along", () => {
  it.each([
    ["CSV", "scoreboard-spring-open.csv", /^\uFEFFrank,.*\r\n2,1,team-01,O\(1\) Hit Wonders,South,/],
    ["JSON", "scoreboard-spring-open.json", /"rows": \[\s*\{\s*"rank": 2,\s*"rankWithin": 1/],
  ])("as %s has what is seen", async (name, file, text) => {
    await open();
    await visit(`${board}?group=south`);
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name, exact: true }).click();
    const download = await saved;
    expect(download.suggestedFilename()).toBe(file);
    const content = readFileSync(await download.path(), "utf8");
    expect(content).toMatch(text);
    expect(content).not.toContain("Segfault Samba");
  });

  it("on paper has its title, its time, the frozen sentence and the table, and no more", async () => {
    await open({ colorScheme: "dark" });
    await visit("/contests/frozen-cup/scoreboard");
    await page.emulateMedia({ media: "print" });
    for (const seen of ["Frozen Cup", "As of", "The scoreboard was frozen", "Segfault Samba"])
      await page.getByText(seen).first().waitFor();
    for (const gone of [".site-head", ".board-tools", ".board-outputs", ".heart", ".live-dot"])
      expect(await page.locator(gone).first().isVisible()).toBe(false);
    const cut = () =>
      page.evaluate(() => {
        const box = document.querySelector(".table-scroll");
        return box === null ? null : getComputedStyle(box).overflowY;
      });
    expect(await cut()).toBe("visible");
    await page.emulateMedia({ media: "screen" });
    expect(await cut()).toBe("auto");
  });
});

describe("the hall display", () => {
  it("has nothing of the site around it, and leads back", async () => {
    await open();
    await visit(board);
    await page.getByRole("link", { name: "Hall display" }).click();
    await page.getByRole("button", { name: "Pause" }).waitFor();
    expect(await page.getByRole("navigation", { name: "Main" }).isVisible()).toBe(false);
    expect(await page.getByRole("searchbox").count()).toBe(0);
    expect(await page.locator("[data-me]").count()).toBe(0);
    expect(await accessibilityFaults()).toEqual([]);
    await page.getByRole("link", { name: "Leave the hall display" }).click();
    await page.getByRole("link", { name: "Problems", exact: true }).waitFor();
  });

  it("scrolls by itself, and pauses by the space bar and by its button", async () => {
    await openOwn({ reducedMotion: "no-preference", viewport: { width: 1280, height: 600 } });
    await page.clock.install();
    await visit(`${board}?display=hall`);
    await showLargeBoard();
    await page.clock.runFor(10_000);
    const first = await scrollTop();
    expect(first).toBeGreaterThan(20);
    await page.keyboard.press("Space");
    await page.getByRole("button", { name: "Scroll" }).waitFor();
    const paused = await scrollTop();
    await page.clock.runFor(10_000);
    expect(await scrollTop()).toBe(paused);
    await page.getByRole("button", { name: "Scroll" }).click();
    await page.clock.runFor(10_000);
    expect(await scrollTop()).toBeGreaterThan(paused);
  });

  it("shows screen after screen instead, to those who want less motion", async () => {
    await openOwn({ viewport: { width: 1280, height: 600 } });
    await page.clock.install();
    await visit(`${board}?display=hall`);
    await showLargeBoard();
    await page.clock.pauseAt(Date.now() + 60_000);
    const step = await page.evaluate(() => {
      const box = document.querySelector(".table-scroll");
      box?.scrollTo(0, 0);
      return Math.floor((box?.clientHeight ?? 0) * 0.8);
    });
    await page.clock.runFor(10_000);
    // Once in this time, and at once.
    expect(Math.floor(await scrollTop())).toBe(step);
  });
});

describe("the board on a phone", () => {
  it("has a line for each team that opens to its cells, and never scrolls sideways", async () => {
    await open({ viewport: narrow });
    await visit(board);
    const line = page.locator(".board-list li").filter({ hasText: "Segfault Samba" });
    expect(await line.locator("summary").textContent()).toMatch(/^1Segfault Samba.*Solved 6.*Penalty 571/);
    await line.locator("summary").focus();
    await page.keyboard.press("Enter");
    await line.getByText("A: solved, 1 try, at minute 6, first to solve").waitFor({ state: "attached" });
    await line.getByRole("button", { name: "Favourite: Segfault Samba" }).click();
    await page.getByRole("heading", { name: "Favourites" }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    expect(await page.locator("[data-me]").isVisible()).toBe(true);
    expect(await accessibilityFaults()).toEqual([]);
  });
});
