import { beforeAll, describe, expect, it } from "vitest";
import type { ContestView } from "../protocol/contest.ts";
import type { RejudgingView } from "../protocol/jury.ts";
import { registered, submitted } from "./contest-testing.ts";
import { refusal, teamsOf } from "./teams-testing.ts";
import { publishProblem, runningContest, signedUp, Visitor } from "./testing.ts";

let organiser: Visitor & { username: string };
let juror: Visitor & { username: string };
let spectator: Visitor & { username: string };
let submission: string;
beforeAll(async () => {
  organiser = await signedUp("organiser");
  juror = await signedUp();
  spectator = await signedUp();
  await publishProblem(organiser, "roles-sum");
  await runningContest(organiser, "roles", ["roles-sum"]);
  await give(juror.username, "jury");
  await give(spectator.username, "spectator");
  submission = await submitted(await registered("roles", "Players"), "roles", "roles-sum", "WA");
});

const give = (username: string, role: string): Promise<Response> =>
  organiser.call("PUT", `/api/contests/roles/roles/${username}`, { role });

describe("the jury of a contest", () => {
  it("reads what its owner reads", async () => {
    for (const path of [
      "/api/contests/roles/submissions",
      `/api/submissions/${submission}/jury`,
      "/api/contests/roles/rejudgings",
      "/api/contests/roles/audit",
      "/api/contests/roles/teams",
      "/api/contests/roles/scoreboard?view=jury",
    ])
      expect((await juror.call("GET", path)).status, path).toBe(200);
    expect(await juror.get<ContestView>("/api/contests/roles")).toMatchObject({
      manages: false,
      isJury: true,
    });
  });

  it("judges anew and by hand", async () => {
    const verdict = { verdict: "AC", score: null, reason: "the checker erred" };
    expect((await juror.call("POST", `/api/submissions/${submission}/verdict`, verdict)).status).toBe(200);
    const rejudging = await juror.post<RejudgingView>("/api/contests/roles/rejudgings", {
      filter: { problem: null, team: null, language: null, verdicts: null, submissions: null },
      reason: "once more",
      extent: "deciding",
    });
    expect((await juror.call("POST", `/api/rejudgings/${rejudging.id}/cancel`)).status).toBe(200);
  });

  it("changes nothing of the contest: neither settings nor times, teams, groups, links or roles", async () => {
    const { format, languages } = await juror.get<ContestView>("/api/contests/roles");
    const settings = { slug: "roles", name: "Mine", format, languages, problems: ["roles-sum"] };
    const { teams } = await teamsOf(juror, "roles");
    const team = `/api/contests/roles/teams/${teams[0]?.id}`;
    for (const [method, path, body] of [
      ["PUT", "/api/contests/roles", settings],
      ["POST", "/api/contests/roles/times", { type: "pause" }],
      ["PUT", team, { name: "Mine", group: null, organisation: null, seat: null }],
      ["DELETE", team, undefined],
      ["POST", `${team}/join`, { places: null }],
      ["POST", "/api/contests/roles/join", { places: null }],
      ["PUT", "/api/contests/roles/groups", { groups: [] }],
      ["PUT", `/api/contests/roles/roles/${spectator.username}`, { role: "jury" }],
      ["DELETE", `/api/contests/roles/roles/${juror.username}`, undefined],
    ] as const)
      expect((await juror.call(method, path, body)).status, `${method} ${path}`).toBe(403);
  });

  it("is shown neither links nor roles", async () => {
    await organiser.post("/api/contests/roles/join", { places: null });
    expect(await teamsOf(juror, "roles")).toMatchObject({ manages: false, roles: [], link: null });
    const seen = await teamsOf(organiser, "roles");
    expect(seen.link).not.toBeNull();
    expect(seen.roles.map(({ username, role }) => [username, role]).toSorted()).toEqual([
      [juror.username, "jury"],
      [spectator.username, "spectator"],
    ]);
  });

  it("takes part in no team, and nobody in a team is on it", async () => {
    const registering = await juror.call("POST", "/api/contests/roles/teams", { name: "Jury's own" });
    expect(await refusal(registering)).toEqual([409, "contest_refuses"]);
    const player = await registered("roles", "More players");
    expect(await refusal(await give(player.username, "jury"))).toEqual([409, "contest_refuses"]);
    expect((await give(player.username, "spectator")).status).toBe(200);
  });

  it("ends when the role is taken", async () => {
    const second = await signedUp();
    await give(second.username, "jury");
    expect((await second.call("GET", "/api/contests/roles/submissions")).status).toBe(200);
    await organiser.call("DELETE", `/api/contests/roles/roles/${second.username}`);
    expect((await second.call("GET", "/api/contests/roles/submissions")).status).toBe(403);
    expect((await second.call("GET", `/api/submissions/${submission}/jury`)).status).toBe(404);
  });

  it("is of one contest only", async () => {
    await runningContest(organiser, "roles-elsewhere", ["roles-sum"]);
    expect((await juror.call("GET", "/api/contests/roles-elsewhere/submissions")).status).toBe(403);
  });
});

describe("spectators", () => {
  it("see what everybody sees", async () => {
    expect(await spectator.get<ContestView>("/api/contests/roles")).toMatchObject({
      manages: false,
      isJury: false,
    });
    expect((await spectator.call("GET", "/api/contests/roles/submissions")).status).toBe(403);
    expect((await spectator.call("GET", "/api/contests/roles/teams")).status).toBe(403);
    expect((await spectator.call("GET", "/api/contests/roles/scoreboard?view=jury")).status).toBe(403);
  });
});

describe("a role", () => {
  it("is given to nobody unknown, and not to the owner", async () => {
    expect(await refusal(await give("nobody-at-all", "jury"))).toEqual([404, "not_found"]);
    expect(await refusal(await give(organiser.username, "jury"))).toEqual([409, "contest_refuses"]);
    expect(await refusal(await give(juror.username, "emperor"))).toEqual([400, "invalid_request"]);
  });
});
