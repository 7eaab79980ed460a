import { beforeAll, describe, expect, it } from "vitest";
import type { SessionView } from "../protocol/account.ts";
import type { ContestView } from "../protocol/contest.ts";
import type { TeamSheet } from "../protocol/team-list.ts";
import { GroupList, type TeamView } from "../protocol/team.ts";
import { registered, submitted } from "./contest-testing.ts";
import {
  boardTeams,
  comingContest,
  listOf,
  refusal,
  sentences,
  teamNamed,
  teamsOf,
} from "./teams-testing.ts";
import { bindings, publishProblem, runningContest, signedUp, Visitor } from "./testing.ts";

let organiser: Visitor & { username: string };
beforeAll(async () => {
  organiser = await signedUp("organiser");
  await publishProblem(organiser, "teams-sum");
});

const plain = { group: null, organisation: null, seat: null };

describe("registering and leaving", () => {
  it("lets a member leave before the start, and the last one takes the team along", async () => {
    await comingContest(organiser, "leaving", ["teams-sum"]);
    const first = await registered("leaving", "Two of us");
    const second = await signedUp();
    const { id } = await teamNamed(organiser, "leaving", "Two of us");
    await organiser.post(`/api/contests/leaving/teams/${id}/members`, { username: second.username });

    const left = await second.call("DELETE", "/api/contests/leaving/teams/mine");
    expect((await left.json<ContestView>()).team).toBeNull();
    expect((await boardTeams(organiser, "leaving")).map(({ name }) => name)).toEqual(["Two of us"]);

    expect((await first.call("DELETE", "/api/contests/leaving/teams/mine")).status).toBe(200);
    expect(await boardTeams(organiser, "leaving")).toEqual([]);
    expect(await refusal(await first.call("DELETE", "/api/contests/leaving/teams/mine"))).toEqual([
      409,
      "not_registered",
    ]);
  });

  it("lets nobody leave once the contest has started", async () => {
    await runningContest(organiser, "no-leaving", ["teams-sum"]);
    const member = await registered("no-leaving", "Bound");
    expect(await refusal(await member.call("DELETE", "/api/contests/no-leaving/teams/mine"))).toEqual([
      409,
      "contest_refuses",
    ]);
    expect(await boardTeams(organiser, "no-leaving")).toHaveLength(1);
  });

  it("is refused for a second team, for a name that is taken and once the contest is over", async () => {
    await comingContest(organiser, "registering", ["teams-sum"]);
    const member = await registered("registering", "Only");
    const again = await member.call("POST", "/api/contests/registering/teams", { name: "Second" });
    expect(await refusal(again)).toEqual([409, "name_taken"]);
    const other = await signedUp();
    const twin = await other.call("POST", "/api/contests/registering/teams", { name: "Only" });
    expect(await refusal(twin)).toEqual([409, "name_taken"]);
    await runningContest(organiser, "over-for-teams", ["teams-sum"], { startAt: 0 });
    const late = await other.call("POST", "/api/contests/over-for-teams/teams", { name: "Late" });
    expect(await refusal(late)).toEqual([409, "contest_not_running"]);
  });
});

