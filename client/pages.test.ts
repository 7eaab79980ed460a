import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { AxeResults } from "axe-core";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { boardOf, judgeList, problem, provisional, queued, submissions } from "./testing/fixtures.ts";
import { openSite, type Site } from "./testing/site.ts";

/** Every page of the built client in a real browser, under the real content security policy, against scripted answers. */

const DIST = join(import.meta.dirname, "..", "dist", "client");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const pages: Readonly<Record<string, string>> = {
  home: "/",
  "problem list": "/problems?state=unsolved",
  problem: "/problems/alternating-towers",
  "interactive problem": "/problems/guess-the-number",
  contests: "/contests",
  "new contest": "/contests/new",
  lobby: "/contests/spring-open",
  "lobby before the start": "/contests/tomorrow-round",
  "edit contest": "/contests/spring-open/edit",
  "contest problem": "/contests/spring-open/problems/C",
  scoreboard: "/contests/spring-open/scoreboard",
  "frozen scoreboard": "/contests/frozen-cup/scoreboard",
  submissions: "/submissions",
  submission: "/submissions/s-7",
  "submission with a compile error": "/submissions/s-3",
  "provisionally judged submission": "/submissions/s-1",
  account: "/account",
  "problem packages": "/organise/problems",
  judges: "/organise/judges",
  accounts: "/admin/accounts",
  "no such page": "/nowhere/at/all",
};
const strangersPages: Readonly<Record<string, string>> = {
  welcome: "/",
  "sign in": "/sign-in",
  "sign up": "/sign-up",
  "page for the signed in": "/submissions",
};

const wide = { width: 1280, height: 800 };
const narrow = { width: 360, height: 740 };
/** Every language, and both themes at both widths. */
const looks = [
  { locale: "en-GB", language: "en", colorScheme: "light", viewport: wide },
  { locale: "en-GB", language: "en", colorScheme: "dark", viewport: narrow },
  { locale: "pt-PT", language: "pt-BR", colorScheme: "dark", viewport: wide },
  { locale: "zh-CN", language: "zh", colorScheme: "light", viewport: narrow },
] as const;

let site: Site;
let browser: Browser;
let page: Page;
/** Everything that the page complained about; must stay empty. */
let complaints: string[];

async function open(options: BrowserContextOptions = {}): Promise<void> {
  const context = await browser.newContext({
    locale: "en",
    viewport: wide,
    reducedMotion: "reduce",
    ...options,
  });
  page = await context.newPage();
  complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    // The tests' own answers include refusals, which the browser reports although the page handles them.
    if (message.type() === "error" && !/status of 4\d\d/.test(message.text()))
      complaints.push(message.text());
  });
}

async function visit(path: string): Promise<void> {
  await page.goto(site.url + path);
  await page.getByRole("heading", { level: 1 }).waitFor();
}

/** Serious and critical findings, each with where it was found. */
async function accessibilityFaults(): Promise<string[]> {
  // Through the debugger, which a page's content security policy does not bind.
  await page.evaluate(axe);
  const found: AxeResults["violations"] = await page.evaluate(
    "axe.run().then(({ violations }) => violations)",
  );
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
}

