import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  accessibilityFaults,
  narrow,
  open,
  openOwn,
  expectWellMade,
  looks,
  page,
  site,
  usePages,
  visit,
} from "./testing/stage.ts";
import { forJury, managed } from "./testing/teams.ts";

usePages();

const PATH = "/contests/spring-open/teams";
const card = (name: string) => page.getByRole("region", { name, exact: true });
const paste = (text: string): Promise<void> => page.getByLabel("Or paste the list").fill(text);
const bodyOf = (call: string): unknown =>
  JSON.parse(site.changes.findLast((change) => change.call === call)?.body ?? "null");

async function expectNarrow(): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  const overflowing = await page
    .locator(".card, .slip")
    .evaluateAll((boxes) =>
      boxes.filter((box) => box.scrollWidth > box.clientWidth).map((box) => box.textContent),
    );
  expect(overflowing).toEqual([]);
  expect(await accessibilityFaults()).toEqual([]);
}

describe("a contest's teams", () => {
  it.each(looks)("are well made in $language at $viewport.width px", async ({ language, ...look }) => {
    await open(look);
    await expectWellMade(PATH, language);
  });

  it("are found by people, schools and usernames", async () => {
    await open();
    await visit(PATH);
    await page.getByText("3 teams", { exact: true }).waitFor();
    for (const wanted of ["caio", "estadual", "agua-e"]) {
      await page.getByRole("searchbox").fill(wanted);
      await page.getByText("1 team", { exact: true }).waitFor();
      await page.getByRole("rowheader", { name: /Água e Óleo/ }).waitFor();
    }
  });

  it("are only read by the jury", async () => {
    await open();
    site.teams = forJury;
    await visit(PATH);
    await page.getByRole("rowheader", { name: /Água e Óleo/ }).waitFor();
    expect(await page.getByRole("region").count()).toBe(1);
    expect(await page.getByRole("button", { name: /^Change/ }).count()).toBe(0);
  });

  it("are changed one at a time, by keyboard alone", async () => {
    await open();
    await visit(PATH);
    await page.getByRole("button", { name: "Change Pão de Queijo" }).focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Pão de Queijo" });
    await dialog.getByLabel("Team name").focus();
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.type("Queijo");
    await page.keyboard.press("Tab");
    await page.keyboard.type("South");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    expect(site.changes).toEqual([
      {
        call: "PUT /api/contests/spring-open/teams/team-02",
        body: '{"name":"Queijo","group":"g-south","organisation":null,"seat":null}',
      },
    ]);
  });

  it("are removed only while they have submitted nothing, and after saying what comes of it", async () => {
    await open();
    await visit(PATH);
    await page.getByRole("button", { name: "Change Água e Óleo" }).click();
    await page.getByRole("dialog", { name: "Água e Óleo" }).waitFor();
    expect(await page.getByRole("button", { name: "Remove team" }).count()).toBe(0);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Change Pão de Queijo" }).click();
    await page.getByRole("button", { name: "Remove team" }).click();
    const sure = page.getByRole("dialog", { name: "Remove Pão de Queijo?" });
    await sure.getByText(/its login stops working/).waitFor();
    await sure.getByRole("button", { name: "Remove team" }).click();
    await sure.waitFor({ state: "detached" });
    expect(site.changes.map(({ call }) => call)).toEqual(["DELETE /api/contests/spring-open/teams/team-02"]);
  });

  it("get a new password, which is shown once", async () => {
    await open();
    await visit(PATH);
    await page.getByRole("button", { name: "Change Pão de Queijo" }).click();
    await page.getByRole("button", { name: "New password" }).click();
    const sure = page.getByRole("dialog", { name: "New password" });
    await sure.getByText(/pao-de-queijo stops working at once/).waitFor();
    await sure.getByRole("button", { name: "New password" }).click();
    await page.getByText("tyn3p-x4rw9-c7hdf").waitFor();
    await page.getByRole("button", { name: "Done" }).click();
    await page.getByRole("heading", { name: "Teams", level: 1 }).waitFor();
    expect(await page.getByText("tyn3p-x4rw9-c7hdf").count()).toBe(0);
  });

  it("get members and a link for them, whose places are told", async () => {
    await open();
    await visit(PATH);
    await page.getByRole("button", { name: "Change 队伍三" }).click();
    const dialog = page.getByRole("dialog", { name: "队伍三" });
    await dialog.getByText(`${site.url}/join/c7hdf-x4rw9-tyn3p`).waitFor();
    await dialog.getByText("2 places left").waitFor();
    await dialog.getByLabel("Username").fill("caio");
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await dialog.getByRole("button", { name: "Remove bo" }).click();
    await dialog.getByRole("button", { name: "Revoke" }).click();
    const team = "/api/contests/spring-open/teams/team-03";
    await expect
      .poll(() => site.changes.map(({ call }) => call))
      .toEqual([`POST ${team}/members`, `DELETE ${team}/members/bo`, `DELETE ${team}/join`]);
  });
});

