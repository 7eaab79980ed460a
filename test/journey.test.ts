import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { demoContest } from "../problems/demo.ts";
import {
  browserPath,
  expectAccessible,
  launchBrowser,
  newVisitor,
  passSamples,
  signIn,
  word,
  write,
  type Visitor,
} from "./browser.ts";
import { startSite, temporaryFolder, type Site } from "./site.ts";

const PROBLEM = "cheesebread";
const jury = resolve(import.meta.dirname, "../problems", PROBLEM, "submissions");
const right = readFileSync(resolve(jury, "accepted/trays.py"), "utf8");
const wrong = readFileSync(resolve(jury, "wrong_answer/always_one_more.py"), "utf8");
const label = String.fromCharCode(65 + demoContest.problems.indexOf(PROBLEM));

/** Loading a language for the first time and judging on a busy machine both take their time. */
const PATIENCE_MS = 90_000;

let data: ReturnType<typeof temporaryFolder>;
let site: Site;
let browser: Browser;

describe.skipIf(browserPath === null)("from a fresh site to an official verdict", () => {
  beforeAll(async () => {
    data = temporaryFolder();
    site = await startSite(data.path);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await site?.end("SIGINT");
    data?.remove();
  });

  const times = process.env["TEST_LONG"] ? 10 : 1;
  it.each(Array.from({ length: times }, (_, at) => at + 1))(
    "a newcomer signs up, practises, submits a wrong and a right solution, and a spectator sees it happen (%i)",
    async (round) => {
      const spectator = await newVisitor(browser, site.url, { dark: true });
      const newcomer = await newVisitor(browser, site.url);
      const team = `Team ${round}`;
      await spectator.page.goto(`/contests/${demoContest.slug}/scoreboard`);
      await spectator.page.getByText(word("live.live"), { exact: true }).waitFor();

      await signUp(newcomer.page, `newcomer-${round}`);
      await register(newcomer.page, team);
      const row = spectator.page.getByRole("row").filter({ hasText: team });
      await row.waitFor();
      await expectAccessible(spectator.page);
      const loads = [countLoads(newcomer.page), countLoads(spectator.page)];

      await newcomer.page.getByRole("link", { name: "Cheese Bread" }).click();
      await write(newcomer.page, "python3", right);
      await passSamples(newcomer.page, 3);
      await expectAccessible(newcomer.page);

      await write(newcomer.page, "python3", wrong);
      await submit(newcomer.page, "verdict.WA", 1);
      await expectText(row, `${label}: ${word("scoreboard.rejected_one", { count: 1 })}`);
      await write(newcomer.page, "python3", right);
      await submit(newcomer.page, "verdict.AC", 2);
      await expectText(row, word("scoreboard.tries_other", { count: 2 }));
      await expectAccessible(newcomer.page);
      await expectAccessible(spectator.page);
      expect(loads.map((count) => count())).toEqual([0, 0]);

      for (const { strangers, errors, context } of [newcomer, spectator]) {
        expect(strangers).toEqual([]);
        expect(errors).toEqual([]);
        await context.close();
      }
    },
  );

  it("every page, the administrator's too, is accessible and asks nobody else for anything", async () => {
    const admin = await newVisitor(browser, site.url);
    await admin.page.goto("/sign-in");
    await expectAccessible(admin.page);
    await signIn(admin.page, "admin", site.password("admin"));
    await visitEach(admin, [
      "/",
      "/problems",
      `/problems/${PROBLEM}`,
      "/contests",
      "/contests/new",
      `/contests/${demoContest.slug}`,
      `/contests/${demoContest.slug}/edit`,
      `/contests/${demoContest.slug}/problems/${label}`,
      `/contests/${demoContest.slug}/scoreboard`,
      "/submissions",
      "/account",
      "/organise/problems",
      "/admin/accounts",
      "/nowhere",
    ]);
    expect(admin.strangers).toEqual([]);
    expect(admin.errors).toEqual([]);
    await admin.context.close();
  });
});

async function visitEach({ page }: Visitor, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    // Not until the network is silent: what a service worker asks for may be counted as a page's, and never as done.
    await page.locator(".waiting, [aria-busy=true]").first().waitFor({ state: "detached" });
    await expectAccessible(page);
  }
}

async function signUp(page: Page, username: string): Promise<void> {
  await page.goto("/");
  await page.getByRole("heading", { level: 1 }).waitFor();
  await expectAccessible(page);
  await page.goto("/sign-up");
  await page.getByLabel(word("signUp.username")).fill(username);
  await page.getByLabel(word("signIn.password")).fill("correct horse battery");
  await expectAccessible(page);
  await page.getByRole("button", { name: word("signUp.button") }).click();
  await page.getByRole("banner").getByRole("link", { name: username }).waitFor();
}

async function register(page: Page, team: string): Promise<void> {
  await page
    .getByRole("banner")
    .getByRole("link", { name: word("nav.contests") })
    .click();
  await page.getByRole("main").getByRole("link", { name: demoContest.name }).first().click();
  await page.getByLabel(word("contest.teamName")).fill(team);
  await page.getByRole("button", { name: word("contest.register") }).click();
  await page.getByText(word("contest.asTeam", { team })).waitFor();
  await expectAccessible(page);
}

/** Submits and waits for the verdict of the newest of `count` submissions, which stands first. */
async function submit(page: Page, verdict: "verdict.WA" | "verdict.AC", count: number): Promise<void> {
  await page.getByRole("button", { name: word("problem.submit"), exact: true }).click();
  const rows = page.getByRole("tabpanel").getByRole("row");
  // With the row of headings.
  await rows.nth(count).waitFor({ timeout: PATIENCE_MS });
  await rows.nth(1).getByText(word(verdict)).waitFor({ timeout: PATIENCE_MS });
}

async function expectText(row: ReturnType<Page["locator"]>, text: string): Promise<void> {
  await row.filter({ hasText: text }).waitFor({ timeout: PATIENCE_MS });
}

/** Counts the documents that the page loads from now on. */
function countLoads(page: Page): () => number {
  let loads = 0;
  page.on("load", () => loads++);
  return () => loads;
}
