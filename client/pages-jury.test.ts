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

const pages: Readonly<Record<string, string>> = {
  "jury's list of submissions": "/contests/spring-open/submissions",
  "filtered list of submissions": "/contests/spring-open/submissions?problem=A&state=failed",
  "jury's part of a submission": "/submissions/s-7/jury?round=1&test=4",
  "jury's part of a submission that could not be judged": "/submissions/s-5/jury",
  rejudgings: "/contests/spring-open/rejudgings",
  "rejudging ready to decide": "/contests/spring-open/rejudgings/r-2",
  "rejudging under way": "/contests/spring-open/rejudgings/r-3",
  "audit log": "/contests/spring-open/audit",
};

describe.each(looks)("in $language, $colorScheme, $viewport.width px wide", ({ language, ...look }) => {
  it.each(Object.entries(pages))(
    "the %s has one heading and a title, fits the screen, and has no serious accessibility fault",
    async (_, path) => {
      await open(look);
      await expectWellMade(path, language);
    },
  );
});

const main = () => page.getByRole("main");
const rows = () => main().locator("tbody tr");

describe("the jury's list of submissions", () => {
  it("is reached from the contest by those who manage it", async () => {
    await open();
    await visit("/contests/spring-open");
    await page
      .getByRole("navigation", { name: "Jury" })
      .getByRole("link", { name: "All submissions" })
      .click();
    await page.getByRole("heading", { name: "All submissions", level: 1 }).waitFor();
  });

  it("marks what could not be judged, and says why", async () => {
    await open();
    await visit("/contests/spring-open/submissions");
    const failed = rows().filter({ hasText: "Judging error" });
    await expect.poll(() => failed.count()).toBe(1);
    await failed.getByText(/exit code 3, which is neither 42 nor 43/).waitFor();
  });

  it("keeps its filter in the address, and pages with it", async () => {
    await open();
    await visit("/contests/spring-open/submissions");
    await page.getByLabel("Verdict").selectOption("failed");
    await expect.poll(() => rows().count()).toBe(1);
    expect(new URL(page.url()).search).toBe("?state=failed");
    await page.getByLabel("Verdict").selectOption("");
    await page.getByLabel("Problem").selectOption("A");
    await expect.poll(() => new URL(page.url()).search).toBe("?problem=A");
    await page.reload();
    expect(await page.getByLabel("Problem").inputValue()).toBe("A");
    await visit("/contests/spring-open/submissions");
    await page.getByRole("link", { name: "Older" }).click();
    await page.getByRole("link", { name: "Newest" }).waitFor();
    expect(new URL(page.url()).searchParams.get("before")).toBe("s-4");
  });

  it("leads to a rejudging of what it shows, or of what was marked", async () => {
    await open();
    await visit("/contests/spring-open/submissions?verdict=WA&problem=A");
    await page.getByRole("link", { name: "Rejudge these" }).click();
    await page.getByRole("heading", { name: "New rejudging" }).waitFor();
    expect(await page.getByLabel("Problem").inputValue()).toBe("A");
    expect(await page.getByRole("checkbox", { name: "Wrong answer" }).isChecked()).toBe(true);
    await visit("/contests/spring-open/submissions");
    await page.getByRole("checkbox").nth(0).check();
    await page.getByRole("checkbox").nth(2).check();
    await page.getByRole("link", { name: "Rejudge 2 marked" }).click();
    await page.getByText("Only the 2 marked submissions").waitFor();
  });
});

describe("the jury's part of a submission", () => {
  it("tells of every round who gave its verdict and whether it counts", async () => {
    await open();
    await visit("/submissions/s-7/jury");
    const round = (number: number) =>
      page.getByRole("region", { name: "Rounds of judging" }).first().getByRole("row").nth(number);
    expect(await round(1).textContent()).toMatch(/WA.*counts.*embedded/);
    expect(await round(2).textContent()).toMatch(/AC.*apart.*lab-4/);
    expect(await round(3).textContent()).toMatch(/AC.*by hand: Bo Li.*The statement allows any order/);
  });

  it("shows one test's files side by side, with what the checker said and how often it was measured", async () => {
    await open();
    await visit("/submissions/s-7/jury");
    await page.getByRole("link", { name: "secret/02-largest-open-one-dog" }).click();
    await page.getByRole("heading", { name: "Test secret/02-largest-open-one-dog" }).waitFor();
    for (const title of [
      "Input",
      "Answer",
      "Output",
      "Dialogue",
      "Standard error",
      "Feedback: judgemessage.txt",
    ])
      await main()
        .getByRole("heading", { name: new RegExp(`^${title}`), level: 3 })
        .first()
        .waitFor();
    await page.getByText("… 70 KB more").waitFor();
    await page.getByText(/1,820 ms CPU, 1,840 ms in all alone on the judge/).waitFor();
    expect(new URL(page.url()).search).toBe("?round=1&test=4");
  });

  it("gives a verdict by hand only with a reason, and after saying what comes of it", async () => {
    await open();
    await visit("/submissions/s-7/jury");
    const give = page.getByRole("button", { name: "Give this verdict" });
    expect(await give.isDisabled()).toBe(true);
    await page
      .getByRole("region", { name: "Give a verdict by hand" })
      .getByRole("combobox")
      .selectOption("RTE");
    await page.getByLabel(/^Reason/).fill("The machine was overheated.");
    await give.click();
    const dialog = page.getByRole("dialog", { name: "Give the verdict “Run-time error”?" });
    await dialog.getByText(/the team is told at once, and the scoreboard changes/).waitFor();
    expect(await accessibilityFaults()).toEqual([]);
    await dialog.getByRole("button", { name: "Cancel" }).click();
    expect(site.changes).toEqual([]);
    await give.click();
    await dialog.getByRole("button", { name: "Give this verdict" }).click();
    await dialog.waitFor({ state: "detached" });
    expect(site.changes).toEqual([
      {
        call: "POST /api/submissions/s-7/verdict",
        body: '{"verdict":"RTE","score":null,"reason":"The machine was overheated."}',
      },
    ]);
  });

  it("is reached from the submission by those whom the server lets in", async () => {
    await open();
    await visit("/submissions/s-7");
    await page.getByRole("link", { name: "Jury's view" }).click();
    await page.getByRole("heading", { name: "Rounds of judging" }).waitFor();
  });
});

