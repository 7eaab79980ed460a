import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { zipPackage } from "../scripts/build-problems.ts";
import {
  browserPath,
  expectAccessible,
  launchBrowser,
  newVisitor,
  signIn,
  word,
  type Visitor,
} from "./browser.ts";
import { startSite, temporaryFolder, type Site } from "./site.ts";

const folder = resolve(import.meta.dirname, "../problems/ponds");
const zip = Buffer.from(zipPackage(folder, "ponds"));
const name = /en: (.+)/.exec(readFileSync(resolve(folder, "problem.yaml"), "utf8"))?.[1]?.trim() ?? "no name";

let data: ReturnType<typeof temporaryFolder>;
let site: Site;
let browser: Browser;

describe.skipIf(browserPath === null)("an organiser, on a site with nothing on it", () => {
  let organiser: Visitor;
  beforeAll(async () => {
    data = temporaryFolder();
    site = await startSite(data.path, ["--no-judge", "--no-demo"]);
    browser = await launchBrowser();
    organiser = await newVisitor(browser, site.url);
    await signIn(organiser.page, "admin", site.password("admin"));
  });
  afterAll(async () => {
    expect([organiser.strangers, organiser.errors]).toEqual([[], []]);
    await browser.close();
    await site.end("SIGINT");
    data.remove();
  });

  it("is told what is wrong with a package, and nothing is imported", async () => {
    const { page } = organiser;
    await page.getByRole("link", { name: word("nav.organise") }).click();
    await upload(page, "torn.zip", zip.subarray(0, zip.length / 2));
    await page.getByText(word("organise.refused", { file: "torn.zip" })).waitFor();
    await page.getByText(word("organise.empty")).waitFor();
    // A refusal is an answer like any other to us, and an error to the browser's console.
    organiser.errors.splice(0).forEach((text) => expect(text).toContain("422"));
  });

  it("imports a package, reads its report, and publishes it", async () => {
    const { page } = organiser;
    await upload(page, "ponds.zip", zip);
    await page.getByText(word("organise.imported", { file: "ponds.zip" })).waitFor();
    await expectAccessible(page);
    await page.getByRole("button", { name: word("organise.publishOf", { name }) }).click();
    await page.getByRole("button", { name: word("organise.withdrawOf", { name }) }).waitFor();
  });

  it("makes a contest of it by the form, which says what is wrong before it says yes", async () => {
    const { page } = organiser;
    await page.goto("/contests/new");
    await page.getByLabel(word("contestForm.name"), { exact: true }).fill("School Cup");
    await page.getByLabel(word("contestForm.slug")).fill("school-cup");
    await page.getByLabel(word("contestForm.freeze")).fill("301");
    await page.getByLabel(word("picker.choose")).selectOption({ label: name });
    await page.getByRole("button", { name: word("picker.add") }).click();
    const create = page.getByRole("button", { name: word("contestForm.create") });
    await create.click();
    await page.getByText("cannot be longer than the contest").waitFor();
    expect(organiser.errors.splice(0).every((text) => text.includes("400"))).toBe(true);

    await page.getByLabel(word("contestForm.freeze")).fill("60");
    await create.click();
    await page.getByRole("heading", { level: 1, name: "School Cup" }).waitFor();
    await page.getByRole("link", { name }).waitFor();
    await expectAccessible(page);
  });

  it("sees the contest's problems before it starts, and a visitor does not", async () => {
    const visitor = await newVisitor(browser, site.url);
    await visitor.page.goto("/contests/school-cup");
    await visitor.page.getByRole("heading", { level: 1, name: "School Cup" }).waitFor();
    expect(await visitor.page.getByText(name).count()).toBe(0);
    await visitor.context.close();
  });
});

const upload = (page: Page, file: string, buffer: Buffer): Promise<void> =>
  page.locator("input[type=file]").setInputFiles({ name: file, mimeType: "application/zip", buffer });
