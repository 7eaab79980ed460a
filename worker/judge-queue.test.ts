import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Outcome } from "../protocol/judge.ts";
import type { LiveAccountMessage, SubmissionDetail, SubmissionView } from "../protocol/submission.ts";
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
  Visitor,
  type Socket,
} from "./testing.ts";

const rejected: Outcome = {
  ...accepted,
  verdict: "WA",
  runs: accepted.runs.map((run) => ({ ...run, verdict: "WA" as const })),
};

let team: Awaited<ReturnType<typeof signedUp>>;

beforeAll(async () => {
  const organiser = await signedUp("organiser");
  await publishProblem(organiser, "sum");
  await runningContest(organiser, "open", ["sum"]);
  team = await signedUp();
  await team.post("/api/contests/open/teams", { name: "The Sums" });
});

// A queue that every test finds empty: nothing waits, nothing is leased, no judge is connected.
afterEach(async () => {
  await bindings.DB.exec(
    "UPDATE rounds SET state = 'failed', lease = NULL WHERE state IN ('queued', 'leased')",
  );
  await evictDurableObject(judgeQueue(bindings), { webSockets: "close" }).catch(() => undefined);
});

const submit = (contest?: string): Promise<SubmissionView> =>
  team.post<SubmissionView>("/api/submissions", {
    problem: "sum",
    contest,
    language: "python3",
    ...oneFile("print(3)\n"),
  });

interface ConnectedJudge {
  socket: Socket;
  token: string;
}

async function connect(
  name: string,
  options: { token?: string; slots?: number; holding?: string[] } = {},
): Promise<ConnectedJudge> {
  const token = options.token ?? (await newJudge(name)).token;
  const socket = await judgeSocket(token);
  const { slots = 1, holding = [] } = options;
  socket.send(helloOf(name, { slots, holding }));
  await socket.next(says("welcome"));
  return { socket, token };
}

const judgements = (submission: string): Promise<number | null> =>
  bindings.DB.prepare("SELECT COUNT(*) AS n FROM judgements WHERE submission = ?")
    .bind(submission)
    .first<number>("n");

const roundOf = (submission: string) =>
  bindings.DB.prepare("SELECT * FROM rounds WHERE submission = ? ORDER BY round DESC")
    .bind(submission)
    .first<{
      state: string;
      attempt: number;
      lease: string;
      failure: string;
    }>();

