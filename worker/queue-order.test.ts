import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ErrorBody } from "../protocol/errors.ts";
import type {
  JudgingStatus,
  LiveAccountMessage,
  SubmissionList,
  SubmissionView,
} from "../protocol/submission.ts";
import { judgeQueue } from "./env.ts";
import { isSubmission } from "./objects/leases.ts";
import { leaseNext } from "./objects/waiting.ts";
import { bindings, oneFile, publishProblem, runningContest, signedUp, type Visitor } from "./testing.ts";

/** In which order work is taken, who is told of it, and when no more is taken. */

type User = Awaited<ReturnType<typeof signedUp>>;

let administrator: User;
let eager: User;
let modest: User;

beforeAll(async () => {
  administrator = await signedUp("administrator");
  await publishProblem(administrator, "sum");
  await runningContest(administrator, "open", ["sum"]);
  [eager, modest] = [await signedUp(), await signedUp()];
  await eager.post("/api/contests/open/teams", { name: "Eager" });
  await modest.post("/api/contests/open/teams", { name: "Modest" });
});

// Deleted and not ended: every test counts what waits.
beforeEach(async () => {
  await bindings.DB.exec("DELETE FROM rounds");
  await bindings.DB.exec("DELETE FROM tasks");
  await bindings.DB.exec("DELETE FROM submissions");
  await bindings.DB.exec("UPDATE judging SET closed = NULL, max_waiting = 2000");
});

const form = { problem: "sum", language: "python3", ...oneFile("print(3)\n") };
const submit = (who: Visitor, contest?: string): Promise<SubmissionView> =>
  who.post<SubmissionView>("/api/submissions", { ...form, contest });

/** What the next lease is of, as `judge` gets it. */
async function next(languages = ["python3"]): Promise<string | null> {
  const held = await leaseNext(bindings, { id: "j", languages, level: "full", timeLimits: true });
  if (held === null) return null;
  return isSubmission(held) ? held.work.submission : held.work.work;
}

const refused = async (response: Response) => {
  const { code, message } = await response.json<ErrorBody>();
  return { status: response.status, code, message, retryAfter: response.headers.get("retry-after") };
};

describe("the queue's order", () => {
  it("is contests, rejudgings, time limits, practice, custom runs, whichever came first", async () => {
    await eager.post("/api/runs", { ...form, input: "1 2\n" });
    const practice = await submit(modest);
    await bindings.DB.prepare(
      `INSERT INTO tasks (id, kind, package_hash, priority, queued_at) VALUES ('limit', 'time limit', 'x', 7, 0)`,
    ).run();
    const again = await submit(eager, "open");
    await bindings.DB.prepare("UPDATE rounds SET priority = 5 WHERE submission = ?").bind(again.id).run();
    const contest = await submit(modest, "open");
    const taken = [await next(), await next(), await next(), await next(), await next(), await next()];
    expect(taken).toEqual([contest.id, again.id, "time limit", practice.id, "custom run", null]);
  });

  it("lets teams take turns: one with much queued yields to one with little", async () => {
    const [e1, e2, e3] = [
      await submit(eager, "open"),
      await submit(eager, "open"),
      await submit(eager, "open"),
    ];
    const [m1, m2] = [await submit(modest, "open"), await submit(modest, "open")];
    const expected = [e1.id, m1.id, e2.id, m2.id, e3.id];
    const taken = [await next(), await next(), await next(), await next(), await next()];
    expect(taken).toEqual(expected);
  });

  it("counts what is being judged: who has a lease out waits for those who have none", async () => {
    const first = await submit(eager, "open");
    expect(await next()).toBe(first.id);
    const second = await submit(eager, "open");
    const other = await submit(modest, "open");
    expect([await next(), await next()]).toEqual([other.id, second.id]);
  });

  it("passes over what the judge has no language for, without its author losing the turn", async () => {
    const c = await modest.post<SubmissionView>("/api/submissions", {
      ...form,
      language: "c",
      contest: "open",
    });
    const other = await submit(eager, "open");
    const python = await submit(modest, "open");
    const more = await submit(eager, "open");
    expect([await next(), await next(), await next(), await next()]).toEqual([
      other.id,
      python.id,
      more.id,
      null,
    ]);
    expect(await next(["c"])).toBe(c.id);
  });

  it("gives a lease at most once, also when several are asked for at the same time", async () => {
    const all = [await submit(eager), await submit(eager), await submit(modest)];
    const taken = await Promise.all([next(), next(), next(), next()]);
    expect(taken.toSorted()).toEqual([...all.map(({ id }) => id), null].toSorted());
  });
});

