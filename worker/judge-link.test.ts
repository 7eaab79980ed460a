import { evictDurableObject } from "cloudflare:test";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Outcome } from "../protocol/judge.ts";
import type { JudgeList, JudgeToken } from "../protocol/judge-list.ts";
import type { SubmissionDetail, SubmissionView } from "../protocol/submission.ts";
import { judgeQueue } from "./env.ts";
import {
  accepted,
  bindings,
  helloOf,
  judgeSocket,
  newJudge,
  oneFile,
  publishProblem,
  says,
  signedUp,
  submissionLease,
  Visitor,
  type Socket,
} from "./testing.ts";

/** What a judge may say and do, how it is, and what those who look after judges do to it. */

type User = Awaited<ReturnType<typeof signedUp>>;

let administrator: User;
let author: User;

beforeAll(async () => {
  administrator = await signedUp("administrator");
  await publishProblem(administrator, "sum");
  author = await signedUp();
});

afterEach(async () => {
  await bindings.DB.exec("DELETE FROM rounds");
  await bindings.DB.exec("DELETE FROM tasks");
  await evictDurableObject(judgeQueue(bindings), { webSockets: "close" }).catch(() => undefined);
});

const submit = (): Promise<SubmissionView> =>
  author.post<SubmissionView>("/api/submissions", {
    problem: "sum",
    language: "python3",
    ...oneFile("print(3)\n"),
  });

async function connect(id: string, more: Parameters<typeof helloOf>[1] = {}): Promise<Socket> {
  const socket = await judgeSocket((await newJudge(id)).token);
  socket.send(helloOf(id, more));
  await socket.next(says("welcome"));
  return socket;
}

async function listed(id: string): Promise<JudgeList["judges"][number]> {
  const { judges } = await administrator.get<JudgeList>("/api/judges");
  const judge = judges.find((one) => one.id === id);
  if (!judge) throw new Error(`no judge ${id} is listed`);
  return judge;
}

const roundOf = (submission: string) =>
  bindings.DB.prepare("SELECT state, attempt, failure FROM rounds WHERE submission = ?")
    .bind(submission)
    .first<{ state: string; attempt: number; failure: string | null }>();

describe("versions", () => {
  it("are agreed on as the highest that both sides speak", async () => {
    const socket = await judgeSocket((await newJudge("v-many")).token);
    socket.send(helloOf("v-many", { protocols: [3, 4, 9] }));
    expect((await socket.next(says("welcome"))).protocol).toBe(4);
  });

  it.each([
    ["an older judge", { type: "hello", protocol: 2, name: "old" }, /version 4 .* the judge 2\./],
    ["a judge that speaks none", helloOf("none", { protocols: [] }), /version 4 .* the judge none\./],
    ["something else", { type: "good morning" }, /not a message/],
  ])("refuse %s, naming what each side speaks", async (what, hello, message) => {
    const socket = await judgeSocket((await newJudge(`v-${what}`)).token);
    socket.send(hello);
    expect((await socket.next(says("refused"))).message).toMatch(message);
    expect((await socket.closed).code).toBe(4000);
  });
});

describe("a judge that leaves", () => {
  it("gives back what it does not finish, without an attempt counted, and gets no more", async () => {
    const submission = await submit();
    const leaving = await connect("l-leaves");
    expect((await submissionLease(leaving)).attempt).toBe(1);
    leaving.send({ type: "leaving", holding: [] });
    const other = await connect("l-stays");
    expect(await submissionLease(other)).toMatchObject({ submission: submission.id, attempt: 1 });
  });

  it("finishes what it holds, and its verdict counts", async () => {
    const submission = await submit();
    const leaving = await connect("l-finishes");
    const { lease } = await submissionLease(leaving);
    await submit();
    leaving.send({ type: "leaving", holding: [lease] });
    leaving.send({ type: "result", lease, outcome: accepted });
    await leaving.next(says("settled"));
    expect((await author.get<SubmissionDetail>(`/api/submissions/${submission.id}`)).state).toBe("judged");
    expect(await listed("l-finishes")).toMatchObject({ leases: 0 });
  });
});

