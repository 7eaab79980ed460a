import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import type { Board, ContestForm, ContestView, LiveContestMessage } from "../protocol/contest.ts";
import type { ErrorBody } from "../protocol/errors.ts";
import type { ProblemList } from "../protocol/problem.ts";
import type { Submit, SubmissionView } from "../protocol/submission.ts";
import type { Verdict } from "../protocol/verdict.ts";
import { appended } from "./contest-log.ts";
import { contestRoom } from "./env.ts";
import { writeVerdict } from "./objects/outcomes.ts";
import {
  bindings,
  leasedSubmission,
  oneFile,
  publishProblem,
  runningContest,
  signedUp,
  Visitor,
  type Socket,
} from "./testing.ts";

let organiser: Visitor;
beforeAll(async () => {
  organiser = await signedUp("organiser");
  for (const slug of ["one", "two", "three"]) await publishProblem(organiser, slug);
});

const form = (slug: string, changes: Partial<ContestForm> = {}): ContestForm => ({
  slug,
  name: `Contest ${slug}`,
  startAt: Date.now() + 3_600_000,
  durationMinutes: 300,
  freezeMinutes: 60,
  penaltyMinutes: 20,
  problems: ["one", "two"],
  ...changes,
});

async function refused(response: Response): Promise<[number, string, string[]]> {
  const { code, details } = await response.json<ErrorBody>();
  return [response.status, code, details ?? []];
}

describe("an organiser's form", () => {
  it("makes a contest whose problems are secret until it starts", async () => {
    const made = await organiser.post<ContestView>("/api/contests", form("future"));
    expect(made.problems.map(({ label, slug }) => [label, slug])).toEqual([
      ["A", "one"],
      ["B", "two"],
    ]);
    const seen = await new Visitor().get<ContestView>("/api/contests/future");
    expect(seen.problems.map(({ label, slug, name }) => [label, slug, name])).toEqual([
      ["A", null, null],
      ["B", null, null],
    ]);
    expect((await new Visitor().call("GET", "/api/contests/future/problems/A")).status).toBe(404);
    await organiser.get("/api/contests/future/problems/A");
  });

  it.each<[string, Partial<ContestForm>, string]>([
    ["a freeze longer than the contest", { freezeMinutes: 301 }, "freezeMinutes"],
    ["no problems", { problems: [] }, "problems"],
    ["a problem twice", { problems: ["one", "one"] }, "problems"],
    ["an address with spaces", { slug: "no good" }, "slug"],
    ["a negative penalty", { penaltyMinutes: -1 }, "penaltyMinutes"],
  ])("is refused with the field's name for %s", async (_, changes, field) => {
    const [status, code, details] = await refused(
      await organiser.call("POST", "/api/contests", form("bad-form", changes)),
    );
    expect([status, code]).toEqual([400, "invalid_request"]);
    expect(details.some((detail) => detail.startsWith(field))).toBe(true);
  });

  it("is refused for an unknown problem and for a taken address", async () => {
    expect((await organiser.call("POST", "/api/contests", form("x", { problems: ["nope"] }))).status).toBe(
      404,
    );
    await organiser.post("/api/contests", form("taken"));
    expect((await refused(await organiser.call("POST", "/api/contests", form("taken"))))[1]).toBe(
      "name_taken",
    );
  });

  it("cannot take away or move a problem that has submissions", async () => {
    await runningContest(organiser, "moving", ["one", "two"]);
    const team = await signedUp();
    await team.post("/api/contests/moving/teams", { name: "Movers" });
    await team.post("/api/submissions", {
      problem: "one",
      contest: "moving",
      language: "c",
      ...oneFile("x"),
    });
    for (const problems of [["two"], ["two", "one"]]) {
      const [status, , details] = await refused(
        await organiser.call("PUT", "/api/contests/moving", form("moving", { problems })),
      );
      expect([status, details[0]]).toEqual([400, "problems: A has submissions and must keep its place"]);
    }
    expect(
      (await organiser.call("PUT", "/api/contests/moving", form("moving", { problems: ["one", "three"] })))
        .status,
    ).toBe(200);
  });
});

describe("registering", () => {
  it("gives one team to an account, and one account to a name", async () => {
    await runningContest(organiser, "reg", ["one"]);
    const [ana, bia] = [await signedUp(), await signedUp()];
    const view = await ana.post<ContestView>("/api/contests/reg/teams", { name: "Lions" });
    expect(view.team?.name).toBe("Lions");
    expect((await refused(await ana.call("POST", "/api/contests/reg/teams", { name: "Tigers" })))[1]).toBe(
      "name_taken",
    );
    expect((await refused(await bia.call("POST", "/api/contests/reg/teams", { name: "Lions" })))[1]).toBe(
      "name_taken",
    );
  });
});

