import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Board } from "../protocol/contest.ts";
import type { Outcome } from "../protocol/judge.ts";
import type { SubmissionDetail, SubmissionView } from "../protocol/submission.ts";
import { judgeQueue } from "./env.ts";
import { isLocalhost } from "./objects/judge-socket.ts";
import { queueOfficialRounds } from "./objects/leases.ts";
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
  Visitor,
  type Socket,
} from "./testing.ts";

/** What a judge of level `process` may do, and how its verdicts make way for official ones. */

const provisional = { ...accepted, level: "process" as const };
const LOCAL = "http://localhost:8787";

let team: Awaited<ReturnType<typeof signedUp>>;

beforeAll(async () => {
  const organiser = await signedUp("organiser");
  await publishProblem(organiser, "sum");
  team = await signedUp();
  for (const slug of ["open", "again"]) {
    await runningContest(organiser, slug, ["sum"]);
    await team.post(`/api/contests/${slug}/teams`, { name: "The Sums" });
  }
});

// A queue that every test finds empty: nothing waits, nothing is leased, no provisional verdict, no judge.
afterEach(async () => {
  await bindings.DB.exec(
    "UPDATE rounds SET state = 'failed', lease = NULL WHERE state IN ('queued', 'leased')",
  );
  await bindings.DB.exec("DELETE FROM judgements WHERE level = 'process'");
  await evictDurableObject(judgeQueue(bindings), { webSockets: "close" }).catch(() => undefined);
});

const submit = (contest?: string): Promise<SubmissionView> =>
  team.post<SubmissionView>("/api/submissions", {
    problem: "sum",
    contest,
    language: "python3",
    ...oneFile("print(3)\n"),
  });

async function connect(name: string, level: "full" | "process"): Promise<Socket> {
  const socket = await judgeSocket((await newJudge(name)).token, LOCAL);
  socket.send(helloOf(name, { level }));
  await socket.next(says("welcome"));
  return socket;
}

async function judge(socket: Socket, outcome: Outcome): Promise<{ submission: string; round: number }> {
  const lease = await submissionLease(socket);
  socket.send({ type: "result", lease: lease.lease, outcome });
  await socket.next(says("settled"));
  return { submission: lease.submission, round: lease.round };
}

const shown = ({ id }: SubmissionView) => team.get<SubmissionDetail>(`/api/submissions/${id}`);

interface RoundRow {
  round: number;
  state: string;
  attempt: number;
  failure: string | null;
}

const roundsOf = async ({ id }: SubmissionView): Promise<RoundRow[]> => {
  const rows = bindings.DB.prepare("SELECT * FROM rounds WHERE submission = ? ORDER BY round").bind(id);
  return (await rows.all<RoundRow>()).results;
};

const rejudge = ({ id }: SubmissionView, round: number) =>
  bindings.DB.prepare(
    `INSERT INTO rounds (submission, round, package_hash, state, priority, queued_at)
     SELECT submission, ?2, package_hash, 'queued', 0, 0 FROM rounds WHERE submission = ?1 AND round = 1`,
  )
    .bind(id, round)
    .run();

