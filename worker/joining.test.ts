import { beforeAll, describe, expect, it } from "vitest";
import type { TeamSheet } from "../protocol/team-list.ts";
import type { JoinLink, JoinView } from "../protocol/team.ts";
import { ended, registered } from "./contest-testing.ts";
import {
  boardTeams,
  comingContest,
  listOf,
  refusal,
  sentences,
  teamNamed,
  teamsOf,
} from "./teams-testing.ts";
import { publishProblem, runningContest, signedUp, Visitor } from "./testing.ts";

let organiser: Visitor & { username: string };
beforeAll(async () => {
  organiser = await signedUp("organiser");
  await publishProblem(organiser, "join-sum");
});

const contestLink = (contest: string, places: number | null = null): Promise<JoinLink> =>
  organiser.post<JoinLink>(`/api/contests/${contest}/join`, { places });

const join = (visitor: Visitor, { code }: JoinLink, name: string | null): Promise<Response> =>
  visitor.call("POST", `/api/join/${code}`, { name });

describe("a contest's link", () => {
  it("shows everybody where it leads, and brings those who are signed in with a new team", async () => {
    await comingContest(organiser, "join-open", ["join-sum"]);
    const link = await contestLink("join-open");
    const seen = await new Visitor().get<JoinView>(`/api/join/${link.code}`);
    expect(seen).toEqual({
      contest: { slug: "join-open", name: "Contest join-open" },
      team: null,
      refusal: null,
      own: null,
    });
    expect((await join(new Visitor(), link, "Nobody")).status).toBe(401);
    const response = await join(await signedUp(), link, "Joined");
    expect(await response.json<JoinView>()).toMatchObject({ own: "Joined" });
    expect(await boardTeams(organiser, "join-open")).toMatchObject([{ name: "Joined" }]);
  });

  it("needs a name that no other team has", async () => {
    const { link } = await teamsOf(organiser, "join-open");
    const visitor = await signedUp();
    if (link === null) throw new Error("the contest has no link");
    expect(await refusal(await join(visitor, link, null))).toEqual([400, "invalid_request"]);
    expect(await refusal(await join(visitor, link, "Joined"))).toEqual([409, "name_taken"]);
    expect(await refusal(await join(visitor, link, " "))).toEqual([400, "invalid_request"]);
    expect((await join(visitor, link, "Joined too")).status).toBe(201);
  });

  it("brings nobody a second time", async () => {
    const link = await contestLink("join-open");
    const visitor = await registered("join-open", "Here already");
    expect(await sentences(await join(visitor, link, "Again"))).toContain(
      "You are in the team Here already already.",
    );
  });

  it("has as many places as it was given, also when all come at once", async () => {
    await comingContest(organiser, "join-places", ["join-sum"]);
    const link = await contestLink("join-places", 2);
    const visitors = await Promise.all(Array.from({ length: 4 }, () => signedUp()));
    const answers = await Promise.all(visitors.map((visitor, at) => join(visitor, link, `Place ${at}`)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
    expect(await boardTeams(organiser, "join-places")).toHaveLength(2);
    const { refusal: why } = await new Visitor().get<JoinView>(`/api/join/${link.code}`);
    expect(why).toBe("All places of this link are taken.");
  });

  it("brings nobody once it was revoked or another took its place", async () => {
    await comingContest(organiser, "join-revoked", ["join-sum"]);
    const first = await contestLink("join-revoked");
    const second = await contestLink("join-revoked");
    const visitor = await signedUp();
    expect(await sentences(await join(visitor, first, "Old link"))).toContain("was revoked");
    await organiser.call("DELETE", "/api/contests/join-revoked/join");
    expect(await sentences(await join(visitor, second, "Second link"))).toContain("was revoked");
    expect((await teamsOf(organiser, "join-revoked")).link).toBeNull();
    expect(await boardTeams(organiser, "join-revoked")).toEqual([]);
  });

  it("brings nobody once the contest is over", async () => {
    await runningContest(organiser, "join-over", ["join-sum"]);
    const link = await contestLink("join-over");
    await ended(organiser, "join-over");
    expect(await sentences(await join(await signedUp(), link, "Late"))).toContain("The contest is over.");
  });

  it("brings neither the jury nor another team's login", async () => {
    await comingContest(organiser, "join-bound", ["join-sum"]);
    const link = await contestLink("join-bound");
    const juror = await signedUp();
    await organiser.call("PUT", `/api/contests/join-bound/roles/${juror.username}`, { role: "jury" });
    expect(await sentences(await join(juror, link, "Jury"))).toContain("on the contest's jury");
    const { teams } = await organiser.post<TeamSheet>(
      "/api/contests/join-open/teams/import",
      listOf("team\nBound elsewhere"),
    );
    const login = new Visitor();
    await login.post("/api/session", { login: teams[0]?.username, password: teams[0]?.password });
    expect(await sentences(await join(login, link, "Elsewhere"))).toContain("made for one team");
    expect(await boardTeams(organiser, "join-bound")).toEqual([]);
  });

  it("is not there where its code is wrong", async () => {
    expect((await new Visitor().call("GET", "/api/join/no-such-code")).status).toBe(404);
    expect((await (await signedUp()).call("POST", "/api/join/no-such-code", { name: "X" })).status).toBe(404);
  });
});

describe("a team's link", () => {
  it("brings members into the team, as long as it has places", async () => {
    await comingContest(organiser, "join-team", ["join-sum"]);
    await registered("join-team", "Open team");
    const { id } = await teamNamed(organiser, "join-team", "Open team");
    const link = await organiser.post<JoinLink>(`/api/contests/join-team/teams/${id}/join`, { places: 1 });
    const first = await signedUp();
    expect(await first.get<JoinView>(`/api/join/${link.code}`)).toMatchObject({
      team: { name: "Open team", members: [expect.any(String)] },
    });
    expect(await refusal(await join(first, link, "Another name"))).toEqual([400, "invalid_request"]);
    expect((await join(first, link, null)).status).toBe(201);
    const { members } = await teamNamed(organiser, "join-team", "Open team");
    expect(members.map(({ username }) => username)).toContain(first.username);
    expect(await refusal(await join(await signedUp(), link, null))).toEqual([409, "contest_refuses"]);
    expect((await teamNamed(organiser, "join-team", "Open team")).link).toEqual({ ...link, placesLeft: 0 });
  });

  it("goes with its team", async () => {
    await registered("join-team", "Short-lived");
    const { id } = await teamNamed(organiser, "join-team", "Short-lived");
    const link = await organiser.post<JoinLink>(`/api/contests/join-team/teams/${id}/join`, { places: null });
    await organiser.call("DELETE", `/api/contests/join-team/teams/${id}`);
    expect((await join(await signedUp(), link, null)).status).toBe(404);
  });
});
