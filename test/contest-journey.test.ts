import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as v from "valibot";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SessionView } from "../protocol/account.ts";
import { JudgeToken } from "../protocol/judge-list.ts";
import { browserPath, expectAccessible, launchBrowser, newVisitor, signIn, type Visitor } from "./browser.ts";
import { changeTimes, confirm, PATIENCE_MS, signInAs, signUp, submit } from "./contest/acts.ts";
import { startScriptedJudge, type ScriptedJudge } from "./contest/scripted-judge.ts";
import { word as say } from "./browser.ts";
import { Client, startSite, temporaryFolder, type Site } from "./site.ts";

const CONTEST = "/contests/city-cup";
const NAMES = ["cheesebread", "closingtime"].map((slug) => {
  const yaml = readFileSync(resolve(import.meta.dirname, "../problems", slug, "problem.yaml"), "utf8");
  return v.parse(v.string(), /en: (.+)/.exec(yaml)?.[1]).trim();
});
const TEAMS = ["Alphas", "Betas", "Gammas"] as const;
const LIST = ["team,username", ...TEAMS.map((name) => `${name},${name.toLowerCase()}`)].join("\n");

let data: ReturnType<typeof temporaryFolder>;
let site: Site;
let judge: ScriptedJudge;
let browser: Browser;

const rowOf = (page: Page, team: string): Locator => page.getByRole("row").filter({ hasText: team });

const saw = (where: Locator, text: string): Promise<void> =>
  where.filter({ hasText: text }).first().waitFor({ timeout: PATIENCE_MS });

/** Makes the contest by its form and its teams by a list; returns what the sheet shows of each team. */
async function prepare(page: Page): Promise<Map<string, string>> {
  await page.goto("/contests/new");
  await page.getByLabel(say("contestForm.name"), { exact: true }).fill("City Cup");
  for (const name of NAMES) {
    await page.getByLabel(say("picker.choose")).selectOption({ label: name });
    await page.getByRole("button", { name: say("picker.add"), exact: true }).click();
  }
  await page.getByRole("button", { name: say("contestForm.create") }).click();
  await page.getByRole("heading", { level: 1, name: "City Cup" }).waitFor();
  await page
    .getByRole("navigation", { name: say("contestLink.all") })
    .getByRole("link", { name: say("contestLink.teams"), exact: true })
    .click();
  await page.getByLabel(say("teams.text")).fill(LIST);
  await page.getByRole("button", { name: say("teams.make_other", { count: TEAMS.length }) }).click();
  await page
    .getByRole("heading", { name: say("teams.sheet_other", { count: TEAMS.length }) })
    .waitFor({ timeout: PATIENCE_MS });
  await expectAccessible(page);
  const passwords = new Map<string, string>();
  for (const team of TEAMS) {
    const slip = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: team }) });
    passwords.set(team, await slip.getByRole("definition").nth(1).innerText());
  }
  return passwords;
}

/** A team asks, the jury answers to all, and a team that is at something else is told at once. */
async function clarify(asker: Page, jury: Page, other: Page): Promise<void> {
  await asker.goto(`${CONTEST}/clarifications`);
  await asker.getByRole("textbox", { name: say("clarification.question") }).fill("May n be zero?");
  await asker.getByRole("button", { name: say("clarification.send") }).click();
  await asker.getByText(say("clarification.sent")).waitFor();
  await jury.goto(`${CONTEST}/clarifications`);
  await saw(jury.getByRole("listitem"), "May n be zero?");
  await jury.getByRole("button", { name: say("clarification.claim"), exact: true }).click();
  await jury.getByRole("textbox", { name: say("clarification.reply"), exact: true }).fill("It may not.");
  await jury.getByLabel(say("clarification.to.all")).check();
  await jury.getByRole("button", { name: say("clarification.sendAnswer") }).click();
  await jury.getByText(say("clarification.queueEmpty")).waitFor();
  await saw(other.getByRole("alert"), "It may not.");
  await saw(asker.getByRole("listitem"), "It may not.");
}

/** The presenter goes through the whole show; whoever follows it reads every step when it is told. */
async function present(presenter: Page, viewer: Page): Promise<void> {
  await viewer.goto(`${CONTEST}/resolver/show`);
  await viewer.getByText(say("resolver.waiting")).waitFor();
  await presenter.goto(`${CONTEST}/resolver`);
  await presenter.getByRole("button", { name: say("resolver.begin"), exact: true }).click();
  const next = presenter.getByRole("button", { name: say("resolver.next") });
  const [told, heard] = [presenter.locator(".resolver-said"), viewer.locator(".resolver-said")];
  const position = (shown: number): Locator => presenter.getByText(new RegExp(`^Step ${shown} of \\d+$`));
  const all = Number(/\d+$/.exec(await position(0).innerText())?.[0]);
  const steps: string[] = [];
  for (let shown = 1; shown <= all; shown++) {
    await next.click();
    await position(shown).waitFor();
    steps.push(await told.innerText());
    await expect.poll(() => heard.innerText()).toBe(steps.at(-1));
  }
  await heard.getByText(say("resolver.step.end")).waitFor();
  expect(steps).toContain(say("resolver.step.move", { team: "Betas", rank: 1 }));
  await expectAccessible(presenter);
  await presenter.getByRole("button", { name: say("resolver.thaw") }).click();
  await confirm(presenter, say("resolver.thaw"));
  await presenter.getByText(say("resolver.thawed")).waitFor();
}

