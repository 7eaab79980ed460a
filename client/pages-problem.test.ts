import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CustomRunTest, CustomRunView } from "../protocol/custom-run.ts";
import { provisional, queued, submissions } from "./testing/fixtures/submissions.ts";
import {
  accessibilityFaults,
  DIST,
  narrow,
  open,
  page,
  site,
  usePages,
  visit,
  write,
} from "./testing/stage.ts";

usePages();

const ranWell: CustomRunTest = {
  test: null,
  verdict: null,
  exitCode: 0,
  signal: null,
  cpuMs: 12,
  wallMs: 20,
  memoryKiB: 3000,
  output: "",
  outputBytes: 2,
  stderr: "",
  message: "",
};

describe("the problem page", () => {
  it("submits by Ctrl+Enter, follows the submission live, announces the verdict and leaves the focus in the editor", async () => {
    await open();
    await visit("/problems/alternating-towers");
    await write("print(1)\n");
    await page.keyboard.press("Control+Enter");
    const row = page.getByRole("tabpanel").getByRole("row").nth(1);
    await row.getByText("queued").waitFor();
    site.tellAccount({ type: "ahead", submission: queued.id, ahead: 3 });
    await row.getByText("queued, 3 before yours").waitFor();
    site.tellAccount({ type: "progress", submission: queued.id, done: 14, total: 60 });
    await row.getByText("test 14 of 60").waitFor();
    site.tellAccount({
      type: "submission",
      submission: {
        ...queued,
        state: "judged",
        judgement: {
          round: 1,
          verdict: "WA",
          score: null,
          cpuMs: 12,
          memoryKiB: 9000,
          toolchain: "Python 3.13.5",
          level: "full",
          judgedAt: Date.now(),
        },
      },
    });
    await row.getByText("Wrong answer").waitFor();
    await page.getByRole("status").getByText("Verdict: Wrong answer").waitFor();
    expect(await page.evaluate(() => document.activeElement?.classList.contains("cm-content"))).toBe(true);
  });

  it("says plainly that submissions wait when no judge is there", async () => {
    site.judges = false;
    await open();
    await visit("/problems/alternating-towers");
    await page.getByRole("tab", { name: "Submissions" }).click();
    await page.getByText(/^Submissions wait: no judge is connected/).waitFor();
  });

  it("keeps a draft for each language and finds it again after a reload", async () => {
    await open();
    await visit("/problems/alternating-towers");
    await write("kept = 1\n");
    await page.getByText(/^Saved /).waitFor();
    await page.getByLabel("Programming language").selectOption("cpp");
    await page.locator(".cm-content").getByText("#include").first().waitFor();
    await page.getByLabel("Programming language").selectOption("python3");
    await page.locator(".cm-content").getByText("kept").waitFor();
    await page.reload();
    await page.locator(".cm-content").getByText("kept").waitFor();
    expect(await page.getByLabel("Programming language").inputValue()).toBe("python3");
  });

  it("keeps what is typed just before the page is left", async () => {
    await open();
    await visit("/problems/alternating-towers");
    await write("at the last moment\n");
    await page.getByRole("banner").getByRole("link", { name: "Contests" }).click();
    await page.getByRole("heading", { name: "Contests", level: 1 }).waitFor();
    await page.goBack();
    await page.locator(".cm-content").getByText("moment").waitFor();
  });

  it("marks languages with the judges' versions, and offers none that nobody could judge", async () => {
    await open();
    await visit("/problems/alternating-towers");
    const options = page.getByLabel("Programming language").getByRole("option");
    await page
      .getByLabel("Programming language")
      .getByText("C++ (g++ 14.2.0)")
      .waitFor({ state: "attached" });
    expect(await options.filter({ hasText: "Python" }).textContent()).toBe("Python 3 (3.13.5)");
    const haskell = options.filter({ hasText: "Haskell" });
    expect(await haskell.textContent()).toBe("Haskell: no judge has it");
    expect(await haskell.isDisabled()).toBe(true);
  });

  it("says why there is nothing to run where answers are submitted, one file for each test", async () => {
    await open();
    await visit("/problems/hidden-ponds");
    expect(await page.getByRole("button", { name: "Run", exact: true }).isDisabled()).toBe(true);
    await page.getByText("Here answers are submitted, not programs").waitFor();
    const files = page.getByRole("list", { name: "Files" });
    expect(await files.getByRole("button").allTextContents()).toEqual(["sample-1.out", "sample-2.out"]);
    await page.locator(".open-files input").setInputFiles([
      { name: "secret-1.out", mimeType: "text/plain", buffer: Buffer.from("42\n") },
      { name: "sample-1.out", mimeType: "text/plain", buffer: Buffer.from("8\n") },
      { name: "no good.out", mimeType: "text/plain", buffer: Buffer.from("?") },
    ]);
    await page.getByText("Not opened, since their names are not allowed: no good.out").waitFor();
    await page.getByRole("button", { name: "Submit" }).click();
    await expect.poll(() => site.changes.length).toBe(1);
    expect(JSON.parse(site.changes[0]?.body ?? "")).toEqual({
      problem: "hidden-ponds",
      language: "answers",
      files: [
        { name: "sample-1.out", text: "8\n" },
        { name: "sample-2.out", text: "" },
        { name: "secret-1.out", text: "42\n" },
      ],
      entryPoint: null,
      // A submission that has to be sent twice is known by it.
      key: expect.any(String),
    });
  });

  it("keeps several files, their names and where the program starts, and submits them", async () => {
    await open();
    await visit("/problems/alternating-towers");
    await write("import odds\n");
    await page.getByRole("button", { name: "Files" }).click();
    await page.getByRole("button", { name: "New" }).click();
    await page.getByLabel("New name of main2.py").fill("main.py");
    await page.getByText("There is a file of this name already.").waitFor();
    await page.getByLabel("New name of main2.py").fill("odds.py");
    await page.keyboard.press("Enter");
    await write("odd = 1\n");
    await page.getByLabel("Starts at").selectOption("main.py");
    await page.getByText(/^Saved /).waitFor();
    await page.getByRole("button", { name: "main.py", exact: true }).click();
    await page.locator(".cm-content").getByText("import odds").waitFor();
    await expect
      .poll(() => page.evaluate(() => localStorage.getItem("draft/account-ana/alternating-towers/python3")))
      .toContain('"entryPoint":"main.py"');
    await page.reload();
    await page.getByRole("button", { name: "odds.py", exact: true }).click();
    await page.locator(".cm-content").getByText("odd = 1").waitFor();
    await page.keyboard.press("Control+Enter");
    await expect.poll(() => site.changes.length).toBe(1);
    expect(JSON.parse(site.changes[0]?.body ?? "")).toMatchObject({
      files: [
        { name: "main.py", text: "import odds\n" },
        { name: "odds.py", text: "odd = 1\n" },
      ],
      entryPoint: "main.py",
    });
  });

  it("asks before it removes a file that is not empty", async () => {
    await open();
    await visit("/problems/alternating-towers");
    await page.getByRole("button", { name: "Files" }).click();
    await page.getByRole("button", { name: "New" }).click();
    await page.getByRole("textbox", { name: /main2\.py/ }).press("Enter");
    await write("worth keeping\n");
    await page.getByRole("button", { name: "Remove main2.py" }).click();
    await page.getByRole("button", { name: "Really remove main2.py" }).click();
    await page.getByRole("button", { name: "main2.py", exact: true }).waitFor({ state: "detached" });
    expect(await page.getByRole("button", { name: "main.py", exact: true }).count()).toBe(1);
  });

  it("shows one part at a time on a narrow screen", async () => {
    await open({ viewport: narrow });
    await visit("/problems/alternating-towers");
    expect(await page.locator(".pane-code").isVisible()).toBe(false);
    await page.getByRole("button", { name: "Code" }).click();
    await page.locator(".cm-content").waitFor();
    expect(await page.locator(".pane-statement").isVisible()).toBe(false);
  });

  it("leaves the editor by Escape and Tab", async () => {
    await open();
    await visit("/problems/alternating-towers");
    await page.locator(".cm-content").click();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.closest(".editor"))).toBeNull();
  });
});

