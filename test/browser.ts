import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";
import en from "../client/locales/en.json" with { type: "json" };
import board from "../client/locales/board/en.json" with { type: "json" };
import clarifications from "../client/locales/clarifications/en.json" with { type: "json" };
import contestForms from "../client/locales/contest-forms/en.json" with { type: "json" };
import contests from "../client/locales/contests/en.json" with { type: "json" };
import resolver from "../client/locales/resolver/en.json" with { type: "json" };
import teams from "../client/locales/teams/en.json" with { type: "json" };
import virtual from "../client/locales/virtual/en.json" with { type: "json" };
import type { LanguageId } from "../protocol/language.ts";
import { findChromium } from "../scripts/setup.ts";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const texts = {
  ...en,
  ...board,
  ...clarifications,
  ...contestForms,
  ...contests,
  ...resolver,
  ...teams,
  ...virtual,
};

/** The page's own words by their key, so that a test does not break when a text is put better; what has no value stays as it is written. */
export function word(key: keyof typeof texts, values: Record<string, string | number> = {}): string {
  return texts[key].replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export { launchBrowser } from "../scripts/browser/launch.ts";

export const browserPath = findChromium();

/** A person's browser: what its pages asked of other origins, and what went wrong in them. */
export interface Visitor {
  context: BrowserContext;
  page: Page;
  /** Requests that left the site's origin. */
  strangers: string[];
  /** Uncaught errors and messages of the console that tell of one, a violated policy for instance. */
  errors: string[];
}

export async function newVisitor(
  browser: Browser,
  site: string,
  options: { dark?: boolean } = {},
): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL: site,
    locale: "en-US",
    colorScheme: options.dark ? "dark" : "light",
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(30_000);
  const strangers: string[] = [];
  const errors: string[] = [];
  context.on("request", (request) => {
    const url = new URL(request.url());
    // What never leaves the browser has no origin of the network.
    if (!["blob:", "data:"].includes(url.protocol) && url.origin !== site) strangers.push(request.url());
  });
  context.on("weberror", (error) => errors.push(error.error().message));
  context.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  return { context, page: await context.newPage(), strangers, errors };
}

/** Signs in by the form, as somebody who may organise contests. */
export async function signIn(page: Page, login: string, password: string | null): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel(word("signIn.login")).fill(login);
  await page.getByLabel(word("signIn.password")).fill(password ?? "");
  await page
    .getByRole("main")
    .getByRole("button", { name: word("signIn.title") })
    .click();
  await page.getByRole("link", { name: word("nav.organise") }).waitFor();
}

/** Fails when axe finds anything serious on the page as it is now. */
export async function expectAccessible(page: Page): Promise<void> {
  // Evaluated by the debugger, to which the page's content security policy does not apply.
  await page.evaluate(axeSource);
  const found: AxeResults["violations"] = await page.evaluate(
    "axe.run().then(({ violations }) => violations)",
  );
  const serious = found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(
      ({ id, help, nodes }) => `${id} (${help}): ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
    );
  expect(serious, `accessibility of ${new URL(page.url()).pathname}`).toEqual([]);
}

/** Replaces the source in the problem page's editor. */
export async function write(page: Page, language: LanguageId, source: string): Promise<void> {
  const select = page.getByLabel(word("problem.language"), { exact: true });
  // Choosing what is chosen already would bring its draft back.
  if ((await select.inputValue()) !== language) await select.selectOption(language);
  const editor = page.getByRole("textbox", { name: word("problem.editor") });
  await editor.click();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.press("Delete");
  // Pasted as a whole: typed line by line, the editor would indent on its own.
  await editor.evaluate((element, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, source);
}

/** Runs what the chosen tab of the problem page is about. */
export async function run(page: Page): Promise<void> {
  await page.getByRole("button", { name: word("problem.run"), exact: true }).click();
}

/** Runs the samples, which must pass. Loading a language for the first time takes its time on a busy machine. */
export async function passSamples(page: Page, all: number): Promise<void> {
  await run(page);
  const passed = page.getByText(word("results.passed", { passed: all, all }));
  // Said to screen readers first, then shown.
  await passed.last().waitFor({ timeout: 90_000 });
}
