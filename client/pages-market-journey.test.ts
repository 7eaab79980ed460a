import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { API_KEY, PROVIDER_TOKEN } from "../protocol/market.ts";
import type { Offer } from "../protocol/offer.ts";
import { launchBrowser } from "../scripts/browser/launch.ts";
import { connectProvider, openRealSite, type RealSite } from "./testing/real-site.ts";

const offer: Offer = {
  offer: "only",
  model: "echo-1",
  tasks: ["chat"],
  contextTokens: 2_048,
  maxOutputTokens: 64,
  prices: { prompt: 100_000_000, cachedPrompt: 10_000_000, completion: 400_000_000 },
  artifact: { sha256: null, quantisation: "Q8_0", bytes: null },
  engine: { name: "echo", build: "1" },
  features: [],
  tokensPerSecond: 25,
};

let site: RealSite;
let browser: Browser;
beforeAll(async () => {
  site = await openRealSite("1");
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

/** A browser of somebody who is signed in; a stranger's without a name. */
async function visitor(username?: string, role: "member" | "administrator" = "member"): Promise<Page> {
  const context = await browser.newContext({ locale: "en", serviceWorkers: "block" });
  if (username !== undefined)
    await context.addCookies([{ ...(await site.account(username, role)), url: site.url }]);
  return context.newPage();
}

async function visit(page: Page, path: string): Promise<void> {
  await page.goto(site.url + path);
  await page.getByRole("heading", { level: 1 }).waitFor();
}

/** The secret that a dialog shows, which is closed then. */
async function shownOnce(page: Page): Promise<string> {
  const secret = await page.getByRole("dialog").locator(".secret code").innerText();
  await page.keyboard.press("Escape");
  return secret;
}

describe("the market on the real site", () => {
  it("goes from a provider's token and a consumer's key to an answer, its price, the provider's wage and books in balance", async () => {
    const [stranger, ana, bo, root] = await Promise.all([
      visitor(),
      visitor("ana"),
      visitor("bo"),
      visitor("root", "administrator"),
    ]);
    await visit(stranger, "/market");
    await stranger.getByText("Nobody offers a model at this moment.").waitFor();

    await visit(ana, "/market/providers");
    await ana.getByLabel("Name").fill("Shed 1");
    await ana.getByRole("button", { name: "Make its token" }).click();
    await ana.getByText("Only lower-case letters, digits and single hyphens.").waitFor();
    await ana.getByLabel("Name").fill("shed-1");
    await ana.getByRole("button", { name: "Make its token" }).click();
    const token = await shownOnce(ana);
    expect(token).toMatch(PROVIDER_TOKEN);
    const shed = ana.getByRole("region", { name: "shed-1", exact: true });
    await shed.getByText("never connected").waitFor();

    const disconnect = await connectProvider(site.url, token, offer, ["Good", " day", "!"]);
    await visit(ana, "/market/providers");
    await shed.getByText("connected", { exact: true }).waitFor();
    await visit(stranger, "/market");
    const offered = await stranger.getByRole("region", { name: "Offers of echo-1" }).getByRole("row").nth(2);
    expect(await offered.innerText()).toMatch(/shed-1.*0\.1.*0\.01.*0\.4.*25 tokens\/s.*2 of 2 free.*Q8_0/s);

    await visit(root, "/admin/market");
    await root.getByLabel("Username").fill("bo");
    await root.getByLabel("Credits", { exact: true }).fill("0,5");
    await root.getByLabel("Note").fill("for the workshop");
    await root.getByRole("button", { name: "Give", exact: true }).click();
    await root.getByText(/^Not an amount of credits such as/).waitFor();
    await root.getByLabel("Credits", { exact: true }).fill("0.5");
    await root.getByRole("button", { name: "Give", exact: true }).click();
    await root.getByText("Given: 0.5 credits to bo, who may spend 0.5 now.").waitFor();

    await visit(bo, "/market/keys");
    await bo.getByLabel("Name").fill("editor");
    await bo.getByRole("button", { name: "Make the key" }).click();
    const key = await shownOnce(bo);
    expect(key).toMatch(API_KEY);
    expect((await ask(key)).text).toContain("Good day!");

    await expect
      .poll(async () => {
        await visit(bo, "/market/requests");
        return bo.getByRole("row").nth(1).innerText();
      })
      .toMatch(
        /echo-1\s+key editor\s+complete.*shed-1\s+finished\s+Why this provider\?\s+10\s+4 cached\s+3\s+0\.00000184/s,
      );
    await bo.getByRole("button", { name: "Why this provider? shed-1" }).click();
    await bo.getByText("The only one that met the request and had a slot free.").waitFor();
    await visit(bo, "/market/ledger");
    await bo.getByText("0.49999816 credits").waitFor();
    await bo.getByText("given by an administrator").waitFor();
    await visit(ana, "/market/providers?jobs=shed-1");
    const jobs = ana.getByRole("region", { name: "Jobs of shed-1" });
    expect(await jobs.getByRole("row").nth(1).innerText()).toMatch(
      /echo-1\s+finished.*0\.000001748\s+0\.000000092/s,
    );
    await visit(stranger, "/market");
    await stranger.getByRole("link", { name: "echo-1", exact: true }).click();
    const measured = stranger.getByRole("region", { name: "Offers of echo-1" }).getByRole("row").nth(2);
    await measured.getByText("1 answer", { exact: true }).waitFor();
    await stranger.getByText("The same as a table").click();
    const hours = stranger.getByRole("region", { name: "The same as a table" }).getByRole("row");
    expect(await hours.nth(2).innerText()).toMatch(/\s1\s+0\.4\s+0\.4\s/);
    await root.getByRole("button", { name: "Check again" }).click();
    const books = root.getByRole("region", { name: "Books" });
    await books.getByText("0.000000092", { exact: true }).waitFor();
    await books.getByText("in balance", { exact: true }).waitFor();

    await bo.goto(`${site.url}/market/keys`);
    await bo.getByRole("button", { name: "Revoke editor" }).click();
    await bo.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await bo.getByText("You have no keys yet.").waitFor();
    expect((await ask(key)).status).toBe(401);

    disconnect();
    await expect
      .poll(async () => {
        await visit(ana, "/market/providers");
        return shed.innerText();
      })
      .toContain("not connected");
  });
});

async function ask(key: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`${site.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "echo-1", max_tokens: 8, messages: [{ role: "user", content: "Hello" }] }),
  });
  return { status: response.status, text: await response.text() };
}
