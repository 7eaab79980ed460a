import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Books } from "../protocol/ledger.ts";
import type { Offer } from "../protocol/offer.ts";
import { PROVIDER_TOKEN } from "../protocol/market.ts";
import { launchBrowser } from "../scripts/browser/launch.ts";
import * as v from "valibot";
import en from "./locales/playground/en.json" with { type: "json" };
import { connectProvider, openRealSite, type RealSite } from "./testing/real-site.ts";
import { narrow, wide } from "./testing/stage.ts";

const offerOf = (model: string): Offer => ({
  offer: "only",
  model,
  tasks: ["chat"],
  contextTokens: 2_048,
  maxOutputTokens: 64,
  prices: { prompt: 100_000_000, cachedPrompt: 10_000_000, completion: 400_000_000 },
  artifact: { sha256: null, quantisation: "Q8_0", bytes: null },
  engine: { name: "echo", build: "1" },
  features: [],
  tokensPerSecond: 25,
});

/** What the demo's model says here: everything that an answer may look like, and something hostile. */
const ANSWER = [
  "It is **four**, as $2^2$.\n\n",
  "```python\nprint(2 + 2)\n```\n\n",
  "| a | b |\n|---|--:|\n| 1 | 2 |\n\n",
  "<img src=x onerror=alert(1)> ",
  "[here](javascript:alert(1)) [there](https://example.org/)",
];
const SLOW = Array.from({ length: 60 }, (_, at) => `word${at} `);

let site: RealSite;
let browser: Browser;
const ends: (() => void)[] = [];

async function provider(owner: string, model: string, answer: readonly string[], everyMs = 0): Promise<void> {
  const { name, value } = await site.account(owner, "member");
  const made = await fetch(`${site.url}/api/providers`, {
    method: "POST",
    headers: { cookie: `${name}=${value}`, "content-type": "application/json" },
    body: JSON.stringify({ id: `by-${owner}` }),
  });
  const { token } = v.parse(
    v.object({ token: v.pipe(v.string(), v.regex(PROVIDER_TOKEN)) }),
    await made.json(),
  );
  ends.push(await connectProvider(site.url, token, offerOf(model), answer, everyMs));
}

beforeAll(async () => {
  site = await openRealSite("1");
  browser = await launchBrowser();
  await Promise.all([provider("ana", "tabarena-tiny", ANSWER), provider("bea", "slow-1", SLOW, 100)]);
});
afterAll(async () => {
  for (const end of ends) end();
  await browser?.close();
  await site?.close();
});

const complaints: string[] = [];

/** The page of somebody who has just signed up with an allowance; of a stranger without a name. */
async function visitor(username: string | null, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({
    locale: "en",
    serviceWorkers: "block",
    reducedMotion: "reduce",
    viewport: wide,
    ...options,
  });
  if (username !== null) {
    const response = await context.request.post(`${site.url}/api/accounts`, {
      headers: { origin: site.url },
      data: { username, password: "correct horse" },
    });
    expect(response.status()).toBe(201);
  }
  const page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of [45]\d\d|ERR_INTERNET/.test(message.text()))
      complaints.push(message.text());
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(site.url) && !/^(?:blob|data):/.test(request.url()))
      complaints.push(request.url());
  });
  return page;
}

async function openPlayground(page: Page, query = ""): Promise<void> {
  await page.goto(`${site.url}/market/playground${query}`);
  await message(page).waitFor();
}

const message = (page: Page) => page.getByLabel(en["playground.message"]);
const turns = (page: Page) => page.getByRole("list", { name: en["playground.conversation"] }).locator("> li");

