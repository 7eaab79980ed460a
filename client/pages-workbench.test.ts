import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CustomRunView } from "../protocol/custom-run.ts";
import type { Yardstick } from "../protocol/problem.ts";
import {
  accessibilityFaults,
  DIST,
  narrow,
  open,
  openOwn,
  page,
  site,
  usePages,
  visit,
  write,
} from "./testing/stage.ts";

usePages();

/** On a machine that has other things to do. */
const soon = { timeout: 20_000 };

const chooseLanguage = (id: string) => page.getByLabel("Programming language").selectOption(id);
const tab = (name: string) => page.getByRole("tab", { name });
const history = () => page.getByRole("dialog", { name: "History" });
const editorText = () => page.locator(".cm-content").innerText();
/** The line that the cursor is in, when the editor has the focus. */
const lineAtCursor = () => page.locator(".cm-focused .cm-activeLine").innerText();

describe("a draft's history", () => {
  it("has what was submitted, shows how it differs from now, and gives it back without losing what is there", async () => {
    await open();
    await visit("/problems/alternating-towers");
    await write("first = 1\nshared = 2\n");
    await page.keyboard.press("Control+Enter");
    await expect.poll(() => site.changes.length, soon).toBe(1);
    await write("second = 1\nshared = 2\n");
    await page.getByRole("button", { name: "History" }).click();
    await history()
      .getByRole("button", { name: /submitted$/ })
      .waitFor();
    expect(await history().locator("del").allInnerTexts()).toEqual(["Removed:\n− first = 1"]);
    expect(await history().locator("ins").allInnerTexts()).toEqual(["Added:\n+ second = 1"]);
    await history().getByText("since then 1 added, 1 removed").waitFor();
    expect(await accessibilityFaults()).toEqual([]);
    await history().getByRole("button", { name: "Restore this version" }).click();
    await expect.poll(editorText, soon).toContain("first = 1");

    await page.getByText(/^Saved /).waitFor();
    await page.reload();
    await page.locator(".cm-content").getByText("first").waitFor();
    await page.getByRole("button", { name: "History" }).click();
    await history().getByText("before a restore").waitFor();
    expect(await history().getByRole("listitem").count()).toBe(2);
    await history().locator("del", { hasText: "second = 1" }).waitFor();
  });

  it("has what was left behind when the language was switched, and says where there is none yet", async () => {
    await open({ viewport: narrow });
    await visit("/problems/alternating-towers");
    await page.getByRole("button", { name: "Code" }).click();
    await write("in python = 1\n");
    await chooseLanguage("java");
    await page.getByRole("button", { name: "History" }).click();
    await history().getByText("No versions yet.").waitFor();
    await page.keyboard.press("Escape");
    await chooseLanguage("python3");
    await page.getByRole("button", { name: "History" }).click();
    await history().getByText("language switched").waitFor();
    await history().getByText("The same as in the editor now.").waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    expect(await accessibilityFaults()).toEqual([]);
  });

  it("costs nobody the draft where the browser keeps nothing more", async () => {
    await openOwn();
    await page.addInitScript(() => {
      const open = indexedDB.open.bind(indexedDB);
      indexedDB.open = (name, version) => {
        if (name !== "history" && name !== "cases") return open(name, version);
        throw new DOMException("full", "QuotaExceededError");
      };
    });
    await visit("/problems/alternating-towers");
    await write("still here = 1\n");
    await page.keyboard.press("Control+Enter");
    await page.getByText(/^Saved /).waitFor();
    await page.getByRole("button", { name: "History" }).click();
    await history().getByText("This browser does not let the history be read.").waitFor();
    await history()
      .getByText(/^The last version could not be kept/)
      .waitFor();
    await page.keyboard.press("Escape");
    await tab("Your input").click();
    await page.getByLabel(/Standard input/).fill("1");
    await page.getByText(/^Your cases could not be kept/).waitFor();
    await page.reload();
    await page.locator(".cm-content").getByText("still here").waitFor();
  });
});