describe("running on the judge what no browser runs", () => {
  const done: CustomRunView = {
    id: "run-1",
    language: "java",
    state: "done",
    failure: "",
    result: {
      compiled: true,
      compileOutput: "",
      toolchain: "javac 21.0.1",
      tests: [
        { ...ranWell, test: "sample/1", verdict: "AC", output: "8\n" },
        { ...ranWell, test: "sample/2", verdict: "WA", output: "7\n", message: "line 1: expected -7, got 7" },
        { ...ranWell, test: "sample/3", verdict: "RTE", output: "", exitCode: null, signal: 11 },
      ],
    },
  };

  it("says where it runs, waits, and shows what a run in the browser shows", async () => {
    await open();
    await visit("/problems/alternating-towers");
    await page.getByLabel("Programming language").selectOption("java");
    await page.getByRole("button", { name: "Run on the judge" }).click();
    await page.getByText("run on the judge, not in this browser").waitFor();
    await page.getByText("Waiting: submissions go first.").waitFor();
    site.tellAccount({ type: "run", run: { ...done, state: "running", result: null } });
    await page.getByText("Running…").waitFor();
    site.tellAccount({ type: "run", run: done });
    await page.getByText("Samples passed 1/3").waitFor();
    await page.getByText("First difference, at line 1 of the output").waitFor();
    await page.getByText("line 1: expected -7, got 7").waitFor();
    await page.getByText(/12 ms CPU, 20 ms in all · 2.9 MiB/).waitFor();
    await page.getByRole("button", { name: /^3 / }).click();
    await page.getByText(/ended by signal 11/).waitFor();
    expect(JSON.parse(site.changes[0]?.body ?? "")).toMatchObject({ language: "java", input: null });
    expect(await accessibilityFaults()).toEqual([]);
    expect(await page.locator(".pane-result").textContent()).not.toContain("Accepted");
  });

  it("runs the reader's own input there too, and says in words how it was refused", async () => {
    site.runsRefused = true;
    await open();
    await visit("/problems/alternating-towers");
    await page.getByLabel("Programming language").selectOption("java");
    await page.getByRole("tab", { name: "Your input" }).click();
    await page.getByLabel(/Standard input/).fill("1\n2\n");
    await page.keyboard.press("Control+'");
    await page
      .getByRole("alert")
      .getByText(/A program of yours is being run already, or too many/)
      .waitFor();
    expect(JSON.parse(site.changes[0]?.body ?? "")).toMatchObject({ language: "java", input: "1\n2\n" });
  });

  it("runs the samples of a dialogue, whatever the language", async () => {
    await open();
    await visit("/problems/guess-the-number");
    expect(await page.getByRole("button", { name: "Run on the judge" }).isEnabled()).toBe(true);
    await page.getByRole("tab", { name: "Your input" }).click();
    expect(await page.getByRole("button", { name: "Run", exact: true }).isEnabled()).toBe(true);
  });

  it("asks a stranger to sign in for it", async () => {
    site.signedIn = false;
    await open();
    await visit("/problems/alternating-towers");
    await page.getByLabel("Programming language").selectOption("java");
    await page.getByText(/runs on the judge, not in your browser. Sign in to run it there/).waitFor();
    expect(await page.getByRole("button", { name: "Run on the judge" }).isDisabled()).toBe(true);
  });
});

