import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { AxeResults } from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../scripts/browser/launch.ts";
import { loaded, type ScriptedWorker, scriptWorker, tabModels } from "./testing/provide.ts";
import { openRealSite, type RealSite } from "./testing/real-site.ts";

/** The provider's page on the real site, under the headers of its own document, before a Worker that says what the tests say. */

const TINY = join(import.meta.dirname, "..", "agent", "model", "tabarena-tiny.gguf");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let site: RealSite;
let browser: Browser;
let page: Page;
let worker: ScriptedWorker;
/** What went wrong in the page, a violated policy too; must stay empty. */
let complaints: string[];
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

/** Opens the page as somebody who is signed in, or as a stranger. */
async function open(username: string | null, options: BrowserContextOptions = {}): Promise<void> {
  const context = await browser.newContext({
    locale: "en",
    serviceWorkers: "block",
    reducedMotion: "reduce",
    ...options,
  });
  if (username !== null)
    await context.addCookies([{ ...(await site.account(username, "member")), url: site.url }]);
  page = await context.newPage();
  complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    // A model that nobody has ever offered is not known.
    if (message.type() === "error" && !/status of 404/.test(message.text())) complaints.push(message.text());
  });
  await page.route("**/api/tab-models", (route) => route.fulfill({ json: tabModels }));
  worker = await scriptWorker(page);
  await page.goto(`${site.url}/provide`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.getByText(/^Processor: /).waitFor();
}

const button = (name: string) => page.getByRole("button", { name, exact: true });
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

/** Loads the small model and goes online with it under a new name. */
async function goOnline(provider: string): Promise<void> {
  await button("Load tabarena-tiny").click();
  await worker.say(loaded);
  await page.getByLabel("Name of the new provider").fill(provider);
  await button("Go online").click();
  await expect.poll(async () => (await worker.heard()).at(-1)?.type).toBe("online");
  await worker.say(
    { type: "link", state: "connecting", message: "" },
    { type: "link", state: "online", message: "" },
  );
  await region(provider).getByText("online", { exact: true }).waitFor();
}

describe("before anything is loaded", () => {
  it("a stranger reads what the device can do and where to sign in, in a document that may have threads", async () => {
    await open(null);
    await page.getByText(/Small models can run on the processor/).waitFor();
    expect(await page.getByRole("main").getByRole("link", { name: "Sign in" }).getAttribute("href")).toBe(
      "/sign-in?next=%2Fprovide",
    );
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    expect(await button("Load tabarena-tiny").count()).toBe(0);
    expect(await worker.started()).toBe(0);
  });

  it("a model says how large it is, whether it fits, and how fast it is only if that was measured here", async () => {
    await open("list");
    const rows = region("Models that can be served in a tab").getByRole("row");
    expect((await rows.nth(1).innerText()).replaceAll(/\s+/g, " ")).toMatch(
      /^tabarena-tiny F16 · on the processor \(wllama\) 4 MB 512 fits not measured Load$/,
    );
    expect((await rows.nth(2).innerText()).replaceAll(/\s+/g, " ")).toMatch(
      /4\.3 GB 4,096 needs a graphics device/,
    );
    expect(await button("Load large-8b-q4f16").isDisabled()).toBe(true);
    expect(await worker.started()).toBe(0);
  });
});

