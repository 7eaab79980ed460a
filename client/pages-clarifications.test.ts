import { describe, expect, it } from "vitest";
import { clarificationOf, juryTalk } from "./testing/clarifications.ts";
import {
  accessibilityFaults,
  expectWellMade,
  looks,
  narrow,
  open,
  openOwn,
  page,
  site,
  usePages,
  visit,
} from "./testing/stage.ts";

usePages();

const PAGE = "/contests/spring-open/clarifications";
const sent = () => site.changes.map(({ call, body }) => ({ call, body: JSON.parse(body) }));
const asked = () => sent().filter(({ call }) => call === `POST /api${PAGE}`);
const tell = (id: string, text: string, problem: string | null = null) =>
  site.tellAccount({
    type: "clarification",
    contest: "spring-open",
    said: { id, text, problem },
    unanswered: null,
  });

describe("the page of clarifications", () => {
  it.each(looks)(
    "is well made in $language, for a team and for the jury",
    async ({ language, ...options }) => {
      await open(options);
      await expectWellMade(PAGE, language);
      site.talk = juryTalk();
      await expectWellMade(PAGE, language);
    },
  );

  it("has all that is said on a narrow screen, and scrolls only up and down", async () => {
    await open({ viewport: narrow });
    site.talk = juryTalk();
    site.talk.clarifications.push(clarificationOf({ id: "c-20", text: "w".repeat(500) }));
    await visit(PAGE);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
  });
});