// What `npm run build` puts beside the client; a client that was built alone has none.
describe.skipIf(!existsSync(join(DIST, "runtimes.json")))(
  "running samples (skipped when the build has no runtimes)",
  () => {
    it("by Ctrl+' says how many passed, and shows where a wrong output differs", async () => {
      await open();
      await visit("/problems/alternating-towers");
      await page.getByLabel("Programming language").selectOption("javascript");
      await write(
        `const h = require("fs").readFileSync(0, "utf8").split("\\n")[1].split(" ").map(Number);
const sum = h.reduce((s, x, i) => s + (i % 2 ? x : -x), 0);
console.log(h.length === 6 ? 4 : sum);`,
      );
      await page.keyboard.press("Control+'");
      await page.getByText("Samples passed 2/3").waitFor({ timeout: 60_000 });
      await page.getByText("First difference, at line 1 of the output").waitFor();
      await page.getByRole("row", { name: "1 3 4", exact: true }).waitFor();
      expect(await accessibilityFaults()).toEqual([]);
      expect(await page.locator(".pane-result").textContent()).not.toContain("Accepted");
    });

    it("stops an endless loop and stays usable meanwhile", async () => {
      await open();
      await visit("/problems/alternating-towers");
      await page.getByLabel("Programming language").selectOption("javascript");
      await write("for (;;);");
      await page.getByRole("button", { name: "Run this: sample 1" }).click();
      await page.getByRole("button", { name: "Stop" }).waitFor();
      await page.getByRole("tab", { name: "Your input" }).click();
      await page.getByLabel(/Standard input/).fill("still here");
      await page.getByRole("tab", { name: "Samples" }).click();
      await page.getByRole("tabpanel").getByText("Time limit exceeded").waitFor({ timeout: 30_000 });
    });
  },
);