describe("own cases", () => {
  it("are added, named, taken from samples, kept on this machine and removed after a question", async () => {
    await open();
    await visit("/problems/alternating-towers");
    await tab("Your input").click();
    const cases = page.getByRole("list", { name: "Your cases" }).getByRole("button");
    await page.getByLabel(/Standard input/).fill("1\n5\n");
    await page.getByLabel("From a sample…").selectOption("Sample 2");
    expect(await page.getByLabel(/Standard input/).inputValue()).toBe("1\n7\n");
    expect(await page.getByRole("textbox", { name: /^Expected output/ }).inputValue()).toBe("-7\n");
    await page.getByRole("button", { name: "New case" }).click();
    await page.getByLabel("Name of this case").fill("all equal");
    await page.getByLabel(/Standard input/).fill("2\n4 4\n");
    await expect.poll(() => cases.allInnerTexts(), soon).toEqual(["Case 1", "Sample 2", "all equal"]);
    expect(await accessibilityFaults()).toEqual([]);

    // What was typed just before the page is left is kept, too; and which results are shown.
    await page.reload();
    await expect.poll(() => cases.allInnerTexts(), soon).toEqual(["Case 1", "Sample 2", "all equal"]);
    expect(await page.getByLabel(/Standard input/).inputValue()).toBe("1\n5\n");
    await cases.nth(2).click();
    await page.getByRole("button", { name: "Remove all equal" }).click();
    await page.getByRole("button", { name: "Really remove all equal" }).click();
    await expect.poll(() => cases.allInnerTexts(), soon).toEqual(["Case 1", "Sample 2"]);
  });

  it("are there after a reload though the browser's database had not taken them yet", async () => {
    await open();
    await page.addInitScript(() => {
      if (self !== top || sessionStorage.getItem("was-slow") !== null) return;
      sessionStorage.setItem("was-slow", "yes");
      const begin = IDBDatabase.prototype.transaction;
      IDBDatabase.prototype.transaction = function (names, mode, options) {
        const transaction = begin.call(this, names, mode, options);
        // As long as it is asked something, it is not over; the reload takes it back.
        const ask = (): void => {
          transaction.objectStore("of-problems").count().onsuccess = ask;
        };
        if (mode === "readwrite" && this.name === "cases") ask();
        return transaction;
      };
    });
    await visit("/problems/alternating-towers");
    await tab("Your input").click();
    const cases = page.getByRole("list", { name: "Your cases" }).getByRole("button");
    await page.getByRole("button", { name: "New case" }).click();
    await page.getByLabel("Name of this case").fill("slow disk");
    // Longer than it waits before it writes.
    await page.waitForTimeout(1_000);
    await page.reload();
    await expect.poll(() => cases.allInnerTexts(), soon).toEqual(["Case 1", "slow disk"]);
    await page.reload();
    await expect.poll(() => cases.allInnerTexts(), soon).toEqual(["Case 1", "slow disk"]);
  });
});

describe("the layout", () => {
  it("is remembered: both handles, the size of code, and which results are shown", async () => {
    await open();
    await visit("/problems/alternating-towers");
    const width = page.getByRole("separator", { name: "Width of the statement" });
    const height = page.getByRole("separator", { name: "Height of the editor" });
    const codeSize = () =>
      page
        .locator(".cm-content")
        .evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize));
    const before = await codeSize();
    await width.focus();
    for (let press = 0; press < 5; press += 1) await page.keyboard.press("ArrowRight");
    await height.focus();
    for (let press = 0; press < 3; press += 1) await page.keyboard.press("ArrowUp");
    await page.getByRole("button", { name: "Larger code" }).click();
    await tab("Submissions").click();
    for (const look of ["at once", "after a reload"]) {
      expect({ look, width: await width.getAttribute("aria-valuenow") }).toEqual({ look, width: "56" });
      expect(await height.getAttribute("aria-valuenow")).toBe("54");
      expect((await codeSize()) / before).toBeCloseTo(1.15, 2);
      expect(await tab("Submissions").getAttribute("aria-selected")).toBe("true");
      await page.reload();
      await page.locator(".cm-content").waitFor();
    }
  });
});

