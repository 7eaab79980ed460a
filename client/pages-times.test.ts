import { describe, expect, it } from "vitest";
import {
  accessibilityFaults,
  expectWellMade,
  narrow,
  open,
  page,
  site,
  usePages,
  visit,
} from "./testing/stage.ts";

usePages();

const button = (name: string) => page.getByRole("button", { name, exact: true });
const dialog = (name: string) => page.getByRole("dialog", { name, exact: true });
const calls = (): string[] => site.changes.map(({ call }) => call);
const bodies = (): unknown[] =>
  site.changes.map(({ body }): unknown => JSON.parse(body === "" ? "null" : body));

async function times(slug: string): Promise<void> {
  await open();
  await visit(`/contests/${slug}/times`);
}

describe("the page of a contest's times", () => {
  it("shows what an edit would do, and sends it only once it is agreed to", async () => {
    await times("spring-open");
    await page.getByLabel("Length in minutes").fill("150");
    await button("Change the length").click();
    const refusal = page.getByRole("alert");
    await refusal.getByText(/would have ended at .* UTC, which is past\./).waitFor();
    await page.getByLabel("Length in minutes").fill("360");
    await button("Change the length").click();
    const preview = dialog("Change the length");
    await preview.getByText("No submission is affected.").waitFor();
    expect(await refusal.count()).toBe(0);
    expect(await preview.getByRole("row").nth(1).textContent()).toBe("Staterunningthe same");
    expect(await accessibilityFaults()).toEqual([]);
    expect(calls()).toEqual(Array(2).fill("POST /api/contests/spring-open/times?preview"));
    await preview.getByRole("button", { name: "Do it" }).click();
    await page.getByText("Done: Change the length.").waitFor();
    expect(calls().at(-1)).toBe("POST /api/contests/spring-open/times");
    const edit = { type: "duration", durationMs: 21_600_000 };
    expect(bodies().slice(1)).toEqual([edit, edit]);
    await page.getByText(/of 6:00:00$/).waitFor();
  });

  it("warns when the scoreboard would freeze at once, before it does", async () => {
    await times("spring-open");
    await button("Freeze now").click();
    await dialog("Freeze now")
      .getByText(/The scoreboard freezes now\./)
      .waitFor();
    await page.keyboard.press("Escape");
    expect(bodies()).toEqual([{ type: "freeze", freezeMs: "now" }]);
  });

  it("says how many submissions would get another time when time is removed", async () => {
    await times("spring-open");
    await button("Remove this time").click();
    const preview = dialog("Remove this time");
    await preview.getByText("1 submission gets another contest time.").waitFor();
    await preview.getByText("Which submissions").click();
    expect(await preview.getByRole("listitem").getByRole("link").allTextContents()).toEqual(["s-2"]);
  });

  it("lets a contest go on and restores removed time, by keyboard alone", async () => {
    await times("power-cut");
    expect(await button("Pause").count()).toBe(0);
    await button("Go on").focus();
    await page.keyboard.press("Enter");
    await dialog("Go on").getByText("No submission is affected.").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText("Done: Go on.").waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Pause");
    await page
      .getByRole("button", { name: /^Restore the time from/ })
      .first()
      .focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: /^Restore the time from/ }).waitFor();
    expect(bodies()).toEqual([
      { type: "resume" },
      { type: "resume" },
      { type: "restore", from: expect.any(Number), to: expect.any(Number) },
    ]);
  });

  it("tells what a pause would do, before the clock stops", async () => {
    await times("spring-open");
    await button("Pause").click();
    const preview = dialog("Pause");
    await preview.getByText(/The clock stands still at once/).waitFor();
    expect(await preview.getByRole("row").nth(4).textContent()).toMatch(/not known yet$/);
  });

  it("gives one of the scoreboard's teams extra time", async () => {
    await times("spring-open");
    await page.getByLabel("Team").selectOption({ label: "Pão de Queijo" });
    await page.getByLabel("Extra time in minutes").fill("30");
    await button("Give extra time").click();
    await dialog("Give extra time").getByRole("button", { name: "Do it" }).click();
    await page.getByText("Done: Give extra time.").waitFor();
    expect(bodies().at(-1)).toEqual({ type: "extra", team: "team-02", extraMs: 1_800_000 });
    await page.getByText("End of the last team").waitFor();
  });

  it("starts at a moment, at once, or at none yet, and only before the start", async () => {
    await times("sheet-7");
    await button("Set the start").click();
    await dialog("Set the start").getByText("No submission is affected.").waitFor();
    await page.keyboard.press("Escape");
    await button("Start now").click();
    await dialog("Start now").getByRole("button", { name: "Do it" }).click();
    await page.getByText("Done: Start now.").waitFor();
    expect(bodies()).toEqual([
      { type: "start", startAt: null },
      { type: "start", startAt: "now" },
      { type: "start", startAt: "now" },
    ]);
    await button("Start now").waitFor({ state: "detached" });
  });

  it("says in the server's words why results cannot be final", async () => {
    await times("late-board");
    await button("Declare the results final").click();
    const question = dialog("Declare the results final");
    expect(site.changes).toEqual([]);
    await question.getByRole("button", { name: "Declare the results final" }).click();
    await question
      .getByRole("alert")
      .getByText(
        "The results cannot be final: 2 submissions are not judged, one clarification request is not answered.",
      )
      .waitFor();
    await question.getByRole("button", { name: "Cancel" }).click();
    await button("Thaw the scoreboard").click();
    await dialog("Thaw the scoreboard").getByRole("button", { name: "Thaw the scoreboard" }).click();
    await page.getByText("Done: Thaw the scoreboard.").waitFor();
    expect(calls()).toEqual(["POST /api/contests/late-board/finalise", "POST /api/contests/late-board/thaw"]);
  });

  it("offers no change once the results are final", async () => {
    await times("winter-final");
    await page.getByText(/nothing of the times can be changed any more/).waitFor();
    expect(await page.getByRole("main").getByRole("button").count()).toBe(0);
  });

  it.each(["spring-open", "power-cut", "sheet-7", "own-time"])(
    "is well made for %s on a narrow screen",
    async (slug) => {
      await open({ viewport: narrow });
      await expectWellMade(`/contests/${slug}/times`, "en");
    },
  );
});
