import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import en from "../client/locales/en.json" with { type: "json" };
import {
  browserPath,
  launchBrowser,
  newVisitor,
  passSamples,
  run,
  word,
  write,
  type Visitor,
} from "./browser.ts";
import { attempts, hogs, practised, type Attempt, type Practised } from "./escapes/attempts.ts";
import { MARK } from "./escapes/ways-out.ts";
import { recordRequests, type Recorder } from "./recorder.ts";
import { startSite, temporaryFolder, type Site } from "./site.ts";

const PROBLEM = "closingtime";
const folder = join(import.meta.dirname, "..", "problems", PROBLEM);
const samples = readdirSync(join(folder, "data", "sample")).filter((name) => name.endsWith(".in")).length;
const solutionIn = (name: string): string =>
  readFileSync(join(folder, "submissions", "accepted", name), "utf8");
const solutions: Record<Practised, string> = {
  javascript: solutionIn("set.js"),
  typescript: `const typed: number = 1;\n${solutionIn("set.js")}`,
  python3: solutionIn("toggle.py"),
  c: solutionIn("flags.c"),
  cpp: solutionIn("set.cpp"),
};
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

  it.each(practised)(
    "gets a verdict, reaches nobody, and leaves a page that works, in %s",
    async (language) => {
      for (const attempt of attempts(recorder.url)) {
        if (attempt.always?.includes(language)) await expectOutcome(attempt, language);
      }
      await expectUnharmed(language);
    },
  );

  describe.skipIf(!process.env["TEST_LONG"])("whatever it tries", () => {
    it.each(practised)(
      "leaves a page that works after each, in %s",
      { timeout: 1_800_000 },
      async (language) => {
        for (const attempt of [...attempts(recorder.url), ...hogs]) {
          if (attempt.programs[language] === undefined) continue;
          await expectOutcome(attempt, language);
          await expectUnharmed(language);
        }
      },
    );
  });
});

/** The longest part of a text of the page without the values that are put into it. */
const textOf = (key: keyof typeof en): string =>
  en[key].split(/\{\w+\}/).reduce((longest, part) => (part.length > longest.length ? part : longest), "");

async function openWorkbench(url: string): Promise<Visitor> {
  const opened = await newVisitor(browser, url);
  const { page } = opened;
  await page.goto(`/problems/${PROBLEM}`);
  await page.getByRole("tab", { name: word("results.own") }).waitFor();
  await page.evaluate((mark) => {
    const listen = (event: MessageEvent): void => {
      if (event.data === "x") document.title = `${mark} was heard`;
    };
    new BroadcastChannel(mark).addEventListener("message", listen);
    window.addEventListener("message", listen);
  }, MARK);
  return opened;
}

const tab = (key: "results.own" | "results.samples"): Promise<void> =>
  visitor.page.getByRole("tab", { name: word(key) }).click();

/** Runs a program, uses the page meanwhile, and reads what the page says in the end. */
async function expectOutcome({ name, says, shows, programs }: Attempt, language: Practised): Promise<void> {
  const { page } = visitor;
  await tab("results.own");
  await write(page, language, programs[language] ?? "");
  await run(page);
  // While it runs.
  await tab("results.samples");
  await tab("results.own");
  const sentences = says.map(textOf);
  const shown = typeof shows === "object" ? (shows[language] ?? "") : (shows ?? "");
  await expectSaid(
    `${language}: ${name}`,
    (text) => text.includes(shown) && sentences.some((sentence) => text.includes(sentence)),
  );
}

async function expectSaid(name: string, isIt: (text: string) => boolean): Promise<void> {
  const panel = visitor.page.getByRole("tabpanel");
  const said = async (): Promise<string> => ((await panel.textContent()) ?? "").replaceAll(/\s+/g, " ");
  const began = Date.now();
  await expect
    .poll(
      async () => {
        const text = await said();
        return isIt(text) || text.slice(0, 2000);
      },
      { timeout: PATIENCE_MS, interval: 100, message: name },
    )
    .toBe(true);
  if (process.env["TEST_LONG"])
    console.log(`${name} (${Date.now() - began} ms): ${(await said()).slice(0, 300)}`);
}

/** A program that is right passes, the site has heard nothing, and the page is what and where it was. */
async function expectUnharmed(language: Practised): Promise<void> {
  const { page, strangers } = visitor;
  await tab("results.samples");
  await write(page, language, solutions[language]);
  await passSamples(page, samples);
  expect(recorder.requests.filter((request) => request.includes(MARK))).toEqual([]);
  expect(strangers).toEqual([]);
  expect(await page.title()).not.toContain(MARK);
  expect(new URL(page.url()).pathname).toBe(`/problems/${PROBLEM}`);
}
