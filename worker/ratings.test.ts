import { beforeAll, describe, expect, it } from "vitest";
import * as v from "valibot";
import type { ContestForm } from "../protocol/contest.ts";
import { RatedView, RatingHistory, RatingList } from "../protocol/rating.ts";
import { ended, frozenContest, registered, submitted } from "./contest-testing.ts";
import { accountOf, bindings, publishProblem, runningContest, signedUp, Visitor } from "./testing.ts";

type Named = Visitor & { username: string };

let organiser: Visitor;
let administrator: Visitor;
beforeAll(async () => {
  organiser = await signedUp("organiser");
  administrator = await signedUp("administrator");
  for (const slug of ["sums", "paths"]) await publishProblem(organiser, slug);
});

const ratings = async (): Promise<RatingList["competitors"]> =>
  v.parse(RatingList, await new Visitor().get("/api/ratings")).competitors;

const ratingOf = async ({ username }: Named): Promise<number | undefined> =>
  (await ratings()).find((one) => one.username === username)?.rating;

const bytes = async (path: string): Promise<string> => (await new Visitor().call("GET", path)).text();

/** A contest that runs and is rated; only administrators can still say so. */
async function ratedContest(slug: string, more: Partial<ContestForm> = {}): Promise<void> {
  await runningContest(organiser, slug, ["sums", "paths"], { freezeMinutes: 0, ...more });
  await administrator.post(`/api/contests/${slug}/rated`, { rated: true });
}

describe("whether a contest is rated", () => {
  it("is decided by its owner before the start, and by administrators after it, and noted", async () => {
    await runningContest(organiser, "later", ["sums"], { startAt: Date.now() + 3_600_000 });
    const path = "/api/contests/later/rated";
    expect(v.parse(RatedView, await organiser.get(path))).toEqual({ rated: false, changeable: true });
    expect(await organiser.post(path, { rated: true })).toEqual({ rated: true, changeable: true });
    expect(await new Visitor().get(path)).toEqual({ rated: true, changeable: false });
    await organiser.post("/api/contests/later/times", { type: "start", startAt: "now" });
    expect((await organiser.call("POST", path, { rated: false })).status).toBe(403);
    expect(await administrator.post(path, { rated: false })).toEqual({ rated: false, changeable: true });
    const noted = await bindings.DB.prepare(
      "SELECT data FROM audit_log WHERE action = 'contest.rate' AND subject = 'later' ORDER BY id",
    ).all();
    expect(noted.results).toEqual([{ data: '{"rated":1}' }, { data: '{"rated":0}' }]);
  });

  it("is nobody else's to decide", async () => {
    await runningContest(organiser, "others", ["sums"], { startAt: Date.now() + 3_600_000 });
    for (const visitor of [await signedUp("organiser"), await registered("others", "Cheeky")])
      expect((await visitor.call("POST", "/api/contests/others/rated", { rated: true })).status).toBe(403);
    expect((await organiser.call("POST", "/api/contests/others/rated", { rated: 1 })).status).toBe(400);
  });
});

