import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import en from "../client/locales/en.json" with { type: "json" };
import type { LanguageId } from "../protocol/language.ts";
import { browserPath, launchBrowser, newVisitor, run, word, write, type Visitor } from "./browser.ts";
import { compiledEscapes, escapes, hogs, honest, MARK } from "./escape-programs.ts";
import { recordRequests, type Recorder } from "./recorder.ts";
import { startSite, temporaryFolder, type Site } from "./site.ts";

const PROBLEM = "closingtime";
/** Loading a language for the first time on a busy machine takes its time. */
const PATIENCE_MS = 90_000;

let data: ReturnType<typeof temporaryFolder>;
let site: Site;
let recorder: Recorder;
let browser: Browser;
let visitor: Visitor;

describe.skipIf(browserPath === null)("a program that wants out of the browser's sandbox", () => {
  beforeAll(async () => {
    data = temporaryFolder();
    site = await startSite(data.path, ["--no-judge"]);
    recorder = await recordRequests(site.url);
    browser = await launchBrowser();
    visitor = await openWorkbench(recorder.url);
  });
  afterAll(async () => {
    await browser?.close();
    await recorder?.close();
    await site?.end("SIGINT");
    data?.remove();
  });
  it("gets a verdict or a message, reaches nobody, and leaves a page that works", async () => {
    for (const { name, language, program, says, shows } of escapes(recorder.url)) {
      await expectOutcome(`${language}: ${name}`, language, program, textOf(says), shows);
    }
    await expectNothingEscaped();
  });

  it("gets no further when it is compiled", async () => {
    for (const { name, language, program, says, shows } of compiledEscapes) {
      await expectOutcome(`${language}: ${name}`, language, program, textOf(says), shows);
    }
    await expectNothingEscaped();
  });

  it.skipIf(!process.env["TEST_LONG"])(
    "takes at most its own sandbox along when it takes gigabytes",
    async () => {
      for (const { name, language, program, says } of hogs) {
        await expectOutcome(`${language}: ${name}`, language, program, says);
      }
      await expectNothingEscaped();
    },
  );
});

/** The longest part of a text of the page without the values that are put into it. */
const textOf = (key: keyof typeof en): string =>
  en[key].split(/\{\w+\}/).reduce((longest, part) => (part.length > longest.length ? part : longest), "");

async function openWorkbench(url: string): Promise<Visitor> {
  const opened = await newVisitor(browser, url);
  const { page } = opened;
  await page.goto(`/problems/${PROBLEM}`);
  await page.getByRole("tab", { name: word("results.own") }).click();
  await page.evaluate((mark) => {
    const listen = (event: MessageEvent): void => {
      if (event.data === "x") document.title = `${mark} was heard`;
    };
    new BroadcastChannel(mark).addEventListener("message", listen);
    window.addEventListener("message", listen);
  }, MARK);
  return opened;
}

/** Runs a program, uses the page meanwhile, reads what the page says in the end, and then runs one that is right. */
async function expectOutcome(
  name: string,
  language: LanguageId,
  program: string,
  says: string | RegExp,
  shows = "",
): Promise<void> {
  const { page } = visitor;
  await write(page, language, program);
  await run(page);
  // While it runs.
  await page.getByRole("tab", { name: word("results.samples") }).click();
  await page.getByRole("tab", { name: word("results.own") }).click();
  await expectSaid(
    name,
    (text) => text.includes(shows) && (typeof says === "string" ? text.includes(says) : says.test(text)),
  );

  await write(page, language, honest[language] ?? "");
  await run(page);
  await expectSaid(`after ${name}`, (text) => text.includes("honest 42"));
}

async function expectSaid(name: string, isIt: (text: string) => boolean): Promise<void> {
  const panel = visitor.page.getByRole("tabpanel");
  const said = async (): Promise<string> => ((await panel.textContent()) ?? "").replaceAll(/\s+/g, " ");
  await expect
    .poll(
      async () => {
        const text = await said();
        return isIt(text) || text;
      },
      { timeout: PATIENCE_MS, interval: 100, message: name },
    )
    .toBe(true);
}

async function expectNothingEscaped(): Promise<void> {
  expect(recorder.requests.filter((request) => request.includes(MARK))).toEqual([]);
  expect(visitor.strangers).toEqual([]);
  expect(await visitor.page.title()).not.toContain(MARK);
  expect(new URL(visitor.page.url()).pathname).toBe(`/problems/${PROBLEM}`);
}
