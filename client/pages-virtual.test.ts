import { describe, expect, it } from "vitest";
import type { OwnSubmission } from "../protocol/virtual.ts";
import { submissions } from "./testing/fixtures/submissions.ts";
import { MINUTE } from "./testing/fixtures/time.ts";
import { expectWellMade, looks, narrow, open, page, site, usePages, visit } from "./testing/stage.ts";
import { runSince } from "./testing/virtual.ts";

usePages();

const PATH = "/contests/winter-final/virtual";
const slider = () => page.getByRole("slider", { name: "Time" });
const countdown = () => page.getByText("Your virtual run ends in");
const ownRow = () => page.getByRole("row").filter({ hasText: "(you)" });

function solved(label: string, minute: number): OwnSubmission {
  const at = minute * MINUTE;
  return {
    id: `own-${label}`,
    label,
    at,
    judgements: [{ at, verdict: "AC", score: null, groups: [] }],
  };
}

describe.each(looks)("in $language on $viewport.width pixels", ({ language, ...look }) => {
  it("the page of a recording, of a run, and of a run that is over are well made", async () => {
    await open(look);
    await expectWellMade(PATH, language);
    site.virtual = { run: runSince(120), submissions: [solved("A", 5)] };
    await expectWellMade(PATH, language);
    site.virtual = { run: runSince(400), submissions: [solved("A", 5)] };
    await expectWellMade(PATH, language);
  });
});

describe("the recording of a contest", () => {
  const solvedCells = () => page.locator("td .cell-full, td .cell-first").count();

  it("is moved through by keyboard alone, back and forth", async () => {
    await open();
    await visit(PATH);
    expect(await solvedCells()).toBe(0);
    await slider().press("End");
    await expect.poll(solvedCells).toBeGreaterThan(20);
    expect(await slider().getAttribute("aria-valuetext")).toBe("5:00:00 of 5:00:00");
    await slider().press("Home");
    await expect.poll(solvedCells).toBe(0);
  });

  it("plays until it is paused", async () => {
    await open();
    await visit(PATH);
    await page.getByLabel("Speed").selectOption("600×");
    await page.getByRole("button", { name: "Play" }).press("Enter");
    await expect.poll(solvedCells).toBeGreaterThan(3);
    await page.getByRole("button", { name: "Pause" }).press("Enter");
    await page.getByRole("button", { name: "Play" }).waitFor();
    const paused = await slider().inputValue();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await slider().inputValue()).toBe(paused);
  });

  it("is for those too who are not signed in, who are told how to take part", async () => {
    site.signedIn = false;
    await open();
    await visit(PATH);
    await page.getByRole("link", { name: "Sign in to take part virtually" }).waitFor();
    await slider().waitFor();
  });

  it("is a list on a phone", async () => {
    await open({ viewport: narrow });
    await visit(PATH);
    await slider().press("End");
    await page.getByRole("listitem").filter({ hasText: "Segfault Samba" }).first().waitFor();
  });

  it("is not there before the contest is over", async () => {
    await open();
    await visit("/contests/spring-open/virtual");
    await page.getByText("The contest is not over yet.").waitFor();
    expect(await slider().count()).toBe(0);
  });
});

describe("a virtual run", () => {
  it("begins, shows its own clock and row, and ends when asked to", async () => {
    await open();
    await visit(PATH);
    await page.getByRole("button", { name: "Begin now" }).click();
    await countdown().waitFor();
    await ownRow().waitFor();
    expect(await slider().count()).toBe(0);
    await page.getByRole("button", { name: "End my run" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "End my run" }).click();
    await page.getByText(/You would have been at rank \d+ of 14\./).waitFor();
    expect(site.changes.map(({ call }) => call)).toEqual([
      "POST /api/contests/winter-final/virtual",
      "DELETE /api/contests/winter-final/virtual",
    ]);
  });

  it("shows its own verdict among the teams as soon as the account's socket tells of it", async () => {
    await open();
    site.virtual = { run: runSince(60), submissions: [] };
    await visit(PATH);
    const solvedByOwn = () => ownRow().locator(".cell-full, .cell-first").count();
    expect(await solvedByOwn()).toBe(0);
    const own = submissions.find(({ judgement }) => judgement?.verdict === "AC");
    if (own === undefined) throw new Error("no accepted submission among the fixtures");
    site.virtual.submissions = [{ ...solved("A", 50), id: own.id }];
    const submission = { ...own, contest: null, beside: "winter-final", label: "A" };
    site.tellAccount({ type: "submission", submission });
    await expect.poll(solvedByOwn).toBe(1);
    await page.getByRole("region", { name: "Submissions of this run" }).getByText("Accepted").waitFor();
  });

  it("is replayed with the contest once it is over, from a rank that the recording says", async () => {
    await open();
    // Before every team of the recording.
    const all = [..."ABCDEFGH"].map((label) => solved(label, 1));
    site.virtual = { run: runSince(400), submissions: all };
    await visit(PATH);
    await page.getByText("You would have been at rank 1 of 14.").waitFor();
    expect(await ownRow().locator(".cell-first").count()).toBe(8);
    await slider().press("Home");
    await expect.poll(() => ownRow().locator(".cell-first").count()).toBe(0);
  });

  it("goes on on the pages of the contest's problems, with its clock", async () => {
    await open();
    site.virtual = { run: runSince(60), submissions: [] };
    await visit("/contests/winter-final/problems/A");
    await countdown().waitFor();
    await page.getByRole("link", { name: "Virtual participation" }).click();
    await ownRow().waitFor();
  });

  it("is found from the contest's lobby, and gone on with from there", async () => {
    await open();
    await visit("/contests/winter-final");
    await page.getByRole("link", { name: "Take part virtually or watch the recording" }).waitFor();
    site.virtual = { run: runSince(60), submissions: [] };
    await visit("/contests/winter-final");
    await countdown().waitFor();
    await page.getByRole("link", { name: "Go on", exact: true }).click();
    await ownRow().waitFor();
  });
});