describe("rejudging", () => {
  it("counts what it would take before it starts, and needs a reason", async () => {
    await open();
    await visit("/contests/spring-open/rejudgings?problem=C");
    await page.getByText("12 submissions would be judged anew").waitFor();
    const start = page.getByRole("button", { name: "Start rejudging" });
    expect(await start.isDisabled()).toBe(true);
    await page.getByRole("checkbox", { name: "Judging error" }).check();
    await page.getByRole("radio", { name: "every test" }).check();
    await page.getByLabel(/^Reason/).fill("The answer was wrong");
    await start.click();
    await page.getByRole("heading", { name: "Time limit of A raised", level: 1 }).waitFor();
    const made = site.changes.find(({ call }) => !call.includes("preview"));
    expect(JSON.parse(made?.body ?? "")).toEqual({
      filter: { problem: "C", team: null, language: null, verdicts: ["failed"], submissions: null },
      reason: "The answer was wrong",
      extent: "all",
    });
  });

  it("cannot be applied while submissions are still being judged", async () => {
    await open();
    await visit("/contests/spring-open/rejudgings/r-3");
    expect(await page.getByRole("button", { name: "Apply" }).isDisabled()).toBe(true);
    await page.getByText("It can be applied when 8 more submissions are judged.").waitFor();
  });

  it("shows how many verdicts go from which to which, and is applied after a question", async () => {
    await open();
    await visit("/contests/spring-open/rejudgings/r-2");
    const matrix = page.locator("table.matrix");
    expect(
      await matrix
        .getByRole("row", { name: /Wrong answer/ })
        .getByRole("cell")
        .allTextContents(),
    ).toEqual(["3", "5", "·"]);
    expect(await matrix.locator(".matrix-changed").allTextContents()).toEqual(["1", "3"]);
    await page.getByRole("button", { name: "Apply" }).click();
    const dialog = page.getByRole("dialog", { name: "Apply this rejudging?" });
    await dialog.getByText(/The verdicts of 3 submissions change/).waitFor();
    await dialog.getByRole("button", { name: "Apply" }).click();
    await main().getByText("applied", { exact: true }).waitFor();
    expect(site.changes.map(({ call }) => call)).toEqual(["POST /api/rejudgings/r-2/apply"]);
    expect(await page.getByRole("button", { name: "Apply" }).count()).toBe(0);
  });

  it("says why it was refused, and leaves the question open", async () => {
    await open();
    await visit("/contests/spring-open/rejudgings/r-2");
    await page.getByRole("button", { name: "Cancel rejudging" }).click();
    const dialog = page.getByRole("dialog", { name: "Cancel this rejudging?" });
    await dialog.getByRole("button", { name: "Cancel rejudging" }).click();
    await dialog
      .getByRole("alert")
      .getByText(/This is not finished yet, or was decided already/)
      .waitFor();
  });
});

describe("the audit log", () => {
  it("says who did what to what, the system included", async () => {
    await open();
    await visit("/contests/spring-open/audit");
    const link = rows().nth(0).getByRole("link");
    expect(await rows().nth(0).textContent()).toMatch(
      /Ana Terra.*started a rejudging.*filter: problem = C, verdicts = WA,failed/,
    );
    expect(await link.getAttribute("href")).toBe("/contests/spring-open/rejudgings/r-2");
    expect(await rows().nth(1).textContent()).toMatch(/Bo Li.*gave a verdict by hand.*from: WA · to: AC/);
    expect(await rows().nth(2).textContent()).toMatch(/the system.*judging\.failed.*attempts: 3$/);
  });
});
