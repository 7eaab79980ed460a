import { describe, expect, it } from "vitest";
import { expectWellMade, looks, open, page, usePages, visit } from "./testing/stage.ts";

usePages();

const PROBLEMS = 8;
const TEAMS = 12;

const paths = ["problems", "standings", "certificates"].map((what) => `/contests/winter-final/print/${what}`);

describe.each(looks)("pages for paper ($language, $colorScheme)", (look) => {
  it.each(paths)("%s is well made on the screen", async (path) => {
    await open(look);
    await expectWellMade(path, look.language);
  });
});

interface Paper {
  pages: number;
  /** In points, 72 to the inch. */
  sizes: string[];
}

/** What comes out of the printer, by the style sheet's own paper. */
async function printed(): Promise<Paper> {
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
  const sizes = [...pdf.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)].map(
    ([, width, height]) => `${Math.round(Number(width))}x${Math.round(Number(height))}`,
  );
  return { pages: pdf.match(/\/Type \/Page\b(?!s)/g)?.length ?? 0, sizes: [...new Set(sizes)] };
}

const shownOnPaper = async (place: string): Promise<boolean> => {
  await page.emulateMedia({ media: "print" });
  const isShown = await page.locator(place).first().isVisible();
  await page.emulateMedia({ media: null });
  return isShown;
};

describe("the problem set", () => {
  it("has a cover and begins every problem on a new page of A4", async () => {
    await open();
    await visit("/contests/winter-final/print/problems");
    const { pages, sizes } = await printed();
    expect(sizes).toEqual(["595x842"]);
    expect(pages).toBeGreaterThanOrEqual(1 + PROBLEMS);
    expect(await page.locator(".sheet").count()).toBe(1 + PROBLEMS);
    // Nothing is drawn beyond the paper's edge.
    await page.setViewportSize({ width: 673, height: 1000 });
    await page.emulateMedia({ media: "print" });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    await page.emulateMedia({ media: null });
  });

  it("is in the language that is chosen, with its formulas", async () => {
    await open();
    await visit("/contests/winter-final/print/problems?locale=pt");
    expect(await page.locator(".sheet .statement").first().getAttribute("lang")).toBe("pt");
    await page.getByLabel("Language of the statements").selectOption("en");
    await page.locator('.sheet .statement[lang="en"]').first().waitFor();
    expect(new URL(page.url()).search).toBe("?locale=en");
    expect(await page.locator(".sheet math").count()).toBeGreaterThan(0);
  });

  it("leaves off the paper what is for the screen", async () => {
    await open();
    await visit("/contests/winter-final/print/problems");
    for (const place of ["h1", "select", "nav", ".site-head"]) {
      expect(await page.locator(place).count()).toBeGreaterThan(0);
      expect(await shownOnPaper(place)).toBe(false);
    }
    expect(await shownOnPaper(".sheet-title")).toBe(true);
  });
});

describe("standings on paper", () => {
  it("say that they are final, with every team", async () => {
    await open();
    await visit("/contests/winter-final/print/standings");
    await page.getByText("Final standings.").waitFor();
    expect(await page.locator(".sheet tbody tr").count()).toBe(TEAMS + 1);
    expect((await printed()).sizes).toEqual(["842x595"]);
  });

  it("say the frozen sentence to the letter", async () => {
    await open();
    await visit("/contests/frozen-cup/print/standings");
    await page.getByText("These standings are not final.").waitFor();
    await page
      .getByText(
        "The scoreboard was frozen with 60 minutes remaining - submissions in the last 60 minutes of the contest are still shown as pending.",
        { exact: true },
      )
      .waitFor();
  });

  it.each(["score-cup", "round-a", "round-c", "sheet-6"])(
    "fit their paper in every format: %s",
    async (slug) => {
      await open({ viewport: { width: 1030, height: 800 } });
      await visit(`/contests/${slug}/print/standings`);
      await page.emulateMedia({ media: "print" });
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
      await page.emulateMedia({ media: null });
    },
  );
});

describe("certificates", () => {
  it("are a page for each team that took part, with its rank and awards", async () => {
    await open();
    await visit("/contests/winter-final/print/certificates");
    expect(await printed()).toEqual({ pages: TEAMS, sizes: ["842x595"] });
    const first = page.locator(".certificate").first();
    await first.getByText("Rank 1 of 13").waitFor();
    await first.getByText("Gold medal").waitFor();
    expect(await page.getByText("Late Registration").count()).toBe(0);
  });

  it("are in the page's language", async () => {
    await open({ locale: "zh-CN" });
    await visit("/contests/winter-final/print/certificates");
    await page.locator(".certificate").first().getByText("金牌").waitFor();
  });

  it.each(["spring-open", "frozen-cup", "late-board"])(
    "are refused while results are not final: %s",
    async (slug) => {
      await open();
      await visit(`/contests/${slug}/print/certificates`);
      await page.getByText("Certificates can be printed once the results are final and thawed.").waitFor();
      expect(await page.locator(".certificate").count()).toBe(0);
    },
  );
});
