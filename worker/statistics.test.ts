import { beforeAll, describe, expect, it } from "vitest";
import * as v from "valibot";
import { ContestStatistics } from "../protocol/contest-statistics.ts";
import { ended, frozenContest, judged, registered, submitted } from "./contest-testing.ts";
import { publishProblem, runningContest, signedUp, Visitor } from "./testing.ts";

let organiser: Visitor;
beforeAll(async () => {
  organiser = await signedUp("organiser");
  for (const slug of ["sums", "paths"]) await publishProblem(organiser, slug);
});

const of = async (visitor: Visitor, slug: string, view = ""): Promise<ContestStatistics> =>
  v.parse(ContestStatistics, await visitor.get(`/api/contests/${slug}/statistics${view}`));

const bytes = async (visitor: Visitor, path: string): Promise<string> =>
  (await visitor.call("GET", path)).text();

describe("a contest's statistics", () => {
  it("count what was submitted, by problem, language and team", async () => {
    await runningContest(organiser, "counted", ["sums", "paths"]);
    const [lions, bears] = [await registered("counted", "Lions"), await registered("counted", "Bears")];
    await submitted(lions, "counted", "sums", "WA");
    await submitted(lions, "counted", "sums", "AC");
    await submitted(bears, "counted", "sums", "AC");
    await submitted(bears, undefined, "paths", "AC");
    const found = await of(new Visitor(), "counted");
    expect(found).toMatchObject({ frozen: false, submissions: 3, teamsTrying: 2, teamsSolving: 2 });
    expect(
      found.problems.map(({ label, solvedBy, firstSolve }) => [label, solvedBy, firstSolve?.name]),
    ).toEqual([
      ["A", 2, "Lions"],
      ["B", 0, undefined],
    ]);
    expect(found.languages).toEqual([{ language: "c", submissions: 3, accepted: 2, pending: 0, teams: 2 }]);
  });

  it("are there for nobody's contest", async () => {
    expect((await new Visitor().call("GET", "/api/contests/none/statistics")).status).toBe(404);
  });

  it("do not change by one byte with what is judged in the freeze, but for the jury", async () => {
    await frozenContest(organiser, "icy", ["sums", "paths"]);
    const team = await registered("icy", "Penguins");
    await submitted(team, "icy", "sums", null);
    const path = "/api/contests/icy/statistics";
    const everybody = [new Visitor(), team, organiser];
    const before = await Promise.all(everybody.map((visitor) => bytes(visitor, path)));
    await judged("AC");
    expect(await Promise.all(everybody.map((visitor) => bytes(visitor, path)))).toEqual(before);
    expect(await of(team, "icy")).toMatchObject({
      frozen: true,
      submissions: 1,
      verdicts: { AC: 0, pending: 1 },
    });
    expect(await of(organiser, "icy", "?view=jury")).toMatchObject({ frozen: false, verdicts: { AC: 1 } });
    expect((await team.call("GET", `${path}?view=jury`)).status).toBe(403);
    expect((await new Visitor().call("GET", `${path}?view=jury`)).status).toBe(403);
  });

  it("stay frozen when the contest is over, until the thaw", async () => {
    await frozenContest(organiser, "thawing", ["sums"]);
    const team = await registered("thawing", "Seals");
    await submitted(team, "thawing", "sums", "AC");
    await ended(organiser, "thawing");
    expect((await of(team, "thawing")).verdicts).toMatchObject({ AC: 0, pending: 1 });
    await organiser.post("/api/contests/thawing/thaw");
    expect(await of(team, "thawing")).toMatchObject({ frozen: false, verdicts: { AC: 1, pending: 0 } });
  });

  it("tell nothing before the end where teams are told nothing", async () => {
    await runningContest(organiser, "silent", ["sums"], {
      freezeMinutes: 0,
      format: { type: "ioi", counts: "best", feedback: "none", points: { A: 100 } },
    });
    const team = await registered("silent", "Owls");
    await submitted(team, "silent", "sums", null);
    const before = await bytes(team, "/api/contests/silent/statistics");
    await judged("AC");
    expect(await bytes(team, "/api/contests/silent/statistics")).toBe(before);
    await ended(organiser, "silent");
    expect((await of(team, "silent")).verdicts).toMatchObject({ AC: 1, pending: 0 });
  });
});
