import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../scripts/browser/launch.ts";
import { RuntimeManifest } from "../wasm-runtimes/manifest.ts";
import en from "./locales/en.json" with { type: "json" };
import { openSite, type Site } from "./testing/site.ts";
import { DIST } from "./testing/stage.ts";

const PROBLEM = "/problems/alternating-towers";
const MINE = "console.log('mine')";

let folder: string;
let site: Site;
let browser: Browser;
let context: BrowserContext;
/** Pieces of runtimes that the site was asked for. */
let fetched: string[];

/** The site's version, as the service worker knows it. */
const versionIn = (script: string): string => /["'`]([0-9a-f]{16})["'`]/.exec(script)?.[1] ?? "";
const versionNow = (): string => versionIn(readFileSync(join(folder, "service-worker.js"), "utf8"));

/** Makes another version of the built site: each script and style sheet has another name, and so has one piece of JavaScript's. */
function update(): void {
  const marked = (name: string): string =>
    name.replace(/-(.)([\w-]*\.\w+)$/, (_, first, rest) => `-${first === "Z" ? "Y" : "Z"}${rest}`);
  const assets = readdirSync(join(folder, "assets"));
  const names = new Map(assets.map((name) => [name, marked(name)]));
  const before = versionNow();
  const after = [...before].reverse().join("");
  const rewrite = (file: string): void => {
    let text = readFileSync(file, "utf8").replaceAll(before, after);
    for (const [from, to] of names) text = text.replaceAll(from, to);
    writeFileSync(file, text);
  };
  for (const name of assets.filter((one) => /\.(js|css)$/.test(one))) rewrite(join(folder, "assets", name));
  for (const [from, to] of names) renameSync(join(folder, "assets", from), join(folder, "assets", to));
  for (const name of ["index.html", "service-worker.js"]) rewrite(join(folder, name));
  const list = join(folder, "runtimes.json");
  const manifest = v.parse(RuntimeManifest, JSON.parse(readFileSync(list, "utf8")));
  const [piece] = manifest.javascript?.files.flatMap(({ pieces }) => pieces) ?? [];
  if (piece === undefined) throw new Error("JavaScript has no files.");
  const renamed = piece.path.replace(".bin", "0.bin");
  renameSync(join(folder, piece.path), join(folder, renamed));
  piece.path = renamed;
  writeFileSync(list, JSON.stringify(manifest));
}

async function open(path: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(site.url + path);
  await page.locator(".cm-content").waitFor();
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    while (navigator.serviceWorker.controller === null) await new Promise((go) => setTimeout(go, 50));
  });
  return page;
}

const apps = (page: Page): Promise<string[]> =>
  page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith("app-")));

/** Whether no version is still on its way. */
const isSettled = (page: Page): Promise<boolean> =>
  page.evaluate(async () => {
    const { active, waiting, installing } = await navigator.serviceWorker.ready;
    return active?.state === "activated" && waiting === null && installing === null;
  });

/** Runs the editor's program on the samples, none of which it solves. */
async function run(page: Page): Promise<void> {
  await page.getByRole("button", { name: en["problem.run"], exact: true }).click();
  await page
    .getByText(en["results.passed"].replace("{passed}", "0").replace("{all}", "3"))
    .last()
    .waitFor({ timeout: 60_000 });
}

describe.skipIf(!existsSync(join(DIST, "runtimes.json")))(
  "a new version of the site (skipped when the build has no runtimes)",
  () => {
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), "client-"));
      cpSync(DIST, folder, { recursive: true });
      site = await openSite(folder);
      browser = await launchBrowser();
      context = await browser.newContext({ locale: "en", reducedMotion: "reduce" });
      fetched = [];
      context.on("request", (request) => {
        const { pathname } = new URL(request.url());
        if (pathname.startsWith("/runtimes/")) fetched.push(basename(pathname));
      });
    });
    afterAll(async () => {
      await browser?.close();
      await site?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    it("leaves open pages theirs, is used by the next one, and takes nothing away that is written or needed", async () => {
      const old = await open(PROBLEM);
      await old.locator(".language-select").selectOption("javascript");
      await old.locator(".cm-content").fill(MINE);
      await run(old);
      const [first] = await apps(old);
      const known = [...fetched];
      update();
      await old.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
      await expect.poll(() => isSettled(old), { timeout: 30_000 }).toBe(true);
      expect(await apps(old)).toEqual([first, `app-${versionNow()}`]);

      // Neither the code of its other pages nor its sandbox can be had from the site any more.
      await old.getByRole("button", { name: en["help.title"] }).click();
      await old.getByRole("dialog").getByRole("link", { name: en["offline.title"] }).click();
      await old.getByRole("heading", { level: 1, name: en["offline.title"] }).waitFor();
      await old.goBack();
      await run(old);

      const young = await open(PROBLEM);
      expect(await young.locator(".cm-content").innerText()).toBe(MINE);
      await run(young);
      // Only what has changed, and what the old page needs is still there.
      expect(fetched.slice(known.length).filter((name) => known.includes(name))).toEqual([]);
      await run(old);

      await old.close();
      await young.close();
      const last = await open(PROBLEM);
      expect(await apps(last)).toEqual([`app-${versionNow()}`]);
      expect(await last.locator(".cm-content").innerText()).toBe(MINE);
      await run(last);
      await last.close();
    });

    it("that has left a page without its files is told of, and reloading helps", async () => {
      const old = await open(PROBLEM);
      update();
      await old.evaluate(async () => {
        for (const name of await caches.keys()) if (name.startsWith("app-")) await caches.delete(name);
      });
      await old.getByRole("link", { name: en["nav.submissions"] }).click();
      await old.getByRole("heading", { level: 1, name: en["crash.missingTitle"] }).waitFor();
      await old.getByRole("button", { name: en["action.reload"] }).click();
      await old.getByRole("heading", { level: 1, name: en["nav.submissions"] }).waitFor();
      await old.close();
    });
  },
);