describe("a judge", () => {
  it("gets a lease for each free slot, sends progress and a verdict, and the page hears of all of it", async () => {
    const page = await team.socket("/live/me");
    const submission = await submit();
    const { socket } = await connect("j-whole");
    const lease = await submissionLease(socket);
    expect(lease).toMatchObject({ submission: submission.id, round: 1, attempt: 1, language: "python3" });

    socket.send({ type: "progress", lease: lease.lease, done: 1, total: 2 });
    socket.send({ type: "result", lease: lease.lease, outcome: accepted });
    await socket.next(says("settled"));

    const states: string[] = [];
    await page.next((message): message is LiveAccountMessage => {
      const live = message as LiveAccountMessage;
      if (live.type === "progress") states.push(`test ${live.done} of ${live.total}`);
      if (live.type === "submission") states.push(live.submission.state);
      return live.type === "submission" && live.submission.judgement !== null;
    });
    expect(states).toEqual(["judging", "test 1 of 2", "judged"]);

    const detail = await team.get<SubmissionDetail>(`/api/submissions/${submission.id}`);
    expect(detail.judgement).toMatchObject({
      verdict: "AC",
      cpuMs: 17,
      memoryKiB: 9100,
      toolchain: "Python 3.11.2",
      level: "full",
    });
    expect(detail.runs.map(({ position, sample, verdict }) => [position, sample, verdict])).toEqual([
      [1, true, "AC"],
      [2, false, "AC"],
    ]);
  });

  it("sends every measurement of a test that it measured again, and the author sees them", async () => {
    const submission = await submit();
    const { socket } = await connect("j-measures");
    const { lease } = await submissionLease(socket);
    const [first, second] = accepted.runs;
    if (!first || !second) throw new Error("a verdict with two runs is needed");
    const measurements = [
      { verdict: "TLE" as const, cpuMs: 1004, wallMs: 1010, memoryKiB: 9000, alone: false },
      { verdict: "AC" as const, cpuMs: 960.5, wallMs: 970, memoryKiB: 9000, alone: true },
    ];
    const outcome = { ...accepted, runs: [first, { ...second, measurements }] };
    socket.send({ type: "result", lease, outcome });
    await socket.next(says("settled"));
    const detail = await team.get<SubmissionDetail>(`/api/submissions/${submission.id}`);
    expect(detail.runs.map((run) => run.measurements)).toEqual([
      [],
      [
        { verdict: "TLE", cpuMs: 1004, wallMs: 1010 },
        { verdict: "AC", cpuMs: 960.5, wallMs: 970 },
      ],
    ]);
  });

  it("reads the source of a lease that it holds, and of no other", async () => {
    await submit();
    const { socket, token } = await connect("j-source");
    const { lease } = await submissionLease(socket);
    const headers = { authorization: `Bearer ${token}` };
    const source = await new Visitor().call("GET", `/link/judge/leases/${lease}/source`, undefined, headers);
    expect(await source.json()).toEqual({ ...oneFile("print(3)\n"), input: null });
    const other = { authorization: `Bearer ${(await newJudge("j-stranger")).token}` };
    const stolen = await new Visitor().call("GET", `/link/judge/leases/${lease}/source`, undefined, other);
    expect(stolen.status).toBe(409);
    socket.send({ type: "result", lease, outcome: accepted });
    await socket.next(says("settled"));
  });

  it("is refused without a valid token", async () => {
    const response = await new Visitor().call("GET", "/link/judge", undefined, {
      upgrade: "websocket",
      authorization: "Bearer abc",
    });
    expect(response.status).toBe(401);
  });

  it("is refused, with the reason, when it speaks another version", async () => {
    const { token } = await newJudge("j-old");
    const socket = await judgeSocket(token);
    socket.send(helloOf("old", { protocols: [1, 3] }));
    expect((await socket.next(says("refused"))).message).toMatch(/version 4 .* the judge 1, 3\./);
  });

  it("that was killed and started again gets its submission once more, as the next attempt", async () => {
    const submission = await submit();
    const before = await connect("j-killed");
    const first = await submissionLease(before.socket);
    const { socket } = await connect("j-killed", { token: before.token });
    const second = await submissionLease(socket);
    expect(second).toMatchObject({ submission: submission.id, attempt: 2 });

    expect((await before.socket.closed).code).toBe(4001);
    for (const [lease, outcome] of [
      [first.lease, rejected],
      [second.lease, accepted],
    ] as const) {
      socket.send({ type: "result", lease, outcome });
      expect((await socket.next(says("settled"))).lease).toBe(lease);
    }
    expect(await judgements(submission.id)).toBe(1);
    expect((await team.get<SubmissionDetail>(`/api/submissions/${submission.id}`)).judgement?.verdict).toBe(
      "AC",
    );
  });

  it("that lost its connection keeps its lease and repeats its result until that is settled", async () => {
    const submission = await submit();
    const before = await connect("j-dropped");
    const { lease } = await submissionLease(before.socket);
    before.socket.close();
    const { socket } = await connect("j-dropped", { token: before.token, holding: [lease] });
    for (let time = 0; time < 2; time++) {
      socket.send({ type: "result", lease, outcome: accepted });
      await socket.next(says("settled"));
    }
    expect(await judgements(submission.id)).toBe(1);
    expect((await roundOf(submission.id))?.attempt).toBe(1);
  });
});

