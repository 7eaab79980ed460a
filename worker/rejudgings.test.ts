import { evictDurableObject } from "cloudflare:test";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Board } from "../protocol/contest.ts";
import type { ErrorBody } from "../protocol/errors.ts";
import type {
  AuditList,
  JuryDetail,
  RejudgingFilter,
  RejudgingForm,
  RejudgingList,
  RejudgingPreview,
  RejudgingView,
} from "../protocol/jury.ts";
import type { LiveAccountMessage, SubmissionDetail, SubmissionView } from "../protocol/submission.ts";
import type { Verdict } from "../protocol/verdict.ts";
import { judgeQueue } from "./env.ts";
import { requeue } from "./objects/leases.ts";
import { writeVerdict } from "./objects/outcomes.ts";
import {
  accepted,
  bindings,
  helloOf,
  judgeSocket,
  leasedSubmission,
  newJudge,
  oneFile,
  publishProblem,
  runningContest,
  says,
  signedUp,
  submissionLease,
  sumPackage,
} from "./testing.ts";

/** Judging a set of submissions anew, apart from what counts. */

type User = Awaited<ReturnType<typeof signedUp>>;

let owner: User;
let team: User;

beforeAll(async () => {
  owner = await signedUp("organiser");
  await publishProblem(owner, "one");
  await publishProblem(owner, "two");
  await runningContest(owner, "open", ["one", "two"]);
});

// Every test has a team of its own: only so many submissions are taken of one account in a minute.
let teams = 0;
async function newTeam(): Promise<User> {
  team = await signedUp();
  await team.post("/api/contests/open/teams", { name: `Team ${++teams}` });
  return team;
}

afterEach(async () => {
  await bindings.DB.exec("DELETE FROM submissions");
  await bindings.DB.exec("DELETE FROM rejudgings");
  await evictDurableObject(judgeQueue(bindings), { webSockets: "close" }).catch(() => undefined);
});

/** A submission that is judged at once. */
async function submitted(
  verdict: Verdict | "failed",
  problem = "one",
  language = "python3",
): Promise<string> {
  const { id } = await team.post<SubmissionView>("/api/submissions", {
    problem,
    contest: "open",
    language,
    ...oneFile("print(3)\n"),
  });
  if (verdict === "failed") {
    for (let attempt = 1; attempt <= 3; attempt++)
      await requeue(bindings, await leasedSubmission("by-hand", [language]), "no validator");
  } else await judged(verdict, language);
  return id;
}

/** Judges the first that waits. */
async function judged(
  verdict: Verdict,
  language = "python3",
  level: "full" | "process" = "full",
): Promise<string> {
  const lease = await leasedSubmission("by-hand", [language], level);
  expect(await writeVerdict(bindings, lease, { ...accepted, verdict, level }, Date.now())).toBe("written");
  return lease.work.submission;
}

const everything: RejudgingFilter = {
  problem: null,
  team: null,
  language: null,
  verdicts: null,
  submissions: null,
};
const formOf = (filter: Partial<RejudgingFilter>): RejudgingForm => ({
  filter: { ...everything, ...filter },
  reason: "test 7 was wrong",
  extent: "all",
});

const rejudge = (filter: Partial<RejudgingFilter> = {}): Promise<RejudgingView> =>
  owner.post<RejudgingView>("/api/contests/open/rejudgings", formOf(filter));
const shown = (id: string) => owner.get<RejudgingView>(`/api/rejudgings/${id}`);
const apply = (id: string) => owner.post<RejudgingView>(`/api/rejudgings/${id}/apply`);
const verdictOf = async (id: string): Promise<Verdict | undefined> =>
  (await team.get<SubmissionDetail>(`/api/submissions/${id}`)).judgement?.verdict;
const events = () => bindings.DB.prepare("SELECT COUNT(*) AS n FROM contest_events").first<number>("n");
const refused = async (response: Response) => [response.status, (await response.json<ErrorBody>()).code];

async function solved(): Promise<boolean[]> {
  const board = await team.get<Board>("/api/contests/open/scoreboard");
  const id = board.teams.find(({ name }) => name === `Team ${teams}`)?.id;
  return board.cells.filter((cell) => cell.team === id).map(({ solvedAt }) => solvedAt !== null);
}

