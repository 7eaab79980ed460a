import { beforeAll, describe, expect, it } from "vitest";
import type { Clarification } from "../protocol/clarification.ts";
import type { ErrorBody } from "../protocol/errors.ts";
import type { AuditList } from "../protocol/jury.ts";
import {
  announceForm,
  answered,
  answerForm,
  askForm,
  contestAt,
  juror,
  pathOf,
  said,
  seen,
  step,
  teamOf,
  type User,
} from "./clarifications-testing.ts";
import { bindings, publishProblem, signedUp, Visitor } from "./testing.ts";

/** The jury's queue: who answers what. */

let owner: User;
let first: User;
let second: User;
let question: Clarification;
let team: User & { team: string };

beforeAll(async () => {
  owner = await signedUp("organiser");
  await publishProblem(owner, "trees");
  await contestAt(owner, "cup", 60, "trees");
  [first, second] = [await juror("cup"), await juror("cup")];
});

/** A question by a team of its own. */
async function asked(): Promise<void> {
  team = await teamOf("cup");
  question = await said(team, "cup", askForm());
}

const code = async (response: Response): Promise<string> => (await response.json<ErrorBody>()).code;
const inQueue = async (): Promise<Clarification | undefined> =>
  (await seen(first, "cup")).find(({ id }) => id === question.id);
const answersOf = async (): Promise<string[]> =>
  (await seen(team, "cup")).filter(({ kind }) => kind === "answer").map(({ text }) => text);

describe("a question", () => {
  it("is claimed by one of the jury, and then by no other, who is told by whom", async () => {
    await asked();
    const claimed = await (await step(first, "cup", question.id, "claim")).json<Clarification>();
    expect(claimed.jury?.claim).toEqual({ by: first.username, isMine: true });
    expect((await inQueue())?.jury?.claim?.isMine).toBe(true);
    const refused = await step(second, "cup", question.id, "claim");
    expect(refused.status).toBe(409);
    expect(await refused.json()).toEqual({
      code: "question_claimed",
      message: `${first.username} has claimed this question.`,
    });
  });

  it("claimed by two at the same moment is one's", async () => {
    await asked();
    const both = await Promise.all(
      [first, second].map(async (who) => (await step(who, "cup", question.id, "claim")).status),
    );
    expect(both.sort()).toEqual([200, 409]);
  });

  it("is answered only by who has claimed it", async () => {
    await asked();
    expect(await code(await first.call("POST", pathOf("cup"), answerForm(question.id)))).toBe(
      "question_claimed",
    );
    await step(first, "cup", question.id, "claim");
    expect(await code(await second.call("POST", pathOf("cup"), answerForm(question.id)))).toBe(
      "question_claimed",
    );
    expect(await answersOf()).toEqual([]);
    await said(first, "cup", answerForm(question.id, { text: "Yes." }));
    expect(await answersOf()).toEqual(["Yes."]);
    expect(await inQueue()).toMatchObject({ isAnswered: true, jury: { claim: null } });
  });

  it("that was released may be claimed by another; anybody of the jury releases it", async () => {
    await asked();
    await step(first, "cup", question.id, "claim");
    expect((await step(second, "cup", question.id, "release")).status).toBe(200);
    expect((await answered(second, "cup", question.id)).jury?.by).toBe(second.username);
  });

  it("is answered once when the answer is sent twice", async () => {
    await asked();
    await step(first, "cup", question.id, "claim");
    const form = answerForm(question.id);
    await Promise.all([said(first, "cup", form), said(first, "cup", form)]);
    await said(first, "cup", form);
    expect(await answersOf()).toEqual(["No."]);
  });

  it("is corrected by another answer, which stays beside the first", async () => {
    await asked();
    await answered(first, "cup", question.id, { text: "No." });
    await answered(second, "cup", question.id, { text: "Yes, it may.", to: "all" });
    expect(await answersOf()).toEqual(["No.", "Yes, it may."]);
  });

  it("is put aside without an answer, unless another is at it, and taken back", async () => {
    await asked();
    await step(first, "cup", question.id, "claim");
    expect((await step(second, "cup", question.id, "close")).status).toBe(409);
    expect((await step(first, "cup", question.id, "close")).status).toBe(200);
    expect(await inQueue()).toMatchObject({ isAnswered: true, jury: { claim: null } });
    const own = (await seen(team, "cup")).find(({ id }) => id === question.id);
    expect(own).toMatchObject({ isAnswered: true, jury: null });
    await step(second, "cup", question.id, "reopen");
    expect((await inQueue())?.isAnswered).toBe(false);
  });

  it("is nobody's but the jury's to move, and only where it was asked", async () => {
    await asked();
    for (const who of [team, await teamOf("cup"), await signedUp()])
      expect(await code(await step(who, "cup", question.id, "claim"))).toBe("forbidden");
    expect(await code(await step(new Visitor(), "cup", question.id, "claim"))).toBe("not_signed_in");
    await contestAt(owner, "elsewhere", 60, "trees");
    expect(await code(await step(owner, "elsewhere", question.id, "claim"))).toBe("not_found");
    const announced = await said(first, "cup", announceForm());
    expect(await code(await step(first, "cup", announced.id, "claim"))).toBe("not_found");
    expect(await code(await team.call("POST", pathOf("cup"), answerForm(question.id)))).toBe("forbidden");
    expect(await code(await first.call("POST", pathOf("cup"), answerForm(announced.id)))).toBe("not_found");
  });
});

describe("what the jury does", () => {
  it("is noted, with who did it and for whom, once", async () => {
    await asked();
    const other = await answered(first, "cup", question.id);
    const { id } = await said(second, "cup", announceForm());
    await step(second, "cup", question.id, "reopen");
    const { entries } = await owner.get<AuditList>("/api/contests/cup/audit");
    const noted = entries
      .filter(({ subject }) => [id, other.id, question.id].includes(subject))
      .map(({ actor, action, data }) => [actor, action, data["team"]]);
    expect(noted).toEqual([
      [second.username, "clarification.reopen", undefined],
      [second.username, "clarification.announce", null],
      [first.username, "clarification.answer", team.team],
      [first.username, "clarification.claim", undefined],
    ]);
  });

  it("leaves nothing behind when it is refused", async () => {
    await asked();
    await step(first, "cup", question.id, "claim");
    const noted = () => bindings.DB.prepare("SELECT COUNT(*) AS n FROM audit_log").first<number>("n");
    const before = await noted();
    await second.call("POST", pathOf("cup"), answerForm(question.id));
    await step(second, "cup", question.id, "close");
    expect(await noted()).toBe(before);
    expect((await inQueue())?.isAnswered).toBe(false);
  });
});
