import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Route } from "playwright-core";
import { beforeEach, describe, expect, it } from "vitest";
import type { RuntimeManifest } from "../wasm-runtimes/manifest.ts";
import { accessibilityFaults, DIST, narrow, openOwn, page, usePages, visit } from "./testing/stage.ts";

usePages();

const PIECE = 1_000_000;
const PREPARED = "/runtimes/later.1.json";

/** Paths of the pieces that were asked for. */
let asked: string[];
/** What is done with a piece that is asked for; answered at once when left alone. */
let onPiece: (path: string, route: Route) => Promise<void>;
/** Whether the site has made what it makes after its start. */
let prepared: boolean;

const give = (route: Route): Promise<void> => route.fulfill({ body: Buffer.alloc(PIECE) });

beforeEach(() => {
  asked = [];
  onPiece = (_, route) => give(route);
  prepared = true;
});

/** JavaScript weighs three pieces more than it does, so that there is something to watch; they come when the test says so. */
async function weighDown(): Promise<void> {
  const pieces = [0, 1, 2].map((index) => ({ path: `/runtimes/ballast.${index}.bin`, bytes: PIECE }));
  const manifest: RuntimeManifest = JSON.parse(readFileSync(join(DIST, "runtimes.json"), "utf8"));
  const files = [...(manifest.javascript?.files ?? [])];
  files.push({ name: "ballast", encoding: "identity", pieces });
  const json = { ...manifest, javascript: { files, prepared: PREPARED } };
  await page.route("**/runtimes.json*", (route) => route.fulfill({ json }).catch(() => {}));
  await page.route("**/runtimes/ballast.*", async (route) => {
    const { pathname } = new URL(route.request().url());
    asked.push(pathname);
    // One that was given up cannot be answered any more.
    await onPiece(pathname, route).catch(() => {});
  });
  await page.route(`**${PREPARED}`, (route) =>
    route.fulfill(prepared ? { json: [] } : { status: 404 }).catch(() => {}),
  );
}

const chooseJavaScript = () => page.locator(".language-select").selectOption("javascript");

// What `npm run build` puts beside the client; a client that was built alone has none.
describe.skipIf(!existsSync(join(DIST, "runtimes.json")))(
  "the download of a language (skipped when the build has no runtimes)",
  () => {
    it("begins when a problem is opened, tells how far it is, can be cancelled and goes on where it was", async () => {
      await openOwn({ serviceWorkers: "block" });
      await weighDown();
      const released = Promise.withResolvers<void>();
      onPiece = async (path, route) => {
        if (path !== "/runtimes/ballast.0.bin") await released.promise;
        await give(route);
      };
      await visit("/problems/alternating-towers");
      await chooseJavaScript();
      await page.getByRole("progressbar", { name: "Download of JavaScript" }).waitFor();
      await page.getByText("1 MB of 3 MB").waitFor();
      await page.getByText(/\/s$|\/s, .+ left$/).waitFor();
      await page.getByRole("button", { name: "Cancel the download of JavaScript" }).click();
      await page.getByText("1 MB of 3 MB here").waitFor();
      released.resolve();
      asked = [];
      await page.getByRole("button", { name: "Resume the download of JavaScript" }).click();
      await page.getByText("ready offline").waitFor();
      expect(asked.toSorted()).toEqual(["/runtimes/ballast.1.bin", "/runtimes/ballast.2.bin"]);
      asked = [];
      await page.reload();
      await page.getByText("ready offline").waitFor();
      expect(asked).toEqual([]);
    });

    it("fits a phone, and is not read aloud at every step", async () => {
      await openOwn({ serviceWorkers: "block", locale: "pt-BR", viewport: narrow });
      await weighDown();
      onPiece = async (path, route) => (path.endsWith("0.bin") ? give(route) : undefined);
      await visit("/problems/alternating-towers");
      await page.getByRole("button", { name: "Código" }).click();
      await chooseJavaScript();
      const bar = page.getByRole("progressbar", { name: "Download de JavaScript" });
      await bar.waitFor();
      await page.getByText(/faltam .+$/).waitFor();
      await page.getByRole("button", { name: "Cancelar o download de JavaScript" }).waitFor();
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
      expect(
        await bar.evaluate((element) => element.closest("[aria-live], [role=status], [role=alert]")),
      ).toBeNull();
      // The rest of the page is looked at by its own tests.
      const faults = (await accessibilityFaults()).filter((fault) =>
        /JavaScript|<progress|"chip/.test(fault),
      );
      expect(faults).toEqual([]);
    });

    it("waits to be asked for where bytes are to be saved, and says when it broke off", async () => {
      await openOwn({ serviceWorkers: "block" });
      await weighDown();
      await page.addInitScript(() =>
        Object.defineProperty(navigator, "connection", { value: { saveData: true } }),
      );
      onPiece = (_, route) => route.fulfill({ status: 404 });
      await visit("/problems/alternating-towers");
      await chooseJavaScript();
      await page.getByText("3 MB to download").waitFor();
      expect(asked).toEqual([]);
      await page.getByRole("button", { name: "Download JavaScript" }).click();
      await page.getByText("The download broke off").waitFor();
      onPiece = (_, route) => give(route);
      await page.getByRole("button", { name: /JavaScript$/ }).click();
      await page.getByText("ready offline").waitFor();
      expect(await page.getByText("The download broke off").count()).toBe(0);
    });

    it("says that the site is still preparing a language", async () => {
      await openOwn({ serviceWorkers: "block" });
      await weighDown();
      prepared = false;
      await visit("/problems/alternating-towers");
      await chooseJavaScript();
      await page.getByText("preparing on the site").waitFor();
      expect(await page.getByText("ready offline").count()).toBe(0);
      prepared = true;
      await page.reload();
      await page.getByText("ready offline").waitFor();
      expect(await page.getByText("preparing on the site").count()).toBe(0);
    });
  },
);
