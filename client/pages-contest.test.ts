import { describe, expect, it } from "vitest";
import { accessibilityFaults, narrow, open, page, site, usePages, visit } from "./testing/stage.ts";

usePages();

const sent = (): unknown[] =>
  site.changes.map(({ body }): unknown => JSON.parse(body === "" ? "null" : body));
const choose = (field: string, option: string) => page.getByLabel(field).selectOption({ label: option });
const save = () => page.getByRole("button", { name: "Save" }).click();

/** Fills in a new contest's name and two problems: one that is passed or failed, and one that is scored. */
async function newContest(format: string): Promise<void> {
  await open();
  await visit("/contests/new");
  await page.getByLabel("Name").fill("Verão 2027");
  await choose("Format", format);
  for (const problem of ["Alternating Towers", "Dijkstra's Umbrella"]) {
    await choose("Problem to add", problem);
    await page.getByRole("button", { name: "Add" }).click();
  }
}

async function created(): Promise<unknown> {
  await page.getByRole("button", { name: "Create contest" }).click();
  await page.getByRole("heading", { name: "Spring Open 2026" }).waitFor();
  return sent()[0];
}

describe("the form for a contest", () => {
  it("sends an empty start as none, an empty window as none, and all languages as null", async () => {
    await newContest("ICPC");
    await page.getByLabel("Start").fill("");
    expect(await created()).toEqual({
      name: "Verão 2027",
      slug: "verao-2027",
      startAt: null,
      durationMinutes: 300,
      freezeMinutes: 60,
      windowMinutes: null,
      format: { type: "icpc", penaltyMinutes: 20 },
      languages: null,
      problems: ["alternating-towers", "dijkstras-umbrella"],
      limits: {},
    });
  });

  it("asks for points of a scored problem only where its package does not say them", async () => {
    await newContest("IOI");
    const points = page.getByRole("group", { name: "Points" });
    expect(await points.getByRole("spinbutton").count()).toBe(1);
    await points.getByText("as its package says").waitFor();
    await choose("What teams see before the end", "Teams see no results before the end.");
    expect(await created()).toMatchObject({
      format: { type: "ioi", counts: "groups", feedback: "none", points: { A: 100 } },
    });
  });

  it("keeps a problem's points with it when its place changes", async () => {
    await newContest("Codeforces");
    await page.getByRole("spinbutton", { name: "B Dijkstra's Umbrella" }).fill("750");
    await page.getByRole("button", { name: "Move Dijkstra's Umbrella up" }).click();
    expect(await created()).toMatchObject({
      problems: ["dijkstras-umbrella", "alternating-towers"],
      format: {
        type: "codeforces",
        points: { A: 750, B: 500 },
        decayPercent: 48,
        deduction: 50,
        floorPercent: 30,
      },
    });
  });

  it("reckons a homework's deadline from minutes, and leaves its hard end to the contest's end", async () => {
    await newContest("Homework");
    await page.getByLabel("Deadline, in minutes").fill("240");
    await choose("What comes late", "loses points by the day");
    expect(await created()).toMatchObject({
      format: {
        deadlineMs: 14_400_000,
        late: { type: "daily", percent: 20, hardEndMs: null },
        counts: "best",
      },
    });
  });

  it("shows what the server found wrong with a format's setting beside it", async () => {
    await newContest("Homework");
    await page.getByLabel("Deadline, in minutes").fill("600");
    await page.getByRole("button", { name: "Create contest" }).click();
    await page.getByText("The deadline is after the contest's end.").waitFor();
    expect(await page.getByLabel("Deadline, in minutes").getAttribute("aria-invalid")).toBe("true");
    await page.getByRole("alert").getByText("Some fields need another look.").waitFor();
  });

  it("refuses a choice of languages without any, beside the languages", async () => {
    await newContest("ICPC");
    await page.getByRole("radio", { name: "Only these" }).check();
    await page.getByRole("button", { name: "Create contest" }).click();
    const group = page.getByRole("group", { name: "Languages" });
    await group.getByText("At least one language.").waitFor();
    await group.getByRole("checkbox", { name: "C++", exact: true }).check();
    await group.getByRole("checkbox", { name: "Python 3", exact: true }).check();
    site.changes = [];
    expect(await created()).toMatchObject({ languages: ["cpp", "python3"] });
  });

  it("changes nothing before what would come of it was shown and agreed to, by keyboard alone", async () => {
    await open();
    await visit("/contests/tomorrow-round/edit");
    expect(await page.getByLabel("Start").count()).toBe(0);
    await page.getByRole("button", { name: "Save" }).focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Change this contest?" });
    await dialog.getByText("New problems: I.").waitFor();
    expect(await dialog.getByRole("row").nth(1).textContent()).toBe("Pão de Queijo31");
    expect(await accessibilityFaults()).toEqual([]);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Cancel");
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    expect(site.changes.map(({ call }) => call)).toEqual(["PUT /api/contests/tomorrow-round?preview"]);
    await save();
    await dialog.getByRole("button", { name: "Change it" }).click();
    await page.getByRole("heading", { name: "Tomorrow's Round" }).waitFor();
    expect(site.changes.map(({ call }) => call).slice(1)).toEqual([
      "PUT /api/contests/tomorrow-round?preview",
      "PUT /api/contests/tomorrow-round",
    ]);
    expect(sent()[2]).toEqual(sent()[1]);
    expect(sent()[2]).not.toHaveProperty("startAt");
  });

  it("takes limits of the contest's own, and says whose verdicts stay as they are", async () => {
    await open();
    await visit("/contests/tomorrow-round/edit");
    await page.getByText("Limits of this contest").first().click();
    const first = page.getByRole("group", { name: /^A/ });
    await first.getByLabel("Seconds").fill("2.5");
    await first.getByLabel("Memory in MiB").fill("128");
    expect(await accessibilityFaults()).toEqual([]);
    await save();
    const dialog = page.getByRole("dialog", { name: "Change this contest?" });
    await dialog
      .getByText("Problem A has other limits. 3 submissions were judged by those of before")
      .waitFor();
    expect(sent()[0]).toMatchObject({ limits: { A: { timeMs: 2500, memoryMiB: 128 } } });
  });
});

