import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { AxeResults } from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { launchBrowser } from "../../scripts/browser/launch.ts";
import { teamTalk } from "./clarifications.ts";
import { usual } from "./market.ts";
import { openSite, type Site } from "./site.ts";
import { managed } from "./teams.ts";

/** Pages of the built client in a real browser, under the real content security policy, against scripted answers. */

export const DIST = join(import.meta.dirname, "..", "..", "dist", "client");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const wide = { width: 1280, height: 800 };
export const narrow = { width: 360, height: 740 };
/** English is what every other test reads. */
const translated = [
  { locale: "pt-PT", language: "pt-BR", colorScheme: "dark", viewport: wide },
  { locale: "zh-CN", language: "zh", colorScheme: "light", viewport: narrow },
] as const;
const english = [
  { locale: "en-GB", language: "en", colorScheme: "light", viewport: wide },
  { locale: "en-GB", language: "en", colorScheme: "dark", viewport: narrow },
] as const;
/** Both themes and both widths; every language with TEST_LONG=1. */
export const looks = process.env["TEST_LONG"] === "1" ? [...english, ...translated] : translated;

export let site: Site;
let browser: Browser;
export let page: Page;
/** The tab that tests of one look share, one after the other, and what closes a tab that is a test's own. */
let shared: { look: string; page: Page } | null = null;
let closeOwn: (() => Promise<void>) | null = null;
/** Everything that the page complained about; must stay empty. */
let complaints: string[];

/**
 * An empty tab, in which nothing is kept from before. To start one takes longer than most tests do with it, so those of the same
 * look use the same, without what only costs time: no service worker, and no language is downloaded before it is asked for.
 * A test that changes its tab for good (scripts at every load, requests that it answers, its clock) needs `openOwn`.
 */
export async function open(options: BrowserContextOptions = {}): Promise<void> {
  const look = JSON.stringify(options);
  if (shared?.look !== look) {
    await shared?.page.context().close();
    shared = null;
    const opened = await newTab({ serviceWorkers: "block", ...options });
    await opened.addInitScript(() =>
      Object.defineProperty(navigator, "connection", { value: { saveData: true } }),
    );
    shared = { look, page: opened };
  }
  page = shared.page;
  await empty(page);
  complaints = [];
}

/** A tab that is this test's alone, and in every way a new visitor's. */
export async function openOwn(options: BrowserContextOptions = {}): Promise<void> {
  page = await newTab(options);
  complaints = [];
  const context = page.context();
  closeOwn = () => context.close();
}

async function newTab(options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext({
    locale: "en",
    viewport: wide,
    reducedMotion: "reduce",
    ...options,
  });
  const opened = await context.newPage();
  opened.on("pageerror", (error) => complaints.push(String(error)));
  opened.on("console", (message) => {
    // The tests' own answers include refusals, which the browser reports although the page handles them.
    if (message.type() === "error" && !/status of 4\d\d/.test(message.text()))
      complaints.push(message.text());
  });
  return opened;
}

/** Leaves the site first, since a page keeps what was typed when it is left. */
async function empty(tab: Page): Promise<void> {
  await tab.goto("about:blank");
  const debug = await tab.context().newCDPSession(tab);
  await debug.send("Storage.clearDataForOrigin", { origin: site.url, storageTypes: "all" });
  await debug.detach();
}

/** Goes to a page and waits until it has its heading and whatever it asked for: lists and the editor come after the heading. */
export async function visit(path: string): Promise<void> {
  await page.goto(site.url + path);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.locator(".waiting, [aria-busy=true]").first().waitFor({ state: "detached" });
}

/** Serious and critical findings, each with where it was found. */
export async function accessibilityFaults(): Promise<string[]> {
  // Through the debugger, which a page's content security policy does not bind.
  await page.evaluate(axe);
  const found: AxeResults["violations"] = await page.evaluate(
    "axe.run().then(({ violations }) => violations)",
  );
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
}

/** Replaces the editor's text as a paste does. */
export async function write(source: string): Promise<void> {
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  await page.locator(".cm-content").evaluate((element, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, source);
}

/** Puts the site and the browser up before a file's tests and takes them down after. */
export function usePages(): void {
  beforeAll(async () => {
    if (!existsSync(join(DIST, "index.html")))
      throw new Error("dist/client is missing: build first (npm run build).");
    site = await openSite(DIST);
    browser = await launchBrowser();
  });
  beforeEach(() => {
    site.signedIn = true;
    site.judges = true;
    site.runsRefused = false;
    site.market = usual;
    site.talk = teamTalk();
    site.virtual = { run: null, submissions: [] };
    site.teams = managed;
    site.changes = [];
    site.heard = [];
  });
  afterEach(async () => {
    await closeOwn?.();
    closeOwn = null;
    expect(complaints).toEqual([]);
  });
  afterAll(async () => {
    shared = null;
    await browser?.close();
    await site?.close();
  });
}

/** A page as it should be in every look: one heading, a title, no scrolling sideways, nothing hard to reach. */
export async function expectWellMade(path: string, language: string): Promise<void> {
  await visit(path);
  // What a page shows and what it is called do not change in one moment.
  await expect.poll(() => page.getByRole("heading", { level: 1 }).count()).toBe(1);
  await expect.poll(() => page.title()).toMatch(/Tabarena$/);
  await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe(language);
  const beyond = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  await expect.poll(beyond).toBeLessThanOrEqual(0);
  expect(await accessibilityFaults()).toEqual([]);
}