/** Asks by the keyboard alone. */
async function ask(page: Page, text: string): Promise<void> {
  await message(page).focus();
  await page.keyboard.type(text);
  await page.keyboard.press("Enter");
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe);
  const found: AxeResults["violations"] = await page.evaluate(
    "axe.run().then(({ violations }) => violations)",
  );
  expect(
    found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`),
  ).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
}

async function books(): Promise<Books> {
  const { name, value } = await site.account(`root-${crypto.randomUUID().slice(0, 8)}`, "administrator");
  const response = await fetch(`${site.url}/api/books`, { headers: { cookie: `${name}=${value}` } });
  return v.parse(Books, await response.json());
}

describe("the page to chat on", () => {
  it("answers a stranger with the demo's model, and shows what came as it was meant, harmless", async () => {
    const page = await visitor(null);
    await openPlayground(page);
    await page.getByText("may spend 0.01 credits").waitFor();
    expect(await page.getByRole("combobox", { name: "Model" }).locator("option").allInnerTexts()).toEqual([
      "tabarena-tiny",
    ]);
    await ask(page, "What is 2 + 2?");
    const answer = turns(page).nth(1);
    await answer.getByText("tabarena-tiny by by-ana").waitFor();
    expect(await answer.locator(".hint").innerText()).toMatch(
      /through the site · 0\.00000264 credits · 5 tokens .*first word after .* · complete/,
    );
    await answer.locator("math msup").waitFor();
    expect(await answer.locator("strong").innerText()).toBe("four");
    expect(await answer.locator("td").allInnerTexts()).toEqual(["1", "2"]);
    expect(await answer.locator("img, script, [onerror]").count()).toBe(0);
    expect(await answer.getByRole("link").allInnerTexts()).toEqual(["there"]);
    expect(await answer.getByRole("link").getAttribute("rel")).toContain("noopener");
    await answer.getByText("<img src=x onerror=alert(1)>").waitFor();
    await page.getByText("may spend 0.00999736 credits").waitFor();
    expect(await page.locator("output.sr-only").innerText()).toContain("The answer: It is **four**");
    expect(await message(page).evaluate((area) => area === document.activeElement)).toBe(true);

    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await answer.getByRole("button", { name: "Copy the code python" }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("print(2 + 2)\n");
    await page.reload();
    await page.getByText("1 conversation on this device").click();
    await page.getByRole("button", { name: /^What is 2 \+ 2\?/ }).click();
    await turns(page).nth(1).locator("math msup").waitFor();
    await page.context().close();
  });

  it("stops an answer by Escape, and only what came is paid", async () => {
    const page = await visitor("cyd");
    await openPlayground(page, "?model=slow-1");
    await ask(page, "Tell me a long story.");
    await turns(page).nth(1).getByText("word2").waitFor();
    await page.keyboard.press("Escape");
    await turns(page).nth(1).getByText("stopped: only what came is paid").waitFor();
    expect(await turns(page).nth(1).innerText()).not.toContain("word50");
    await expect.poll(async () => (await books()).openHolds.count).toBe(0);
    expect((await books()).findings).toEqual([]);
    await page.goto(`${site.url}/market/requests`);
    const row = page.getByRole("row").nth(1);
    expect(await row.innerText()).toMatch(/slow-1/);
    const paid = await page.evaluate(async () => (await fetch("/api/requests")).json());
    const { end, completionTokens } = paid.requests[0];
    expect(end).toBe("cancelled");
    expect(completionTokens).toBeGreaterThan(1);
    expect(completionTokens).toBeLessThan(50);
    await page.context().close();
  });

  it("asks again what was edited, and answers again, without what came after", async () => {
    const page = await visitor("dan");
    await openPlayground(page, "?model=tabarena-tiny");
    const bodies: { messages: unknown[] }[] = [];
    page.on("request", (request) => {
      if (request.url().endsWith("/api/chat/completions")) bodies.push(request.postDataJSON());
    });
    await ask(page, "First");
    await turns(page).nth(1).getByText("complete").waitFor();
    await ask(page, "Second");
    await turns(page).nth(3).getByText("complete").waitFor();
    await page.getByRole("button", { name: "Answer again" }).click();
    await expect.poll(() => bodies.length).toBe(3);
    await turns(page).nth(3).getByText("complete").waitFor();
    await page.getByRole("button", { name: "Edit", exact: true }).first().focus();
    await page.keyboard.press("Enter");
    await page.keyboard.type("!");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Edit", exact: true }).first().click();
    await page.getByLabel("Your question, changed").fill("Anew");
    await page.getByRole("button", { name: "Ask anew" }).click();
    await expect.poll(() => bodies.length).toBe(4);
    await turns(page).nth(1).getByText("complete").waitFor();
    expect(await turns(page).count()).toBe(2);
    expect(bodies.map(({ messages }) => messages.length)).toEqual([1, 3, 3, 1]);
    expect(bodies[3]?.messages).toEqual([{ role: "user", content: "Anew" }]);
    await page.context().close();
  });

  it("sends its parameters and its provider, and tells how a program asks the same", async () => {
    const page = await visitor("eve");
    await openPlayground(page, "?model=tabarena-tiny");
    await page.getByText("Parameters").click();
    await page.getByLabel("System message").fill("Be brief.");
    await page.getByLabel("Temperature, 0 to 2").fill("0.25");
    await page.getByLabel("Most tokens of an answer").fill("9");
    await page.getByLabel("Seed").fill("7");
    await page.getByLabel("Stop at").fill("END\n\nFIN");
    await page.getByRole("combobox", { name: "Provider" }).selectOption("by-ana");
    await page.getByText("Copy as curl, JavaScript or Python").click();
    const asking = page.waitForRequest("**/api/chat/completions");
    await ask(page, "It's me");
    const wanted = {
      model: "tabarena-tiny",
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "It's me" },
      ],
      temperature: 0.25,
      max_completion_tokens: 9,
      seed: 7,
      stop: ["END", "FIN"],
      provider: { only: ["by-ana"] },
    };
    expect((await asking).postDataJSON()).toEqual({
      ...wanted,
      stream: true,
      stream_options: { include_usage: true },
    });
    await turns(page).nth(1).getByText("complete").waitFor();
    const curl = await page.locator(".sample").innerText();
    expect(curl).toContain(`curl ${site.url}/v1/chat/completions`);
    expect(JSON.parse(/-d '([^]*)'$/.exec(curl)?.[1]?.replaceAll("'\\''", "'") ?? "")).toEqual(wanted);
    await page.context().close();
  });

  it("keeps conversations for each account apart, takes them along as a file, and deletes them", async () => {
    const page = await visitor("fay");
    await openPlayground(page, "?model=tabarena-tiny");
    await ask(page, "A secret of fay's");
    await turns(page).nth(1).getByText("complete").waitFor();
    await page.getByText("1 conversation on this device").click();
    const saving = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export as a file" }).click();
    const file = await (await saving).path();
    await page.getByLabel("Import a file").setInputFiles(file);
    await page.getByText("1 conversation was added.").waitFor();
    await page.getByText("2 conversations on this device").waitFor();
    await page.getByLabel("Import a file").setInputFiles({
      name: "other.json",
      mimeType: "application/json",
      buffer: Buffer.from("{}"),
    });
    await page.getByText("This file has no conversations").waitFor();

    await page.context().clearCookies();
    await openPlayground(page);
    await page.getByText("0 conversations on this device").waitFor();
    await page.context().request.post(`${site.url}/api/session`, {
      headers: { origin: site.url },
      data: { login: "fay", password: "correct horse" },
    });
    await openPlayground(page);
    await page.getByText("2 conversations on this device").click();
    await page.getByRole("button", { name: "Delete all" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.getByText("0 conversations on this device").waitFor();
    await page.reload();
    await page.getByText("0 conversations on this device").waitFor();
    await page.context().close();
  });

  it.each([
    [402, "insufficient_funds", "Your account has too few credits"],
    [404, "model_not_found", "Nobody offers this model."],
    [429, "rate_limited", "Wait a minute and ask again."],
    [503, "no_provider", "Nobody who provides this model is connected now."],
    [503, "queue_full", "All who provide this model are busy."],
    [418, "teapot", "The site refused: Whatever."],
  ])("says a refusal of %i, %s, as a sentence, and asks again", async (status, code, sentence) => {
    const page = await visitor(`refused-${code.slice(0, 10)}`);
    await openPlayground(page, "?model=tabarena-tiny");
    await page.route("**/api/chat/completions", (route) =>
      route.fulfill({ status, json: { error: { message: "Whatever.", type: "x", param: null, code } } }),
    );
    await ask(page, "Hello");
    await page.getByRole("alert").getByText(sentence).waitFor();
    await page.unroute("**/api/chat/completions");
    await page.getByRole("button", { name: "Answer again" }).click();
    await turns(page).nth(1).getByText("complete").waitFor();
    expect(await turns(page).count()).toBe(2);
    await page.context().close();
  });

  it("invites a guest to sign up when the allowance is used up", async () => {
    const page = await visitor(null);
    await openPlayground(page);
    await page.route("**/api/chat/completions", (route) =>
      route.fulfill({
        status: 402,
        json: {
          error: { message: "x", type: "insufficient_quota", param: null, code: "insufficient_funds" },
        },
      }),
    );
    await ask(page, "Hello");
    const alert = page.getByRole("alert");
    await alert.getByText("What this browser may try without an account is used up").waitFor();
    expect(await alert.getByRole("link", { name: "Sign up" }).getAttribute("href")).toBe("/sign-up");
    await page.context().close();
  });

  it("says that the site is away, keeps what was asked, and asks again when it is back", async () => {
    const page = await visitor("gus");
    await openPlayground(page, "?model=tabarena-tiny");
    await page.context().setOffline(true);
    await ask(page, "Hello");
    await page.getByText("The site can't be reached.").waitFor();
    await page.getByRole("alert").getByText("could not be reached").waitFor();
    // What is offered is asked for again when the page is seen again, in vain.
    const asking = page.waitForEvent("requestfailed", (request) =>
      request.url().endsWith("/api/market/models"),
    );
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await asking;
    expect(await turns(page).count()).toBe(2);
    await page.context().setOffline(false);
    await page.getByText("The site can't be reached.").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Answer again" }).click();
    await turns(page).nth(1).getByText("complete").waitFor();
    await page.context().close();
  });

  it.each([
    { locale: "en-GB", colorScheme: "light", viewport: wide },
    { locale: "pt-PT", colorScheme: "dark", viewport: wide },
    { locale: "zh-CN", colorScheme: "light", viewport: narrow },
    { locale: "en-GB", colorScheme: "dark", viewport: narrow },
  ] as const)("is clear to axe and fits: $locale, $colorScheme, $viewport.width px", async (look) => {
    const page = await visitor(null, look);
    await page.goto(`${site.url}/market/playground`);
    const area = page.locator(".chat-form textarea");
    await area.fill("Hello");
    await area.press("Enter");
    await page.locator(".turn-assistant .hint").waitFor();
    await page.locator("math msup").waitFor();
    for (const summary of await page.locator("details > summary").all()) await summary.click();
    await expectAccessible(page);
    await page.context().close();
  });

  it("complained of nothing, and asked no other site for anything", () => {
    expect(complaints).toEqual([]);
  });
});