describe("keys", () => {
  it("are listed under ?, choose the panes, and single ones can be switched off", async () => {
    await open();
    await visit("/problems/alternating-towers");
    await page.locator("h1").click();
    await page.keyboard.press("?");
    const help = page.getByRole("dialog", { name: "Keyboard" });
    expect(await help.locator("dl").last().innerText()).toMatch(/Ctrl\s*'[\s\S]*Ctrl\s*Enter[\s\S]*Alt\s*3/);
    await help.getByLabel(/Single-key shortcuts/).uncheck();
    expect(await accessibilityFaults()).toEqual([]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    expect(await help.count()).toBe(0);
    await page.keyboard.press("Alt+2");
    await page.locator(".cm-focused").waitFor();
    await page.keyboard.press("Alt+3");
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute("data-name")), soon)
      .toBe("result");
    await page.keyboard.press("Alt+1");
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute("data-name")), soon)
      .toBe("statement");
  });
});

describe("a compiler's message", () => {
  it("leads to file, line and column, and marks the line", async () => {
    await open();
    await visit("/problems/alternating-towers");
    await chooseLanguage("java");
    await write("class Main {\n  int wrong\n}\n");
    await page.getByRole("button", { name: "Run on the judge" }).click();
    const compileOutput = "Main.java:2:7: error: ';' expected\n  int wrong\n           ^\n1 error\n";
    const failed: CustomRunView = {
      id: "run-1",
      language: "java",
      state: "done",
      failure: "",
      result: { compiled: false, compileOutput, toolchain: "javac 21", tests: [] },
    };
    await page.getByText("Waiting: submissions go first.").waitFor();
    site.tellAccount({ type: "run", run: failed });
    await page.getByRole("tabpanel").getByText("Compile error").waitFor();
    await page.locator(".cm-lint-marker-error").waitFor();
    expect(await page.locator(".pane-result pre").innerText()).toBe(compileOutput);
    expect(await accessibilityFaults()).toEqual([]);
    await page.getByRole("button", { name: "Main.java:2:7" }).click();
    await expect.poll(lineAtCursor, soon).toBe("  int wrong");
    await page.keyboard.type("X");
    await expect.poll(editorText, soon).toContain("  int Xwrong");

    // A longer one begins with what it comes down to, which is spoken, too.
    await page.getByRole("button", { name: "Run on the judge" }).click();
    await page.getByText("Waiting: submissions go first.").waitFor();
    const wall = [2, 2, 3].map(
      (line) => `Main.java:${line}: error: no such thing\n  in line ${line}\n   ^\n`,
    );
    const result = { compiled: false, compileOutput: wall.join(""), toolchain: "javac 21", tests: [] };
    site.tellAccount({ type: "run", run: { ...failed, result } });
    const spoken = page.getByRole("tabpanel").getByRole("status").filter({ hasText: "Compile error" });
    await spoken.waitFor();
    expect(await spoken.getByRole("listitem").allInnerTexts()).toEqual([
      "Main.java:2 no such thing",
      "Main.java:3 no such thing",
    ]);
  });
});