/** Replaces the editor's text as a paste does. */
async function write(source: string): Promise<void> {
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  await page.locator(".cm-content").evaluate((element, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, source);
}

beforeAll(async () => {
  if (!existsSync(join(DIST, "index.html")))
    throw new Error("dist/client is missing: build first (npm run build).");
  site = await openSite(DIST);
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
    ],
  });
});
beforeEach(() => {
  site.signedIn = true;
  site.judges = true;
});
afterEach(async () => {
  await page.context().close();
  expect(complaints).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

describe.each(looks)("in $language, $colorScheme, $viewport.width px wide", ({ language, ...look }) => {
  it.each(Object.entries({ ...pages, ...strangersPages }))(
    "the %s page has one heading and a title, fits the screen, and has no serious accessibility fault",
    async (name, path) => {
      site.signedIn = !(name in strangersPages);
      await open(look);
      await visit(path);
      // Lists and the editor come after the heading.
      await page.locator(".waiting, [aria-busy=true]").first().waitFor({ state: "detached" });
      expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
      expect(await page.title()).toMatch(/Tabarena$/);
      expect(await page.evaluate(() => document.documentElement.lang)).toBe(language);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
      expect(await accessibilityFaults()).toEqual([]);
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

describe("the problem page", () => {
  it("submits by Ctrl+Enter, follows the submission live, announces the verdict and leaves the focus in the editor", async () => {
    await open();
    await visit("/problems/alternating-towers");
    await write("print(1)\n");
    await page.keyboard.press("Control+Enter");
    const row = page.getByRole("tabpanel").getByRole("row").nth(1);
    await row.getByText("queued").waitFor();
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

  it("explains why samples cannot be run, instead of offering it", async () => {
    await open();
    await visit("/problems/guess-the-number");
    expect(await page.getByRole("button", { name: "Run", exact: true }).isDisabled()).toBe(true);
    await page.getByText(/dialogue with the judge/).waitFor();
    await visit("/problems/alternating-towers");
    await page.getByLabel("Programming language").selectOption("java");
    await page.getByText(/does not run in the browser yet/).waitFor();
    expect(await page.getByRole("button", { name: "Run", exact: true }).isDisabled()).toBe(true);
  });

  it("is split by a handle that arrow keys move and that stays where it was put", async () => {
    await open();
    await visit("/problems/alternating-towers");
    const handle = page.getByRole("separator");
    await handle.focus();
    for (let press = 0; press < 5; press += 1) await page.keyboard.press("ArrowRight");
    expect(await handle.getAttribute("aria-valuenow")).toBe("56");
    await page.reload();
    expect(await page.getByRole("separator").getAttribute("aria-valuenow")).toBe("56");
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

describe("the scoreboard", () => {
  const cells = boardOf("spring-open")?.cells ?? [];
  const seq = boardOf("spring-open")?.seq ?? 0;
  const rankOf = (team: string) => page.getByRole("row").filter({ hasText: team }).getByRole("cell").first();

  it("moves a team up when the room says that it solved a problem", async () => {
    await open();
    await visit("/contests/spring-open/scoreboard");
    await page.getByText("live", { exact: true }).waitFor();
    expect(await rankOf("Late Registration").textContent()).toBe("13");
    const changes = ["A", "B", "C", "D", "E", "F", "G"].map((label, index) => ({
      type: "cell" as const,
      seq: seq + 1 + index,
      cell: { team: "team-12", label, rejected: 0, pending: 0, solvedAt: 1000 },
    }));
    site.tellContest("spring-open", { type: "changes", epoch: "first", changes, now: Date.now() });
    await expect.poll(() => rankOf("Late Registration").textContent()).toBe("1");
    await page.getByText("A: solved at minute 0, 1 try, first to solve").waitFor({ state: "attached" });
  });

  it("asks for the whole board when it missed a change, instead of showing a wrong one", async () => {
    await open();
    await visit("/contests/spring-open/scoreboard");
    await page.getByText("live", { exact: true }).waitFor();
    const cell = { team: "team-12", label: "A", rejected: 0, pending: 0, solvedAt: 1000 };
    site.tellContest("spring-open", {
      type: "changes",
      epoch: "first",
      changes: [{ type: "cell", seq: seq + 5, cell }],
      now: Date.now(),
    });
    await expect
      .poll(() => site.heard.filter((text) => text.includes('"since":null')).length)
      .toBeGreaterThan(0);
    expect(await rankOf("Late Registration").textContent()).toBe("13");
  });

  it("says the frozen sentence to the letter", async () => {
    await open();
    await visit("/contests/frozen-cup/scoreboard");
    await page
      .getByText(
        "The scoreboard was frozen with 60 minutes remaining - submissions in the last 60 minutes of the contest are still shown as pending.",
        { exact: true },
      )
      .waitFor();
  });

  it("finds the reader's own row", async () => {
    expect(cells.length).toBeGreaterThan(50);
    await open({ viewport: { width: 800, height: 300 } });
    await visit("/contests/spring-open/scoreboard");
    await page.getByRole("button", { name: "Find me" }).click();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("Os Tabaréus");
  });
});

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
});

describe("the judges' page", () => {
  const card = (name: string) => page.getByRole("region", { name, exact: true });

  it("names first, and loudly, the judge whose isolation has a hole, and that hole before all that holds", async () => {
    await open();
    await visit("/organise/judges");
    expect(await page.getByRole("heading", { level: 2 }).allTextContents()).toEqual([
      "lab-4",
      "embedded",
      "lab-5",
      "laptop",
      "away",
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
      "connected",
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

  it("asks again by itself, without a reload", async () => {
    await open();
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