describe("groups, roles and the contest's link", () => {
  it("are changed where they stand, and refusals are told there", async () => {
    await open();
    await visit(PATH);
    const groups = card("Groups");
    expect(await groups.getByRole("button", { name: "Remove North" }).isDisabled()).toBe(true);
    await groups.getByRole("button", { name: "Move South up" }).click();
    await groups.getByRole("button", { name: "Add a group" }).click();
    await groups.getByLabel("Group 3").fill("Guests");
    await groups.getByRole("button", { name: "Save groups" }).click();
    await groups.getByText("The groups are saved.").waitFor();
    expect(bodyOf("PUT /api/contests/spring-open/groups")).toEqual({
      groups: [
        { id: "g-south", name: "South" },
        { id: "g-north", name: "North" },
        { id: null, name: "Guests" },
      ],
    });

    const roles = card("Jury and spectators");
    await roles.getByLabel("Username").fill("ana");
    await roles.getByRole("button", { name: "Give the role" }).click();
    await roles.getByText("ana is in a team of this contest and cannot be on its jury.").waitFor();
    await roles.getByRole("button", { name: "Take back the role of caio" }).click();
    await expect.poll(() => site.changes.at(-1)?.call).toBe("DELETE /api/contests/spring-open/roles/caio");

    const link = card("Link for new teams");
    await link.getByText(`${site.url}/join/tyn3p-c7hdf-x4rw9`).waitFor();
    await link.getByLabel("Places").fill("30");
    await link.getByRole("button", { name: "Replace the link" }).click();
    await expect.poll(() => bodyOf("POST /api/contests/spring-open/join")).toEqual({ places: 30 });
  });
});