describe("submitting in a contest", () => {
  const submission = { problem: "one", contest: "gate", language: "c", ...oneFile("int main(){}") };
  let team: Visitor;
  beforeAll(async () => {
    await runningContest(organiser, "gate", ["one"]);
    team = await signedUp();
    await team.post("/api/contests/gate/teams", { name: "Gate" });
  });

  const rows = () => bindings.DB.prepare("SELECT COUNT(*) AS n FROM submissions").first<number>("n");

  it.each<[string, Partial<Submit>, [number, string]]>([
    ["an unknown language", { language: "cobol" }, [422, "unknown_language"]],
    ["a problem that is not in the contest", { problem: "two" }, [422, "problem_not_in_contest"]],
    ["a problem that does not exist", { problem: "none" }, [404, "not_found"]],
    ["a contest that does not exist", { contest: "none" }, [404, "not_found"]],
    ["an empty source", oneFile(""), [400, "invalid_request"]],
    ["a source over the problem's limit", oneFile("x".repeat(64 * 1024 + 1)), [413, "too_large"]],
  ])("writes nothing for %s", async (_, changes, expected) => {
    const before = await rows();
    expect(
      (await refused(await team.call("POST", "/api/submissions", { ...submission, ...changes }))).slice(0, 2),
    ).toEqual(expected);
    expect(await rows()).toBe(before);
  });

  it("needs a registered team", async () => {
    const stranger = await signedUp();
    expect((await refused(await stranger.call("POST", "/api/submissions", submission))).slice(0, 2)).toEqual([
      409,
      "not_registered",
    ]);
  });

  it("needs a running contest", async () => {
    await organiser.post("/api/contests", form("later"));
    const later = await team.call("POST", "/api/submissions", { ...submission, contest: "later" });
    expect((await refused(later)).slice(0, 2)).toEqual([409, "contest_not_running"]);
  });

  it("shows a submission to its author and to nobody else", async () => {
    const { id } = await team.post<SubmissionView>("/api/submissions", submission);
    await team.get(`/api/submissions/${id}`);
    const stranger = await signedUp();
    expect((await refused(await stranger.call("GET", `/api/submissions/${id}`))).slice(0, 2)).toEqual([
      403,
      "forbidden",
    ]);
    expect((await refused(await stranger.call("GET", "/api/submissions/none"))).slice(0, 2)).toEqual([
      404,
      "not_found",
    ]);
  });
});

/** Judges the oldest waiting submission of the contest by hand. */
async function judged(verdict: Verdict): Promise<void> {
  const lease = await leasedSubmission("by-hand", ["c"]);
  const outcome = {
    type: "verdict" as const,
    verdict,
    score: null,
    compileOutput: "",
    toolchain: "gcc",
    level: "full" as const,
    evidence: null,
    runs: [],
  };
  await writeVerdict(bindings, lease, outcome, Date.now());
}

const isLive =
  <Type extends LiveContestMessage["type"]>(type: Type) =>
  (message: unknown): message is Extract<LiveContestMessage, { type: Type }> =>
    (message as LiveContestMessage).type === type;

