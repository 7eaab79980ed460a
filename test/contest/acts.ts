import type { Page } from "playwright-core";
import { write } from "../browser.ts";
import { word as say } from "../browser.ts";

/** What people do on a contest's pages, each as a person would. */

/** Judging on a busy machine and loading the editor both take their time. */
export const PATIENCE_MS = 90_000;

export async function signInAs(page: Page, login: string, password: string): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel(say("signIn.login")).fill(login);
  await page.getByLabel(say("signIn.password")).fill(password);
  await page
    .getByRole("main")
    .getByRole("button", { name: say("signIn.title") })
    .click();
  await page.waitForURL(({ pathname }) => pathname !== "/sign-in");
}

export async function signUp(page: Page, username: string): Promise<void> {
  await page.goto("/sign-up");
  await page.getByLabel(say("signUp.username")).fill(username);
  await page.getByLabel(say("signIn.password")).fill("correct horse battery");
  await page.getByRole("button", { name: say("signUp.button") }).click();
  await page.getByRole("banner").getByRole("link", { name: username }).waitFor();
}

/** Submits on a problem's page and waits for the verdict of this submission, the `count`th to this problem. */
export async function submit(
  page: Page,
  problem: string,
  source: string,
  verdict: "verdict.WA" | "verdict.AC",
  count: number,
): Promise<void> {
  await page.goto(problem);
  await write(page, "python3", source);
  await page.getByRole("button", { name: say("problem.submit"), exact: true }).click();
  const rows = page.getByRole("tabpanel").getByRole("row");
  // With the row of headings.
  await rows.nth(count).waitFor({ timeout: PATIENCE_MS });
  await rows.nth(1).getByText(say(verdict)).waitFor({ timeout: PATIENCE_MS });
}

/** Does one thing to the contest's times, on their page, having read what comes of it. */
export async function changeTimes(
  page: Page,
  contest: string,
  what: "times.startNow" | "times.freezeNow" | "times.endNow",
): Promise<void> {
  await page.goto(`${contest}/times`);
  await page.getByRole("button", { name: say(what), exact: true }).click();
  await confirm(page, say("times.apply"));
  await page.getByText(say("times.done", { what: say(what) })).waitFor();
}

export async function confirm(page: Page, label: string): Promise<void> {
  await page.getByRole("dialog").getByRole("button", { name: label, exact: true }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
}
