import { beforeAll, describe, expect, it } from "vitest";
import type { ContestForm, ContestView } from "../protocol/contest.ts";
import type { ProblemList } from "../protocol/problem.ts";
import type { Submit, SubmissionView } from "../protocol/submission.ts";
import { appended } from "./contest-log.ts";
import { contestId, formOf, judged, refusal, teamEvent } from "./contest-testing.ts";
import { bindings, oneFile, publishProblem, runningContest, signedUp, Visitor } from "./testing.ts";

let organiser: Visitor;
beforeAll(async () => {
  organiser = await signedUp("organiser");
  for (const slug of ["one", "two", "three"]) await publishProblem(organiser, slug);
});

describe("an organiser's form", () => {
  it("makes a contest whose problems are secret until it starts", async () => {
    const made = await organiser.post<ContestView>("/api/contests", formOf("future"));
    expect(made.problems.map(({ label, slug }) => [label, slug])).toEqual([
      ["A", "one"],
      ["B", "two"],
    ]);
    const seen = await new Visitor().get<ContestView>("/api/contests/future");
    expect(seen.problems.map(({ label, slug, name }) => [label, slug, name])).toEqual([
      ["A", null, null],
      ["B", null, null],
    ]);
    expect((await new Visitor().call("GET", "/api/contests/future/problems/A")).status).toBe(404);
    await organiser.get("/api/contests/future/problems/A");
  });

  it.each<[string, Partial<ContestForm>, string]>([
    ["a freeze longer than the contest", { freezeMinutes: 301 }, "freezeMinutes"],
    ["no problems", { problems: [] }, "problems"],
    ["a problem twice", { problems: ["one", "one"] }, "problems"],
    ["an address with spaces", { slug: "no good" }, "slug"],
    ["a negative penalty", { format: { type: "icpc", penaltyMinutes: -1 } }, "format.penaltyMinutes"],
  ])("is refused with the field's name for %s", async (_, changes, field) => {
    const [status, code, details] = await refusal(
      await organiser.call("POST", "/api/contests", formOf("bad-form", changes)),
    );
    expect([status, code]).toEqual([400, "invalid_request"]);
    expect(details.some((detail) => detail.startsWith(field))).toBe(true);
  });

  it("is refused for an unknown problem and for a taken address", async () => {
    expect((await organiser.call("POST", "/api/contests", formOf("x", { problems: ["nope"] }))).status).toBe(
      404,
    );
    await organiser.post("/api/contests", formOf("taken"));
    expect((await refusal(await organiser.call("POST", "/api/contests", formOf("taken"))))[1]).toBe(
      "name_taken",
    );
  });
});

describe("registering", () => {
  it("gives one team to an account, and one account to a name", async () => {
    await runningContest(organiser, "reg", ["one"]);
    const [ana, bia] = [await signedUp(), await signedUp()];
    const view = await ana.post<ContestView>("/api/contests/reg/teams", { name: "Lions" });
    expect(view.team?.name).toBe("Lions");
    expect((await refusal(await ana.call("POST", "/api/contests/reg/teams", { name: "Tigers" })))[1]).toBe(
      "name_taken",
    );
    expect((await refusal(await bia.call("POST", "/api/contests/reg/teams", { name: "Lions" })))[1]).toBe(
      "name_taken",
    );
  });
});

describe("submitting in a contest", () => {
  const submission = { problem: "one", contest: "gate", language: "c", ...oneFile("int main(){}") };
  let team: Visitor;
  beforeAll(async () => {
    await runningContest(organiser, "gate", ["one"]);
    team = await signedUp();
    await team.post("/api/contests/gate/teams", { name: "Gate" });
  });

  const rows = () => bindings.DB.prepare("SELECT COUNT(*) AS n FROM submissions").first<number>("n");

  it.each<[string, Partial<Submit>, [number, string]]>([
    ["an unknown language", { language: "cobol" }, [422, "unknown_language"]],
    ["a problem that is not in the contest", { problem: "two" }, [422, "problem_not_in_contest"]],
    ["a problem that does not exist", { problem: "none" }, [404, "not_found"]],
    ["a contest that does not exist", { contest: "none" }, [404, "not_found"]],
    ["an empty source", oneFile(""), [400, "invalid_request"]],
    ["a source over the problem's limit", oneFile("x".repeat(64 * 1024 + 1)), [413, "too_large"]],
  ])("writes nothing for %s", async (_, changes, expected) => {
    const before = await rows();
    expect(
      (await refusal(await team.call("POST", "/api/submissions", { ...submission, ...changes }))).slice(0, 2),
    ).toEqual(expected);
    expect(await rows()).toBe(before);
  });

  it("needs a registered team", async () => {
    const stranger = await signedUp();
    expect((await refusal(await stranger.call("POST", "/api/submissions", submission))).slice(0, 2)).toEqual([
      409,
      "not_registered",
    ]);
  });

  it("needs a running contest", async () => {
    await organiser.post("/api/contests", formOf("later"));
    const later = await team.call("POST", "/api/submissions", { ...submission, contest: "later" });
    expect((await refusal(later)).slice(0, 2)).toEqual([409, "contest_not_running"]);
  });

  it("shows a submission to its author and to nobody else", async () => {
    const { id } = await team.post<SubmissionView>("/api/submissions", submission);
    await team.get(`/api/submissions/${id}`);
    const stranger = await signedUp();
    expect((await refusal(await stranger.call("GET", `/api/submissions/${id}`))).slice(0, 2)).toEqual([
      403,
      "forbidden",
    ]);
    expect((await refusal(await stranger.call("GET", "/api/submissions/none"))).slice(0, 2)).toEqual([
      404,
      "not_found",
    ]);
  });
});

describe("the list of problems", () => {
  it("tells the solver, and nobody else, of what was solved in a contest", async () => {
    await bindings.DB.exec("UPDATE rounds SET state = 'failed' WHERE state = 'queued'");
    await publishProblem(organiser, "quiet");
    await runningContest(organiser, "quiet", ["quiet"]);
    const solver = await signedUp();
    await solver.post("/api/contests/quiet/teams", { name: "Quiet" });
    await solver.post("/api/submissions", {
      problem: "quiet",
      contest: "quiet",
      language: "c",
      ...oneFile("x"),
    });
    await judged("AC");
    const seen = async (who: Visitor) =>
      (await who.get<ProblemList>("/api/problems")).problems.find(({ slug }) => slug === "quiet");
    expect(await seen(solver)).toMatchObject({ mine: "solved", solvedBy: 0, triedBy: 0 });
    expect(await seen(new Visitor())).toMatchObject({ mine: null, solvedBy: 0, triedBy: 0 });
    await solver.post("/api/submissions", { problem: "quiet", language: "c", ...oneFile("x") });
    await judged("WA");
    expect(await seen(new Visitor())).toMatchObject({ mine: null, solvedBy: 0, triedBy: 1 });
  });
});

describe("the log", () => {
  it("has no gaps however many append at once", async () => {
    await runningContest(organiser, "log", ["one"]);
    const id = await contestId("log");
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        appended(bindings, id, teamEvent(`t${index}`, `Team ${index}`)).run(),
      ),
    );
    const { results } = await bindings.DB.prepare(
      "SELECT seq FROM contest_events WHERE contest = ? ORDER BY seq",
    )
      .bind(id)
      .all<{ seq: number }>();
    expect(results.map(({ seq }) => seq)).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
  });

  it("cannot be changed", async () => {
    await expect(bindings.DB.exec("UPDATE contest_events SET seq = 1")).rejects.toThrow("append-only");
  });
});
