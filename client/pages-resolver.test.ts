import { beforeEach, describe, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { showOf } from "./testing/fixtures/resolver.ts";
import { tell, usualShow } from "./testing/resolver.ts";
import {
  accessibilityFaults,
  looks,
  narrow,
  open,
  page,
  site,
  usePages,
  visit,
  wide,
} from "./testing/stage.ts";

usePages();

const PRESENTER = "/contests/frozen-cup/resolver";
const VIEWER = "/contests/frozen-cup/resolver/show";
const PICTURES = process.env["PICTURES"];

beforeEach(() => {
  site.show.plan = usualShow();
});

/** A show that has begun, with so many steps shown. */
function begun(shown = 0, plan = usualShow()): number {
  if (plan.type === "refused") throw new Error("refused");
  site.show.plan = { ...plan, show: 1_000, shown };
  return plan.steps.length;
}

const said = (): Promise<string> => page.locator(".resolver-said").innerText();
const shownAt = (): number => (site.show.plan.type === "ready" ? site.show.plan.shown : -1);
const picture = async (of: Page, name: string): Promise<void> => {
  if (PICTURES !== undefined) await of.screenshot({ path: `${PICTURES}/${name}.png` });
};

describe("the presenter", () => {
  it("is told why there can be no show, by the names of the team and the problem", async () => {
    await open();
    const why = { reason: "unjudged" as const, team: "team-1", label: "C" };
    site.show.plan = { type: "refused", why, team: "Os Tabaréus" };
    await visit(PRESENTER);
    await page
      .getByText("Not everything is judged: Os Tabaréus has a submission on problem C without a verdict.")
      .waitFor();
    expect(await page.getByRole("button", { name: "Begin the show" }).count()).toBe(0);
  });

  it("begins the show and leads it by keys alone, forwards and back", async () => {
    await open();
    await visit(PRESENTER);
    await page.getByRole("button", { name: "Begin the show" }).press("Enter");
    await page.getByText("The frozen scoreboard", { exact: true }).waitFor();
    await page.locator("body").press(" ");
    await expect.poll(shownAt).toBe(1);
    await page.keyboard.press("ArrowRight");
    await expect.poll(shownAt).toBe(2);
    await page.keyboard.press("ArrowLeft");
    await expect.poll(shownAt).toBe(1);
    await expect.poll(said).toMatch(/^Row 5: /);
    expect(await page.locator("tr.lit").count()).toBe(1);
  });

  it("loses no key while the network is slow: the server is told the last place", async () => {
    begun();
    await open();
    await visit(PRESENTER);
    for (let times = 0; times < 8; times++) await page.keyboard.press("ArrowRight");
    await expect.poll(shownAt).toBe(8);
    await page.getByText(/^Step 8 of/).waitFor();
  });

  it("sees what comes next, and what can be said before a verdict", async () => {
    begun();
    await open();
    await visit(PRESENTER);
    const next = page.getByRole("region", { name: "What comes next" });
    const first = await next.getByRole("listitem").first().innerText();
    await page.keyboard.press("ArrowRight");
    await expect.poll(said).toBe(first);
    await page.getByText(/^If .* has solved .: place \d at best\.$/).waitFor();
    await picture(page, "presenter");
  });

  it("lets the show go on by itself up to the next step that waits", async () => {
    const steps = begun();
    await open();
    await visit(PRESENTER);
    for (let times = 0; times < 5; times++) await page.keyboard.press("+");
    await page.getByText("Speed 5 of 5").waitFor();
    await page.keyboard.press(" ");
    const waits =
      site.show.plan.type === "ready" ? site.show.plan.steps.find((step) => step.pause) : undefined;
    expect(waits?.number).toBeLessThan(steps);
    await expect.poll(shownAt).toBe(waits?.number);
  });

  it("follows another who leads the same show", async () => {
    begun(0);
    await open();
    await visit(PRESENTER);
    const plan = usualShow();
    if (plan.type === "refused") throw new Error("refused");
    await page.getByText(/^Step 0 of/).waitFor();
    tell(site.show, { type: "steps", show: 1_000, steps: plan.steps.slice(0, 2) });
    await page.getByText(/^Step 2 of/).waitFor();
  });

  it("is told of results that changed meanwhile, and begins anew only after a question", async () => {
    begun(4, { ...showOf(5), outdated: true });
    await open();
    await visit(PRESENTER);
    await page.getByText("Results or awards have changed since the show began.").waitFor();
    await page.getByRole("button", { name: "Begin anew" }).click();
    expect(site.changes.filter(({ call }) => call.includes("begin"))).toEqual([]);
    await page.getByRole("dialog").getByRole("button", { name: "Begin anew" }).click();
    await page.getByText(/^Step 0 of/).waitFor();
  });

  it("is offered to thaw the scoreboard once all is told", async () => {
    const steps = begun(showOf(5).steps.length - 1);
    await open();
    await visit(PRESENTER);
    expect(await page.getByRole("button", { name: "Thaw the scoreboard now" }).count()).toBe(0);
    await page.keyboard.press("ArrowRight");
    await expect.poll(shownAt).toBe(steps);
    await page.getByRole("button", { name: "Thaw the scoreboard now" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Thaw the scoreboard now" }).click();
    await expect
      .poll(() => site.changes.map(({ call }) => call))
      .toContain("POST /api/contests/frozen-cup/thaw");
  });

  it("chooses which awards there are before the show", async () => {
    await open();
    await visit(PRESENTER);
    await page.getByText("Which awards there are").click();
    await page.getByLabel("Gold medals").fill("2");
    await page.getByRole("button", { name: "Save the awards" }).click();
    await page.getByText("The awards are saved.").waitFor();
    const sent = site.changes.find(({ call }) => call.startsWith("PUT"));
    expect(JSON.parse(sent?.body ?? "{}")).toMatchObject({
      gold: 2,
      medalsPerGroup: null,
      medianRule: false,
    });
  });

  it("must be of the jury", async () => {
    await open();
    await visit("/contests/guest-cup/resolver");
    await page.getByText("Only the contest's jury may present its results.").waitFor();
  });
});

describe("a viewer", () => {
  it("waits until the show begins, and then sees each step without touching anything", async () => {
    await open();
    await visit(VIEWER);
    await page.getByText("The show of the results has not begun yet.").waitFor();
    const steps = begun();
    const plan = site.show.plan;
    if (plan.type === "refused") throw new Error("refused");
    const { frozen } = plan;
    const standing = frozen.teams.map(({ id }, index) => ({ team: id, rank: index + 1 }));
    const state = { shown: 0, board: frozen, standing, looked: null, placed: [], awards: [], ended: false };
    tell(site.show, { type: "state", show: 1_000, state });
    await page.getByText("The frozen scoreboard", { exact: true }).waitFor();
    tell(site.show, { type: "steps", show: 1_000, steps: plan.steps });
    await expect.poll(said).toBe("All results are told.");
    expect(steps).toBeGreaterThan(10);
    const solved = plan.final.cells.filter(({ result }) => result === "full").length;
    expect(await page.locator(".cell-full, .cell-first").count()).toBe(solved);
    expect(await page.locator(".cell-pending").count()).toBe(0);
  });

  it("sees an award in large letters", async () => {
    const { steps } = showOf(5);
    const award = steps.find((step) => step.type === "place" && step.awards.length > 0)?.number ?? 0;
    begun(award - 1);
    await open({ viewport: wide });
    await visit(VIEWER);
    tell(site.show, { type: "steps", show: 1_000, steps: steps.slice(award - 1, award) });
    await page.locator(".resolver-award").waitFor();
    await picture(page, "award");
  });

  it("asks for the whole state when it missed a step", async () => {
    begun(2);
    await open();
    await visit(VIEWER);
    await page.locator("tr.lit").waitFor();
    site.heard = [];
    tell(site.show, { type: "steps", show: 1_000, steps: showOf(5).steps.slice(5, 6) });
    await expect.poll(() => site.heard).toEqual(['{"type":"follow","show":null,"shown":null}']);
  });

  it("keeps the team in the light on the screen on a board of 120 teams", async () => {
    const big = showOf(120, 12);
    const look = big.steps.filter((step) => step.type === "look").at(60)?.number ?? 0;
    begun(look, big);
    await open({ viewport: wide });
    await visit(VIEWER);
    const lit = page.locator("tr.lit");
    await expect
      .poll(async () => {
        const box = await lit.boundingBox();
        return box !== null && box.y > 0 && box.y + box.height < wide.height;
      })
      .toBe(true);
    await picture(page, "hall-120");
  });
});

describe.each(looks)("the show in $language, $colorScheme", ({ language, ...look }) => {
  it.each([
    ["of the presenter", PRESENTER],
    ["of a viewer", VIEWER],
  ])("%s is well made", async (name, path) => {
    begun(3);
    await open(look);
    await visit(path);
    await page.locator("tr.lit").waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe(language);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    expect(await accessibilityFaults()).toEqual([]);
    await picture(page, `${language}-${name.replaceAll(" ", "-")}`);
  });

  it("before it begins fits a phone", async () => {
    await open({ ...look, viewport: narrow });
    await visit(PRESENTER);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    expect(await accessibilityFaults()).toEqual([]);
  });
});