describe("a judge without isolation", () => {
  it("judges for a site at localhost, and its verdicts are shown with their level", async () => {
    const submission = await submit();
    await judge(await connect("p-local", "process"), provisional);
    expect(await shown(submission)).toMatchObject({
      state: "judged",
      judgement: { verdict: "AC", level: "process", round: 1 },
    });
  });

  it("is refused, with the reason, by a site that it reaches at another address", async () => {
    const submission = await submit();
    const socket = await judgeSocket((await newJudge("p-remote")).token, "https://judge.example.org");
    socket.send(helloOf("p-remote", { level: "process" }));
    expect((await socket.next(says("refused"))).message).toMatch(/level process isolates nothing.*localhost/);
    expect((await socket.closed).code).toBe(4000);
    expect(await roundsOf(submission)).toMatchObject([{ state: "queued", attempt: 0 }]);
  });

  it("is told from one at localhost by its own connection, not by another's", async () => {
    await connect("p-near", "process");
    const socket = await judgeSocket((await newJudge("p-far")).token);
    socket.send(helloOf("p-far", { level: "process" }));
    await socket.next(says("refused"));
  });

  it("stays a local one when the queue has slept", async () => {
    const { token } = await newJudge("p-slept");
    const socket = await judgeSocket(token, LOCAL);
    await evictDurableObject(judgeQueue(bindings), { webSockets: "hibernate" });
    socket.send(helloOf("p-slept", { level: "process" }));
    await socket.next(says("welcome"));
  });

  it.each([
    ["localhost", true],
    ["tabarena.localhost", true],
    ["127.0.0.1", true],
    ["127.1.2.3", true],
    ["[::1]", true],
    ["notlocalhost", false],
    ["localhost.example.org", false],
    ["127.0.0.1.example.org", false],
    ["128.0.0.1", false],
    ["192.168.0.2", false],
    ["[::2]", false],
  ])("takes %s for localhost: %s", (hostname, local) => {
    expect(isLocalhost(new URL(`http://${hostname}:8787/`).hostname)).toBe(local);
  });

  it("gets no round of a submission that has an official verdict", async () => {
    const submission = await submit();
    await writeVerdict(bindings, await leasedSubmission("f"), accepted, 1);
    await rejudge(submission, 2);
    await expect(leasedSubmission("p", ["python3"], "process")).rejects.toThrow("no submission was leased");
    expect((await leasedSubmission("f")).work).toMatchObject({ submission: submission.id, round: 2 });
  });

  it("gets nothing in a language that a connected judge can judge officially", async () => {
    await connect("p-idle", "process");
    const full = await connect("p-busy", "full");
    const first = await submit();
    expect((await submissionLease(full)).submission).toBe(first.id);
    const second = await submit();
    await judgeQueue(bindings).poke();
    expect(await roundsOf(second)).toMatchObject([{ state: "queued", attempt: 0 }]);
  });

  it("may not send a verdict of a level that it did not announce, which is a failed attempt", async () => {
    const submission = await submit();
    const full = await connect("p-liar", "full");
    for (let attempt = 1; attempt <= 3; attempt++) await judge(full, provisional);
    expect(await roundsOf(submission)).toMatchObject([
      { state: "failed", attempt: 3, failure: expect.stringContaining("level process") },
    ]);
    expect((await shown(submission)).judgement).toBeNull();
  });
});

describe("a provisional verdict", () => {
  it("never comes after an official one: nothing of its batch is written, whatever the rounds", async () => {
    const submission = await submit("open");
    await rejudge(submission, 2);
    const late = await leasedSubmission("p", ["python3"], "process");
    const official = await leasedSubmission("f");
    expect(await writeVerdict(bindings, official, accepted, 1)).toBe("written");
    const counts = () =>
      bindings.DB.prepare(
        `SELECT (SELECT COUNT(*) FROM judgements) AS judgements, (SELECT COUNT(*) FROM runs) AS runs,
           (SELECT COUNT(*) FROM contest_events) AS events`,
      ).first();
    const before = await counts();
    expect(await writeVerdict(bindings, late, { ...provisional, verdict: "WA" }, 2)).toBe("overruled");
    expect(await counts()).toEqual(before);
  });

  it("that an official one overtook gives its round back without counting the attempt, for official judges only", async () => {
    const submission = await submit();
    const socket = await connect("p-race", "process");
    const { lease, round } = await submissionLease(socket);
    await rejudge(submission, 2);
    const official = await leasedSubmission("f");
    expect([round, official.work.round]).toEqual([1, 2]);
    await writeVerdict(bindings, official, accepted, 1);

    socket.send({ type: "result", lease, outcome: { ...provisional, verdict: "WA" } });
    expect((await socket.next(says("settled"))).lease).toBe(lease);
    // The slot was free again, the round waits, and yet it is not offered a second time.
    await judgeQueue(bindings).poke();
    expect(await roundsOf(submission)).toMatchObject([
      { round: 1, state: "queued", attempt: 0, failure: null },
      { round: 2, state: "judged" },
    ]);
    expect(await judge(await connect("p-after", "full"), accepted)).toEqual({
      submission: submission.id,
      round: 1,
    });
    expect((await shown(submission)).judgement).toMatchObject({ round: 2, verdict: "AC", level: "full" });
  });

  it("may be followed by another provisional one", async () => {
    const submission = await submit();
    const socket = await connect("p-again", "process");
    await judge(socket, provisional);
    await rejudge(submission, 2);
    await judgeQueue(bindings).poke();
    await judge(socket, { ...provisional, verdict: "WA" });
    expect((await shown(submission)).judgement).toMatchObject({ round: 2, verdict: "WA", level: "process" });
  });
});