describe("the contest's manager", () => {
  beforeAll(() => runningContest(organiser, "managed", ["teams-sum"]));

  const groups = async (list: { id: string | null; name: string }[]): Promise<GroupList["groups"]> => {
    const response = await organiser.call("PUT", "/api/contests/managed/groups", { groups: list });
    return (await response.json<GroupList>()).groups;
  };

  it("renames a team and gives it a group and an organisation, which its board shows", async () => {
    const [north] = await groups([{ id: null, name: "North" }]);
    const group = north?.id ?? "";
    await registered("managed", "Wrnog");
    const { id } = await teamNamed(organiser, "managed", "Wrnog");
    const changed = await organiser.call("PUT", `/api/contests/managed/teams/${id}`, {
      name: "Wrong",
      group,
      organisation: "School of Errors",
      seat: "B12",
    });
    expect(await changed.json<TeamView>()).toMatchObject({ id, name: "Wrong", group, seat: "B12" });
    expect(await boardTeams(organiser, "managed")).toContainEqual({
      id,
      name: "Wrong",
      group,
      organisation: "School of Errors",
    });
  });

  it("changes groups, their names and their order, and removes none that has teams", async () => {
    const before = (await teamsOf(organiser, "managed")).groups;
    const north = before[0]?.id ?? "";
    const [south, , empty] = await groups([
      { id: null, name: "South" },
      { id: north, name: "North" },
      { id: null, name: "Empty" },
    ]);
    const swapped = await groups([
      { id: north, name: "South" },
      { id: south?.id ?? "", name: "North" },
    ]);
    expect(swapped.map(({ id, name, teams }) => [id, name, teams])).toEqual([
      [north, "South", 1],
      [south?.id, "North", 0],
    ]);
    const board = await organiser.get<{ groups: unknown }>("/api/contests/managed/scoreboard");
    expect(board.groups).toEqual(swapped.map(({ id, name }) => ({ id, name })));

    const put = (list: unknown): Promise<Response> =>
      organiser.call("PUT", "/api/contests/managed/groups", { groups: list });
    expect(await refusal(await put([]))).toEqual([400, "invalid_request"]);
    expect(await refusal(await put([{ id: empty?.id, name: "Gone" }]))).toEqual([400, "invalid_request"]);
    const twins = [
      { id: null, name: "Twin" },
      { id: null, name: "twin" },
    ];
    expect(await sentences(await put(twins))).toContain("the same name twice");
    expect((await teamsOf(organiser, "managed")).groups).toHaveLength(2);
  });

  it("keeps the groups when the settings are changed", async () => {
    const { groups: known } = await teamsOf(organiser, "managed");
    const { format, languages, slug, name } = await organiser.get<ContestView>("/api/contests/managed");
    const change = { slug, name: `${name}, changed`, format, languages, problems: ["teams-sum"], limits: {} };
    expect((await organiser.call("PUT", "/api/contests/managed", change)).status).toBe(200);
    const board = await organiser.get<{ groups: unknown }>("/api/contests/managed/scoreboard");
    expect(board.groups).toEqual(known.map(({ id, name: called }) => ({ id, name: called })));
  });

  it("removes a team that has submitted nothing, and no other", async () => {
    await registered("managed", "Idle");
    const busy = await registered("managed", "Busy");
    await submitted(busy, "managed", "teams-sum", null);
    const remove = async (name: string): Promise<Response> =>
      organiser.call(
        "DELETE",
        `/api/contests/managed/teams/${(await teamNamed(organiser, "managed", name)).id}`,
      );
    expect((await remove("Idle")).status).toBe(200);
    expect(await refusal(await remove("Busy"))).toEqual([409, "contest_refuses"]);
    const names = (await boardTeams(organiser, "managed")).map(({ name }) => name);
    expect(names).toContain("Busy");
    expect(names).not.toContain("Idle");
    const { submissions } = await teamNamed(organiser, "managed", "Busy");
    expect(submissions).toBe(1);
  });

  it("adds members and takes them out, but for a team's own login", async () => {
    const sheet = await organiser.post<TeamSheet>(
      "/api/contests/managed/teams/import",
      listOf("Team\nWith login"),
    );
    const { id } = await teamNamed(organiser, "managed", "With login");
    const members = `/api/contests/managed/teams/${id}/members`;
    const helper = await signedUp();
    const added = await organiser.post<TeamView>(members, { username: helper.username });
    expect(added.members.map(({ username }) => username).toSorted()).toEqual([helper.username, "with-login"]);
    const twice = await organiser.call("POST", members, { username: helper.username });
    expect(await refusal(twice)).toEqual([409, "name_taken"]);
    const nobody = await organiser.call("POST", members, { username: "nobody-at-all" });
    expect(await refusal(nobody)).toEqual([404, "not_found"]);

    expect((await organiser.call("DELETE", `${members}/${helper.username}`)).status).toBe(200);
    const gone = await organiser.call("DELETE", `${members}/${helper.username}`);
    expect(await refusal(gone)).toEqual([404, "not_found"]);
    const login = await organiser.call("DELETE", `${members}/${sheet.teams[0]?.username}`);
    expect(await refusal(login)).toEqual([409, "contest_refuses"]);
  });

  it("finds no team of another contest, and no group", async () => {
    await comingContest(organiser, "elsewhere", ["teams-sum"]);
    await registered("elsewhere", "Foreign");
    const { id } = await teamNamed(organiser, "elsewhere", "Foreign");
    for (const [method, path, body] of [
      ["PUT", `teams/${id}`, { name: "Mine now", ...plain }],
      ["DELETE", `teams/${id}`, undefined],
      ["POST", `teams/${id}/password`, undefined],
      ["POST", `teams/${id}/join`, { places: null }],
      ["POST", `teams/${id}/members`, { username: organiser.username }],
    ] as const)
      expect((await organiser.call(method, `/api/contests/managed/${path}`, body)).status, path).toBe(404);

    const group = (await teamsOf(organiser, "managed")).groups[0]?.id ?? "";
    const change = { name: "Foreign", ...plain, group };
    const refused = await organiser.call("PUT", `/api/contests/elsewhere/teams/${id}`, change);
    expect(await refusal(refused)).toEqual([400, "invalid_request"]);
  });

  it("alone changes teams: neither other organisers nor pages of other sites do", async () => {
    const { id } = await teamNamed(organiser, "managed", "Busy");
    const change = { name: "Hijacked", ...plain };
    const other = await signedUp("organiser");
    expect((await other.call("PUT", `/api/contests/managed/teams/${id}`, change)).status).toBe(403);
    expect((await other.call("GET", "/api/contests/managed/teams")).status).toBe(403);
    expect((await new Visitor().call("GET", "/api/contests/managed/teams")).status).toBe(401);
    const foreign = await organiser.call("PUT", `/api/contests/managed/teams/${id}`, change, {
      origin: "https://evil.example",
    });
    expect(await refusal(foreign)).toEqual([403, "wrong_origin"]);
  });
});

