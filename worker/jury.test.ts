import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Board } from "../protocol/contest.ts";
import type { ErrorBody } from "../protocol/errors.ts";
import type { AuditList, JuryDetail, JurySubmissionList } from "../protocol/jury.ts";
import type { SubmissionDetail, SubmissionView } from "../protocol/submission.ts";
import type { Verdict } from "../protocol/verdict.ts";
import { queueOfficialRounds } from "./objects/leases.ts";
import { writeVerdict } from "./objects/outcomes.ts";
import {
  accepted,
  bindings,
  leasedSubmission,
  oneFile,
  publishProblem,
  runningContest,
  signedUp,
  type Visitor,
} from "./testing.ts";

/** What those who manage a contest see of its submissions, and verdicts by hand. */

type User = Awaited<ReturnType<typeof signedUp>>;

let owner: User;
let administrator: User;
let other: User;
const teams: User[] = [];

beforeAll(async () => {
  [owner, administrator, other] = [
    await signedUp("organiser"),
    await signedUp("administrator"),
    await signedUp("organiser"),
  ];
  await publishProblem(owner, "one");
  await publishProblem(owner, "two");
  await runningContest(owner, "open", ["one", "two"]);
  for (const name of ["Alpha", "Beta"]) {
    const team = await signedUp();
    await team.post("/api/contests/open/teams", { name });
    teams.push(team);
  }
});

afterEach(async () => {
  await bindings.DB.exec("DELETE FROM submissions");
});

const [alpha, beta] = [() => teamAt(0), () => teamAt(1)];
function teamAt(index: number): User {
  const team = teams[index];
  if (!team) throw new Error("no such team");
  return team;
}

const submit = (who: Visitor, problem = "one", contest: string | null = "open"): Promise<SubmissionView> =>
  who.post<SubmissionView>("/api/submissions", {
    problem,
    ...(contest !== null && { contest }),
    language: "python3",
    ...oneFile("print(3)\n"),
  });

/** Judges the first waiting submission. */
async function judged(verdict: Verdict, level: "full" | "process" = "full"): Promise<void> {
  const lease = await leasedSubmission("by-hand", ["python3"], level);
  expect(await writeVerdict(bindings, lease, { ...accepted, verdict, level }, Date.now())).toBe("written");
}

const listed = async (query = "", who: Visitor = owner): Promise<JurySubmissionList> =>
  who.get<JurySubmissionList>(`/api/contests/open/submissions${query}`);

const refused = async (response: Response) => [response.status, (await response.json<ErrorBody>()).code];

