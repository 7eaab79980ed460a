import { describe, expect, it } from "vitest";
import { MODEL } from "./testing/fixtures/model-page.ts";
import { expectWellMade, looks, open, page, site, usePages, visit } from "./testing/stage.ts";

usePages();

const pages: Readonly<Record<string, string>> = {
  home: "/",
  "problem list": "/problems?state=unsolved",
  problem: "/problems/alternating-towers",
  "interactive problem": "/problems/guess-the-number",
  "problem that asks for answers": "/problems/hidden-ponds",
  contests: "/contests",
  "new contest": "/contests/new",
  lobby: "/contests/spring-open",
  "lobby before the start": "/contests/tomorrow-round",
  "lobby of a paused contest": "/contests/power-cut",
  "lobby before one's own time": "/contests/own-time",
  "edit contest": "/contests/tomorrow-round/edit",
  "times of a contest": "/contests/power-cut/times",
  "contest problem": "/contests/spring-open/problems/C",
  scoreboard: "/contests/spring-open/scoreboard",
  "frozen scoreboard": "/contests/frozen-cup/scoreboard",
  submissions: "/submissions",
  submission: "/submissions/s-7",
  "submission of several files": "/submissions/s-10",
  "submission with a compile error": "/submissions/s-3",
  "provisionally judged submission": "/submissions/s-1",
  account: "/account",
  "problem packages": "/organise/problems",
  judges: "/organise/judges",
  accounts: "/admin/accounts",
  market: "/market",
  "market model": `/market/models/${encodeURIComponent(MODEL)}`,
  "market requests": "/market/requests",
  "market keys": "/market/keys",
  "market wishes": "/market/wishes",
  "market providers": "/market/providers?jobs=embedded",
  ledger: "/market/ledger",
  "grants and books": "/admin/market",
  "names for everybody": "/admin/aliases",
  "no such page": "/nowhere/at/all",
};
const strangersPages: Readonly<Record<string, string>> = {
  welcome: "/",
  "market for strangers": "/market",
  "sign in": "/sign-in",
  "sign up": "/sign-up",
  "page for the signed in": "/submissions",
};

describe.each(looks)("in $language, $colorScheme, $viewport.width px wide", ({ language, ...look }) => {
  it.each(Object.entries({ ...pages, ...strangersPages }))(
    "the %s page has one heading and a title, fits the screen, and has no serious accessibility fault",
    async (name, path) => {
      site.signedIn = !(name in strangersPages);
      await open(look);
      await expectWellMade(path, language);
    },
  );
});

describe("the shell", () => {
  it("is in the chosen language and theme on every page after, from the first paint on", async () => {
    await open();
    await visit("/account");
    await page.getByRole("radio", { name: "dark" }).check();
    await page.getByRole("banner").getByRole("combobox").selectOption("pt-BR");
    await page.getByRole("heading", { name: "Conta", level: 1 }).waitFor();
    await visit("/problems");
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Problemas");
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe("dark");
  });

  it("lists its keys under ?, and goes where they say", async () => {
    await open();
    await visit("/");
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("g");
    await page.keyboard.press("p");
    await page.getByRole("heading", { name: "Problems", level: 1 }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Bridge Repair");
    await page.keyboard.press("/");
    await page.keyboard.type("ponds?");
    expect(new URL(page.url()).searchParams.get("q")).toBe("ponds?");
    expect(await page.getByRole("dialog").count()).toBe(0);
  });

  it("leaves single keys alone when they were switched off", async () => {
    await open();
    await visit("/account");
    await page.getByRole("checkbox", { name: /Single-key/ }).uncheck();
    await page.getByRole("heading", { level: 1 }).focus();
    await page.keyboard.press("?");
    expect(await page.getByRole("dialog").count()).toBe(0);
  });

  it("sends a stranger to sign in and back to where they were", async () => {
    site.signedIn = false;
    await open();
    await visit("/submissions");
    await page.getByRole("main").getByRole("link", { name: "Sign in" }).click();
    await page.getByLabel("Username or e-mail").fill("ana");
    await page.getByLabel("Password").fill("correct horse");
    site.signedIn = true;
    await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Submissions", level: 1 }).waitFor();
  });

  it("shows the server's complaint beside the field that it is about", async () => {
    site.signedIn = false;
    await open();
    await visit("/sign-up");
    await page.getByLabel("Username").fill("ab");
    await page.getByLabel("Password").fill("correct horse");
    await page.getByRole("button", { name: "Create account" }).click();
    await page.getByText("At least 3 characters.").waitFor();
    expect(await page.getByLabel("Username").getAttribute("aria-invalid")).toBe("true");
  });
});
