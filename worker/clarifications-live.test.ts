import { beforeAll, describe, expect, it } from "vitest";
import * as v from "valibot";
import { LiveClarification } from "../protocol/clarification.ts";
import {
  announceForm,
  answerForm,
  askForm,
  contestAt,
  juror,
  said,
  step,
  teamOf,
  type User,
} from "./clarifications-testing.ts";
import { publishProblem, signedUp, type Socket } from "./testing.ts";

/** What is told on accounts' own sockets, and to whom. */

let owner: User;

beforeAll(async () => {
  owner = await signedUp("organiser");
  await publishProblem(owner, "trees");
});

const isNews = (message: unknown): message is LiveClarification => v.is(LiveClarification, message);
const heard = (socket: Socket): Promise<LiveClarification> => socket.next(isNews);
const live = (who: User): Promise<Socket> => who.socket("/live/me");

describe("the live feed", () => {
  it("tells the jury of a question and how many wait, and the team of the answer", async () => {
    await contestAt(owner, "cup", 60, "trees");
    const jury = await juror("cup");
    const team = await teamOf("cup");
    const [juryPage, ownerPage, teamPage] = [await live(jury), await live(owner), await live(team)];
    const { id } = await said(team, "cup", askForm());
    const news = { type: "clarification", contest: "cup", said: null };
    for (const page of [juryPage, ownerPage]) expect(await heard(page)).toEqual({ ...news, unanswered: 1 });
    expect(await heard(teamPage)).toEqual({ ...news, unanswered: null });
    await step(jury, "cup", id, "claim");
    expect(await heard(ownerPage)).toEqual({ ...news, unanswered: 1 });
    const answer = await said(jury, "cup", answerForm(id, { text: "It may not." }));
    expect(await heard(ownerPage)).toEqual({ ...news, unanswered: 0 });
    expect(await heard(teamPage)).toEqual({
      ...news,
      said: { id: answer.id, problem: "A", text: "It may not." },
      unanswered: null,
    });
  });

  it("tells another team nothing but what is for all", async () => {
    await contestAt(owner, "quiet", 60, "trees");
    const [asker, other] = [await teamOf("quiet"), await teamOf("quiet")];
    const page = await live(other);
    const { id } = await said(asker, "quiet", askForm());
    await step(owner, "quiet", id, "claim");
    await said(owner, "quiet", answerForm(id));
    await said(owner, "quiet", announceForm({ to: asker.team }));
    await step(owner, "quiet", id, "reopen");
    await said(owner, "quiet", announceForm({ text: "For all." }));
    expect((await heard(page)).said?.text).toBe("For all.");
  });

  it("tells nobody of a problem whose time with it has not begun", async () => {
    const windowMs = 60 * 60_000;
    const begun = { extraMs: 0, beganAt: Date.now() - 60_000 };
    await contestAt(owner, "windows", 60, "trees", { windowMs, teams: { early: begun } });
    const [early, late] = [await teamOf("windows", "early"), await teamOf("windows")];
    const [earlyPage, latePage] = [await live(early), await live(late)];
    await said(owner, "windows", announceForm({ text: "A is about trees.", problem: "A" }));
    await said(owner, "windows", announceForm({ text: "For all." }));
    expect((await heard(earlyPage)).said?.text).toBe("A is about trees.");
    expect((await heard(latePage)).said?.text).toBe("For all.");
  });
});
