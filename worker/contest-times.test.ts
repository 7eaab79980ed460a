import { beforeAll, describe, expect, it } from "vitest";
import type { TimesEdit, TimesPreview } from "../protocol/contest-times.ts";
import type { Board, ContestEvent, ContestView } from "../protocol/contest.ts";
import type { AuditList } from "../protocol/jury.ts";
import type { SubmissionView } from "../protocol/submission.ts";
import { readLog } from "./contest-log.ts";
import { contestId, ended, frozenContest, refusal, registered, submitted } from "./contest-testing.ts";
import {
  bindings,
  leasedSubmission,
  oneFile,
  publishProblem,
  runningContest,
  signedUp,
  Visitor,
} from "./testing.ts";
import { requeue } from "./objects/leases.ts";

/** Editing a contest's times, a team's own window, the thaw and the final results. */

const MINUTE = 60_000;

let organiser: Visitor;
beforeAll(async () => {
  organiser = await signedUp("organiser");
  for (const slug of ["one", "two"]) await publishProblem(organiser, slug);
});

const edit = (slug: string, what: TimesEdit, query = ""): Promise<Response> =>
  organiser.call("POST", `/api/contests/${slug}/times${query}`, what);

const timesOf = async (slug: string, who: Visitor = organiser) =>
  (await who.get<ContestView>(`/api/contests/${slug}`)).timed.times;

async function lastSettings(slug: string): Promise<ContestEvent | undefined> {
  const log = await readLog(bindings, await contestId(slug));
  return log.map(({ event }) => event).findLast(({ type }) => type === "contest");
}

const submit = (team: Visitor, contest: string): Promise<Response> =>
  team.call("POST", "/api/submissions", { problem: "one", contest, language: "c", ...oneFile("x") });

