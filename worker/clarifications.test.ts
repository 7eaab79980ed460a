import { beforeAll, describe, expect, it } from "vitest";
import type { ClarificationForm, UnreadClarifications } from "../protocol/clarification.ts";
import type { ErrorBody } from "../protocol/errors.ts";
import { unansweredQuestions } from "./clarifications.ts";
import {
  announceForm,
  answered,
  askForm,
  contestAt,
  juror,
  pathOf,
  said,
  seen,
  teamOf,
  type User,
} from "./clarifications-testing.ts";
import { bindings, publishProblem, signedUp, Visitor } from "./testing.ts";

/** Who may ask, and who sees what. */

let owner: User;
let jury: User;

beforeAll(async () => {
  owner = await signedUp("organiser");
  await publishProblem(owner, "trees");
  await contestAt(owner, "cup", 60, "trees");
  jury = await juror("cup");
});

async function refusal(who: Visitor, contest: string, form: ClarificationForm): Promise<ErrorBody> {
  const response = await who.call("POST", pathOf(contest), form);
  expect(response.ok).toBe(false);
  return response.json<ErrorBody>();
}
const unread = (who: Visitor, contest = "cup") => who.get<UnreadClarifications>(`${pathOf(contest)}/unread`);
const texts = async (who: Visitor, contest = "cup") => (await seen(who, contest)).map(({ text }) => text);

describe("asking", () => {
  it("is for teams, about a problem or in general", async () => {
    const team = await teamOf("cup");
    const about = await said(team, "cup", askForm());
    expect(about).toMatchObject({
      kind: "question",
      from: { id: team.team },
      problem: "A",
      isAnswered: false,
    });
    expect(about.contestTimeMs).toBeGreaterThanOrEqual(60 * 60_000);
    expect(await said(team, "cup", askForm({ problem: null }))).toMatchObject({ problem: null, jury: null });
  });

  it("is refused to those who have no team, to the jury, and to strangers", async () => {
    expect((await refusal(await signedUp(), "cup", askForm())).code).toBe("not_registered");
    expect((await refusal(jury, "cup", askForm())).code).toBe("forbidden");
    expect((await refusal(new Visitor(), "cup", askForm())).code).toBe("not_signed_in");
  });

  it("is refused about a problem that the contest has not", async () => {
    const form = askForm({ problem: "B" });
    expect((await refusal(await teamOf("cup"), "cup", form)).code).toBe("problem_not_in_contest");
  });

  it.each([
    ["nothing", "   ", "text: must not be empty"],
    ["more than 2000 characters", "x".repeat(2001), "text: at most 2000 characters"],
  ])("is refused with %s in it", async (_, text, detail) => {
    const { code, details } = await refusal(await teamOf("cup"), "cup", askForm({ text }));
    expect({ code, details }).toEqual({ code: "invalid_request", details: [detail] });
  });

  it("is possible before the start, but not about a problem, and no more after the end", async () => {
    await contestAt(owner, "tomorrow", -60, "trees");
    await contestAt(owner, "over", 301, "trees");
    const early = await teamOf("tomorrow");
    expect((await refusal(early, "tomorrow", askForm())).code).toBe("contest_refuses");
    expect(await said(early, "tomorrow", askForm({ problem: null }))).toMatchObject({ contestTimeMs: null });
    const late = askForm({ problem: null });
    expect(await refusal(await teamOf("over"), "over", late)).toEqual({
      code: "contest_refuses",
      message: "The contest is over: no questions are taken any more.",
    });
  });

  it("twice under the same key asks once, also at the same moment", async () => {
    const team = await teamOf("cup");
    const form = askForm();
    const both = await Promise.all([said(team, "cup", form), said(team, "cup", form)]);
    const again = await said(team, "cup", form);
    expect(new Set([...both, again].map(({ id }) => id)).size).toBe(1);
    expect(await seen(team, "cup")).toHaveLength(1);
    expect((await refusal(team, "cup", { ...form, text: "Something else?" })).code).toBe("key_taken");
  });

  it("is limited for each account, as submitting is", async () => {
    const team = await teamOf("cup");
    const codes: number[] = [];
    for (let count = 0; count < 30; count++)
      codes.push((await team.call("POST", pathOf("cup"), askForm())).status);
    expect(codes[0]).toBe(201);
    expect(codes.at(-1)).toBe(429);
  });
});

describe("a team that does not wait for answers", () => {
  it("cannot flood the queue, whoever of it asks", async () => {
    const team = await teamOf("cup");
    const question = await said(team, "cup", askForm());
    await bindings.DB.prepare(
      `INSERT INTO clarifications (id, contest, kind, from_team, text, by, at, key, request_hash)
       SELECT 'flood ' || value, contest, kind, from_team, text, by, at, 'key ' || value, request_hash
       FROM clarifications c, json_each(?2) WHERE c.id = ?1`,
    )
      .bind(question.id, JSON.stringify(Array.from({ length: 19 }, (_, index) => index)))
      .run();
    expect(await refusal(team, "cup", askForm())).toMatchObject({
      code: "contest_refuses",
      message: "Your team has 20 questions without an answer. Wait for one.",
    });
  });
});

