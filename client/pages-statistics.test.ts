import { describe, expect, it } from "vitest";
import {
  accessibilityFaults,
  expectWellMade,
  looks,
  narrow,
  open,
  page,
  site,
  usePages,
  visit,
} from "./testing/stage.ts";

usePages();

const pages = [
  "/contests/spring-open/statistics",
  "/contests/frozen-cup/statistics",
  "/contests/spring-open/progress",
  "/progress",
  "/ratings",
  "/ratings/ana",
  "/contests/spring-open/print",
];

describe.each(looks)("pages of figures ($language, $colorScheme)", (look) => {
  it.each(pages)("%s is well made", async (path) => {
    await open(look);
    await expectWellMade(path, look.language);
  });
});

describe("a contest's statistics", () => {
  const charts = () => page.locator("figure.chart");

  it("draw five charts, each with the same as a table", async () => {
    await open();
    await visit("/contests/spring-open/statistics");
    await charts().nth(4).locator("canvas").waitFor();
    const twins = page.getByText(": show as table", { exact: false });
    // Five of charts, and two of the problems' details.
    expect(await twins.count()).toBe(7);
    for (const chart of await charts().all()) {
      expect(await chart.locator("canvas").count()).toBe(1);
      expect(await chart.getAttribute("aria-label")).toContain("The same is in the table below.");
    }
    await page.getByText("Verdicts: show as table").click();
    const table = page.getByRole("region", { name: "Verdicts", exact: true }).getByRole("table");
    const shown = await table.getByRole("row", { name: /AC/ }).getByRole("cell").textContent();
    const said = await page
      .locator("dl.facts div", { hasText: "Accepted" })
      .first()
      .locator("dd")
      .textContent();
    expect(Number(shown)).toBeGreaterThan(10);
    expect(shown).toBe(said);
    expect(await accessibilityFaults()).toEqual([]);
  });

  it("say by words that they are frozen, and show the jury everything on demand", async () => {
    await open();
    await visit("/contests/frozen-cup/statistics");
    await page.getByText("what was submitted in the freeze counts as pending").waitFor();
    const accepted = page.locator("dl.facts div", { hasText: "Accepted" }).first().locator("dd");
    const before = Number(await accepted.textContent());
    await page.getByLabel("With everything (jury)").check();
    await expect.poll(async () => Number(await accepted.textContent())).toBeGreaterThan(before);
    expect(await page.getByText("what was submitted in the freeze").count()).toBe(0);
  });

  it("offer the jury's view to the jury alone", async () => {
    await open();
    await visit("/contests/guest-cup/statistics");
    expect(await page.getByLabel("With everything (jury)").count()).toBe(0);
  });

  it("are reached and opened by keyboard alone", async () => {
    await open();
    await visit("/contests/guest-cup/statistics");
    await charts().nth(4).locator("canvas").waitFor();
    await page.getByRole("button", { name: "Refresh" }).focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page
      .getByRole("region", { name: /over time/ })
      .getByRole("table")
      .waitFor();
  });

  it("fit a narrow screen", async () => {
    await open({ viewport: narrow });
    await visit("/contests/spring-open/statistics");
    await charts().nth(4).locator("canvas").waitFor();
    const widths = await charts().evaluateAll((all) =>
      all.map((chart) => chart.getBoundingClientRect().right),
    );
    expect(Math.max(...widths)).toBeLessThanOrEqual(narrow.width);
  });
});

describe("progress", () => {
  it("is asked for by the reader's clock, and drawn with its table", async () => {
    await open({ timezoneId: "America/Sao_Paulo" });
    const asked = page.waitForRequest((request) => request.url().includes("/api/progress"));
    await visit("/progress");
    expect(new URL((await asked).url()).search).toBe("?offset=-180");
    await page.locator("figure.chart canvas").waitFor();
    await page.getByText("The last 60 days: show as table").click();
    expect(
      await page.getByRole("region", { name: "The last 60 days" }).getByRole("row").count(),
    ).toBeGreaterThan(20);
    await page.getByRole("rowheader", { name: "graphs" }).waitFor();
  });

  it("of a class has each team's state in words, and a file for spreadsheets", async () => {
    await open();
    await visit("/contests/spring-open/progress");
    const row = page.getByRole("row").filter({ hasText: "Late Registration" });
    expect(await row.getByRole("cell").first().textContent()).toBe("0");
    expect(await page.getByRole("cell", { name: /solved\s*\d+ tr/ }).count()).toBeGreaterThan(10);
    const link = page.getByRole("link", { name: "CSV" });
    expect(await link.getAttribute("href")).toBe("/api/contests/spring-open/progress?as=csv");
  });
});

describe("ratings", () => {
  it("stand from the best on, and lead to each one's history", async () => {
    await open();
    await visit("/ratings");
    const first = page.getByRole("row").nth(1);
    expect(await first.getByRole("cell").first().textContent()).toBe("1");
    await first.getByRole("link").click();
    await page.locator("figure.chart canvas").waitFor();
    expect(await page.getByRole("row").count()).toBe(7);
    expect(await page.getByRole("row").nth(1).getByRole("rowheader").textContent()).toBe("Round 6");
  });

  it("say that somebody has none", async () => {
    await open();
    await visit("/ratings/nobody");
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Not found");
  });

  it("are made of the contests that their owner says count", async () => {
    await open();
    await visit("/contests/tomorrow-round/edit");
    await page.getByLabel("Rated contest").check();
    await page.getByRole("status").filter({ hasText: "Saved." }).waitFor();
    expect(site.changes.at(-1)).toEqual({
      call: "POST /api/contests/tomorrow-round/rated",
      body: '{"rated":true}',
    });
  });
});