describe("an edit of the times", () => {
  it("is first shown with its consequences, and then made: in the row, in the log and in the audit", async () => {
    await runningContest(organiser, "longer", ["one"]);
    const before = await timesOf("longer");
    const more: TimesEdit = { type: "duration", durationMs: 330 * MINUTE };
    const preview = await (await edit("longer", more, "?preview")).json<TimesPreview>();
    expect((preview.after.endAt ?? 0) - (preview.before.endAt ?? 0)).toBe(30 * MINUTE);
    expect(await timesOf("longer")).toEqual(before);

    expect((await edit("longer", more)).status).toBe(200);
    expect(await timesOf("longer")).toMatchObject({ durationMs: 330 * MINUTE, freezeMs: 60 * MINUTE });
    expect(await lastSettings("longer")).toMatchObject({ timed: { times: { durationMs: 330 * MINUTE } } });
    const { entries } = await organiser.get<AuditList>("/api/contests/longer/audit");
    expect(entries[0]).toMatchObject({
      action: "contest.times",
      data: { edit: JSON.stringify(more), endAt: preview.after.endAt, submissions: 0 },
    });
  });

  it("gives submissions another contest time, on the board and in lists", async () => {
    await runningContest(organiser, "removed", ["one"]);
    const team = await registered("removed", "Early");
    const id = await submitted(team, "removed", "one", "AC");
    const { startAt } = await timesOf("removed");
    const removal: TimesEdit = {
      type: "remove",
      from: (startAt ?? 0) + MINUTE,
      to: (startAt ?? 0) + 31 * MINUTE,
    };
    const before = await team.get<SubmissionView>(`/api/submissions/${id}`);
    const { submissions } = await (await edit("removed", removal, "?preview")).json<TimesPreview>();
    expect(submissions).toMatchObject([{ submission: id }]);
    expect((await edit("removed", removal)).status).toBe(200);
    const after = await team.get<SubmissionView>(`/api/submissions/${id}`);
    expect((before.contestTimeMs ?? 0) - (after.contestTimeMs ?? 0)).toBe(30 * MINUTE);
    const { cells } = await new Visitor().get<Board>("/api/contests/removed/scoreboard");
    expect(cells[0]?.solvedAt).toBe(after.contestTimeMs);
  });

  let contests = 0;
  it.each<[what: string, edit: (start: number) => TimesEdit, sentence: RegExp]>([
    [
      "intervals that overlap",
      (start) => ({ type: "remove", from: start + 5 * MINUTE, to: start + 15 * MINUTE }),
      /^The interval from .* overlaps the one from /,
    ],
    [
      "an interval that ends before it begins",
      (start) => ({ type: "remove", from: start + 40 * MINUTE, to: start + 35 * MINUTE }),
      /^The end of an interval must come after its beginning\.$/,
    ],
    [
      "an end that is not after the start",
      () => ({ type: "duration", durationMs: 0 }),
      /^The end must come after the start\.$/,
    ],
    ["an end that is past", () => ({ type: "duration", durationMs: MINUTE }), /which is past\.$/],
    [
      "a start that has been",
      () => ({ type: "start", startAt: null }),
      /its start cannot be moved any more\.$/,
    ],
    ["going on without a pause", () => ({ type: "resume" }), /^The contest is not paused\.$/],
  ])("is refused with a sentence for %s", async (_, what, sentence) => {
    const slug = `refused-${++contests}`;
    await runningContest(organiser, slug, ["one"]);
    const start = (await timesOf(slug)).startAt ?? 0;
    await edit(slug, { type: "remove", from: start + 10 * MINUTE, to: start + 20 * MINUTE });
    const before = await timesOf(slug);
    const [status, code, [said]] = await refusal(await edit(slug, what(start)));
    expect([status, code, said]).toEqual([409, "contest_refuses", expect.stringMatching(sentence)]);
    expect(await timesOf(slug)).toEqual(before);
  });

  it("is of the owner or an administrator only, and of teams that there are", async () => {
    await runningContest(organiser, "guarded", ["one"]);
    const team = await registered("guarded", "Guarded");
    expect(
      (await refusal(await team.call("POST", "/api/contests/guarded/times", { type: "pause" })))[1],
    ).toBe("forbidden");
    const nobody: TimesEdit = { type: "extra", team: "nobody", extraMs: MINUTE };
    expect(await refusal(await edit("guarded", nobody))).toEqual([
      404,
      "not_found",
      ["There is no such team in this contest."],
    ]);
    expect(
      (await refusal(await organiser.call("POST", "/api/contests/guarded/times", { type: "hurry" })))[1],
    ).toBe("invalid_request");
  });

  it("of two at the same moment is made once", async () => {
    await runningContest(organiser, "hasty", ["one"]);
    const answers = await Promise.all(
      [310, 320, 330].map((minutes) => edit("hasty", { type: "duration", durationMs: minutes * MINUTE })),
    );
    const made = answers.filter(({ status }) => status === 200).length;
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(3 - made);
    const log = await readLog(bindings, await contestId("hasty"));
    expect(log.filter(({ event }) => event.type === "contest")).toHaveLength(1 + made);
    expect(await lastSettings("hasty")).toMatchObject({ timed: { times: await timesOf("hasty") } });
  });

  it("shows a team's extra time to that team and to the jury, and to nobody else", async () => {
    await runningContest(organiser, "extra", ["one"]);
    const slow = await registered("extra", "Slow");
    const slower = await registered("extra", "Slower");
    const { team } = await slow.get<ContestView>("/api/contests/extra");
    const { team: last } = await slower.get<ContestView>("/api/contests/extra");
    await edit("extra", { type: "extra", team: team?.id ?? "", extraMs: 10 * MINUTE });
    await edit("extra", { type: "extra", team: last?.id ?? "", extraMs: 20 * MINUTE });
    const named = async (who: Visitor) =>
      Object.keys((await timesOf("extra", who)).teams).filter((id) => id !== "");
    expect([await named(slow), await named(new Visitor()), (await named(organiser)).length]).toEqual([
      [team?.id],
      [],
      2,
    ]);
    const board = await new Visitor().get<Board>("/api/contests/extra/scoreboard");
    expect(Object.keys(board.timed.times.teams)).toEqual([""]);
  });
});