describe("a provisional verdict", () => {
  const note = "provisional: judged without isolation";
  /** The colours of an accepted verdict, as the page draws them. */
  const colourOf = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => getComputedStyle(element).color);

  it("says so in words in a list, and does not look like an official one", async () => {
    await open();
    await visit("/submissions");
    const row = (id: string) =>
      page.getByRole("row").filter({ has: page.locator(`a[href="/submissions/${id}"]`) });
    await row("s-1").getByText(note).waitFor();
    expect(await row("s-1").textContent()).toContain("Accepted");
    expect(await row("s-8").textContent()).not.toContain(note);
    const [official, hint] = [".verdict-AC", ".verdict-provisional"];
    expect(await row("s-1").locator(official).count()).toBe(0);
    expect(await row("s-8").locator(official).count()).toBe(1);
    expect(await colourOf(hint)).not.toBe(await colourOf(official));
  });

  it("says so in words on the submission's own page, beside the verdict and beside the sandbox", async () => {
    await open();
    await visit("/submissions/s-1");
    await page.getByRole("status").getByText(note).waitFor();
    expect(await page.getByRole("definition").filter({ hasText: "process" }).textContent()).toBe(
      `process (${note})`,
    );
    // The tests' marks are no more official than the whole.
    expect(await page.locator(".verdict-AC").count()).toBe(0);
    await visit("/submissions/s-8");
    await page.getByRole("heading", { name: "Tests" }).waitFor();
    expect(await page.getByText(note).count()).toBe(0);
  });

  it("says so when it is announced, and is followed by the official one", async () => {
    await open();
    await visit("/problems/alternating-towers");
    await write("print(1)\n");
    await page.keyboard.press("Control+Enter");
    const row = page.getByRole("tabpanel").getByRole("row").nth(1);
    await row.getByText("queued").waitFor();
    const accepted = submissions.find(({ id }) => id === "s-8");
    if (!accepted?.judgement) throw new Error("the fixtures have no accepted submission");
    const judged = { ...accepted, id: queued.id, submittedAt: queued.submittedAt };
    site.tellAccount({ type: "submission", submission: provisional(judged) });
    await page.getByRole("status").getByText(`Verdict: Accepted (${note})`).waitFor();
    await row.getByText(note).waitFor();
    site.tellAccount({
      type: "submission",
      submission: { ...judged, judgement: { ...accepted.judgement, round: 2 } },
    });
    await page.getByRole("status").getByText("Verdict: Accepted", { exact: true }).waitFor();
    expect(await row.getByText(note).count()).toBe(0);
  });
});

describe("the submission page", () => {
  it("shows every measurement of a test that was measured again, and of no other", async () => {
    await open();
    await visit("/submissions/s-8");
    await page.getByText("Test 23: measured 3 times").waitFor();
    const times = page.locator(".measurements").getByRole("definition");
    expect((await times.allTextContents()).map((text) => text.replaceAll("\u00a0", " "))).toEqual([
      "TLE 2,004 ms CPU, 2,031 ms in all",
      "AC 1,921 ms CPU, 1,940 ms in all",
      "AC 1,934 ms CPU, 1,950 ms in all",
    ]);
    expect(await page.getByText(/measured \d+ times?/).count()).toBe(1);
  });

  it("tells of each test what its author may know: points, messages, hints, and all of it where that is allowed", async () => {
    await open();
    await visit("/submissions/s-10");
    await page.getByText("22 of 24 tests passed").waitFor();
    const row = (test: number) => page.locator("table.tests").getByRole("row").nth(test);
    expect(await row(1).textContent()).toContain("5");
    expect(await row(24).textContent()).toMatch(/WA.*0.*Your sum is too small\.Hint: Think of very large/);
    expect(await row(24).locator("details").count()).toBe(0);
    await row(2).getByText("Test 2: input and outputs").click();
    expect(await row(2).locator("pre").allTextContents()).toEqual(["1\n7\n", "-7\n", "7\n"]);
  });

  it("shows several files one at a time, and which starts the program", async () => {
    await open();
    await visit("/submissions/s-10");
    await page.getByText("Starts at main.py").waitFor();
    await page.getByRole("button", { name: "odds.py" }).click();
    await page.locator(".cm-content").getByText("odds").waitFor();
  });
});