async function finalise(page: Page): Promise<void> {
  await page.goto(`${CONTEST}/times`);
  await page.getByRole("button", { name: say("times.finalise"), exact: true }).click();
  await confirm(page, say("times.finalise"));
  await page.getByText(say("times.final")).waitFor();
}

/** Somebody who was not there goes through it by a clock of their own. */
async function takePartVirtually(page: Page): Promise<void> {
  await page.goto(CONTEST);
  await page.getByRole("link", { name: say("virtual.open") }).click();
  await page.getByRole("button", { name: say("virtual.begin"), exact: true }).click();
  await page.getByText(say("virtual.endsIn")).waitFor();
  await submit(page, `${CONTEST}/problems/B`, "# verdict: AC", "verdict.AC", 1);
  await page.goto(`${CONTEST}/virtual`);
  await page.getByRole("button", { name: say("virtual.end"), exact: true }).click();
  await confirm(page, say("virtual.end"));
  // Behind the Betas; before or after the Alphas by the minute, or beside them.
  const outcome = say("virtual.outcome", { rank: "[23]", teams: TEAMS.length + 1 });
  await page.getByText(new RegExp(outcome)).waitFor();
  await saw(rowOf(page, say("scoreboard.you")), `B: ${say("scoreboard.result.full")}`);
  await saw(rowOf(page, "Betas"), `B: ${say("scoreboard.result.full")}`);
  await expectAccessible(page);
}

describe.skipIf(browserPath === null)("a contest from its form to its final standings", () => {
  beforeAll(async () => {
    data = temporaryFolder();
    site = await startSite(data.path, ["--no-judge", "--no-provider"]);
    const admin = new Client(site.url);
    const login = { login: "admin", password: site.password("admin") };
    await admin.call("POST", "/api/session", SessionView, login);
    const { token } = await admin.call("POST", "/api/judges", JudgeToken, { name: "scripted" });
    judge = startScriptedJudge({ url: site.url, token });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await judge?.stop();
    await site?.end("SIGINT");
    data?.remove();
  });

  it("is made, fought, frozen, resolved, final, and gone through once more by somebody else", async () => {
    const visitors: Visitor[] = [];
    const arrive = async (): Promise<Page> => {
      const visitor = await newVisitor(browser, site.url);
      visitors.push(visitor);
      return visitor.page;
    };
    const jury = await arrive();
    await signIn(jury, "admin", site.password("admin"));
    const passwords = await prepare(jury);

    const [alphas, betas, spectator] = [await arrive(), await arrive(), await arrive()];
    await signInAs(alphas, "alphas", passwords.get("Alphas") ?? "");
    await signInAs(betas, "betas", passwords.get("Betas") ?? "");
    await spectator.goto(`${CONTEST}/scoreboard`);
    await spectator.getByText(say("scoreboard.lobby_other", { count: TEAMS.length })).waitFor();

    await changeTimes(jury, CONTEST, "times.startNow");
    await submit(betas, `${CONTEST}/problems/A`, "# verdict: WA", "verdict.WA", 1);
    await saw(rowOf(spectator, "Betas"), `A: ${say("scoreboard.rejected_one", { count: 1 })}`);
    await submit(alphas, `${CONTEST}/problems/A`, "# verdict: AC", "verdict.AC", 1);
    await saw(rowOf(spectator, "Alphas"), say("scoreboard.first"));
    await clarify(betas, jury, alphas);

    await changeTimes(jury, CONTEST, "times.freezeNow");
    await spectator.getByText(say("scoreboard.frozen").split("{")[0] ?? "").waitFor({ timeout: PATIENCE_MS });
    await submit(betas, `${CONTEST}/problems/A`, "# verdict: AC", "verdict.AC", 2);
    await submit(betas, `${CONTEST}/problems/B`, "# verdict: AC", "verdict.AC", 1);
    await saw(rowOf(spectator, "Betas"), `B: ${say("scoreboard.pending_one", { count: 1 })}`);
    await jury.goto(`${CONTEST}/submissions`);
    const accepted = rowOf(jury, "Betas").filter({ hasText: say("verdict.AC") });
    await expect.poll(() => accepted.count()).toBe(2);
    await expectAccessible(spectator);

    await changeTimes(jury, CONTEST, "times.endNow");
    await present(jury, spectator);
    await finalise(jury);
    await spectator.goto(`${CONTEST}/scoreboard`);
    await saw(rowOf(spectator, "Betas"), `B: ${say("scoreboard.result.full")}`);
    await spectator.getByText(say("contestState.finalised")).first().waitFor();
    const standings = await spectator.getByRole("rowheader").allInnerTexts();
    expect(standings.map((text) => text.trim()).slice(0, TEAMS.length)).toEqual([
      "Betas",
      "Alphas",
      "Gammas",
    ]);

    const newcomer = await arrive();
    await signUp(newcomer, "newcomer");
    await takePartVirtually(newcomer);
    expect(visitors.flatMap(({ strangers, errors }) => [...strangers, ...errors])).toEqual([]);
  });
});