describe("a team's login", () => {
  const DAY_MS = 24 * 3_600_000;

  it("stays signed in until its contest is long over, however far away that is", async () => {
    const startAt = Date.now() + 90 * DAY_MS;
    await comingContest(organiser, "far-away", ["teams-sum"], { startAt });
    const { teams } = await organiser.post<TeamSheet>(
      "/api/contests/far-away/teams/import",
      listOf("Team\nPatient"),
    );
    const visitor = new Visitor();
    const [login] = teams;
    const response = await visitor.call("POST", "/api/session", {
      login: login?.username,
      password: login?.password,
    });
    const { account } = await response.json<SessionView>();
    const expires = await bindings.DB.prepare("SELECT expires_at FROM sessions WHERE user = ?")
      .bind(account?.id)
      .first<number>("expires_at");
    const endAt = startAt + 300 * 60_000;
    expect(expires).toBeGreaterThanOrEqual(endAt + DAY_MS);
    const maxAge = Number(/Max-Age=(\d+)/.exec(response.headers.get("set-cookie") ?? "")?.[1]);
    expect(Date.now() + maxAge * 1000).toBeGreaterThanOrEqual(endAt + DAY_MS);
    expect((await teamNamed(organiser, "far-away", "Patient")).signedInAt).not.toBeNull();
  });

  it("gets a new password from the manager, which ends its sessions", async () => {
    const { id, login } = await teamNamed(organiser, "far-away", "Patient");
    const { teams } = await organiser.post<TeamSheet>(`/api/contests/far-away/teams/${id}/password`);
    expect((await teamNamed(organiser, "far-away", "Patient")).signedInAt).toBeNull();
    const visitor = new Visitor();
    await visitor.post("/api/session", { login, password: teams[0]?.password });
    expect((await teamNamed(organiser, "far-away", "Patient")).signedInAt).not.toBeNull();
    await registered("far-away", "On our own");
    const own = await teamNamed(organiser, "far-away", "On our own");
    const none = await organiser.call("POST", `/api/contests/far-away/teams/${own.id}/password`);
    expect(await refusal(none)).toEqual([409, "contest_refuses"]);
  });

  it("takes part for no other team, and leaves no team", async () => {
    const { id, login } = await teamNamed(organiser, "far-away", "Patient");
    const { teams } = await organiser.post<TeamSheet>(`/api/contests/far-away/teams/${id}/password`);
    const visitor = new Visitor();
    await visitor.post("/api/session", { login, password: teams[0]?.password });
    await comingContest(organiser, "not-for-logins", ["teams-sum"]);
    const elsewhere = await visitor.call("POST", "/api/contests/not-for-logins/teams", { name: "Patient" });
    expect(await refusal(elsewhere)).toEqual([409, "contest_refuses"]);
    expect(await boardTeams(organiser, "not-for-logins")).toEqual([]);
    const leaving = await visitor.call("DELETE", "/api/contests/far-away/teams/mine");
    expect(await refusal(leaving)).toEqual([409, "contest_refuses"]);
  });

  it("signs nobody in once its team was removed, and gives its username back", async () => {
    const { id, login } = await teamNamed(organiser, "far-away", "Patient");
    const { teams } = await organiser.post<TeamSheet>(`/api/contests/far-away/teams/${id}/password`);
    expect((await organiser.call("DELETE", `/api/contests/far-away/teams/${id}`)).status).toBe(200);
    const signIn = { login, password: teams[0]?.password };
    expect((await new Visitor().call("POST", "/api/session", signIn)).status).toBe(401);
    const again = await organiser.post<TeamSheet>(
      "/api/contests/far-away/teams/import",
      listOf("Team\nPatient"),
    );
    expect(again.teams[0]?.username).toBe(login);
  });
});
