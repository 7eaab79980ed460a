import { describe, expect, it } from "vitest";
import { judgeList } from "./testing/fixtures/judges.ts";
import { problem } from "./testing/fixtures/problems.ts";
import { open, openOwn, page, site, usePages, visit } from "./testing/stage.ts";

usePages();

describe("the judges' page", () => {
  const card = (name: string) => page.getByRole("region", { name, exact: true });

  it("names first, and loudly, the judge whose isolation has a hole, and that hole before all that holds", async () => {
    await open();
    await visit("/organise/judges");
    expect(await page.getByRole("heading", { level: 2 }).allTextContents()).toEqual([
      "lab-4",
      "lab-6",
      "embedded",
      "lab-5",
      "laptop",
      "away",
      "New judge",
    ]);
    const alert = page.getByRole("alert");
    expect(await alert.count()).toBe(1);
    expect(await alert.textContent()).toMatch(/^1 guarantee does not hold: Network\..*cannot be trusted/);
    const lines = card("lab-4").getByRole("listitem");
    expect(await lines.count()).toBe(16);
    expect(await lines.nth(0).textContent()).toBe(
      "does not holdNetwork No socket reaches anything.udp-flood: 12 datagrams left the sandbox",
    );
    expect(await lines.nth(1).textContent()).toMatch(/^not checkedClocks /);
    expect(await lines.nth(2).textContent()).toMatch(/^holdsProcesses /);
  });

  it("says of each judge what isolates it, why, and what it can judge", async () => {
    await open();
    await visit("/organise/judges");
    const embedded = await card("embedded").textContent();
    for (const text of [
      "judging",
      "2 of 2 at once",
      "42 %",
      "ridge: the output validator does not compile",
      "full: every limit is the kernel's own",
      "root, cgroup v1",
      "C++ (13.2.0)",
    ])
      expect(embedded).toContain(text);
    await card("laptop")
      .getByText(/no isolation.*its verdicts are provisional/)
      .waitFor();
    await card("lab-5").getByText("It judges nothing: cannot create a cgroup: Permission denied").waitFor();
    await card("away").getByText("not connected").waitFor();
    await page.getByText("3 submissions wait to be judged").waitFor();
  });

  it("says how to check a judge that was never checked, and that a check of another level is none", async () => {
    await open();
    await visit("/organise/judges");
    await card("lab-5").getByText("npm run judge -- doctor").waitFor();
    await card("laptop")
      .getByText(/last check was of level “full”, but the judge now works at level “process”/)
      .waitFor();
    expect(
      await card("embedded")
        .getByText(/last check was/)
        .count(),
    ).toBe(0);
  });

  it("pauses and resumes a judge, and revokes one only after saying what comes of it", async () => {
    await open();
    await visit("/organise/judges");
    await page.getByRole("button", { name: "Pause embedded" }).click();
    await page.getByRole("button", { name: "Resume laptop" }).click();
    await page.getByRole("button", { name: "Revoke lab-5" }).click();
    const dialog = page.getByRole("dialog", { name: "Revoke lab-5?" });
    await dialog.getByText(/token stops working at once/).waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Cancel");
    await dialog.getByRole("button", { name: "Revoke" }).click();
    await dialog.waitFor({ state: "detached" });
    expect(site.changes).toEqual([
      { call: "PATCH /api/judges/embedded", body: '{"paused":true}' },
      { call: "PATCH /api/judges/laptop", body: '{"paused":false}' },
      { call: "DELETE /api/judges/lab-5", body: "" },
    ]);
  });

  it("says since when a judge with work is silent, and how much got no verdict", async () => {
    await open();
    await visit("/organise/judges");
    await card("lab-6")
      .getByText(/last heard of/)
      .waitFor();
    await card("lab-6")
      .getByText(/holds work and does not answer/)
      .waitFor();
    await page.getByText("2 submissions got no verdict in three attempts.").waitFor();
  });

  it("shows a new judge's token once, with the exact command that starts it", async () => {
    await open();
    await visit("/organise/judges");
    await page.getByLabel("Name").fill("lab-9");
    await page.getByRole("button", { name: "Make its token" }).click();
    const dialog = page.getByRole("dialog", { name: "Token of lab-9" });
    await dialog.getByText(`JUDGE_URL=${site.url} JUDGE_TOKEN=tok-9-secret npm run judge`).waitFor();
    await page.keyboard.press("Escape");
    expect(await page.getByText("tok-9-secret").count()).toBe(0);
  });

  it("closes the queue with a sentence for those who submit", async () => {
    await open();
    await visit("/organise/judges");
    await page.getByText("Stop taking submissions").first().click();
    await page.getByLabel(/Why, for those who submit/).fill("Power cut in the hall");
    await page.getByRole("button", { name: "Stop taking submissions" }).click();
    await expect
      .poll(() => site.changes)
      .toEqual([{ call: "PUT /api/judging", body: '{"closed":"Power cut in the hall"}' }]);
  });

  it("asks again by itself, without a reload", async () => {
    await openOwn();
    await page.clock.install();
    await visit("/organise/judges");
    await card("embedded").waitFor();
    site.judges = false;
    await page.clock.fastForward(10_000);
    await page.getByText("No judge may connect to this site yet.").waitFor();
    expect(judgeList.judges.length).toBeGreaterThan(0);
  });

  it("is reached from where organisers keep their problems", async () => {
    await open();
    await visit("/organise/problems");
    await page.getByRole("main").getByRole("link", { name: "Judges" }).click();
    await page.getByRole("heading", { name: "Judges", level: 1 }).waitFor();
    const nav = page.getByRole("navigation", { name: "Main" });
    expect(await nav.getByRole("link", { name: "Organise" }).getAttribute("aria-current")).toBe("page");
  });
});

