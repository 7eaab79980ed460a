import { describe, expect, it } from "vitest";
import { boardOf } from "./testing/fixtures/contests.ts";
import { open, page, site, usePages, visit } from "./testing/stage.ts";

usePages();

describe("the scoreboard", () => {
  const cells = boardOf("spring-open")?.cells ?? [];
  const seq = boardOf("spring-open")?.seq ?? 0;
  const rankOf = (team: string) => page.getByRole("row").filter({ hasText: team }).getByRole("cell").first();

  it("moves a team up when the room says that it solved a problem", async () => {
    await open();
    await visit("/contests/spring-open/scoreboard");
    await page.getByText("live", { exact: true }).waitFor();
    expect(await rankOf("Late Registration").textContent()).toBe("13");
    const changes = ["A", "B", "C", "D", "E", "F", "G"].map((label, index) => ({
      type: "cell" as const,
      seq: seq + 1 + index,
      cell: { team: "team-12", label, rejected: 0, pending: 0, solvedAt: 1000 },
    }));
    site.tellContest("spring-open", { type: "changes", epoch: "first", changes, now: Date.now() });
    await expect.poll(() => rankOf("Late Registration").textContent()).toBe("1");
    await page.getByText("A: solved at minute 0, 1 try, first to solve").waitFor({ state: "attached" });
  });

  it("asks for the whole board when it missed a change, instead of showing a wrong one", async () => {
    await open();
    await visit("/contests/spring-open/scoreboard");
    const timesAsked = () => site.heard.filter((text) => text.includes('"since":null')).length;
    // Once as it opens.
    await expect.poll(timesAsked).toBe(1);
    await page.getByText("live", { exact: true }).waitFor();
    const cell = { team: "team-12", label: "A", rejected: 0, pending: 0, solvedAt: 1000 };
    site.tellContest("spring-open", {
      type: "changes",
      epoch: "first",
      changes: [{ type: "cell", seq: seq + 5, cell }],
      now: Date.now(),
    });
    await expect.poll(timesAsked).toBe(2);
    expect(await rankOf("Late Registration").textContent()).toBe("13");
  });

  it("says the frozen sentence to the letter", async () => {
    await open();
    await visit("/contests/frozen-cup/scoreboard");
    await page
      .getByText(
        "The scoreboard was frozen with 60 minutes remaining - submissions in the last 60 minutes of the contest are still shown as pending.",
        { exact: true },
      )
      .waitFor();
  });

  it("finds the reader's own row", async () => {
    expect(cells.length).toBeGreaterThan(50);
    await open({ viewport: { width: 800, height: 300 } });
    await visit("/contests/spring-open/scoreboard");
    await page.getByRole("button", { name: "Find me" }).click();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("Os Tabaréus");
  });
});