describe("a place in the queue", () => {
  it("is told with the submission, in lists, and on the author's socket when it changes", async () => {
    const first = await submit(modest);
    const second = await submit(eager);
    expect([first.ahead, second.ahead]).toEqual([0, 1]);
    const page = await eager.socket("/live/me");
    await next();
    await judgeQueue(bindings).poke();
    const told = await page.next(
      (message): message is Extract<LiveAccountMessage, { type: "ahead" }> =>
        (message as LiveAccountMessage).type === "ahead" && (message as { ahead: number }).ahead === 0,
    );
    expect(told.submission).toBe(second.id);
    const { submissions } = await eager.get<SubmissionList>("/api/submissions");
    expect(submissions.map(({ state, ahead }) => [state, ahead])).toEqual([["queued", 0]]);
    expect((await modest.get<SubmissionList>("/api/submissions")).submissions[0]?.ahead).toBeNull();
  });
});

describe("a full queue", () => {
  it("refuses custom runs first, then practice, and contests last, each with a time to come back", async () => {
    await bindings.DB.exec("UPDATE judging SET max_waiting = 10");
    await submit(eager);
    const run = await refused(await modest.call("POST", "/api/runs", { ...form, input: "" }));
    expect(run).toMatchObject({ status: 503, code: "queue_full", retryAfter: "30" });

    for (let more = 0; more < 4; more++) await submit(eager);
    const practice = await refused(await modest.call("POST", "/api/submissions", form));
    expect(practice).toMatchObject({ status: 503, code: "queue_full" });
    expect(practice.message).toMatch(/^5 programs wait/);

    await submit(modest, "open");
    await bindings.DB.exec("UPDATE judging SET max_waiting = 6");
    const contest = await refused(
      await modest.call("POST", "/api/submissions", { ...form, contest: "open" }),
    );
    expect(contest).toMatchObject({ status: 503, code: "queue_full" });
  });

  it("takes two thousand of a contest unless somebody said otherwise", async () => {
    expect(await bindings.DB.prepare("SELECT max_waiting FROM judging").first("max_waiting")).toBe(2000);
  });
});

describe("a closed queue", () => {
  it("refuses everything with the administrator's sentence until it is opened again", async () => {
    const closed = "The judges move to another room; come back at noon.";
    const status = await (await administrator.call("PUT", "/api/judging", { closed })).json<JudgingStatus>();
    expect(status.closed).toBe(closed);
    for (const [path, body] of [
      ["/api/submissions", { ...form, contest: "open" }],
      ["/api/submissions", form],
      ["/api/runs", { ...form, input: null }],
    ] as const) {
      expect(await refused(await modest.call("POST", path, body))).toMatchObject({
        status: 503,
        code: "queue_closed",
        message: closed,
      });
    }
    await administrator.call("PUT", "/api/judging", { closed: null });
    expect((await submit(modest)).state).toBe("queued");
  });

  it("is closed by administrators only", async () => {
    const organiser = await signedUp("organiser");
    expect((await organiser.call("PUT", "/api/judging", { closed: "x" })).status).toBe(403);
    expect((await organiser.get<JudgingStatus>("/api/judging")).closed).toBeNull();
  });
});