describe("the jury's list", () => {
  it("has every submission of the contest, newest first, by its filters", async () => {
    const first = await submit(alpha());
    await judged("WA");
    const second = await submit(beta(), "two");
    await judged("AC");
    const third = await submit(alpha(), "two");
    await bindings.DB.prepare(
      "UPDATE rounds SET state = 'failed', failure = 'no validator' WHERE submission = ?",
    )
      .bind(third.id)
      .run();
    await submit(alpha(), "one", null);
    const ids = async (query: string) => (await listed(query)).submissions.map(({ id }) => id);
    const all = await listed();
    expect(all.submissions.map(({ id }) => id)).toEqual([third.id, second.id, first.id]);
    expect(all.submissions[0]).toMatchObject({
      roundState: "failed",
      failure: "no validator",
      state: "judging",
      team: { name: "Alpha" },
    });
    const alphaId = all.teams.find(({ name }) => name === "Alpha")?.id ?? "";
    expect(await ids("?problem=B")).toEqual([third.id, second.id]);
    expect(await ids(`?team=${alphaId}&problem=A`)).toEqual([first.id]);
    expect(await ids("?language=c")).toEqual([]);
    expect(await ids("?verdict=WA")).toEqual([first.id]);
    expect(await ids("?state=failed")).toEqual([third.id]);
    for (const query of ["?verdict=XX", "?state=lost", "?before=yesterday", "?verdict=WA&state=failed"])
      expect(await refused(await owner.call("GET", `/api/contests/open/submissions${query}`))).toEqual([
        400,
        "invalid_request",
      ]);
  });

  it("comes in pages that neither repeat nor leave out, also among those of one moment", async () => {
    const { id } = await submit(alpha());
    await bindings.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 119)
       INSERT INTO submissions (id, user, problem, contest, team, language, bytes, submitted_at, contest_time_ms)
       SELECT printf('page-%03d', i), s.user, s.problem, s.contest, s.team, s.language, 1, s.submitted_at - i / 100, 0
       FROM n, submissions s WHERE s.id = ?`,
    )
      .bind(id)
      .run();
    await bindings.DB.exec(
      "INSERT INTO rounds (submission, round, package_hash, state, priority, queued_at) SELECT id, 1, 'x', 'queued', 0, 0 FROM submissions WHERE id LIKE 'page-%'",
    );
    const seen: string[] = [];
    for (let next: string | null = ""; next !== null;) {
      const page: JurySubmissionList = await listed(next === "" ? "" : `?before=${next}`);
      seen.push(...page.submissions.map((one) => one.id));
      next = page.next;
    }
    expect([seen.length, new Set(seen).size]).toEqual([120, 120]);
  });

  it("is for the contest's owner and administrators only, and so is everything about a contest", async () => {
    expect((await listed("", administrator)).submissions).toEqual([]);
    for (const path of ["submissions", "rejudgings", "audit"])
      for (const who of [other, alpha()])
        expect(await refused(await who.call("GET", `/api/contests/open/${path}`))).toEqual([
          403,
          "forbidden",
        ]);
  });
});

describe("a verdict by hand", () => {
  const override = (id: string, verdict: Verdict, who: Visitor = owner, score: number | null = null) =>
    who.call("POST", `/api/submissions/${id}/verdict`, { verdict, score, reason: "the statement was wrong" });

  let team: User;
  let names = 0;
  beforeEach(async () => {
    team = await signedUp();
    await team.post("/api/contests/open/teams", { name: `Team ${++names}` });
  });

  const cell = async () => {
    const { teams: all, cells } = await team.get<Board>("/api/contests/open/scoreboard");
    const id = all.find(({ name }) => name === `Team ${names}`)?.id;
    return cells.find((one) => one.team === id);
  };

  it("is a round of its own that counts, on the page, on the scoreboard and in the log", async () => {
    const { id } = await submit(team);
    await judged("WA");
    expect(await cell()).toMatchObject({ attempts: 1, solvedAt: null });
    const detail = await (await override(id, "AC")).json<JuryDetail>();
    expect(detail.round).toBe(2);
    expect(detail.rounds).toMatchObject([
      { round: 1, judgement: { verdict: "WA" }, override: null, judge: "by-hand" },
      {
        round: 2,
        state: "judged",
        standing: "counts",
        judge: null,
        judgement: { verdict: "AC" },
        override: { by: owner.username, reason: "the statement was wrong" },
      },
    ]);
    expect(await team.get<SubmissionDetail>(`/api/submissions/${id}`)).toMatchObject({
      state: "judged",
      judgement: { verdict: "AC", round: 2 },
      runs: [],
    });
    expect((await cell())?.solvedAt).not.toBeNull();
    const { entries } = await owner.get<AuditList>("/api/contests/open/audit");
    expect(entries[0]).toMatchObject({
      actor: owner.username,
      action: "submission.override",
      subject: id,
      data: { round: 2, verdict: "AC", reason: "the statement was wrong" },
    });
    // The runs of the round before are still there for the jury.
    expect((await owner.get<JuryDetail>(`/api/submissions/${id}/jury?round=1`)).runs).toHaveLength(2);
  });

  it("resolves a judging error", async () => {
    const { id } = await submit(team);
    await bindings.DB.prepare("UPDATE rounds SET state = 'failed' WHERE submission = ?").bind(id).run();
    await override(id, "RTE", administrator);
    expect(await team.get<SubmissionDetail>(`/api/submissions/${id}`)).toMatchObject({
      state: "judged",
      judgement: { verdict: "RTE" },
    });
  });

  it("stands when a judge that was still at work comes with another, and is not judged officially again", async () => {
    const { id } = await submit(team);
    const late = await leasedSubmission("late");
    await override(id, "AC");
    expect(await writeVerdict(bindings, late, { ...accepted, verdict: "WA" }, Date.now())).toBe("written");
    expect((await team.get<SubmissionDetail>(`/api/submissions/${id}`)).judgement?.verdict).toBe("AC");
    expect((await cell())?.solvedAt).not.toBeNull();
    await queueOfficialRounds(bindings, ["python3"], 1);
    expect((await owner.get<JuryDetail>(`/api/submissions/${id}/jury`)).rounds).toHaveLength(2);
  });

  it("may be given twice at once: both are kept, as rounds of their own", async () => {
    const { id } = await submit(team);
    await judged("WA");
    const answers = await Promise.all([override(id, "AC"), override(id, "RTE", administrator)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const { rounds } = await owner.get<JuryDetail>(`/api/submissions/${id}/jury`);
    expect(rounds.map(({ round }) => round)).toEqual([1, 2, 3]);
  });

  it("needs a reason, a verdict that there is, and no points where there are none", async () => {
    const { id } = await submit(team);
    for (const body of [
      { verdict: "AC", score: null, reason: " " },
      { verdict: "JE", score: null, reason: "x" },
      { verdict: "AC", score: 3, reason: "x" },
    ])
      expect(await refused(await owner.call("POST", `/api/submissions/${id}/verdict`, body))).toEqual([
        400,
        "invalid_request",
      ]);
    expect((await owner.get<JuryDetail>(`/api/submissions/${id}/jury`)).rounds).toHaveLength(1);
  });

  it("is given for practice by the problem's owner, and shown in the list of problems", async () => {
    const { id } = await submit(team, "one", null);
    await judged("WA");
    expect(await refused(await override(id, "AC", other))).toEqual([404, "not_found"]);
    expect((await override(id, "AC")).status).toBe(200);
    const { problems } = await team.get<{ problems: { slug: string; mine: string; solvedBy: number }[] }>(
      "/api/problems",
    );
    expect(problems.find(({ slug }) => slug === "one")).toMatchObject({ mine: "solved", solvedBy: 1 });
  });
});
