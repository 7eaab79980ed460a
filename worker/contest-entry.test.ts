import { beforeAll, describe, expect, it } from "vitest";
import type { TimesEdit } from "../protocol/contest-times.ts";
import type { Board, ContestView } from "../protocol/contest.ts";
import type { SubmissionView } from "../protocol/submission.ts";
import { readLog } from "./contest-log.ts";
import { contestId, ended, formOf, refusal, registered, submitted } from "./contest-testing.ts";
import { bindings, oneFile, publishProblem, runningContest, signedUp, Visitor } from "./testing.ts";

/** When something may be submitted to a contest, and the moment that is written down for it. */

let organiser: Visitor;
beforeAll(async () => {
  organiser = await signedUp("organiser");
  for (const slug of ["one", "two"]) await publishProblem(organiser, slug);
});

const edit = (slug: string, what: TimesEdit): Promise<Response> =>
  organiser.call("POST", `/api/contests/${slug}/times`, what);

const submit = (team: Visitor, contest: string): Promise<Response> =>
  team.call("POST", "/api/submissions", { problem: "one", contest, language: "c", ...oneFile("x") });

describe("submitting", () => {
  const refusedNow = async (team: Visitor, contest: string): Promise<string> => {
    const [status, code, [said = ""]] = await refusal(await submit(team, contest));
    expect([status, code]).toEqual([409, "contest_not_running"]);
    return said;
  };

  it("waits for the start, and says nothing before it of what the contest has", async () => {
    await organiser.post("/api/contests", formOf("soon"));
    const team = await registered("soon", "Soon");
    expect(await refusedNow(team, "soon")).toBe("The contest has not started yet.");
    const other = await team.call("POST", "/api/submissions", {
      problem: "two",
      contest: "soon",
      language: "c",
      ...oneFile("x"),
    });
    expect((await refusal(other))[2]).toEqual(["The contest has not started yet."]);
    await edit("soon", { type: "start", startAt: "now" });
    expect((await submit(team, "soon")).status).toBe(201);
  });

  it("stops in a pause and goes on after it", async () => {
    await runningContest(organiser, "paused", ["one"]);
    const team = await registered("paused", "Paused");
    await edit("paused", { type: "pause" });
    expect(await refusedNow(team, "paused")).toBe(
      "The contest is paused: nothing can be submitted until it goes on.",
    );
    await edit("paused", { type: "resume" });
    expect((await submit(team, "paused")).status).toBe(201);
  });

  it("ends with the contest: what comes then is in no board, and out of the contest", async () => {
    await runningContest(organiser, "over", ["one"]);
    const team = await registered("over", "Late");
    await ended(organiser, "over");
    const late = await submit(team, "over");
    expect(await late.json()).toMatchObject({ contest: null, contestTimeMs: null });
    expect((await new Visitor().get<Board>("/api/contests/over/scoreboard")).cells).toEqual([]);
  });

  it("is for one's own team only", async () => {
    await runningContest(organiser, "own", ["one"]);
    await registered("own", "Theirs");
    expect((await refusal(await submit(await signedUp(), "own"))).slice(0, 2)).toEqual([
      409,
      "not_registered",
    ]);
  });

  it("has the moment at which it came, once: on the board it is what the list says", async () => {
    await runningContest(organiser, "moment", ["one"]);
    const team = await registered("moment", "Moment");
    const id = await submitted(team, "moment", "one", "AC");
    const { submittedAt, contestTimeMs } = await team.get<SubmissionView>(`/api/submissions/${id}`);
    const log = await readLog(bindings, await contestId("moment"));
    expect(log.flatMap(({ event }) => (event.type === "submission" ? [event.receivedAt] : []))).toEqual([
      submittedAt,
    ]);
    expect(
      submittedAt - ((await organiser.get<ContestView>("/api/contests/moment")).timed.times.startAt ?? 0),
    ).toBe(contestTimeMs);
  });
});
