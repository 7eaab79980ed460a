import type { Locator } from "playwright-core";
import { describe, expect, it } from "vitest";
import { history, MODEL } from "./testing/fixtures/model-page.ts";
import { accessibilityFaults, narrow, open, page, site, usePages, visit } from "./testing/stage.ts";

usePages();

const PATH = `/market/models/${encodeURIComponent(MODEL)}`;

const region = (name: string) => page.getByRole("region", { name, exact: true });
const offers = () => region(`Offers of ${MODEL}`);
const providers = () => offers().getByRole("rowheader").allInnerTexts();
const names = async () => (await providers()).map((text) => text.split(/\s/)[0]);

describe("the page of a model", () => {
  it("is reached from the models, by a name with slashes and dots, and has an address of its own", async () => {
    site.signedIn = false;
    await open();
    await visit("/market");
    await page.getByRole("link", { name: MODEL, exact: true }).click();
    await page.getByRole("heading", { name: MODEL, level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe(PATH);
    await page.getByText(/can read what you send/).waitFor();
    const nav = page.getByRole("navigation", { name: "Market" });
    expect(await nav.getByRole("link", { name: "Models" }).getAttribute("aria-current")).toBe("true");
    await page.reload();
    await page.getByRole("heading", { name: MODEL, level: 1 }).waitFor();
  });

  it("says so when nobody has ever offered that model", async () => {
    await open();
    await page.goto(`${site.url}/market/models/no-such-model`);
    await page.getByRole("alert").waitFor();
  });

  it("is whole where nobody offers it, or asked for it lately", async () => {
    site.market = { ...site.market, used: false };
    await open();
    await visit(PATH);
    await page.getByText("Nobody offers it at this moment.").waitFor();
    await page.getByText("Nobody was answered by it in the last 7 days.").waitFor();
    expect(await page.locator("canvas").count()).toBe(0);
    expect(await page.getByRole("table").count()).toBe(0);
  });

  it("gives the call in three languages, with this model and no key", async () => {
    await open();
    await visit(PATH);
    const example = page.locator("pre");
    for (const language of ["curl", "JavaScript", "Python"]) {
      await page.getByLabel("Example in").selectOption({ label: language });
      const text = await example.textContent();
      expect(text).toContain(`"${MODEL}"`);
      expect(text).toContain(`${site.url}/v1`);
      expect(text).toContain("TABARENA_API_KEY");
      expect(text).not.toContain("tab-key-");
      await page.getByRole("button", { name: `Copy the example for ${language}` }).waitFor();
    }
    await page.getByRole("combobox", { name: "For", exact: true }).selectOption("embedding");
    expect(await example.textContent()).toContain("client.embeddings.create(");
  });
});

describe("the order book", () => {
  it("says of each offer what was measured of it, and of all that they are not verified", async () => {
    await open();
    await visit(PATH);
    const rows = offers().getByRole("row");
    const [promising, gone, measured] = await Promise.all(
      [2, 3, 4].map((row) =>
        rows
          .nth(row)
          .innerText()
          .then((text) => text.replaceAll(/\s+/g, " ")),
      ),
    );
    expect(promising).toContain(
      "embedded program not verified 0.1 0.01 0.4 – 8.3 tokens/s expected, not measured",
    );
    expect(gone).toMatch(/browser tab not verified .* takes no more 50 %/);
    expect(measured).toContain("412 ms 9 of 10 within 2.2 s 312 answers");
    expect(measured).toContain("138 tokens/s 9 of 10 at least 96.5 tokens/s 5 of 8 free 99.9 %");
    expect(measured).toContain("131,072 answers up to 16,384 Q4_K_M llama-server b11364 cuda");
    await page.getByText(/nobody has checked that a provider runs the weights that it names/).waitFor();
    const strips = await offers()
      .getByRole("img")
      .evaluateAll((all) => all.map((one) => one.ariaLabel));
    expect(strips).toEqual([
      "Connected in the last 24 hours: 73.1 %. Whole hours: 16, parts of hours: 2, not at all: 6, before it was made: 0.",
      "Connected in the last 24 hours: 0 %. Whole hours: 0, parts of hours: 0, not at all: 4, before it was made: 20.",
      "Connected in the last 24 hours: 100 %. Whole hours: 24, parts of hours: 0, not at all: 0, before it was made: 0.",
    ]);
  });

  it("is sorted by the column whose head is pressed, by keyboard, too, and says so", async () => {
    await open();
    await visit(PATH);
    expect(await names()).toEqual(["embedded", "a-tab-of-ana", "lab-9"]);
    const head = (name: string) => offers().getByRole("columnheader", { name, exact: true });
    expect(await head("In").getAttribute("aria-sort")).toBeNull();
    await head("In").getByRole("button").click();
    expect(await names()).toEqual(["lab-9", "embedded", "a-tab-of-ana"]);
    expect(await head("In").getAttribute("aria-sort")).toBe("ascending");
    await page.keyboard.press("Enter");
    expect(await names()).toEqual(["a-tab-of-ana", "embedded", "lab-9"]);
    expect(await head("In").getAttribute("aria-sort")).toBe("descending");
    await head("Speed").getByRole("button").focus();
    await page.keyboard.press("Space");
    expect((await names())[2]).toBe("embedded");
    expect(await head("In").getAttribute("aria-sort")).toBeNull();
    expect(await accessibilityFaults()).toEqual([]);
  });
});

describe("the estimate", () => {
  const box = () => region("What a request would cost");
  const rows = async (): Promise<string[][]> => {
    const all = await box().getByRole("row").all();
    return Promise.all(all.slice(1).map((row) => row.locator("th, td").allInnerTexts()));
  };

  it("is exact, of a number of tokens and the longest answer, the cheapest first", async () => {
    await open();
    await visit(PATH);
    await box().getByLabel("The prompt as").selectOption({ label: "number of tokens" });
    await box().getByLabel("Tokens of the prompt").fill("1000");
    await box().getByLabel("Longest answer, in tokens").fill("100");
    await box().getByText("About 1,000 tokens of prompt; ").waitFor();
    await box().getByText("Cheapest: 0.00014 credits at embedded.").waitFor();
    const found = await rows();
    expect(found.map(([provider, cost]) => [provider, cost])).toEqual([
      ["embedded", "0.00014"],
      ["lab-9", "0.012345679"],
    ]);
    for (const [, cost, held] of found) expect(Number(held)).toBeGreaterThan(Number(cost));
  });

  it("is of a text as the market bounds it, and stays in the page", async () => {
    await open();
    await visit(PATH);
    await box().getByLabel("Prompt", { exact: true }).fill("Why is the sky blue? ".repeat(40));
    await box().getByText("About 301 tokens of prompt; 1,201 at the very most.").waitFor();
    expect(site.changes).toEqual([]);
  });

  it("names what is no number, and a request for which no offer has room", async () => {
    await open();
    await visit(PATH);
    const longest = box().getByLabel("Longest answer, in tokens");
    await longest.fill("many");
    await box().getByText("A whole number up to 1,000,000.").waitFor();
    expect(await longest.getAttribute("aria-invalid")).toBe("true");
    expect(await box().getByRole("table").count()).toBe(0);
    await longest.fill("900000");
    await box().getByText("No offer has room for that.").waitFor();
  });
});

/** The colours of its pixels that are no mixture with what lies behind. */
const shadesOf = (canvas: Locator): Promise<string[]> =>
  canvas.evaluate((element) => {
    if (!(element instanceof HTMLCanvasElement)) throw new Error("No canvas.");
    const { data } = element.getContext("2d")?.getImageData(0, 0, element.width, element.height) ?? {
      data: [],
    };
    const seen = new Set<string>();
    for (let at = 0; at < data.length; at += 4)
      if (data[at + 3] === 255) seen.add(`${data[at]} ${data[at + 1]} ${data[at + 2]}`);
    return [...seen];
  });

describe("the history", () => {
  it("is drawn in four charts, each with a name, and is the same in a table", async () => {
    await open({ colorScheme: "dark" });
    await visit(PATH);
    const charts = region("The last 7 days").getByRole("figure");
    await expect.poll(() => charts.count()).toBe(4);
    expect(await charts.first().getAttribute("aria-label")).toBe(
      "Credits per million tokens of answers. The numbers are in the table below.",
    );
    await page.getByText("The same as a table").click();
    const table = region("The same as a table").getByRole("table");
    const busy = history.hours.filter(({ jobs }) => jobs > 0);
    expect(await table.getByRole("row").count()).toBe(busy.length + 2);
    const last = await table.getByRole("row").nth(2).locator("td").allInnerTexts();
    expect(last[0]).toBe(String(busy.at(-1)?.jobs));
    expect(last.slice(1, 3)).toEqual(["0.55", "0.75"]);
    expect(await accessibilityFaults()).toEqual([]);
  });

  it("is drawn in the week of its hours where there is but one, as of a model that is new", async () => {
    site.market = { ...site.market, history: { hours: history.hours.slice(-1) } };
    await open({ colorScheme: "light" });
    await visit(PATH);
    const charts = region("The last 7 days").getByRole("figure");
    await expect.poll(() => charts.count()).toBe(4);
    const bars = charts.last().locator("canvas");
    await expect.poll(() => shadesOf(bars)).toContain("36 71 158");
  });

  it("is drawn in the colours of the theme, also when that changes", async () => {
    await open({ colorScheme: "light" });
    await visit(PATH);
    await page.locator("canvas").first().waitFor();
    const shades = () => shadesOf(page.locator("canvas").first());
    await expect.poll(shades).toContain("36 71 158");
    await page.emulateMedia({ colorScheme: "dark" });
    await expect.poll(shades).toContain("168 193 255");
    expect(await shades()).not.toContain("36 71 158");
    await page.emulateMedia({ colorScheme: null });
  });

  it("fits a narrow screen, and follows it when that grows", async () => {
    await open({ viewport: narrow });
    await visit(PATH);
    const chart = page.locator("canvas").first();
    await chart.waitFor();
    const widthOf = async () => (await chart.boundingBox())?.width ?? 0;
    expect(await widthOf()).toBeLessThanOrEqual(narrow.width);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    await page.setViewportSize({ width: 700, height: 740 });
    await expect.poll(widthOf).toBeGreaterThan(500);
    await page.setViewportSize(narrow);
    await expect.poll(widthOf).toBeLessThanOrEqual(narrow.width);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
  });
});
