import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { AxeResults } from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { WEIGHTS_PART_BYTES } from "../protocol/weights.ts";
import { launchBrowser } from "../scripts/browser/launch.ts";
import { openRealSite, type RealSite } from "./testing/real-site.ts";

/** The administrators' page of the models for tabs on the real site: what is imported is really there. */

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tiny = readFileSync(join(import.meta.dirname, "..", "agent", "model", "tabarena-tiny.gguf"));
const hash = createHash("sha256").update(tiny).digest("hex");

let site: RealSite;
let browser: Browser;
let page: Page;
/** What went wrong in the page, a violated policy too; must stay empty. */
let complaints: string[];
let visitors = 0;
beforeAll(async () => {
  site = await openRealSite("1");
  browser = await launchBrowser();
});
afterEach(async () => {
  await page.context().close();
  expect(complaints).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

async function open(options: BrowserContextOptions = {}): Promise<void> {
  const context = await browser.newContext({
    locale: "en",
    serviceWorkers: "block",
    reducedMotion: "reduce",
    ...options,
  });
  const cookie = await site.account(`root-${++visitors}`, "administrator");
  await context.addCookies([{ ...cookie, url: site.url }]);
  page = await context.newPage();
  complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of 4\d\d/.test(message.text()))
      complaints.push(message.text());
  });
  await page.goto(`${site.url}/admin/weights`);
  await page.getByRole("heading", { level: 1 }).waitFor();
}

const region = (name: string) => page.getByRole("region", { name, exact: true });

async function accessibilityFaults(): Promise<string[]> {
  await page.evaluate(axe);
  const found: AxeResults["violations"] = await page.evaluate(
    "axe.run().then(({ violations }) => violations)",
  );
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
}

/** Names of the models that tabs are told of. */
const told = async (): Promise<string[]> => {
  const answer = await fetch(`${site.url}/api/tab-models`);
  const { models }: { models: { name: string }[] } = JSON.parse(await answer.text());
  return models.map(({ name }) => name);
};

const choose = async (name: string, buffer: Buffer): Promise<void> => {
  await page.getByLabel("File", { exact: true }).setInputFiles({
    name,
    mimeType: "application/octet-stream",
    buffer,
  });
  await page.getByRole("button", { name: "Import", exact: true }).click();
};

describe("the models for tabs", () => {
  it("are made of a file that an administrator imports, switched off, and deleted, and then the file", async () => {
    await open();
    await page.getByText("There are none yet: tabs have nothing to serve but files of their own.").waitFor();
    await page.getByText("There are no weights yet.").waitFor();
    expect(await accessibilityFaults()).toEqual([]);
    await choose("tabarena-tiny.gguf", tiny);
    await page.getByText(/^tabarena-tiny\.gguf is here: /).waitFor();
    await region("Weights").getByText(hash).first().waitFor();
    const there = await fetch(`${site.url}/weights/${hash}`, { headers: { range: "bytes=0-3" } });
    expect([there.status, await there.text()]).toEqual([206, "GGUF"]);

    const form = region("A model of a GGUF file");
    await form.getByText("It was trained for 1,024 tokens.").waitFor();
    const value = (label: string) => form.getByLabel(label).inputValue();
    expect(await Promise.all(["Name", "Quantisation", "Context in tokens"].map(value))).toEqual([
      "tabarena-tiny",
      "F16",
      "1024",
    ]);
    await form.getByLabel("Name").fill("Not a name!");
    await form.getByRole("button", { name: "Add to the list" }).click();
    await form
      .getByText("What is wrong stands beside the fields")
      .or(form.getByText(/must be letters/))
      .first()
      .waitFor();
    expect(await told()).toEqual([]);
    await form.getByLabel("Name").fill("lab/tiny");
    await form.getByRole("button", { name: "Add to the list" }).click();
    await form.getByText("lab/tiny is in the list.").waitFor();
    expect(await told()).toEqual(["lab/tiny"]);
    expect(await accessibilityFaults()).toEqual([]);

    const enabled = page.getByRole("checkbox", { name: "lab/tiny may be served" });
    await enabled.uncheck();
    await expect.poll(told).toEqual([]);
    await enabled.check();
    await expect.poll(told).toEqual(["lab/tiny"]);

    await page.getByRole("button", { name: "Delete tabarena-tiny.gguf" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Delete", exact: true }).click();
    await dialog.getByText(/lab\/tiny/).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Delete lab/tiny" }).click();
    await dialog.getByRole("button", { name: "Delete", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Delete tabarena-tiny.gguf" }).click();
    await dialog.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByText("There are no weights yet.").waitFor();
    expect((await fetch(`${site.url}/weights/${hash}`)).status).toBe(404);
  });

  it("go on with a large file where its import was stopped, or it is abandoned", async () => {
    await open();
    const large = Buffer.concat([randomBytes(16), Buffer.alloc(WEIGHTS_PART_BYTES)]);
    // The second part never arrives.
    await page.route("**/parts/2", () => {});
    await choose("large.gguf", large);
    await page
      .getByText("1 of 2 parts")
      .or(page.getByText(/^Sending: 16\.8 MB of/))
      .waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("Stopped. What came is kept: choose the same file again to go on.").waitFor();
    await page.getByText("1 of 2 parts").waitFor();
    await page.unroute("**/parts/2");
    const again: string[] = [];
    page.on("request", (request) => {
      const path = /\/parts.*/.exec(request.url())?.[0];
      if (path !== undefined) again.push(`${request.method()} ${path}`);
    });
    await choose("large.gguf", large);
    await page.getByText(/^large\.gguf is here: /).waitFor();
    expect(again).toEqual(["POST /parts", "PUT /parts/2"]);

    await page.route("**/parts/1", (route) => route.abort());
    await choose("other.gguf", Buffer.concat([randomBytes(16), Buffer.alloc(WEIGHTS_PART_BYTES)]));
    await page.getByText("The site could not be reached. Check the network.").waitFor();
    await page.getByRole("button", { name: "Abandon the import of other.gguf" }).click();
    await page.getByText("Imports that are not finished").waitFor({ state: "detached" });
    complaints = complaints.filter((text) => !text.includes("ERR_FAILED"));
  });

  it("are taken as JSON, and what is wrong with it is said", async () => {
    await open({ viewport: { width: 360, height: 740 } });
    const form = region("A model by its manifest");
    const add = form.getByRole("button", { name: "Add to the list" });
    await form.getByLabel("Manifest (JSON)").fill("{");
    await add.click();
    await form.getByText("This is no JSON.").waitFor();
    const file = { path: "a.gguf", sha256: "0".repeat(64), bytes: 5, url: "https://models.example.com/a" };
    const model = {
      name: "elsewhere",
      engine: "wllama",
      quantisation: null,
      contextTokens: 512,
      memoryBytes: 5,
      features: [],
      files: [file],
    };
    await form.getByLabel("Manifest (JSON)").fill(JSON.stringify(model));
    await add.click();
    await form.getByText(/models\.example\.com is none of the hosts in MODEL_HOSTS/).waitFor();
    expect(await accessibilityFaults()).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
  });
});

describe("in other languages", () => {
  it.each([
    ["pt-BR", "Modelos para abas"],
    ["zh-CN", "标签页模型"],
  ])("%s the page has its own words", async (locale, title) => {
    await open({ locale, colorScheme: "dark" });
    await page.getByRole("heading", { level: 1, name: title }).waitFor();
    expect(await page.getByText(/\b(weights|tabModels)\.[a-z]/).count()).toBe(0);
    expect(await accessibilityFaults()).toEqual([]);
  });
});