describe("ratings", () => {
  it("come from the final places of rated contests, for each who took part", async () => {
    await ratedContest("spring");
    const [first, second, idle] = [
      await registered("spring", "First"),
      await registered("spring", "Second"),
      await registered("spring", "Idle"),
    ];
    await submitted(first, "spring", "sums", "AC");
    await submitted(second, "spring", "sums", "WA");
    await ended(organiser, "spring");
    expect(await ratingOf(first)).toBeUndefined();
    await organiser.post("/api/contests/spring/finalise");
    const [won, lost] = [await ratingOf(first), await ratingOf(second)];
    expect(won).toBeGreaterThan(1500);
    expect(lost).toBeLessThan(1500);
    expect(await ratingOf(idle)).toBeUndefined();
    const path = `/api/ratings/${first.username}`;
    const { history } = v.parse(RatingHistory, await new Visitor().get(path));
    expect(history).toMatchObject([
      {
        contest: { slug: "spring", name: "Contest spring" },
        place: 1,
        competitors: 2,
        before: { rating: 1500 },
      },
    ]);
    expect((await new Visitor().call("GET", `/api/ratings/${idle.username}`)).status).toBe(404);
    // Taken back by an administrator, it is as if it had never been.
    await administrator.post("/api/contests/spring/rated", { rated: false });
    expect(await ratingOf(first)).toBeUndefined();
  });

  it("go on from contest to contest, in the order of their ends", async () => {
    const [ana, bia] = [await signedUp(), await signedUp()];
    for (const slug of ["round-1", "round-2"]) {
      await ratedContest(slug);
      await ana.post(`/api/contests/${slug}/teams`, { name: "Ana" });
      await bia.post(`/api/contests/${slug}/teams`, { name: "Bia" });
      await submitted(ana, slug, "sums", "AC");
      await submitted(bia, slug, "sums", "WA");
      await ended(organiser, slug);
    }
    // Finalised in the other order, and read in between: the order of the ends is what counts.
    await organiser.post("/api/contests/round-2/finalise");
    await ratings();
    await organiser.post("/api/contests/round-1/finalise");
    const { history, rating } = v.parse(
      RatingHistory,
      await new Visitor().get(`/api/ratings/${ana.username}`),
    );
    expect(history.map(({ contest }) => contest.slug)).toEqual(["round-1", "round-2"]);
    expect(history[1]?.before).toEqual(history[0]?.after);
    expect(history[1]?.after.rating).toBe(rating);
  });

  it("give each member of a team the team's place", async () => {
    await ratedContest("teams");
    const [captain, rival, mate] = [
      await registered("teams", "Pair"),
      await registered("teams", "Rival"),
      await signedUp(),
    ];
    await bindings.DB.prepare(
      "INSERT INTO team_members (contest, user, team) SELECT contest, ?1, team FROM team_members WHERE user = ?2",
    )
      .bind(await accountOf(mate), await accountOf(captain))
      .run();
    await submitted(captain, "teams", "sums", "AC");
    await submitted(rival, "teams", "sums", "WA");
    await ended(organiser, "teams");
    await organiser.post("/api/contests/teams/finalise");
    expect(await ratingOf(mate)).toBeGreaterThan(1500);
    expect(await ratingOf(mate)).toBe(await ratingOf(captain));
  });

  it("do not change by one byte by a contest that is frozen or not final", async () => {
    await frozenContest(organiser, "polar", ["sums", "paths"]);
    await administrator.post("/api/contests/polar/rated", { rated: true });
    const [bear, fox] = [await registered("polar", "Bear"), await registered("polar", "Fox")];
    const before = await bytes("/api/ratings");
    await submitted(bear, "polar", "sums", "AC");
    await submitted(fox, "polar", "sums", "WA");
    expect(await bytes("/api/ratings")).toBe(before);
    await ended(organiser, "polar");
    expect(await bytes("/api/ratings")).toBe(before);
    // Final, and still frozen for everybody else.
    await organiser.post("/api/contests/polar/finalise");
    expect(await bytes("/api/ratings")).toBe(before);
    await organiser.post("/api/contests/polar/thaw");
    expect(await ratingOf(bear)).toBeGreaterThan(1500);
  });

  it("follow a verdict that is changed after the contest became final", async () => {
    await ratedContest("disputed");
    const [up, down] = [await registered("disputed", "Up"), await registered("disputed", "Down")];
    await submitted(up, "disputed", "sums", "AC");
    const appeal = await submitted(down, "disputed", "sums", "WA");
    await submitted(down, "disputed", "paths", "WA");
    await submitted(down, "disputed", "paths", "AC");
    await ended(organiser, "disputed");
    await organiser.post("/api/contests/disputed/finalise");
    expect(await ratingOf(up)).toBeGreaterThan((await ratingOf(down)) ?? Infinity);
    await organiser.post(`/api/submissions/${appeal}/verdict`, {
      verdict: "AC",
      score: null,
      reason: "The answer was right.",
    });
    expect(await ratingOf(up)).toBeLessThan((await ratingOf(down)) ?? 0);
  });
});
