import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ANSWERS } from "../client/kept-answers.ts";
import { boxPolicy } from "../protocol/documents.ts";
import {
  browserPath,
  expectAccessible,
  launchBrowser,
  newVisitor,
  passSamples,
  word,
  write,
  type Visitor,
} from "./browser.ts";
import { cuttable, type Cuttable } from "./cuttable.ts";
import { startSite, temporaryFolder, type Site } from "./site.ts";

const PROBLEM = "cheesebread";
const OTHER = "twobuses";
const right = readFileSync(
  resolve(import.meta.dirname, "../problems", PROBLEM, "submissions/accepted/trays.js"),
  "utf8",
);

/** Loading a language for the first time and judging on a busy machine both take their time. */
const PATIENCE_MS = 90_000;

let data: ReturnType<typeof temporaryFolder>;
let site: Site;
let network: Cuttable;
let browser: Browser;

describe.skipIf(browserPath === null)("with the network cut after the first visit", () => {
  beforeAll(async () => {
    data = temporaryFolder();
    site = await startSite(data.path);
    network = await cuttable(site.url);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await network?.cut();
    await site?.end("SIGINT");
    data?.remove();
  });

  it("a student opens, edits, runs and submits a problem, and once the network is back it is judged, once", async () => {
    const student = await newVisitor(browser, network.url);
    await firstVisit(student.page);
    await bringPack(student.page);

    await cut(student);
    const reached = network.reached();
    await student.page.close();
    student.page = await student.context.newPage();
    const { page } = student;
    const box = page.waitForResponse((response) => new URL(response.url()).pathname === "/box.html");
    await page.goto(`/problems/${PROBLEM}`);
    await page.getByText(word("offline.away")).waitFor();
    await write(page, "javascript", right);
    await passSamples(page, 3);
    await expectGuardedBox(page, await box);
    await page.getByRole("button", { name: word("problem.submit"), exact: true }).click();
    await page.getByText(word("outbox.waiting")).waitFor();

    await page.reload();
    await page.goto("/submissions");
    await page.getByText(word("outbox.waiting")).waitFor();
    await expectAccessible(page);
    // What was brought with the pack, and never opened.
    await page.goto("/problems");
    await page.getByRole("link", { name: "Two Buses" }).click();
    await page.getByRole("textbox", { name: word("problem.editor") }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/problems/${OTHER}`);
    expect(network.reached()).toBe(reached);

    await page.goto("/submissions");
    await mend(student);
    const rows = page.getByRole("main").getByRole("row");
    // With the server's row instead: delivered; and then judged.
    await rows.nth(1).waitFor();
    await page.getByText(word("outbox.waiting")).waitFor({ state: "hidden" });
    await rows.nth(1).getByText(word("verdict.AC")).waitFor({ timeout: PATIENCE_MS });
    await page.reload();
    await rows.nth(1).waitFor();
    // With the row of headings.
    expect(await rows.count()).toBe(2);
    expect(await kept(page)).toContain(`/api/problems/${PROBLEM}`);

    await page.goto("/account");
    await page.getByRole("button", { name: word("account.signOut") }).click();
    await page
      .getByRole("banner")
      .getByRole("link", { name: word("signIn.title") })
      .waitFor();
    // A stranger may read the problems too. What else one is told may be kept anew.
    const problems = [`/api/problems/${OTHER}`, `/api/problems/${PROBLEM}`];
    const ofTheStudent = async (): Promise<string[]> =>
      (await kept(page)).filter(
        (path) => !/^\/api\/(session|contests|files\/.*|problems(\/.*)?)$/.test(path),
      );
    await expect.poll(ofTheStudent).toEqual([]);
    expect(await kept(page)).toEqual(expect.arrayContaining(problems));

    await cut(student);
    await page.goto(`/problems/${OTHER}`);
    await page.getByRole("textbox", { name: word("problem.editor") }).waitFor();
    await student.context.close();
  });
});

/** Signs up, opens the problem and runs it; then waits until all that was loaded is kept. */
async function firstVisit(page: Page): Promise<void> {
  await page.goto("/sign-up");
  await page.getByLabel(word("signUp.username")).fill("student");
  await page.getByLabel(word("signIn.password")).fill("correct horse battery");
  await page.getByRole("button", { name: word("signUp.button") }).click();
  await page.getByRole("banner").getByRole("link", { name: "student" }).waitFor();
  await page.goto(`/problems/${PROBLEM}`);
  await write(page, "javascript", right);
  await passSamples(page, 3);
  await page.getByText(word("offline.mark"), { exact: true }).waitFor();
  expect(await page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state)).toBe(
    "activated",
  );
}

/** Every problem of the archive; the language is here already. */
async function bringPack(page: Page): Promise<void> {
  await page.goto("/offline");
  await page.getByRole("heading", { level: 2, name: word("offline.pack") }).waitFor();
  await expectAccessible(page);
  await page.getByRole("button", { name: word("offline.downloadAll", { size: "" }) }).click();
  await page.getByText(word("offline.packReady")).waitFor();
}

/** Takes the network away from pages, and from the service worker, which Playwright alone might not reach. */
async function cut({ context }: Visitor): Promise<void> {
  await context.setOffline(true);
  await network.cut();
}
async function mend({ context }: Visitor): Promise<void> {
  await network.mend();
  await context.setOffline(false);
}

/** The box that the service worker gave is held by the same policy as the site's. */
async function expectGuardedBox(
  page: Page,
  response: Awaited<ReturnType<Page["waitForResponse"]>>,
): Promise<void> {
  expect(response.fromServiceWorker()).toBe(true);
  const policy = (await response.allHeaders())["content-security-policy"] ?? "";
  const hash = /sha256-([^']+)/.exec(policy)?.[1] ?? "";
  expect(policy).toBe(boxPolicy(hash));
  const box = page.frames().find((frame) => new URL(frame.url()).pathname === "/box.html");
  expect(await box?.evaluate(() => self.origin)).toBe("null");
}

/** The API's paths whose answers are kept. */
function kept(page: Page): Promise<string[]> {
  return page.evaluate(async (name) => {
    const requests = await (await caches.open(name)).keys();
    return requests.map((request) => new URL(request.url).pathname);
  }, ANSWERS);
}
