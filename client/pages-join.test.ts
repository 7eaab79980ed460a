import { describe, expect, it } from "vitest";
import {
  accessibilityFaults,
  expectWellMade,
  looks,
  open,
  page,
  site,
  usePages,
  visit,
} from "./testing/stage.ts";

usePages();

describe("a link to join by", () => {
  it.each(looks)("is well made in $language at $viewport.width px", async ({ language, ...look }) => {
    await open(look);
    await expectWellMade("/join/open", language);
  });

  it("makes a new team in the contest", async () => {
    await open();
    await visit("/join/open");
    await page.getByLabel("Team name").fill("Reds");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Spring Open 2026", exact: true }).waitFor();
    expect(site.changes).toEqual([{ call: "POST /api/join/open", body: '{"name":"Reds"}' }]);
  });

  it("says which team it leads into and who is there, and joins it without a name", async () => {
    await open();
    await visit("/join/team");
    await page.getByRole("heading", { name: "Join Pão de Queijo in Spring Open 2026" }).waitFor();
    await page.getByText("In the team so far: Ana Terra").waitFor();
    await page.getByRole("button", { name: "Join" }).click();
    await page.getByRole("heading", { name: "Spring Open 2026", exact: true }).waitFor();
    expect(site.changes).toEqual([{ call: "POST /api/join/team", body: '{"name":null}' }]);
  });

  it("sends those who are signed out to sign in or up, and back", async () => {
    await open();
    site.signedIn = false;
    await visit("/join/open");
    for (const [name, path] of [
      ["Sign in", "/sign-in"],
      ["Create an account", "/sign-up"],
    ] as const)
      expect(await page.getByRole("main").getByRole("link", { name, exact: true }).getAttribute("href")).toBe(
        `${path}?next=%2Fjoin%2Fopen`,
      );
    expect(await accessibilityFaults()).toEqual([]);
    await page.getByRole("main").getByRole("link", { name: "Sign in", exact: true }).click();
    site.signedIn = true;
    await page.getByLabel("Password").fill("correct horse");
    await page.getByLabel(/Username/).fill("ana");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Take part in Spring Open 2026" }).waitFor();
  });

  it("says why it brings nobody, and has no button then", async () => {
    await open();
    await visit("/join/revoked");
    await page.getByText("This link was revoked. Ask for a new one.").waitFor();
    expect(await page.getByRole("button", { name: "Join" }).count()).toBe(0);
    await visit("/join/own");
    await page.getByText("You take part as Reds.").waitFor();
    expect(await page.getByRole("button", { name: "Join" }).count()).toBe(0);
  });

  it("is not there where its code is wrong", async () => {
    await open();
    await visit("/join/wrong");
    await page.getByRole("alert").waitFor();
  });
});