describe("a contest's page", () => {
  it("says its rules in words, and what each problem is worth", async () => {
    await open();
    await visit("/contests/tomorrow-round");
    await page.getByText(/From the start to the end a problem loses 48 % of its points/).waitFor();
    const line = page.getByRole("listitem").filter({ hasText: "Bridge Repair" });
    await line.getByText("1,000 points").waitFor();
  });

  it("tells that it is paused, with a clock that stands still", async () => {
    await open();
    await visit("/contests/power-cut");
    await page.getByText(/The contest is paused\. Its clock stands still/).waitFor();
    const clock = page.getByRole("timer").filter({ hasText: "left, once it goes on" });
    const before = await clock.textContent();
    await page.waitForTimeout(1500);
    expect(await clock.textContent()).toBe(before);
  });

  it("begins a team's own time only after it was asked", async () => {
    await open();
    await visit("/contests/own-time");
    await page.getByRole("button", { name: "Begin now" }).click();
    const dialog = page.getByRole("dialog", { name: "Begin your team's time?" });
    await dialog.getByText("Your time of 2 h begins now. Nothing stops it then.").waitFor();
    expect(site.changes).toEqual([]);
    await dialog.getByRole("button", { name: "Begin now" }).click();
    await page.getByText("your time ends in").waitFor();
    expect(site.changes).toEqual([{ call: "POST /api/contests/own-time/begin", body: "" }]);
    expect(await page.getByRole("button", { name: "Begin now" }).count()).toBe(0);
  });

  it("shows those who manage it what is left to do, each with where it is done", async () => {
    await open();
    await visit("/contests/sheet-7");
    await page.getByText("Setup: 6 of 7 done").waitFor();
    const steps = page.locator(".setup li");
    expect(await steps.nth(1).textContent()).toBe("open: Times no start set");
    expect(await steps.nth(1).getByRole("link").getAttribute("href")).toBe("/contests/sheet-7/times");
    site.judges = false;
    await visit("/contests/sheet-7");
    await page.getByText("Setup: 5 of 7 done").waitFor();
    expect(await steps.nth(6).textContent()).toMatch(/^open: Judge online Submissions wait/);
  });

  it("says that results are final, and asks nobody to set anything up then", async () => {
    await open();
    await visit("/contests/winter-final");
    await page.getByRole("status").getByText("The results are final.").waitFor();
    expect(await page.locator(".setup").count()).toBe(0);
  });
});

describe("the list of contests", () => {
  it("has running, coming and past ones apart, with state and format in words, on a narrow screen too", async () => {
    await open({ viewport: narrow });
    await visit("/contests");
    expect(await page.getByRole("heading", { level: 2 }).allTextContents()).toEqual([
      "Running",
      "Coming",
      "Past contests",
    ]);
    const row = page.getByRole("row").filter({ hasText: "Sheet 7" });
    expect(await row.textContent()).toMatch(/no start set.*Homework/);
    expect(await page.getByRole("row").filter({ hasText: "Power Cut" }).textContent()).toContain("paused");
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
  });
});

describe("a contest's page", () => {
  it("fits a narrow screen while days are left until the freeze and the end", async () => {
    await open({ viewport: narrow });
    await visit("/contests/open-week");
    await page.getByText(/the scoreboard freezes in/).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
  });
});