describe("a list of teams", () => {
  it("is looked at first: its faults by line, and no way to make teams of it while it has errors", async () => {
    await open();
    await visit(PATH);
    await paste("Team;Group\nReds;North\nreds;Nowhere\n");
    const problems = card("Errors and warnings").getByRole("row");
    await problems.nth(2).waitFor();
    expect(await problems.allTextContents()).toEqual([
      "LineKindWhat is wrong",
      "3 errorThe contest has no group “Nowhere”.",
      "3 error“reds” is in the list already.",
    ]);
    expect(await page.getByRole("button", { name: "Make 2 teams" }).isDisabled()).toBe(true);
    await page.getByText("2 errors stand in the way").waitFor();
  });

  it("becomes a sheet of credentials, shown once", async () => {
    await open();
    await visit(PATH);
    await paste("Team;School;Seat\nReds;School 7;A1\nBlues;School 8;A2\n");
    await card("Teams of the list")
      .getByRole("row", { name: /Reds.*reds.*will be made.*School 7/ })
      .waitFor();
    await page.getByRole("button", { name: "Make 2 teams" }).click();
    await page.getByRole("heading", { name: "Credentials of 2 teams", level: 1 }).waitFor();
    await page.getByText(/shown this once/).waitFor();
    expect(await page.evaluate(() => scrollY)).toBe(0);
    const slip = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Reds" }) });
    for (const text of [
      "reds",
      "hxhxh-xhxhx-hxhxh",
      "A1",
      `${site.url}/sign-in`,
      `${site.url}/contests/spring-open`,
    ])
      await slip.getByText(text, { exact: true }).waitFor();

    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download as CSV" }).click();
    const file = await (await downloading).path();
    expect(readFileSync(file, "utf8")).toContain("Reds,reds,");
  });

  it("prints nothing but its slips, none of them cut by a page's end", async () => {
    await openOwn();
    await visit(PATH);
    await paste(["Team", ...Array.from({ length: 30 }, (_, at) => `Team ${at}`)].join("\n"));
    await page.getByRole("button", { name: "Make 30 teams" }).click();
    await page.getByRole("heading", { name: "Credentials of 30 teams" }).waitFor();
    await page.emulateMedia({ media: "print" });
    for (const hidden of [".page-head", ".notice", ".site-head"])
      expect(await page.locator(hidden).first().isVisible(), hidden).toBe(false);
    expect(await page.locator(".slip").count()).toBe(30);
    expect(
      await page
        .locator(".slip")
        .evaluateAll((slips) => [...new Set(slips.map((slip) => getComputedStyle(slip).breakInside))]),
    ).toEqual(["avoid"]);
    expect((await page.pdf({ format: "A4" })).subarray(0, 4).toString()).toBe("%PDF");
  });

  it("comes as a file whose encoding is found out, or chosen", async () => {
    await open();
    await visit(PATH);
    // "Água" and "Pão" in Windows-1252.
    const bytes = Buffer.from([0xc1, 0x67, 0x75, 0x61, 0x0a, 0x50, 0xe3, 0x6f, 0x0a]);
    await page
      .getByLabel("File, chosen or dropped here")
      .setInputFiles({ name: "teams.csv", mimeType: "text/csv", buffer: bytes });
    await page.getByText(/does not say how its letters are encoded/).waitFor();
    await card("Teams of the list")
      .getByRole("row", { name: /Água.*agua/ })
      .waitFor();
    await page.getByLabel("Encoding").selectOption("gb18030");
    await card("Teams of the list").getByRole("row", { name: /Água/ }).waitFor({ state: "detached" });
    expect(await page.getByLabel("Or paste the list").inputValue()).not.toContain("Água");
  });

  it("has columns that the reader knows better", async () => {
    await open();
    await visit(PATH);
    await paste("Blue,Reds\nGreen,Blues\n");
    await page.getByRole("rowheader", { name: "Blue", exact: true }).waitFor();
    await page.getByLabel("Column 1").selectOption("seat");
    await page.getByLabel("Column 2").selectOption("name");
    await page.getByRole("rowheader", { name: "Reds", exact: true }).waitFor();
    expect(bodyOf("POST /api/contests/spring-open/teams/preview")).toMatchObject({
      choices: { columns: ["seat", "name"] },
    });
  });

  it("is well made with its preview at 360 px, and its sheet too", async () => {
    await open({ viewport: narrow });
    await visit(PATH);
    await paste("Team;Group\nReds;North\nreds;Nowhere\n");
    await page.getByText("2 errors stand in the way").waitFor();
    await expectNarrow();
    await paste("Team;Group\nReds;North\n");
    await card("Import a list").getByRole("button", { name: "Make 1 team" }).click();
    await page.getByRole("heading", { name: "Credentials of 1 team" }).waitFor();
    await expectNarrow();
  });

  it("may be one team by hand", async () => {
    await open();
    await visit(PATH);
    const form = card("One team by hand");
    await form.getByLabel("Team name").fill("Late");
    await form.getByLabel("People").fill("Ana, Bo");
    await form.getByRole("button", { name: "Make 1 team" }).click();
    await page.getByText("c7hdf-x4rw9-tyn3p").waitFor();
    expect(bodyOf("POST /api/contests/spring-open/teams/new")).toMatchObject({
      name: "Late",
      people: ["Ana", "Bo"],
      username: null,
    });
    expect(managed.teams.map(({ name }) => name)).not.toContain("Late");
  });
});