describe("the queue", () => {
  it("calls three failed attempts a judging error and never a verdict", async () => {
    const submission = await submit();
    const { socket } = await connect("j-broken");
    for (let attempt = 1; attempt <= 3; attempt++) {
      const lease = await submissionLease(socket);
      expect(lease.attempt).toBe(attempt);
      socket.send({
        type: "result",
        lease: lease.lease,
        outcome: { type: "failure", message: "validator exited with 1" },
      });
    }
    await socket.next(says("settled"));
    expect(await roundOf(submission.id)).toMatchObject({
      state: "failed",
      failure: "validator exited with 1",
    });
    const { state, judgement } = await team.get<SubmissionDetail>(`/api/submissions/${submission.id}`);
    expect([state, judgement]).toEqual(["judging", null]);
  });

  it("expires the lease of a silent judge and gives the work to another", async () => {
    const submission = await submit();
    const silent = await connect("j-silent");
    await submissionLease(silent.socket);
    const other = await connect("j-other");
    const stub = judgeQueue(bindings);
    await runInDurableObject(stub, async (_queue, state) => state.storage.setAlarm(Date.now() + 60_000));
    const realNow = Date.now;
    Date.now = () => realNow() + 31_000;
    try {
      await runDurableObjectAlarm(stub);
    } finally {
      Date.now = realNow;
    }
    const lease = await Promise.race([submissionLease(other.socket), submissionLease(silent.socket)]);
    expect(lease).toMatchObject({ submission: submission.id, attempt: 2 });
    for (const { socket } of [silent, other])
      socket.send({ type: "result", lease: lease.lease, outcome: accepted });
    await expect.poll(() => judgements(submission.id)).toBe(1);
  });

  it("finds by its alarm what it was never poked about", async () => {
    const { socket } = await connect("j-unpoked");
    await bindings.DB.prepare(
      `INSERT INTO rounds (submission, round, package_hash, state, priority, queued_at)
       SELECT id, 2, '${"0".repeat(64)}', 'queued', 0, 0 FROM submissions LIMIT 1`,
    ).run();
    await runDurableObjectAlarm(judgeQueue(bindings));
    const lease = await submissionLease(socket);
    expect(lease.round).toBe(2);
    socket.send({ type: "result", lease: lease.lease, outcome: accepted });
    await socket.next(says("settled"));
  });

  it("knows its leases again after it was evicted", async () => {
    const submission = await submit();
    const { socket } = await connect("j-evicted");
    const { lease } = await submissionLease(socket);
    await evictDurableObject(judgeQueue(bindings), { webSockets: "hibernate" });
    socket.send({ type: "result", lease, outcome: accepted });
    await socket.next(says("settled"));
    expect(await judgements(submission.id)).toBe(1);
  });
});

describe("the fence", () => {
  it("keeps a stale attempt from writing a verdict, with nothing of its batch", async () => {
    const submission = await submit("open");
    const stale = await leasedSubmission("a");
    await requeue(bindings, stale, "gone");
    const current = await leasedSubmission("b");
    const events = () => bindings.DB.prepare("SELECT COUNT(*) AS n FROM contest_events").first<number>("n");
    const before = await events();
    expect(await writeVerdict(bindings, stale, { ...accepted, verdict: "WA" }, 1)).toBe("stale");
    expect([await judgements(submission.id), await events()]).toEqual([0, before]);
    expect(await writeVerdict(bindings, current, accepted, 2)).toBe("written");
    expect(await writeVerdict(bindings, current, accepted, 3)).toBe("stale");
    expect(await judgements(submission.id)).toBe(1);
  });

  it("lets a second round write a verdict of its own, which is the one that is shown", async () => {
    const submission = await submit("open");
    const first = await leasedSubmission("a");
    await writeVerdict(bindings, first, { ...accepted, verdict: "WA" }, 1);
    await bindings.DB.prepare(
      "INSERT INTO rounds (submission, round, package_hash, state, priority, queued_at) VALUES (?, 2, ?, 'queued', 0, 0)",
    )
      .bind(submission.id, first.work.package)
      .run();
    const second = await leasedSubmission("a");
    expect([second.work.submission, second.work.round]).toEqual([submission.id, 2]);
    await writeVerdict(bindings, second, accepted, 2);
    expect(await judgements(submission.id)).toBe(2);
    const shown = await team.get<SubmissionDetail>(`/api/submissions/${submission.id}`);
    expect([shown.judgement?.round, shown.judgement?.verdict]).toEqual([2, "AC"]);
  });
});
