import { beforeAll, describe, expect, it } from "vitest";
import type { TeamListPreview, TeamSheet } from "../protocol/team-list.ts";
import type { NewTeam } from "../protocol/team.ts";
import { registered } from "./contest-testing.ts";
import {
  boardTeams,
  comingContest,
  listOf,
  refusal,
  sentences,
  teamNamed,
  teamsOf,
} from "./teams-testing.ts";
import { accountOf, bindings, publishProblem, signedUp, Visitor } from "./testing.ts";

let organiser: Visitor & { username: string };
beforeAll(async () => {
  organiser = await signedUp("organiser");
  await publishProblem(organiser, "import-sum");
});

const importing = (contest: string, text: string): Promise<Response> =>
  organiser.call("POST", `/api/contests/${contest}/teams/import`, listOf(text));

const accounts = (): Promise<number | null> =>
  bindings.DB.prepare("SELECT COUNT(*) AS n FROM users").first<number>("n");

const signIn = (login: string | undefined, password: string | undefined): Promise<Response> =>
  new Visitor().call("POST", "/api/session", { login, password });

describe("a list that is previewed", () => {
  it("makes nothing, and its usernames are those that importing makes", async () => {
    await comingContest(organiser, "previewed", ["import-sum"]);
    const list = listOf("Team;School\nÁgua e Óleo;Norte\nOs Ímpares;Sul\n");
    const before = await accounts();
    const preview = await organiser.post<TeamListPreview>("/api/contests/previewed/teams/preview", list);
    expect(preview.rows.map(({ name, organisation, username }) => [name, organisation, username])).toEqual([
      ["Água e Óleo", "Norte", "agua-e-oleo"],
      ["Os Ímpares", "Sul", "os-impares"],
    ]);
    expect(await accounts()).toBe(before);
    const sheet = await organiser.post<TeamSheet>("/api/contests/previewed/teams/import", list);
    expect(sheet.teams.map(({ username }) => username)).toEqual(preview.rows.map(({ username }) => username));
  });

  it("tells what is taken by the contest and by the site", async () => {
    const taken = await signedUp();
    const text = `team,username\nÁgua e óleo,fresh-one\nNew,${taken.username.toUpperCase()}\n`;
    const { problems, importable } = await organiser.post<TeamListPreview>(
      "/api/contests/previewed/teams/preview",
      listOf(text),
    );
    expect(problems.map(({ code, line }) => [code, line])).toEqual([
      ["name_taken", 2],
      ["username_taken", 3],
    ]);
    expect(importable).toBe(false);
  });
});