describe("a team", () => {
  it("reads its questions with their answers, and what is for all with the question but not who asked", async () => {
    await open();
    await visit(PAGE);
    const threads = page.getByRole("listitem").filter({ has: page.getByRole("heading", { level: 3 }) });
    expect(await threads.count()).toBe(4);
    const own = threads.filter({ hasText: "May n be zero?" });
    expect(await own.innerText()).toMatch(/Read the problem statement\.\s+Answer to your team only/);
    const quoted = threads.filter({ hasText: "It need not be." });
    expect(await quoted.getByRole("blockquote").innerText()).toBe(
      "Is the graph connected?\nIn sample 2 it is not.",
    );
    expect(await quoted.innerText()).not.toContain("from");
    await threads.filter({ hasText: "May we leave the room?" }).getByText("waits for an answer").waitFor();
  });

  it("asks about a problem by keyboard alone, and sees the question at once", async () => {
    await open();
    await visit(PAGE);
    await page.getByLabel("About").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Is 0 even?");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText("Your question was sent.").waitFor();
    await page.getByRole("listitem").filter({ hasText: "Is 0 even?" }).waitFor();
    expect(asked().map(({ body }) => body)).toEqual([
      { type: "ask", problem: "A", text: "Is 0 even?", key: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    ]);
    expect(await page.getByLabel("Question", { exact: true }).inputValue()).toBe("");
  });

  it("keeps a question that was not heard, also through a reload, and sends it again under the same key", async () => {
    await open();
    await visit(PAGE);
    const field = page.getByLabel("Question", { exact: true });
    await field.fill("Is 1 prime?");
    site.talk.refuses = { code: "internal", message: "No." };
    const send = page.getByRole("button", { name: "Send the question" });
    await send.click();
    await page.getByText("The site failed to do this.").waitFor();
    site.talk.refuses = null;
    await send.click();
    await page.getByText("Your question was sent.").waitFor();
    expect(new Set(asked().map(({ body }) => body.key)).size).toBe(1);
    expect(asked()).toHaveLength(2);
    await field.fill("Is 2 prime?");
    await page.reload();
    await field.waitFor();
    expect(await field.inputValue()).toBe("Is 2 prime?");
  });

  it("is told what is new to it, which then counts as read", async () => {
    await open();
    await visit(PAGE);
    await page
      .getByRole("listitem")
      .filter({ hasText: "It need not be." })
      .getByText("new", { exact: true })
      .waitFor();
    await expect.poll(() => sent()).toEqual([{ call: `POST /api${PAGE}/read`, body: { ids: ["c-4"] } }]);
    await page.reload();
    await page.getByText("It need not be.").waitFor();
    expect(await page.getByText("new", { exact: true }).count()).toBe(0);
  });

  it("may not ask once its time is over, and a stranger has to sign in", async () => {
    await open();
    await visit("/contests/winter-final/clarifications");
    await page.getByText("Only teams of this contest may ask.").waitFor();
    expect(await page.getByRole("button", { name: "Send the question" }).count()).toBe(0);
    site.signedIn = false;
    await visit(PAGE);
    await page.getByRole("main").getByRole("link", { name: "Sign in" }).waitFor();
    expect(asked()).toEqual([]);
  });
});

describe("what the jury says while a page is open", () => {
  it.each(["", "/problems/A", "/scoreboard"])(
    "is shown on the contest's page %s until it is dismissed",
    async (path) => {
      await open();
      await visit(`/contests/spring-open${path}`);
      const badge = (count: number) => page.getByRole("link", { name: `Clarifications ${count} unread` });
      await badge(1).waitFor();
      tell("c-20", "Sample 2 of A was wrong.", "A");
      const alert = page.getByRole("alert");
      await alert.getByText("The jury says, about problem A").waitFor();
      await alert.getByText("Sample 2 of A was wrong.").waitFor();
      await badge(2).waitFor();
      tell("c-20", "Sample 2 of A was wrong.", "A");
      tell("c-21", "Lunch is ready.");
      await alert.getByText("and 1 more").waitFor();
      await badge(3).waitFor();
      expect(await accessibilityFaults()).toEqual([]);
      await alert.getByRole("button", { name: "Dismiss" }).click();
      expect(await alert.innerText()).toBe("");
      await badge(3).waitFor();
    },
  );

  it("of another contest is not shown", async () => {
    await open();
    await visit("/contests/frozen-cup");
    tell("c-20", "Sample 2 of A was wrong.");
    site.tellAccount({
      type: "clarification",
      contest: "frozen-cup",
      said: { id: "c-21", text: "Here.", problem: null },
      unanswered: null,
    });
    const alert = page.getByRole("alert");
    await alert.getByText("Here.").waitFor();
    expect(await alert.innerText()).not.toContain("more");
  });

  it("appears in the open list by itself", async () => {
    await open();
    await visit(PAGE);
    site.talk.clarifications.push(
      clarificationOf({ kind: "announcement", id: "c-20", text: "Lunch is ready." }),
    );
    tell("c-20", "Lunch is ready.");
    await page.getByRole("listitem").filter({ hasText: "Lunch is ready." }).waitFor();
  });

  it("is told outside of the page only where the reader pressed the button for it, and looks elsewhere", async () => {
    await openOwn({ permissions: ["notifications"] });
    await page.addInitScript(() => {
      const told: string[] = [];
      class Fake extends EventTarget {
        static permission = "granted";
        static requestPermission = async () => "granted";
        constructor(title: string, { body }: { body: string }) {
          super();
          told.push(`${title}: ${body}`);
        }
      }
      Object.assign(globalThis, { Notification: Fake, told });
    });
    const told = () => page.evaluate("globalThis.told");
    const lookElsewhere = () =>
      page.evaluate(() => Object.defineProperty(document, "visibilityState", { value: "hidden" }));
    await visit(PAGE);
    await lookElsewhere();
    tell("c-20", "Not wanted yet.");
    await page.getByRole("alert").getByText("Not wanted yet.").waitFor();
    expect(await told()).toEqual([]);
    await page.getByRole("button", { name: "Notify me on this screen" }).click();
    await page.getByText("Notifications on this screen are on.").waitFor();
    tell("c-21", "Lunch is ready.");
    await page.getByRole("alert").getByText("Lunch is ready.").waitFor();
    expect(await told()).toEqual(["The jury says: Lunch is ready."]);
  });
});
