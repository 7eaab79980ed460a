import type { LanguageId } from "../../protocol/language.ts";
import type { Page } from "playwright-core";
import { launchBrowser } from "../../scripts/browser/launch.ts";
import { openSite, type Site } from "./site.ts";
import type { Trial, TrialResult } from "./page.ts";

/** A real browser on a real site. */
export interface Bench {
  site: Site;
  page: Page;
  /** Uncaught errors of the page. */
  errors: string[];
  attempt(trial: Trial): Promise<TrialResult>;
  /** A page with nothing in its caches. */
  freshPage(): Promise<Page>;
  close(): Promise<void>;
}

/** @param languages those that the tests are about; all that there are */
export async function openBench(languages?: readonly LanguageId[]): Promise<Bench> {
  const site = await openSite(languages);
  const browser = await launchBrowser();
  const errors: string[] = [];

  async function freshPage(): Promise<Page> {
    const context = await browser.newContext();
    const page = await context.newPage();
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(site.url);
    await page.waitForFunction(() => document.title === "ready");
    return page;
  }
  const page = await freshPage();
  return {
    site,
    page,
    errors,
    attempt: (trial) => page.evaluate((asked) => tools.attempt(asked), trial),
    freshPage,
    close: async () => {
      await browser.close();
      await site.close();
    },
  };
}