describe("choosing", () => {
  it("counts what matches all that is given, without judging it", async () => {
    await newTeam();
    const wrong = await submitted("WA");
    await submitted("AC");
    await submitted("WA", "two", "c");
    const failed = await submitted("failed");
    const count = async (filter: Partial<RejudgingFilter>) =>
      (await owner.post<RejudgingPreview>("/api/contests/open/rejudgings?preview", formOf(filter))).count;
    const teamId = await bindings.DB.prepare("SELECT team FROM submissions LIMIT 1").first<string>("team");
    expect(await count({})).toBe(4);
    expect(await count({ problem: "A" })).toBe(3);
    expect(await count({ language: "c" })).toBe(1);
    expect(await count({ verdicts: ["WA"] })).toBe(2);
    expect(await count({ verdicts: ["WA"], problem: "A" })).toBe(1);
    expect(await count({ verdicts: ["failed"] })).toBe(1);
    expect(await count({ verdicts: ["AC", "failed"] })).toBe(2);
    expect(await count({ submissions: [wrong, failed, "other"] })).toBe(2);
    expect([await count({ team: teamId }), await count({ team: "none" })]).toEqual([4, 0]);
    expect((await owner.get<RejudgingList>("/api/contests/open/rejudgings")).rejudgings).toEqual([]);
    const nothing = await owner.call("POST", "/api/contests/open/rejudgings", formOf({ team: "none" }));
    expect(await refused(nothing)).toEqual([400, "invalid_request"]);
  });
});