describe("a judge that lies about its lease", () => {
  const [run] = accepted.runs;
  if (!run) throw new Error("a run is needed");
  const timeLimit: Outcome = { type: "time limit", timeMs: 1, explanation: "" };
  const result = { compiled: true, compileOutput: "", toolchain: "", tests: [] };

  it("is settled, writes nothing, and the failure is noted, where it never held the lease", async () => {
    const submission = await submit();
    const honest = await connect("s-honest");
    const { lease } = await submissionLease(honest);
    const liar = await connect("s-liar");
    liar.send({ type: "progress", lease, done: 1, total: 2 });
    liar.send({ type: "result", lease, outcome: accepted });
    expect((await liar.next(says("settled"))).lease).toBe(lease);
    expect(await roundOf(submission.id)).toMatchObject({ state: "leased", attempt: 1 });
    expect((await listed("s-liar")).lastFailure?.message).toMatch(
      /a result for a lease that it does not hold/,
    );
    honest.send({ type: "result", lease, outcome: accepted });
    await honest.next(says("settled"));
    expect(await roundOf(submission.id)).toMatchObject({ state: "judged" });
  });

  it("is not blamed for repeating a result that was settled", async () => {
    await submit();
    const judge = await connect("s-repeats");
    const { lease } = await submissionLease(judge);
    for (let time = 0; time < 2; time++) {
      judge.send({ type: "result", lease, outcome: accepted });
      await judge.next(says("settled"));
    }
    expect((await listed("s-repeats")).lastFailure).toBeNull();
  });

  it.each<[string, Outcome, RegExp]>([
    ["a time limit", timeLimit, /a time limit for a lease of the kind "submission"/],
    ["a custom run's result", { type: "run", result }, /a custom run's result for a lease of the kind/],
    [
      "a verdict on a test that there is not",
      { ...accepted, runs: [{ ...run, name: "secret/none" }] },
      /no test "secret\/none"/,
    ],
    ["a verdict on one test twice", { ...accepted, runs: [run, run] }, /"sample\/1" twice/],
    ["a verdict of another level", { ...accepted, level: "userns" }, /level userns/],
  ])("has failed an attempt when it sends %s", async (what, outcome, message) => {
    const submission = await submit();
    const judge = await connect(`w-${what}`);
    const { lease } = await submissionLease(judge);
    judge.send({ type: "result", lease, outcome });
    expect((await judge.next(says("settled"))).lease).toBe(lease);
    expect(await roundOf(submission.id)).toMatchObject({ failure: expect.stringMatching(message) });
    expect((await listed(`w-${what}`)).lastFailure?.message).toMatch(message);
    const { judgement, runs } = await author.get<SubmissionDetail>(`/api/submissions/${submission.id}`);
    expect([judgement, runs]).toEqual([null, []]);
  });
});

describe("how a judge is", () => {
  it("is told from its connection, its leases and its heartbeats", async () => {
    const { token } = await newJudge("h-states");
    expect(await listed("h-states")).toMatchObject({ state: "away", heardAt: null, load: null });
    const socket = await judgeSocket(token);
    socket.send(helloOf("h-states"));
    await socket.next(says("welcome"));
    expect(await listed("h-states")).toMatchObject({ state: "idle", leases: 0 });
    await submit();
    const { lease } = await submissionLease(socket);
    socket.send({ type: "heartbeat", holding: [lease], load: 0.75 });
    await expect.poll(() => listed("h-states")).toMatchObject({ state: "judging", leases: 1, load: 0.75 });
    const realNow = Date.now;
    Date.now = () => realNow() + 11_000;
    try {
      expect((await listed("h-states")).state).toBe("silent");
    } finally {
      Date.now = realNow;
    }
    socket.send({ type: "result", lease, outcome: { type: "failure", message: "the disk is full" } });
    await socket.next(says("settled"));
    expect((await listed("h-states")).lastFailure?.message).toBe("the disk is full");
  });

  it("counts submissions that nobody could judge, once for each, until a later round counts", async () => {
    const { id } = await submit();
    await bindings.DB.prepare("UPDATE rounds SET state = 'failed' WHERE submission = ?").bind(id).run();
    expect(await administrator.get<JudgeList>("/api/judges")).toMatchObject({ failed: 1, waiting: 0 });
    await bindings.DB.prepare(
      `INSERT INTO rounds (submission, round, package_hash, state, priority, queued_at) VALUES (?, 2, 'x', 'queued', 0, 0)`,
    )
      .bind(id)
      .run();
    expect(await administrator.get<JudgeList>("/api/judges")).toMatchObject({ failed: 0, waiting: 1 });
  });
});

describe("an administrator", () => {
  it("makes a judge, whose token connects it", async () => {
    const made = await administrator.post<JudgeToken>("/api/judges", { name: "Room 12" });
    const socket = await judgeSocket(made.token);
    socket.send(helloOf("Room 12"));
    await socket.next(says("welcome"));
    expect(await listed(made.id)).toMatchObject({ name: "Room 12", state: "idle" });
  });

  it("pauses a judge: it finishes what it holds and gets no more until it goes on", async () => {
    await submit();
    const socket = await connect("a-paused");
    const { lease } = await submissionLease(socket);
    await administrator.call("PATCH", "/api/judges/a-paused", { paused: true });
    const second = await submit();
    socket.send({ type: "result", lease, outcome: accepted });
    await socket.next(says("settled"));
    await judgeQueue(bindings).poke();
    expect(await listed("a-paused")).toMatchObject({ state: "paused", paused: true, leases: 0 });
    expect(await roundOf(second.id)).toMatchObject({ state: "queued", attempt: 0 });
    await administrator.call("PATCH", "/api/judges/a-paused", { paused: false });
    expect((await submissionLease(socket)).submission).toBe(second.id);
  });

  it("revokes a judge: its socket ends at once, its work waits again, its token is refused", async () => {
    const submission = await submit();
    const { token } = await newJudge("a-revoked");
    const socket = await judgeSocket(token);
    socket.send(helloOf("a-revoked"));
    await submissionLease(socket);
    expect((await administrator.call("DELETE", "/api/judges/a-revoked")).status).toBe(200);
    expect((await socket.next(says("refused"))).message).toMatch(/revoked/);
    expect((await socket.closed).code).toBe(4000);
    expect(await roundOf(submission.id)).toMatchObject({ state: "queued", attempt: 0 });
    const again = await new Visitor().call("GET", "/link/judge", undefined, {
      upgrade: "websocket",
      authorization: `Bearer ${token}`,
    });
    expect(again.status).toBe(401);
    expect((await administrator.call("DELETE", "/api/judges/a-revoked")).status).toBe(404);
  });

  it("is the only one who may, and each act is noted", async () => {
    await newJudge("a-guarded");
    const organiser = await signedUp("organiser");
    for (const [method, path, body] of [
      ["POST", "/api/judges", { name: "x" }],
      ["PATCH", "/api/judges/a-guarded", { paused: true }],
      ["DELETE", "/api/judges/a-guarded", undefined],
    ] as const)
      expect((await organiser.call(method, path, body)).status).toBe(403);
    expect(await listed("a-guarded")).toMatchObject({ paused: false });
    await administrator.call("PATCH", "/api/judges/a-guarded", { paused: true });
    const noted = await bindings.DB.prepare("SELECT action FROM audit_log WHERE subject = 'a-guarded'").all();
    expect(noted.results).toEqual([{ action: "judge.pause" }]);
  });
});
