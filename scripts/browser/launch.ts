import type { Browser } from "playwright-core";
import { findChromium } from "../setup.ts";

/** There is no browser to drive, or nothing to run in it. The message says what to do. */
export class NoBrowser extends Error {}

/**
 * One browser for measurements and for tests alike. It has no sandbox of its own, which containers do not let it make, and asks the
 * network for nothing that a page did not ask for.
 */
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Starts a headless Chromium with a profile of its own that is gone when it closes.
 * @throws NoBrowser
 */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null)
    throw new NoBrowser(
      "there is no Chromium here: install it (on Debian or Ubuntu: apt-get install chromium), or set CHROMIUM to its path",
    );
  const playwright = await import("playwright-core").catch(() => null);
  if (playwright === null)
    throw new NoBrowser("playwright-core is not installed, which drives the browser: run npm ci");
  try {
    return await playwright.chromium.launch({ executablePath, args: flags });
  } catch (error) {
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new NoBrowser(`${executablePath} does not start: ${reason}`, { cause: error });
  }
}