describe("a rejudging", () => {
  it("changes nothing until it is applied; then the new verdicts count, with an event for each change", async () => {
    await newTeam();
    const [a, b, c] = [await submitted("WA"), await submitted("AC", "two"), await submitted("WA", "two")];
    const before = await events();
    const { id, state, total } = await rejudge();
    expect([state, total]).toEqual(["judging", 3]);
    expect(await refused(await owner.call("POST", `/api/rejudgings/${id}/apply`))).toEqual([
      409,
      "not_finished",
    ]);
    expect([await judged("AC"), await judged("WA"), await judged("WA")]).toEqual([a, b, c]);
    const ready = await shown(id);
    expect(ready).toMatchObject({ state: "ready", total: 3, done: 3, failed: 0 });
    expect(ready.matrix).toEqual([
      { from: "WA", to: "AC", count: 1 },
      { from: "AC", to: "WA", count: 1 },
      { from: "WA", to: "WA", count: 1 },
    ]);
    expect(ready.changes.map(({ submission, label, from, to }) => [submission, label, from, to])).toEqual([
      [a, "A", "WA", "AC"],
      [b, "B", "AC", "WA"],
    ]);
    expect([await verdictOf(a), await verdictOf(b), await events()]).toEqual(["WA", "AC", before]);
    expect(await solved()).toEqual([false, true]);

    const applied = await apply(id);
    expect(applied).toEqual({ ...ready, state: "applied" });
    expect([await verdictOf(a), await verdictOf(b), await verdictOf(c)]).toEqual(["AC", "WA", "WA"]);
    expect([await events(), await solved()]).toEqual([(before ?? 0) + 2, [true, false]]);
    expect((await owner.get<JuryDetail>(`/api/submissions/${a}/jury`)).rounds).toMatchObject([
      { round: 1, standing: "counts" },
      { round: 2, standing: "counts" },
    ]);

    // Once more changes nothing.
    expect(await apply(id)).toEqual(applied);
    expect(await events()).toBe((before ?? 0) + 2);
    expect(await refused(await owner.call("POST", `/api/rejudgings/${id}/cancel`))).toEqual([
      409,
      "not_finished",
    ]);
    const { entries } = await owner.get<AuditList>("/api/contests/open/audit");
    expect(entries.filter(({ subject }) => subject === id).map(({ action }) => action)).toEqual([
      "rejudging.apply",
      "rejudging.create",
    ]);
  });

  it("applied by two at once is applied once", async () => {
    await newTeam();
    const a = await submitted("WA");
    const { id } = await rejudge();
    await judged("AC");
    const before = (await events()) ?? 0;
    await Promise.all([apply(id), apply(id)]);
    expect([await events(), await verdictOf(a)]).toEqual([before + 1, "AC"]);
  });

  it("is judged by the package as it is now, over as many tests as were asked for", async () => {
    await newTeam();
    await submitted("WA", "two");
    const uuid = await bindings.DB.prepare("SELECT uuid FROM problems WHERE slug = 'two'").first<string>(
      "uuid",
    );
    const zip = sumPackage("two", {
      "problem.yaml": `problem_format_version: 2025-09
name: {en: Two, pt: Dois}
uuid: ${uuid}
license: cc by-sa
credits: A. Teacher
limits: {time_limit: 1}
`,
    });
    const { hash } = await owner.post<{ hash: string }>("/api/problems?name=two.zip", zip);
    await rejudge();
    expect((await leasedSubmission("j")).work).toMatchObject({ package: hash, extent: "all", round: 2 });
  });

  it("tells authors nothing before it is applied, and then how their submission stands", async () => {
    await newTeam();
    const a = await submitted("WA");
    const page = await team.socket("/live/me");
    const { token } = await newJudge("r-quiet");
    const judge = await judgeSocket(token);
    judge.send(helloOf("r-quiet"));
    const { id } = await rejudge();
    const { lease } = await submissionLease(judge);
    judge.send({ type: "progress", lease, done: 1, total: 2 });
    const meanwhile = await team.get<SubmissionDetail>(`/api/submissions/${a}`);
    expect(meanwhile).toMatchObject({ state: "judged", judgement: { verdict: "WA", round: 1 } });
    judge.send({ type: "result", lease, outcome: accepted });
    await judge.next(says("settled"));
    await apply(id);
    const heard: string[] = [];
    await page.next((message): message is LiveAccountMessage => {
      const live = message as LiveAccountMessage;
      heard.push(live.type === "submission" ? `${live.submission.judgement?.verdict}` : live.type);
      return live.type === "submission" && live.submission.judgement?.verdict === "AC";
    });
    expect(heard).toEqual(["AC"]);
  });

  it("retries judging errors: those that fail again keep what they have", async () => {
    await newTeam();
    const [mended, broken] = [await submitted("failed"), await submitted("failed", "two")];
    const { id } = await rejudge({ verdicts: ["failed"] });
    expect(await judged("AC")).toBe(mended);
    for (let attempt = 1; attempt <= 3; attempt++)
      await requeue(bindings, await leasedSubmission("by-hand"), "still no validator");
    const ready = await shown(id);
    expect(ready).toMatchObject({ state: "ready", total: 2, done: 2, failed: 1 });
    expect(ready.matrix).toEqual([{ from: null, to: "AC", count: 1 }]);
    await apply(id);
    expect([await verdictOf(mended), await verdictOf(broken)]).toEqual(["AC", undefined]);
  });

  it("lets a verdict stand that was given by hand while it was judged", async () => {
    await newTeam();
    const a = await submitted("WA");
    const { id } = await rejudge();
    await judged("RTE");
    await owner.post(`/api/submissions/${a}/verdict`, { verdict: "AC", score: null, reason: "by eye" });
    expect((await shown(id)).changes).toEqual([]);
    await apply(id);
    expect([await verdictOf(a), await solved()]).toEqual(["AC", [true]]);
  });

  it("never puts a provisional verdict over an official one", async () => {
    await newTeam();
    const a = await submitted("AC");
    await bindings.DB.exec("UPDATE judgements SET level = 'process'");
    const { id } = await rejudge();
    await judged("WA", "python3", "process");
    await bindings.DB.exec("UPDATE judgements SET level = 'full' WHERE round = 1");
    expect((await apply(id)).changes).toEqual([]);
    expect(await verdictOf(a)).toBe("AC");
  });

  it("that is cancelled leaves no trace in what counts: what waits is gone, what is judged ends as stale", async () => {
    await newTeam();
    const [a] = [await submitted("WA"), await submitted("WA", "two")];
    const { id } = await rejudge();
    const leased = await leasedSubmission("by-hand");
    const cancelled = await owner.post<RejudgingView>(`/api/rejudgings/${id}/cancel`);
    expect(cancelled).toMatchObject({ state: "cancelled", total: 2, done: 0 });
    expect(await writeVerdict(bindings, leased, accepted, 1)).toBe("stale");
    await expect(leasedSubmission("by-hand")).rejects.toThrow("no submission");
    expect([
      await verdictOf(a),
      (await owner.get<JuryDetail>(`/api/submissions/${a}/jury`)).rounds.length,
    ]).toEqual(["WA", 1]);
    expect(await refused(await owner.call("POST", `/api/rejudgings/${id}/apply`))).toEqual([
      409,
      "not_finished",
    ]);
  });

  it("is for the jury of its contest only", async () => {
    await newTeam();
    const a = await submitted("WA");
    const { id } = await rejudge();
    const other = await signedUp("organiser");
    for (const who of [other, team]) {
      expect(await refused(await who.call("POST", "/api/contests/open/rejudgings", formOf({})))).toEqual([
        403,
        "forbidden",
      ]);
      expect(
        await refused(await who.call("POST", "/api/contests/open/rejudgings?preview", formOf({}))),
      ).toEqual([403, "forbidden"]);
      expect(await refused(await who.call("GET", `/api/rejudgings/${id}`))).toEqual([404, "not_found"]);
      expect(await refused(await who.call("POST", `/api/rejudgings/${id}/apply`))).toEqual([
        404,
        "not_found",
      ]);
      expect(await refused(await who.call("POST", `/api/rejudgings/${id}/cancel`))).toEqual([
        404,
        "not_found",
      ]);
    }
    expect([await verdictOf(a), (await shown(id)).state]).toEqual(["WA", "judging"]);
  });
});