describe("what was said", () => {
  it("to the team that asked is seen by nobody but that team and the jury", async () => {
    const [asker, other] = [await teamOf("cup"), await teamOf("cup")];
    const question = await said(asker, "cup", askForm({ text: "Our secret idea?" }));
    const answer = await answered(jury, "cup", question.id, { text: "Only for you." });
    expect(await texts(asker)).toEqual(expect.arrayContaining(["Our secret idea?", "Only for you."]));
    expect(await texts(jury)).toEqual(expect.arrayContaining(["Our secret idea?", "Only for you."]));
    expect(answer).toMatchObject({ to: { id: asker.team }, replyTo: question.id });
    for (const who of [other, await signedUp(), new Visitor()]) {
      const shown = JSON.stringify(await seen(who, "cup"));
      for (const secret of ["Our secret idea?", "Only for you.", asker.team, question.id])
        expect(shown).not.toContain(secret);
    }
  });

  it("to everybody quotes the question, and tells nobody who asked", async () => {
    const [asker, other] = [await teamOf("cup"), await teamOf("cup")];
    const question = await said(asker, "cup", askForm({ text: "Is n even?" }));
    const answer = await answered(jury, "cup", question.id, { text: "Not always.", to: "all" });
    for (const who of [other, await signedUp(), new Visitor()]) {
      const shown = await seen(who, "cup");
      expect(shown.find(({ id }) => id === answer.id)).toMatchObject({
        kind: "answer",
        quote: "Is n even?",
        replyTo: null,
        from: null,
        to: null,
        jury: null,
      });
      expect(JSON.stringify(shown)).not.toContain(asker.team);
      expect(JSON.stringify(shown)).not.toContain(question.id);
    }
    const own = (await seen(asker, "cup")).find(({ id }) => id === answer.id);
    expect(own).toMatchObject({ replyTo: question.id, to: null });
  });

  it("as an announcement is for everybody or for one team, at any time", async () => {
    await contestAt(owner, "gone", 400, "trees");
    const [one, other] = [await teamOf("gone"), await teamOf("gone")];
    await said(owner, "gone", announceForm({ text: "For all." }));
    await said(owner, "gone", announceForm({ text: "For one.", to: one.team, problem: "A" }));
    expect(await texts(one, "gone")).toEqual(["For all.", "For one."]);
    expect(await texts(other, "gone")).toEqual(["For all."]);
    expect((await refusal(owner, "gone", announceForm({ to: "nobody" }))).code).toBe("not_found");
    expect((await refusal(one, "gone", announceForm())).code).toBe("forbidden");
  });

  it("of a problem is not shown to those who may not see the problems yet", async () => {
    await contestAt(owner, "later", -60, "trees");
    const team = await teamOf("later");
    await said(owner, "later", announceForm({ text: "A is about trees.", problem: "A" }));
    await said(owner, "later", announceForm({ text: "Doors open at ten." }));
    for (const who of [team, new Visitor()])
      expect(await texts(who, "later")).toEqual(["Doors open at ten."]);
    expect((await unread(team, "later")).unread).toHaveLength(1);
    expect(await texts(owner, "later")).toHaveLength(2);
  });

  it("is never changed in place", async () => {
    await said(owner, "cup", announceForm());
    for (const column of ["text", "to_team", "from_team", "by"])
      await expect(
        bindings.DB.exec(`UPDATE clarifications SET ${column} = 'other' WHERE kind = 'announcement'`),
      ).rejects.toThrow("what was said is never changed");
  });
});

describe("what an account has not been shown", () => {
  it("is what was said to its team or to all, until it is marked as read", async () => {
    await contestAt(owner, "busy", 60, "trees");
    const [team, other] = [await teamOf("busy"), await teamOf("busy")];
    const question = await said(team, "busy", askForm());
    const answer = await answered(owner, "busy", question.id);
    const announced = await said(owner, "busy", announceForm());
    expect(await unread(team, "busy")).toEqual({ unread: [answer.id, announced.id], unanswered: null });
    expect(await unread(other, "busy")).toEqual({ unread: [announced.id], unanswered: null });
    const path = `${pathOf("busy")}/read`;
    const ids = [answer.id, "no such thing"];
    expect(await team.post(path, { ids })).toEqual({ unread: [announced.id], unanswered: null });
    // Whoever guesses the id of what is not for them learns nothing by it.
    expect(await other.post(path, { ids })).toEqual({ unread: [announced.id], unanswered: null });
    expect(await unread(new Visitor(), "busy")).toEqual({ unread: [], unanswered: null });
  });

  it("is for the jury the number of questions without an answer", async () => {
    await contestAt(owner, "asked", 60, "trees");
    const team = await teamOf("asked");
    const question = await said(team, "asked", askForm());
    await said(team, "asked", askForm());
    expect(await unread(owner, "asked")).toEqual({ unread: [], unanswered: 2 });
    await answered(owner, "asked", question.id);
    expect(await unread(owner, "asked")).toEqual({ unread: [], unanswered: 1 });
    expect(await unansweredQuestions(bindings, "asked")).toBe(1);
  });
});

describe("a team that is removed", () => {
  it("leaves what everybody was told, takes with it what it alone was told, and waits for nothing", async () => {
    await contestAt(owner, "left", 60, "trees");
    const [gone, stays] = [await teamOf("left"), await teamOf("left")];
    const question = await said(gone, "left", askForm({ text: "Asked by one who went" }));
    await answered(owner, "left", question.id, { text: "For all", to: "all" });
    await answered(owner, "left", question.id, { text: "For one" });
    await said(gone, "left", askForm({ text: "And another" }));
    await bindings.DB.prepare("DELETE FROM teams WHERE id = ?").bind(gone.team).run();
    expect(await texts(stays, "left")).toEqual(["For all"]);
    expect(await texts(owner, "left")).toEqual(["Asked by one who went", "For all", "And another"]);
    expect(await unansweredQuestions(bindings, "left")).toBe(0);
  });
});