describe("a team's own window", () => {
  beforeAll(() => runningContest(organiser, "window", ["one"], { windowMinutes: 60 }));

  it("hides the problems and takes nothing until the team begins", async () => {
    const team = await registered("window", "Waiting");
    const shown = async () => (await team.get<ContestView>("/api/contests/window")).problems[0]?.slug;
    expect(await shown()).toBeNull();
    expect((await team.call("GET", "/api/contests/window/problems/A")).status).toBe(404);
    expect((await refusal(await submit(team, "window")))[2]).toEqual(["Your time has not begun."]);

    const view = await team.post<ContestView>("/api/contests/window/begin");
    expect(view.timed.times.teams[view.team?.id ?? ""]?.beganAt).toEqual(expect.any(Number));
    expect(await shown()).toBe("one");
    expect((await submit(team, "window")).status).toBe(201);
    expect((await refusal(await team.call("POST", "/api/contests/window/begin")))[2]).toEqual([
      "The team has begun already.",
    ]);
  });

  it("is begun by many teams at the same moment", async () => {
    const teams = await Promise.all(
      Array.from({ length: 8 }, (_, index) => registered("window", `Many ${index}`)),
    );
    const answers = await Promise.all(teams.map((team) => team.call("POST", "/api/contests/window/begin")));
    expect(answers.map(({ status }) => status)).toEqual(teams.map(() => 200));
    const began = Object.values((await timesOf("window")).teams).filter(({ beganAt }) => beganAt !== null);
    expect(began).toHaveLength(9);
  });

  it("is none for who has no team, and in a contest without windows", async () => {
    expect((await refusal(await (await signedUp()).call("POST", "/api/contests/window/begin")))[1]).toBe(
      "not_registered",
    );
    await runningContest(organiser, "together", ["one"]);
    const team = await registered("together", "Together");
    expect((await refusal(await team.call("POST", "/api/contests/together/begin")))[2]).toEqual([
      "In this contest everybody's time begins with the contest.",
    ]);
  });
});

describe("a thaw", () => {
  it("waits for the end, comes once, and is noted", async () => {
    await frozenContest(organiser, "cold", ["one"]);
    const thaw = (who: Visitor = organiser) => who.call("POST", "/api/contests/cold/thaw");
    expect((await refusal(await thaw()))[2]).toEqual([
      "The contest is not over: its board can be thawed after the end only.",
    ]);
    await ended(organiser, "cold");
    expect((await refusal(await thaw(await signedUp())))[1]).toBe("forbidden");
    const { timed } = await (await thaw()).json<ContestView>();
    expect(timed.thawedAt).not.toBeNull();
    expect((await refusal(await thaw()))[2]).toEqual(["The board is thawed already."]);
    const { entries } = await organiser.get<AuditList>("/api/contests/cold/audit");
    expect(entries[0]).toMatchObject({ action: "contest.thaw" });
  });
});

describe("final results", () => {
  const finalise = () => organiser.call("POST", "/api/contests/last/finalise");

  it("wait for every submission in the contest's time to be judged, and then stay as they are", async () => {
    await runningContest(organiser, "last", ["one"]);
    const team = await registered("last", "Last");
    expect((await refusal(await finalise()))[2]).toEqual([
      "The contest is not over: its results cannot be final.",
    ]);
    await submitted(team, "last", "one", null);
    await ended(organiser, "last");
    expect((await refusal(await finalise()))[2]).toEqual([
      "The results cannot be final: one submission is not judged.",
    ]);
    await bindings.DB.exec(
      "DELETE FROM rounds WHERE submission NOT IN (SELECT s.id FROM submissions s JOIN contests c ON c.id = s.contest WHERE c.slug = 'last')",
    );
    for (let attempt = 1; attempt <= 3; attempt++)
      await requeue(bindings, await leasedSubmission("by-hand", ["c"]), "no validator");
    expect((await refusal(await finalise()))[2]).toEqual([
      "The results cannot be final: one submission could not be judged.",
    ]);
    await bindings.DB.exec("UPDATE rounds SET state = 'judged'");
    expect((await finalise()).status).toBe(200);
    expect((await refusal(await edit("last", { type: "duration", durationMs: 400 * MINUTE })))[2]).toEqual([
      "The results are final: the contest's times cannot be changed any more.",
    ]);
  });
});