describe("a list that is imported", () => {
  it("brings teams with all that it says of them, whose logins sign in", async () => {
    await comingContest(organiser, "imported", ["import-sum"]);
    await organiser.call("PUT", "/api/contests/imported/groups", { groups: [{ id: null, name: "North" }] });
    const text =
      "team\tgroup\tschool\tmember 1\tmember 2\tseat\tICPC ID\nReds\tNorth\tSchool 7\tAna\tBo\tA1\t77\nBlues\t\t\t\t\t\t\n";
    const sheet = await (await importing("imported", text)).json<TeamSheet>();
    expect(sheet.made).toBe(2);
    const reds = await teamNamed(organiser, "imported", "Reds");
    const { groups } = await teamsOf(organiser, "imported");
    expect(reds).toMatchObject({
      group: groups[0]?.id,
      organisation: "School 7",
      people: ["Ana", "Bo"],
      seat: "A1",
      icpcId: "77",
      login: "reds",
      signedInAt: null,
    });
    expect(await boardTeams(organiser, "imported")).toMatchObject([
      { name: "Blues", group: null, organisation: null },
      { name: "Reds", group: groups[0]?.id, organisation: "School 7" },
    ]);
    for (const { username, password } of sheet.teams)
      expect((await signIn(username, password)).status, username).toBe(200);
    expect((await signIn("reds", `${sheet.teams[0]?.password}x`)).status).toBe(401);
    expect((await teamNamed(organiser, "imported", "Reds")).signedInAt).not.toBeNull();
  });

  it("takes the passwords that it gives, and repeats none of them where it is refused", async () => {
    await comingContest(organiser, "own-passwords", ["import-sum"]);
    const text = "team,password\nGiven,correct horse battery\nMade,\n";
    const sheet = await (await importing("own-passwords", text)).json<TeamSheet>();
    expect(sheet.teams.map(({ password }) => password === "correct horse battery")).toEqual([true, false]);
    expect((await signIn("given", "correct horse battery")).status).toBe(200);
    const refused = await importing("own-passwords", "team,password\nShort,hunter2\n");
    expect(await sentences(refused)).not.toContain("hunter2");
  });

  it("is made whole or not at all, and says what is wrong by line", async () => {
    await comingContest(organiser, "all-or-nothing", ["import-sum"]);
    const before = await accounts();
    const refused = await importing("all-or-nothing", "team\nGood\nGood\n");
    expect(refused.status).toBe(400);
    expect(await sentences(refused)).toContain('line 3: "Good" is in the list already.');
    expect((await teamsOf(organiser, "all-or-nothing")).teams).toEqual([]);
    expect(await accounts()).toBe(before);
  });

  it("makes nothing twice when it comes twice at the same moment", async () => {
    await comingContest(organiser, "at-once", ["import-sum"]);
    const text = "team\nFast One\nFast Two\n";
    const answers = await Promise.all([importing("at-once", text), importing("at-once", text)]);
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect((await teamsOf(organiser, "at-once")).teams).toHaveLength(2);
    expect(await boardTeams(organiser, "at-once")).toHaveLength(2);
  });

  it("may fill a contest with 500 teams, and no more", async () => {
    await comingContest(organiser, "crowded", ["import-sum"]);
    await registered("crowded", "The first");
    const lines = Array.from({ length: 500 }, (_, at) => `Crowd ${at}`);
    const refused = await importing("crowded", ["team", ...lines].join("\n"));
    expect(await sentences(refused)).toContain("line 501: The contest has room for 499 more teams");
    const sheet = await (
      await importing("crowded", ["team", ...lines.slice(1)].join("\n"))
    ).json<TeamSheet>();
    expect(sheet.made).toBe(499);
    const seqs = await bindings.DB.prepare(
      `SELECT COUNT(*) AS n, COUNT(DISTINCT seq) AS seqs, MAX(seq) AS last FROM contest_events
       WHERE contest = (SELECT id FROM contests WHERE slug = 'crowded')`,
    ).first<{ n: number; seqs: number; last: number }>();
    // The contest itself, the team that registered, and these.
    expect(seqs).toEqual({ n: 501, seqs: 501, last: 501 });
    expect(await boardTeams(organiser, "crowded")).toHaveLength(500);
    const last = sheet.teams.at(-1);
    expect((await signIn(last?.username, last?.password)).status).toBe(200);
  });

  it("is noted with its number of teams and without any password", async () => {
    await comingContest(organiser, "noted", ["import-sum"]);
    const { teams } = await (await importing("noted", "team\nNoted\n")).json<TeamSheet>();
    const rows = await bindings.DB.prepare(
      "SELECT actor, data FROM audit_log WHERE action = 'team.import' AND subject = 'noted'",
    ).all<{ actor: string; data: string }>();
    expect(rows.results).toEqual([{ actor: await accountOf(organiser), data: '{"teams":1}' }]);
    expect(JSON.stringify(rows.results)).not.toContain(teams[0]?.password);
  });

  it("brings logins that have no credits to spend", async () => {
    await comingContest(organiser, "no-credits", ["import-sum"]);
    await importing("no-credits", "team\nPenniless\n");
    const balance = await bindings.DB.prepare(
      `SELECT a.balance FROM ledger_accounts a JOIN users u ON u.id = a.user
       WHERE u.username = 'penniless' AND a.kind = 'user'`,
    ).first<number>("balance");
    expect(balance).toBe(0);
  });

  it("is the manager's alone to bring", async () => {
    const other = await signedUp("organiser");
    for (const path of ["preview", "import"]) {
      const response = await other.call("POST", `/api/contests/imported/teams/${path}`, listOf("team\nX\n"));
      expect(await refusal(response)).toEqual([403, "forbidden"]);
    }
  });
});

describe("one team by hand", () => {
  const form = (changes: Partial<NewTeam>): NewTeam => ({
    name: "By hand",
    group: null,
    organisation: null,
    seat: null,
    people: [],
    username: null,
    password: null,
    email: null,
    ...changes,
  });
  const add = (changes: Partial<NewTeam>): Promise<Response> =>
    organiser.call("POST", "/api/contests/by-hand/teams/new", form(changes));

  beforeAll(() => comingContest(organiser, "by-hand", ["import-sum"]));

  it("gets a username of its name and a password, whatever separates elsewhere stands in its name", async () => {
    const name = 'Ana, Bo; "the rest"';
    const sheet = await (await add({ name, people: ["Ana", "Bo"] })).json<TeamSheet>();
    const [made] = sheet.teams;
    expect(made).toMatchObject({ name, username: "ana-bo-the-rest" });
    expect((await signIn(made?.username, made?.password)).status).toBe(200);
    expect((await teamNamed(organiser, "by-hand", name)).people).toEqual(["Ana", "Bo"]);
  });

  it("is called as it wants, also like an e-mail address", async () => {
    const sheet = await (await add({ name: "we@example.com", username: "the-mailers" })).json<TeamSheet>();
    expect(sheet.teams[0]).toMatchObject({ name: "we@example.com", username: "the-mailers" });
  });

  it("is refused for a name or a username that is taken, and for a group that is not there", async () => {
    expect((await add({ name: "Unique" })).status).toBe(201);
    expect(await refusal(await add({ name: "unique" }))).toEqual([400, "invalid_request"]);
    expect(await refusal(await add({ name: "Other", username: organiser.username }))).toEqual([
      409,
      "name_taken",
    ]);
    expect(await refusal(await add({ name: "Other", group: "none" }))).toEqual([400, "invalid_request"]);
    expect((await teamsOf(organiser, "by-hand")).teams.map(({ name }) => name)).not.toContain("Other");
  });
});
