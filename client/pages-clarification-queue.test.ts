import { beforeEach, describe, expect, it } from "vitest";
import { clarificationOf, juryTalk } from "./testing/clarifications.ts";
import { accessibilityFaults, open, page, site, usePages, visit } from "./testing/stage.ts";

usePages();

const PAGE = "/contests/spring-open/clarifications";
const sent = () => site.changes.map(({ call, body }) => ({ call, body: JSON.parse(body) }));
const thread = (text: string) =>
  page.getByRole("listitem").filter({ has: page.getByRole("heading", { level: 3 }), hasText: text });

beforeEach(async () => {
  site.talk = juryTalk();
  await open();
});

describe("the jury", () => {
  it("finds the questions that wait first, the oldest at the top, and who is at one", async () => {
    await visit(PAGE);
    const queue = page.getByRole("region", { name: "Waiting for an answer" });
    const texts = await queue.getByRole("listitem").allInnerTexts();
    expect(texts.map((text) => /leave the room|connected/.exec(text)?.[0])).toEqual([
      "leave the room",
      "connected",
    ]);
    await thread("connected").getByText("Bo Li is answering").waitFor();
    expect(await thread("connected").getByRole("button").allInnerTexts()).toEqual(["Take it from Bo Li"]);
    await thread("connected").getByText("from Late Registration").waitFor();
  });

  it("claims a question and answers it to the team that asked", async () => {
    await visit(PAGE);
    await thread("leave the room").getByRole("button", { name: "Answer", exact: true }).click();
    const field = thread("leave the room").getByLabel("Answer", { exact: true });
    await field.waitFor();
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.type("Yes, with a guard.");
    expect(await accessibilityFaults()).toEqual([]);
    await thread("leave the room").getByRole("button", { name: "Send the answer" }).click();
    await thread("leave the room").getByText("Yes, with a guard.").waitFor();
    await thread("leave the room").getByText("answered", { exact: true }).waitFor();
    expect(sent()).toEqual([
      { call: `POST /api${PAGE}/c-5/queue`, body: { step: "claim" } },
      {
        call: `POST /api${PAGE}`,
        body: {
          type: "answer",
          replyTo: "c-5",
          to: "team",
          text: "Yes, with a guard.",
          key: expect.any(String),
        },
      },
    ]);
  });

  it("answers to all with words that are said often", async () => {
    await visit(PAGE);
    await thread("leave the room").getByRole("button", { name: "Answer", exact: true }).click();
    await thread("leave the room").getByRole("button", { name: "No comment." }).click();
    await thread("leave the room").getByLabel("all teams, without saying who asked").check();
    await thread("leave the room").getByRole("button", { name: "Send the answer" }).click();
    await thread("leave the room").getByText("Answer to all teams").waitFor();
    expect(sent().at(-1)?.body).toMatchObject({ to: "all", text: "No comment." });
  });

  it("keeps what is being written while others move in the queue", async () => {
    await visit(PAGE);
    await thread("leave the room").getByRole("button", { name: "Answer", exact: true }).click();
    await thread("leave the room").getByLabel("Answer", { exact: true }).fill("Half of an ans");
    site.talk.clarifications.push(clarificationOf({ id: "c-7", text: "What is the limit?" }));
    site.tellAccount({ type: "clarification", contest: "spring-open", said: null, unanswered: 3 });
    await thread("What is the limit?").waitFor();
    const field = thread("leave the room").getByLabel("Answer", { exact: true });
    expect(await field.inputValue()).toBe("Half of an ans");
  });

  it("is told when somebody else was faster", async () => {
    await visit(PAGE);
    site.talk.refuses = { code: "question_claimed", message: "Bo Li has claimed this question." };
    await thread("leave the room").getByRole("button", { name: "Answer", exact: true }).click();
    await page
      .getByText("Somebody else of the jury has claimed or answered this question meanwhile.")
      .waitFor();
  });

  it("is done with a question without an answer, and puts it back", async () => {
    await visit(PAGE);
    await thread("leave the room").getByRole("button", { name: "Done without an answer" }).click();
    await thread("leave the room").getByText("seen by the jury, no answer").waitFor();
    await thread("leave the room").getByRole("button", { name: "Put back into the queue" }).click();
    await thread("leave the room").getByText("waits for an answer").waitFor();
  });

  it("announces to one team, and to all again after that", async () => {
    await visit(PAGE);
    await page.getByText("Announce", { exact: true }).click();
    await page
      .getByRole("combobox", { name: "To", exact: true })
      .selectOption({ label: "Late Registration" });
    await page.getByLabel("Announcement").fill("Please come to the desk.");
    await page.getByRole("button", { name: "Announce it" }).click();
    await page.getByText("It was announced.").waitFor();
    await thread("Please come to the desk.").getByText("to Late Registration only").waitFor();
    expect(sent().at(-1)?.body).toMatchObject({ type: "announce", to: "team-12", problem: null });
    expect(await page.getByRole("combobox", { name: "To", exact: true }).inputValue()).toBe("");
  });

  it("sees beside the contest's links how many questions wait, as it changes", async () => {
    await visit("/contests/spring-open");
    await page.getByRole("link", { name: "Clarifications 2 unanswered" }).waitFor();
    site.tellAccount({ type: "clarification", contest: "spring-open", said: null, unanswered: 5 });
    await page.getByRole("link", { name: "Clarifications 5 unanswered" }).waitFor();
    expect(await page.getByRole("alert").allInnerTexts()).toEqual([""]);
  });
});