describe("loading", () => {
  it("tells its phases and amounts, and after a cancel goes on from what has come", async () => {
    await open("loader");
    await button("Load tabarena-tiny").click();
    await worker.say({ type: "loading", phase: "download", doneBytes: 1_000_000, totalBytes: 4_000_000 });
    const loading = region("Loading tabarena-tiny");
    await loading.getByText("Downloading 1 MB of 4 MB").waitFor();
    await button("Cancel").click();
    await button("Resume the download of tabarena-tiny").click();
    await worker.say({ type: "loading", phase: "start", doneBytes: 0, totalBytes: 0 });
    await loading.getByText("Starting the engine").waitFor();
    await worker.say(loaded);
    const card = region("tabarena-tiny");
    await card.getByText("CPU", { exact: true }).waitFor();
    expect(await card.innerText()).toMatch(/the processor \(CPU\).*41\.5 tokens\/s.*wllama 3\.8\.1 cpu/s);
    await button("Unload").click();
    await page.getByRole("cell", { name: "41.5 tokens/s" }).waitFor();
    const sent = await worker.heard();
    expect(sent.map(({ type }) => type)).toEqual(["load", "unload", "load", "unload"]);
    expect(sent[0]).toEqual({
      type: "load",
      model: tabModels.models[0],
      weights: { from: "network" },
      contextTokens: 512,
    });
  });

  it("that fails says why in a sentence, and what the engine said where it is asked for", async () => {
    await open("faults");
    await button("Load tabarena-tiny").click();
    const alert = page.getByRole("alert");
    const said = [
      ["no_webgpu", /gives no graphics device/],
      ["out_of_memory", /not enough memory/],
      ["integrity", /its sum is another/],
      ["download", /What has come stays/],
    ] as const;
    for (const [fault, sentence] of said) {
      await worker.say({ type: "loadFailed", fault, message: "told by the engine" });
      expect(await alert.innerText()).toMatch(sentence);
      expect(await alert.innerText()).not.toContain("told by the engine");
      await alert.locator("summary").click();
      await alert.getByText("told by the engine").waitFor();
      await alert.getByRole("button").click();
      await region("Loading tabarena-tiny").waitFor();
    }
    expect((await worker.heard()).map(({ type }) => type)).toEqual(Array(5).fill("load"));
  });

  it("leaves weights on this device, which are listed with their sizes and can be deleted", async () => {
    await open("keeper");
    expect(await region("Weights on this device").count()).toBe(0);
    await page.evaluate(async (name) => {
      const root = await navigator.storage.getDirectory();
      const folder = await root.getDirectoryHandle("weights", { create: true });
      const file = await (await folder.getFileHandle(name, { create: true })).createWritable();
      await file.write(new Uint8Array(1_000_000));
      await file.close();
    }, tabModels.models[0]?.files[0]?.sha256 ?? "");
    await page.reload();
    const kept = region("Weights on this device");
    await kept.getByText("1 MB of 4 MB").waitFor();
    await button("Delete tabarena-tiny from this device").click();
    await kept.waitFor({ state: "detached" });
  });

  it("takes a file of this device, by what it tells of itself, and refuses what is no model", async () => {
    await open("own-file");
    await page.getByText("Or serve a file of this device").click();
    const file = page.getByLabel("GGUF file");
    await file.setInputFiles({ name: "letter.gguf", mimeType: "", buffer: Buffer.from("Dear Ana,") });
    await page.getByText(/^The engine can't read these weights/).waitFor();
    expect(await region("Choose a model").locator("form button").isDisabled()).toBe(true);
    await file.setInputFiles(TINY);
    await expect.poll(() => page.getByLabel("Name of the model").inputValue()).toBe("tabarena-tiny");
    expect(await page.getByLabel("Context, in tokens").inputValue()).toBe("1024");
    await page.getByLabel("Context, in tokens").fill("512");
    await page.getByLabel("Name of the model").fill("my model");
    await button("Load 477 KB").click();
    await page.getByText(/^Letters, digits, dots/).waitFor();
    await page.getByLabel("Name of the model").fill("my-model");
    await button("Load 477 KB").click();
    const [load] = await worker.heard();
    expect(load).toMatchObject({
      type: "load",
      model: { name: "my-model", engine: "wllama", files: [] },
      weights: { from: "device" },
      contextTokens: 512,
    });
  });
});

describe("an offer", () => {
  it("goes online as a new provider, shows what it does and earns, and ends when it is drained", async () => {
    await open("ana");
    await button("Load tabarena-tiny").click();
    await worker.say(loaded);
    await page.getByText("Nobody offers this model at this moment.").waitFor();
    await page.getByLabel("Of the prompt").fill("cheap");
    await page.getByLabel("Name of the new provider").fill("ana-tab");
    await button("Go online").click();
    await page.getByText(/Not an amount of credits/).waitFor();
    await page.getByLabel("Of the prompt").fill("0.2");
    await page.getByLabel("Hours online").fill("2");
    await page.getByLabel("Computing time").selectOption("0.5");
    await page.getByLabel("Data, in MB").fill("20");
    await button("Go online").click();
    await expect.poll(async () => (await worker.heard()).at(-1)?.type).toBe("online");
    expect((await worker.heard()).at(-1)).toMatchObject({
      provider: "ana-tab",
      offer: {
        model: "tabarena-tiny",
        prices: { prompt: 200_000_000, cachedPrompt: 200_000_000, completion: 400_000_000 },
      },
      limits: { share: 0.5, bytes: 20_000_000, until: expect.any(Number) },
      usedBytes: 0,
    });
    const live = region("ana-tab");
    await worker.say(
      { type: "link", state: "connecting", message: "" },
      { type: "link", state: "online", message: "" },
      { type: "job", job: "job-00001", state: "writing", tokens: 12, tokensPerSecond: 40 },
    );
    await live.getByText("12 tokens · 40 tokens/s").waitFor();
    await worker.say(
      { type: "job", job: "job-00001", state: "finished", tokens: 30, tokensPerSecond: 41 },
      { type: "settled", job: "job-00001", amountNano: 15_000, promptTokens: 9, completionTokens: 30 },
      { type: "data", usedBytes: 20_000 },
    );
    await live.getByText("0.000015 credits").waitFor();
    await live.getByText("Waiting for requests.").waitFor();
    expect(await region("Requests of this session").getByRole("row").nth(1).innerText()).toMatch(
      /job-00001\s+finished\s+9\s+30\s+41 tokens\/s\s+0\.000015$/,
    );
    await button("Drain").click();
    await worker.say({ type: "link", state: "draining", message: "" });
    expect(await button("Drain").isDisabled()).toBe(true);
    await worker.say({ type: "link", state: "offline", message: "" });
    await button("Go online").waitFor();
    expect((await worker.heard()).slice(-2).map(({ type }) => type)).toEqual(["online", "drain"]);
    await page.reload();
    await button("Load tabarena-tiny").waitFor();
    expect(await button("Resume").count()).toBe(0);
  });

  it("that a reload broke off comes back at the same terms when that is asked for, and never by itself", async () => {
    await open("eve");
    await goOnline("eve-tab");
    const before = (await worker.heard()).find(({ type }) => type === "online");
    await worker.say({ type: "data", usedBytes: 7_000 });
    await page.reload();
    await region("tabarena-tiny was online as eve-tab").waitFor();
    expect(await worker.started()).toBe(0);
    await button("Resume").click();
    await worker.say(loaded);
    expect((await worker.heard()).map(({ type }) => type)).toEqual(["load", "online"]);
    expect((await worker.heard()).at(-1)).toEqual({ ...before, usedBytes: 7_000 });
    await worker.say({ type: "link", state: "online", message: "" });
    await button("Stop").click();
    await worker.say({ type: "link", state: "offline", message: "" });
    await button("Go online").waitFor();
  });

  it("says when its link is lost, when it is not let in, and which limit has ended it", async () => {
    await open("links");
    await goOnline("links-tab");
    await worker.say({ type: "link", state: "lost", message: "" });
    await page.getByText(/It tries again by itself/).waitFor();
    await worker.say({ type: "link", state: "turned_away", message: "The provider was revoked." });
    await page.getByText("The provider was revoked.").waitFor();
    await worker.say(
      { type: "link", state: "online", message: "" },
      { type: "limit", which: "hours" },
      { type: "link", state: "draining", message: "" },
      { type: "link", state: "offline", message: "" },
    );
    await page.getByText(/The hours that you set are over/).waitFor();
    await button("Go online").waitFor();
  });

  it("says so while nobody sees the tab", async () => {
    await open("hidden");
    await goOnline("hidden-tab");
    const become = (state: "hidden" | "visible"): Promise<void> =>
      page.evaluate((now) => {
        Object.defineProperty(document, "visibilityState", { value: now, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }, state);
    await become("hidden");
    await page.getByText(/^This tab is hidden\. It goes on answering/).waitFor();
    expect(await page.title()).toMatch(/^Sharing in a hidden tab/);
    await become("visible");
    await page.getByText(/^This tab is hidden/).waitFor({ state: "detached" });
    expect(await page.title()).toMatch(/^Share this device/);
  });

  it("can be made and ended with the keyboard alone", async () => {
    await open("keys");
    const press = async (name: string): Promise<void> => {
      for (let at = 0; at < 80; at++) {
        await page.keyboard.press("Tab");
        const focused = await page.evaluate(
          () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent,
        );
        if (focused === name) return page.keyboard.press("Enter");
      }
      throw new Error(`The keyboard does not reach ${name}.`);
    };
    await press("Load tabarena-tiny");
    await worker.say(loaded);
    await page.getByLabel("Name of the new provider").focus();
    await page.keyboard.type("keys-tab");
    await press("Go online");
    await expect.poll(async () => (await worker.heard()).at(-1)?.type).toBe("online");
    await worker.say({ type: "link", state: "online", message: "" });
    await button("Drain").waitFor();
    await press("Drain");
    expect((await worker.heard()).at(-1)?.type).toBe("drain");
  });
});

describe("the document", () => {
  it("is not the shell, also where a service worker answers for the site", async () => {
    await open(null, { serviceWorkers: "allow" });
    await page.goto(`${site.url}/market`);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await page.getByRole("link", { name: "Share this device" }).first().click();
    await page.getByText(/^Processor: /).waitFor();
    expect(await page.evaluate(() => [location.pathname, crossOriginIsolated])).toEqual(["/provide", true]);
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Problems" }).click();
    await page.getByRole("heading", { name: "Problems", level: 1 }).waitFor();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  });

  it.each([
    { locale: "en-GB", colorScheme: "light", width: 1280 },
    { locale: "pt-BR", colorScheme: "dark", width: 360 },
    { locale: "zh-CN", colorScheme: "light", width: 360 },
  ] as const)("is well made at each step: %j", async ({ locale, colorScheme, width }) => {
    await open(`look-${locale.toLowerCase()}`, {
      locale: "en",
      colorScheme,
      viewport: { width, height: 800 },
    });
    const wellMade = async (): Promise<void> => {
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
      expect(await accessibilityFaults()).toEqual([]);
    };
    const language = { "en-GB": "en", "pt-BR": "pt-BR", "zh-CN": "zh" }[locale];
    await page.getByRole("banner").getByRole("combobox").selectOption(language);
    await page.waitForFunction((wanted) => document.documentElement.lang === wanted, language);
    await wellMade();
    await page.locator("tbody button").first().click();
    await worker.say({ type: "loading", phase: "download", doneBytes: 1_000_000, totalBytes: 4_000_000 });
    await wellMade();
    await worker.say(loaded);
    await wellMade();
    await page.locator("input[name=id]").fill(`look-${language.toLowerCase()}`);
    await page.locator("form button.primary").click();
    await expect.poll(async () => (await worker.heard()).at(-1)?.type).toBe("online");
    await worker.say(
      { type: "link", state: "online", message: "" },
      { type: "job", job: "job-00001", state: "writing", tokens: 12, tokensPerSecond: 40 },
    );
    await page.locator(".live-jobs").waitFor();
    await wellMade();
    await worker.say({ type: "job", job: "job-00001", state: "finished", tokens: 12, tokensPerSecond: 40 });
  });
});