describe("the live scoreboard", () => {
  let team: Visitor;
  let id: string;
  beforeAll(async () => {
    // Whatever earlier tests left waiting is judged first.
    await bindings.DB.exec("UPDATE rounds SET state = 'failed' WHERE state = 'queued'");
    await runningContest(organiser, "live", ["one", "two"]);
    id = (await bindings.DB.prepare("SELECT id FROM contests WHERE slug = 'live'").first<string>("id")) ?? "";
    team = await signedUp();
  });

  async function follow(epoch: string | null = null, since: number | null = null): Promise<Socket> {
    const socket = await new Visitor().socket("/live/contests/live");
    socket.send({ type: "follow", epoch, since });
    return socket;
  }

  const submit = (problem: string) =>
    team.post<SubmissionView>("/api/submissions", {
      problem,
      contest: "live",
      language: "c",
      ...oneFile("x"),
    });

  it("starts with a board and goes on with complete cells", async () => {
    const socket = await follow();
    const { board } = await socket.next(isLive("board"));
    expect([board.problems.map(({ label }) => label), board.teams, board.cells]).toEqual([
      ["A", "B"],
      [],
      [],
    ]);

    await team.post("/api/contests/live/teams", { name: "Delta" });
    const joined = await socket.next(isLive("changes"));
    expect(joined.changes).toMatchObject([{ type: "team", seq: 1, team: { name: "Delta" } }]);

    await submit("one");
    const pending = await socket.next(isLive("changes"));
    expect(pending.changes).toMatchObject([
      { type: "cell", seq: 2, cell: { label: "A", pending: 1, rejected: 0, solvedAt: null } },
    ]);

    await judged("WA");
    await contestRoom(bindings, id).poke();
    const rejected = await socket.next(isLive("changes"));
    expect(rejected.changes).toMatchObject([{ seq: 3, cell: { pending: 0, rejected: 1, solvedAt: null } }]);
    socket.close();
  });

  it("never loses an event when the room dies between the batch and the poke", async () => {
    const socket = await follow();
    await socket.next(isLive("board"));
    await submit("two");
    await socket.next(isLive("changes"));
    await evictDurableObject(contestRoom(bindings, id), { webSockets: "hibernate" });
    await judged("AC");
    await runDurableObjectAlarm(contestRoom(bindings, id));
    const { changes } = await socket.next(isLive("changes"));
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({ type: "cell", cell: { label: "B", pending: 0 } });
    socket.close();
  });

  it("resumes after the last change seen, even in a room that forgot everything", async () => {
    const first = await follow();
    const { epoch, board } = await first.next(isLive("board"));
    first.close();
    await submit("one");
    await judged("AC");
    await evictDurableObject(contestRoom(bindings, id));
    const again = await follow(epoch, board.seq);
    const { changes } = await again.next(isLive("changes"));
    expect(changes.map(({ seq }) => seq)).toEqual([board.seq + 1, board.seq + 2]);
    expect(changes.at(-1)).toMatchObject({ cell: { label: "A", rejected: 1 } });
    again.close();
  });

  it("sends a whole new board when the clock changes", async () => {
    const socket = await follow();
    const { epoch } = await socket.next(isLive("board"));
    const changed = { ...form("live", { startAt: Date.now() - 3_600_000, penaltyMinutes: 10 }) };
    expect((await organiser.call("PUT", "/api/contests/live", changed)).status).toBe(200);
    const next = await socket.next(isLive("board"));
    expect(next.epoch).not.toBe(epoch);
    expect(next.board.clock.penaltyMinutes).toBe(10);
    socket.close();
  });

  it("says nothing after the freeze but that something is pending", async () => {
    await runningContest(organiser, "frozen", ["one"]);
    const frozenId =
      (await bindings.DB.prepare("SELECT id FROM contests WHERE slug = 'frozen'").first<string>("id")) ?? "";
    const at = 250 * 60_000;
    await bindings.DB.batch([
      appended(bindings, frozenId, { type: "team", team: "t", name: "Ice" }),
      appended(bindings, frozenId, { type: "submission", submission: "s", team: "t", label: "A", at }),
      appended(bindings, frozenId, { type: "judgement", submission: "s", round: 1, verdict: "AC" }),
    ]);
    const board = await new Visitor().get<Board>("/api/contests/frozen/scoreboard");
    expect(board.cells).toEqual([{ team: "t", label: "A", rejected: 0, pending: 1, solvedAt: null }]);
  });
});

describe("the list of problems", () => {
  it("tells the solver, and nobody else, of what was solved in a contest", async () => {
    await bindings.DB.exec("UPDATE rounds SET state = 'failed' WHERE state = 'queued'");
    await publishProblem(organiser, "quiet");
    await runningContest(organiser, "quiet", ["quiet"]);
    const solver = await signedUp();
    await solver.post("/api/contests/quiet/teams", { name: "Quiet" });
    await solver.post("/api/submissions", {
      problem: "quiet",
      contest: "quiet",
      language: "c",
      ...oneFile("x"),
    });
    await judged("AC");
    const seen = async (who: Visitor) =>
      (await who.get<ProblemList>("/api/problems")).problems.find(({ slug }) => slug === "quiet");
    expect(await seen(solver)).toMatchObject({ mine: "solved", solvedBy: 0, triedBy: 0 });
    expect(await seen(new Visitor())).toMatchObject({ mine: null, solvedBy: 0, triedBy: 0 });
    await solver.post("/api/submissions", { problem: "quiet", language: "c", ...oneFile("x") });
    await judged("WA");
    expect(await seen(new Visitor())).toMatchObject({ mine: null, solvedBy: 0, triedBy: 1 });
  });
});

describe("the log", () => {
  it("has no gaps however many append at once", async () => {
    await runningContest(organiser, "log", ["one"]);
    const id =
      (await bindings.DB.prepare("SELECT id FROM contests WHERE slug = 'log'").first<string>("id")) ?? "";
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        appended(bindings, id, { type: "team", team: `t${index}`, name: `Team ${index}` }).run(),
      ),
    );
    const { results } = await bindings.DB.prepare(
      "SELECT seq FROM contest_events WHERE contest = ? ORDER BY seq",
    )
      .bind(id)
      .all<{ seq: number }>();
    expect(results.map(({ seq }) => seq)).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
  });

  it("cannot be changed", async () => {
    await expect(bindings.DB.exec("UPDATE contest_events SET seq = 1")).rejects.toThrow("append-only");
  });
});