describe("when a judge with isolation connects", () => {
  it("what has a provisional verdict only is judged once more, officially, and that verdict counts", async () => {
    const submission = await submit("again");
    await judge(await connect("p-first", "process"), provisional);
    const cell = async () => (await new Visitor().get<Board>("/api/contests/again/scoreboard")).cells[0];
    expect(await cell()).toMatchObject({ attempts: 1, solvedAt: submission.contestTimeMs });

    const full = await connect("f-first", "full");
    expect(await judge(full, { ...accepted, verdict: "WA" })).toEqual({
      submission: submission.id,
      round: 2,
    });
    expect((await shown(submission)).judgement).toMatchObject({ round: 2, verdict: "WA", level: "full" });
    // In the contest the judgement comes again, as that of any later round does.
    expect(await cell()).toMatchObject({ attempts: 1, solvedAt: null });
  });

  it("it happens once: another judge and another sweep find nothing more", async () => {
    const submission = await submit();
    await judge(await connect("p-once", "process"), provisional);
    await connect("f-once", "full");
    await connect("f-twice", "full");
    await runDurableObjectAlarm(judgeQueue(bindings));
    expect(await roundsOf(submission)).toMatchObject([
      { round: 1, state: "judged" },
      { round: 2, state: "leased" },
    ]);
    // Not even when the official round failed: that is a judging error, for the jury.
    await bindings.DB.exec("UPDATE rounds SET state = 'failed', lease = NULL WHERE state = 'leased'");
    await queueOfficialRounds(bindings, ["python3"], 1);
    expect(await roundsOf(submission)).toHaveLength(2);
  });

  it("a verdict that was still being made is found by the next sweep", async () => {
    const submission = await submit();
    const local = await connect("p-slow", "process");
    const { lease } = await submissionLease(local);
    const full = await connect("f-waits", "full");
    local.send({ type: "result", lease, outcome: provisional });
    await local.next(says("settled"));
    await runDurableObjectAlarm(judgeQueue(bindings));
    expect(await judge(full, accepted)).toEqual({ submission: submission.id, round: 2 });
  });

  it("what it cannot judge stays as it is", async () => {
    const submission = await submit();
    await judge(await connect("p-python", "process"), provisional);
    const socket = await judgeSocket((await newJudge("f-other")).token);
    socket.send(helloOf("f-other", { languages: [{ id: "c", version: "gcc 14" }] }));
    await socket.next(says("welcome"));
    const idle = await judgeSocket((await newJudge("f-idle")).token);
    idle.send(helloOf("f-idle", { slots: 0, level: null, reason: "no root" }));
    await idle.next(says("welcome"));
    expect((await shown(submission)).state).toBe("judged");
    expect(await roundsOf(submission)).toHaveLength(1);
  });

  it("a sweep takes a hundred of the oldest, and the next sweep the rest", async () => {
    const submission = await submit();
    await judge(await connect("p-many", "process"), provisional);
    await bindings.DB.exec(
      [
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 104)",
        "INSERT INTO submissions (id, user, problem, language, bytes, submitted_at)",
        `SELECT printf('many-%03d', i), s.user, s.problem, s.language, 0, i FROM n, submissions s WHERE s.id = '${submission.id}'`,
      ].join(" "),
    );
    await bindings.DB.exec(
      "INSERT INTO rounds (submission, round, package_hash, state, attempt, lease, priority, queued_at) SELECT id, 1, 'x', 'leased', 1, id, 0, 0 FROM submissions WHERE id LIKE 'many-%'",
    );
    await bindings.DB.exec(
      "INSERT INTO judgements SELECT id, 1, 1, id, 'p', 'AC', NULL, 0, 0, '', '', 'process', 0, NULL, NULL, NULL, '[]' FROM submissions WHERE id LIKE 'many-%'",
    );
    await bindings.DB.exec("UPDATE rounds SET state = 'judged', lease = NULL WHERE submission LIKE 'many-%'");
    const queued = async () =>
      (
        await bindings.DB.prepare("SELECT submission FROM rounds WHERE round = 2 AND state = 'queued'").all<{
          submission: string;
        }>()
      ).results.map((row) => row.submission);

    await queueOfficialRounds(bindings, ["python3"], 5);
    const swept = await queued();
    expect([swept.length, swept.includes("many-100"), swept.includes("many-101")]).toEqual([
      100,
      true,
      false,
    ]);
    await queueOfficialRounds(bindings, ["python3"], 6);
    expect([(await queued()).length, (await queued()).includes(submission.id)]).toEqual([105, true]);
  });
});
