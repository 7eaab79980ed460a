import { beforeAll, describe, expect, it } from "vitest";
import type { JudgedResult } from "../protocol/contest-format.ts";
import { type ContestEvent, MINUTE_MS } from "../protocol/contest.ts";
import type { ErrorBody } from "../protocol/errors.ts";
import type { Recording } from "../protocol/virtual.ts";
import { bindings, publishProblem, runningContest, signedUp, Visitor } from "./testing.ts";

const start = Date.now() - 600 * MINUTE_MS;

let organiser: Visitor;
const anybody = new Visitor();
beforeAll(async () => {
  organiser = await signedUp("organiser");
  await publishProblem(organiser, "one");
});

/** A contest of five hours that is over, the last hour of it frozen, with two teams in its log. */
async function past(slug: string): Promise<void> {
  await runningContest(organiser, slug, ["one"], { startAt: start });
  for (const team of ["a", "b"]) {
    await logged(slug, -10, { type: "team", team, name: `Team ${team}`, group: null, organisation: null });
  }
}

async function logged(slug: string, minute: number, event: ContestEvent): Promise<void> {
  await bindings.DB.prepare(
    `INSERT INTO contest_events (contest, seq, event, at)
     SELECT c.id, (SELECT MAX(seq) + 1 FROM contest_events WHERE contest = c.id), ?, ? FROM contests c WHERE c.slug = ?`,
  )
    .bind(JSON.stringify(event), start + minute * MINUTE_MS, slug)
    .run();
}

const sent = (slug: string, submission: string, team: string, minute: number): Promise<void> =>
  logged(slug, minute, {
    type: "submission",
    submission,
    team,
    label: "A",
    receivedAt: start + minute * MINUTE_MS,
  });

const judged = (
  slug: string,
  submission: string,
  minute: number,
  verdict: JudgedResult["verdict"],
  round = 1,
): Promise<void> =>
  logged(slug, minute, { type: "judgement", submission, round, verdict, score: null, groups: [] });

const asked = (slug: string, headers?: Record<string, string>): Promise<Response> =>
  anybody.call("GET", `/api/contests/${slug}/recording`, undefined, headers);

describe("the recording of a contest", () => {
  it("is refused before the contest is over, to its organiser too", async () => {
    await runningContest(organiser, "going", ["one"]);
    for (const who of [anybody, organiser]) {
      const response = await who.call("GET", "/api/contests/going/recording");
      expect([response.status, (await response.json<ErrorBody>()).code]).toEqual([409, "contest_refuses"]);
    }
  });

  it("has the contest's rules and teams, and all that was submitted with what became of it", async () => {
    await past("told");
    await sent("told", "s1", "b", 30);
    await judged("told", "s1", 31, "AC");
    const recording = await anybody.get<Recording>("/api/contests/told/recording");
    expect(recording).toMatchObject({
      lengthMs: 300 * MINUTE_MS,
      format: { type: "icpc" },
      problems: [{ label: "A" }],
      teams: [{ name: "Team a" }, { name: "Team b" }],
      boardFrozen: false,
      submissions: [{ team: 1, label: "A", at: 30 * MINUTE_MS, judgements: [{ verdict: "AC" }] }],
    });
  });

  it("and the answer's tag are the same to the byte until the thaw, whatever is judged of what came in the freeze", async () => {
    await past("frozen");
    await sent("frozen", "s1", "a", 250);
    const pending = await asked("frozen");
    const bytes = await pending.text();
    const tag = pending.headers.get("etag") ?? "";
    await judged("frozen", "s1", 251, "AC");
    await judged("frozen", "s1", 500, "WA", 2);
    const solved = await asked("frozen");
    expect(await solved.text()).toBe(bytes);
    expect(solved.headers.get("etag")).toBe(tag);
    expect((await asked("frozen", { "if-none-match": tag })).status).toBe(304);

    await organiser.post("/api/contests/frozen/thaw");
    const thawed = await asked("frozen", { "if-none-match": tag });
    expect(thawed.status).toBe(200);
    expect(await thawed.text()).toContain('"WA"');
  });

  it("is kept by browsers as long as its tag is the same, which proxies may have made weak", async () => {
    await past("kept");
    const tag = (await asked("kept")).headers.get("etag") ?? "";
    const again = await asked("kept", { "if-none-match": `"other", W/${tag}` });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    expect(again.headers.get("cache-control")).toBe("no-cache");
    expect((await asked("kept", { "if-none-match": '"other"' })).status).toBe(200);
  });
});
