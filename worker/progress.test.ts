import { beforeAll, describe, expect, it } from "vitest";
import * as v from "valibot";
import { ContestProgress, OwnProgress } from "../protocol/contest-statistics.ts";
import type { ProblemList, ProblemSummary } from "../protocol/problem.ts";
import { ended, frozenContest, judged, registered, submitted } from "./contest-testing.ts";
import { publishProblem, runningContest, signedUp, sumPackage, Visitor } from "./testing.ts";

let organiser: Visitor;
beforeAll(async () => {
  organiser = await signedUp("organiser");
  for (const slug of ["sums", "paths"]) await publishProblem(organiser, slug);
});

const silentFormat = { type: "ioi", counts: "best", feedback: "none", points: { A: 100 } } as const;

const progressOf = async (visitor: Visitor, query = ""): Promise<OwnProgress> =>
  v.parse(OwnProgress, await visitor.get(`/api/progress${query}`));

const listed = async (visitor: Visitor, slug: string): Promise<ProblemSummary | undefined> =>
  (await visitor.get<ProblemList>("/api/problems")).problems.find((problem) => problem.slug === slug);

describe("one's own progress", () => {
  it("counts contests and practice, each problem once", async () => {
    await runningContest(organiser, "heats", ["sums", "paths"]);
    const student = await registered("heats", "Solo");
    await submitted(student, "heats", "sums", "AC");
    await submitted(student, undefined, "sums", "AC");
    await submitted(student, undefined, "paths", "WA");
    const progress = await progressOf(student);
    expect(progress.overall).toMatchObject({ tried: 2, solved: 1 });
    expect(progress.contests).toMatchObject([{ contest: "heats", submissions: 1, tried: 1, solved: 1 }]);
    expect(progress.names).toEqual({ heats: "Contest heats" });
    expect(progress.streak).toEqual({ present: 1, longest: 1 });
  });

  it("is nobody else's", async () => {
    const other = await signedUp();
    expect(await progressOf(other)).toMatchObject({ submissions: 0, overall: { tried: 0, solved: 0 } });
    expect((await new Visitor().call("GET", "/api/progress")).status).toBe(401);
  });

  it.each(["841", "-841", "x", "1.5"])("is refused for a clock that is off by %s minutes", async (offset) => {
    const student = await signedUp();
    expect((await student.call("GET", `/api/progress?offset=${offset}`)).status).toBe(400);
  });

  it("tells students of their own results in a freeze, as their submissions do", async () => {
    await frozenContest(organiser, "cold", ["sums"]);
    const student = await registered("cold", "Snow");
    await submitted(student, "cold", "sums", "AC");
    expect((await progressOf(student)).overall.solved).toBe(1);
  });

  it("tells nothing of a contest that tells nothing, and neither does the list of problems", async () => {
    await runningContest(organiser, "exam", ["sums"], { freezeMinutes: 0, format: silentFormat });
    const student = await registered("exam", "Quiet");
    await submitted(student, "exam", "sums", null);
    const before = [await progressOf(student), await listed(student, "sums")];
    await judged("AC");
    expect([await progressOf(student), await listed(student, "sums")]).toEqual(before);
    expect(before).toMatchObject([{ overall: { tried: 1, solved: 0 } }, { mine: "tried" }]);
    await ended(organiser, "exam");
    expect((await progressOf(student)).overall.solved).toBe(1);
    expect((await listed(student, "sums"))?.mine).toBe("solved");
  });

  it("is told by the keywords of packages, which a problem's page does not show", async () => {
    const yaml = [
      "problem_format_version: 2025-09",
      "name: {en: Keys, pt: Chaves}",
      `uuid: ${crypto.randomUUID()}`,
      "license: cc by-sa",
      "credits: A. Teacher",
      "keywords: [graphs, dp]",
      "limits: {time_limit: 1, memory: 256, code: 64}",
    ].join("\n");
    await organiser.post("/api/problems?name=keys.zip", sumPackage("keys", { "problem.yaml": yaml }));
    await organiser.post("/api/problems/keys/publish");
    const { byKeyword } = await progressOf(await signedUp());
    expect(byKeyword.map(({ keyword }) => keyword)).toEqual(["dp", "graphs"]);
    expect(await (await new Visitor().call("GET", "/api/problems/keys")).text()).not.toContain("graphs");
  });
});

describe("who solved a problem, in the list of problems", () => {
  it("does not change by what contests do: neither in a freeze nor while they run", async () => {
    await frozenContest(organiser, "hidden", ["paths"]);
    const team = await registered("hidden", "Ghosts");
    const reader = new Visitor();
    const before = await listed(reader, "paths");
    await submitted(team, "hidden", "paths", "AC");
    expect(await listed(reader, "paths")).toEqual(before);
    await submitted(team, undefined, "paths", "AC");
    expect((await listed(reader, "paths"))?.solvedBy).toBe((before?.solvedBy ?? 0) + 1);
  });
});

describe("a class's progress", () => {
  it("is for the jury, frozen or not, and as a table", async () => {
    await frozenContest(organiser, "class", ["sums", "paths"]);
    const [ana, bia] = [await registered("class", "=Ana"), await registered("class", "Bia")];
    await submitted(ana, "class", "sums", "WA");
    await submitted(ana, "class", "sums", "AC");
    const path = "/api/contests/class/progress";
    for (const visitor of [ana, bia]) expect((await visitor.call("GET", path)).status).toBe(403);
    expect((await new Visitor().call("GET", path)).status).toBe(401);
    const { teams } = v.parse(ContestProgress, await organiser.get(path));
    expect(
      teams.map(({ name, solved, cells }) => [name, solved, ...cells.map(({ state }) => state)]),
    ).toEqual([
      ["=Ana", 1, "solved", "untried"],
      ["Bia", 0, "untried", "untried"],
    ]);
    const csv = await organiser.call("GET", `${path}?as=csv`);
    expect(csv.headers.get("content-disposition")).toBe('attachment; filename="class-progress.csv"');
    expect(await csv.text()).toContain("\r\n'=Ana,,,1,1,2,");
  });
});