describe("organising", () => {
  it("reports what is wrong with a package, file by file", async () => {
    await open();
    await visit("/organise/problems");
    await page
      .locator("input[type=file]")
      .setInputFiles({ name: "sum.zip", mimeType: "application/zip", buffer: Buffer.from("PK") });
    const alert = page.getByRole("alert");
    await alert.getByText("sum.zip: not imported.").waitFor();
    expect(await alert.getByRole("listitem").allTextContents()).toEqual([
      "data/secret/01.ans: missing",
      "problem.yaml: unknown key `colour`",
    ]);
  });

  it("shares a solution of the jury's at a click, says what that means, and shows what is so when it was refused", async () => {
    await open();
    await visit("/organise/problems");
    const boxes = page.getByRole("checkbox", { name: /^Share a solution of the jury’s for / });
    await boxes.first().waitFor();
    expect(await boxes.evaluateAll((all) => all.map((box) => box.matches(":checked")))).toEqual([
      false,
      true,
      false,
      false,
      false,
    ]);
    await page.getByText(/Whoever looks can read that solution\./).waitFor();
    await boxes.nth(2).click();
    await page.getByRole("alert").waitFor();
    expect(site.changes).toEqual([
      { call: expect.stringMatching(/^PATCH \/api\/problems\/[\w-]+$/), body: '{"sharesYardstick":true}' },
    ]);
    expect(await boxes.nth(2).isChecked()).toBe(false);
  });

  it("chooses and orders a contest's problems by keyboard alone", async () => {
    await open();
    await visit("/contests/new");
    await page.getByLabel("Name").fill("Verão 2027");
    expect(await page.getByLabel("Address").inputValue()).toBe("verao-2027");
    const add = page.getByRole("button", { name: "Add" });
    await add.focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: `Move ${problem.name.en} down` }).focus();
    await page.keyboard.press("Enter");
    expect(await page.locator(".picker li").allTextContents()).toEqual([
      "ABridge Repair",
      `B${problem.name.en}`,
    ]);
  });
});