// What `npm run build` puts beside the client; a client that was built alone has none.
describe.skipIf(!existsSync(join(DIST, "runtimes.json")))(
  "running here (skipped when the build has no runtimes)",
  () => {
    it("tells the first differing token in words and marks it on both sides, and keeps the two channels apart", async () => {
      await open();
      await visit("/problems/alternating-towers");
      await chooseLanguage("javascript");
      await write(
        'const [, row] = require("fs").readFileSync(0, "utf8").split("\\n");\n' +
          'console.error("to the other channel");\nconsole.log(row.split(" ").length === 1 ? "-7\\t" : "the sum is 9 ");',
      );
      await page.keyboard.press("Control+'");
      await page.getByText("Samples passed 1/3").waitFor({ timeout: 60_000 });
      const difference = page.getByRole("table");
      await difference.getByText("Column 1: expected “8”, but your output has “the”.").waitFor();
      expect(await difference.locator("mark").allInnerTexts()).toEqual(["8", "the"]);
      // Whitespace at a line's end is seen.
      expect(await difference.locator("td").nth(1).innerText()).toBe("the sum is 9·");
      await page.getByText("Standard error").click();
      expect(await page.locator(".outcome details pre").first().innerText()).toBe("to the other channel\n");
      await page.getByText("the official time is the judge's").waitFor();
    });

    it("runs own cases, one or all, and judges those of which the output is known", async () => {
      await open();
      await visit("/problems/alternating-towers");
      await chooseLanguage("javascript");
      await write('console.log(Number(require("fs").readFileSync(0, "utf8").split("\\n")[0]) * 2);');
      await tab("Your input").click();
      await page.getByLabel(/Standard input/).fill("21");
      await page.keyboard.press("Control+'");
      await page.locator(".outcome pre").getByText("42").waitFor({ timeout: 60_000 });
      await page.getByRole("button", { name: "New case" }).click();
      await page.getByLabel(/Standard input/).fill("4");
      await page.getByText("Expected output (optional)").click();
      await page.getByRole("textbox", { name: /^Expected output/ }).fill("9");
      await page.getByRole("button", { name: "Run all" }).click();
      const cases = page.getByRole("list", { name: "Your cases" }).getByRole("button");
      await expect
        .poll(() => cases.allInnerTexts(), soon)
        .toEqual([expect.stringMatching(/^Case 1\s+ran/), expect.stringMatching(/^Case 2\s+WA/)]);
      await page.getByText("Column 1: expected “9”, but your output has “8”.").waitFor();
      expect(await accessibilityFaults()).toEqual([]);
      // A result is of the input that it was made with.
      await page.getByLabel(/Standard input/).fill("5");
      await expect.poll(() => cases.nth(1).innerText(), soon).toBe("Case 2");
    });

    it("leads from a run-time error to its line in whichever file, and is kind about deep recursion", async () => {
      await open({ viewport: narrow });
      await visit("/problems/alternating-towers");
      await page.getByRole("button", { name: "Code" }).click();
      await chooseLanguage("javascript");
      await write('const { odd } = require("./odds.js");\nodd(1);\n');
      await page.getByRole("button", { name: "Files" }).click();
      await page.getByRole("button", { name: "New" }).click();
      await page.getByLabel("New name of main2.js").fill("odds.js");
      await page.keyboard.press("Enter");
      await write("exports.odd = (n) => {\n  throw new Error(`odd ${n}`);\n};\n");
      await page.getByRole("button", { name: "main.js", exact: true }).click();
      await page.getByRole("button", { name: "Run", exact: true }).click();
      // On a narrow screen the result is shown by itself.
      await page
        .getByRole("button", { name: /odds\.js:2/ })
        .first()
        .click({ timeout: 60_000 });
      await expect.poll(lineAtCursor, soon).toBe("  throw new Error(`odd ${n}`);");
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
      await write("exports.odd = (n) => exports.odd(n + 1) + 1;\n");
      await page.getByRole("button", { name: "Run", exact: true }).click();
      await page.getByText("The recursion went deeper than this browser allows.").waitFor();
      await page.getByText("Run-time error").waitFor();
      expect(await accessibilityFaults()).toEqual([]);
    });

    it("puts the time beside the jury's solution on this device, once the samples pass", async () => {
      const solution = (ms: number): string =>
        `const [, row] = require("fs").readFileSync(0, "utf8").split("\\n");\n` +
        `for (const end = Date.now() + ${ms}; Date.now() < end;);\n` +
        `const h = row.split(" ").map(Number);\n` +
        `console.log(h.reduce((sum, x, i) => sum + (i % 2 ? x : -x), 0));\n`;
      // A service worker's own requests cannot be answered by a test.
      await openOwn({ serviceWorkers: "block" });
      await page.route("**/yardstick?language=javascript", (route) =>
        route.fulfill({
          json: {
            language: "javascript",
            files: [{ name: "jury.js", text: solution(40) }],
            entryPoint: null,
          } satisfies Yardstick,
        }),
      );
      await visit("/problems/alternating-towers");
      await chooseLanguage("javascript");
      await write(solution(400));
      await page.keyboard.press("Control+'");
      await page.getByText(/^[\d.]+ × the jury's solution on this device\.$/).waitFor({ timeout: 60_000 });
      await page.getByText("the official time is the judge's").waitFor();
    });
  },
);
