import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import type { Board, ContestView } from "../protocol/contest.ts";
import type { JudgedResult } from "../protocol/contest-format.ts";
import type { SubmissionView } from "../protocol/submission.ts";
import { appended } from "./contest-log.ts";
import {
  contestId,
  ended,
  frozenContest,
  isLive,
  judged,
  refusal,
  registered,
  settingsOf,
  submitted,
  teamEvent,
} from "./contest-testing.ts";
import { contestRoom } from "./env.ts";
import {
  bindings,
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
  for (const slug of ["one", "two"]) await publishProblem(organiser, slug);
});

describe("the live scoreboard", () => {
  let team: Visitor;
  let id: string;
  beforeAll(async () => {
    // Whatever earlier tests left waiting is judged first.
    await bindings.DB.exec("UPDATE rounds SET state = 'failed' WHERE state = 'queued'");
    await runningContest(organiser, "live", ["one", "two"]);
    id = await contestId("live");
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
      { type: "cell", seq: 2, cell: { label: "A", pending: 1, attempts: 0, solvedAt: null } },
    ]);

    await judged("WA");
    await contestRoom(bindings, id).poke();
    const rejected = await socket.next(isLive("changes"));
    expect(rejected.changes).toMatchObject([{ seq: 3, cell: { pending: 0, attempts: 1, solvedAt: null } }]);
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
    expect(changes.at(-1)).toMatchObject({ cell: { label: "A", attempts: 2 } });
    again.close();
  });

  it("sends a whole new board when the format changes", async () => {
    const socket = await follow();
    const { epoch } = await socket.next(isLive("board"));
    const changed = settingsOf("live", { format: { type: "icpc", penaltyMinutes: 10 } });
    expect((await organiser.call("PUT", "/api/contests/live", changed)).status).toBe(200);
    const next = await socket.next(isLive("board"));
    expect(next.epoch).not.toBe(epoch);
    expect(next.board.format).toEqual({ type: "icpc", penaltyMinutes: 10 });
    socket.close();
  });

  it("says nothing after the freeze but that something is pending", async () => {
    await runningContest(organiser, "frozen", ["one"]);
    const frozenId = await contestId("frozen");
    const { timed } = await organiser.get<ContestView>("/api/contests/frozen");
    const receivedAt = (timed.times.startAt ?? 0) + 250 * 60_000;
    const judgement: JudgedResult = { verdict: "AC", score: null, groups: [] };
    await bindings.DB.batch([
      appended(bindings, frozenId, teamEvent("t", "Ice")),
      appended(bindings, frozenId, {
        type: "submission",
        submission: "s",
        team: "t",
        label: "A",
        receivedAt,
      }),
      appended(bindings, frozenId, { type: "judgement", submission: "s", round: 1, ...judgement }),
    ]);
    const board = await new Visitor().get<Board>("/api/contests/frozen/scoreboard");
    expect(board.cells).toMatchObject([{ team: "t", label: "A", attempts: 0, pending: 1, solvedAt: null }]);
  });
});

/** A socket of the view, with its first message said. */
async function followed(
  who: Visitor,
  slug: string,
  view = "",
  epoch: string | null = null,
  since: number | null = null,
) {
  const socket = await who.socket(`/live/contests/${slug}${view}`);
  socket.send({ type: "follow", epoch, since });
  return socket;
}

describe("the jury's view", () => {
  it("is for the jury only, over HTTP and on a socket", async () => {
    await runningContest(organiser, "views", ["one"]);
    const administrator = await signedUp("administrator");
    const team = await registered("views", "Viewers");
    for (const path of ["/api/contests/views/scoreboard?view=jury", "/live/contests/views?view=jury"]) {
      for (const who of [team, new Visitor(), await signedUp("organiser")]) {
        const headers = path.startsWith("/live") ? { upgrade: "websocket" } : {};
        expect(await refusal(await who.call("GET", path, undefined, headers))).toEqual([
          403,
          "forbidden",
          ["Only the contest's jury may see this view of the scoreboard."],
        ]);
      }
    }
    for (const who of [organiser, administrator])
      expect((await who.call("GET", "/api/contests/views/scoreboard?view=jury")).status).toBe(200);
    expect((await refusal(await team.call("GET", "/api/contests/views/scoreboard?view=all")))[1]).toBe(
      "invalid_request",
    );
  });

  it("tells in the freeze what the public is not told, each with numbers of its own", async () => {
    await frozenContest(organiser, "iced", ["one"]);
    const team = await registered("iced", "Iced");
    const id = await contestId("iced");
    const [seen, known] = [
      await followed(new Visitor(), "iced"),
      await followed(organiser, "iced", "?view=jury"),
    ];
    await seen.next(isLive("board"));
    await known.next(isLive("board"));
    await submitted(team, "iced", "one", "AC");
    await contestRoom(bindings, id).poke();
    expect((await seen.next(isLive("changes"))).changes).toMatchObject([
      { seq: 2, cell: { label: "A", pending: 1, solvedAt: null } },
    ]);
    expect((await known.next(isLive("changes"))).changes).toMatchObject([{ seq: 2, cell: { pending: 1 } }]);
    expect((await known.next(isLive("changes"))).changes).toMatchObject([
      { seq: 3, cell: { pending: 0, attempts: 1, result: "full" } },
    ]);
    const again = await followed(new Visitor(), "iced", "", null);
    expect((await again.next(isLive("board"))).board).toMatchObject({
      seq: 2,
      cells: [{ pending: 1, points: 0 }],
    });
    for (const socket of [seen, known, again]) socket.close();
  });

  it("goes on, as does the public's, for sockets of a room that has slept", async () => {
    const id = await contestId("iced");
    const [seen, known] = [
      await followed(new Visitor(), "iced"),
      await followed(organiser, "iced", "?view=jury"),
    ];
    await seen.next(isLive("board"));
    await known.next(isLive("board"));
    await evictDurableObject(contestRoom(bindings, id), { webSockets: "hibernate" });
    const team = await registered("iced", "Later");
    await submitted(team, "iced", "one", "WA");
    await runDurableObjectAlarm(contestRoom(bindings, id));
    const told = async (socket: Socket) => {
      const cells = [];
      while (cells.length < 1) {
        const { changes } = await socket.next(isLive("changes"));
        for (const change of changes) if (change.type === "cell") cells.push(change.cell);
      }
      return cells;
    };
    expect(await told(seen)).toMatchObject([{ attempts: 0, pending: 1 }]);
    expect(await told(known)).toMatchObject([{ pending: 1 }]);
    expect(await told(known)).toMatchObject([{ attempts: 1, pending: 0 }]);
    seen.close();
    known.close();
  });
});

describe("a thaw", () => {
  it("shows everybody the jury's board, as a whole board of a new epoch", async () => {
    await frozenContest(organiser, "melting", ["one"]);
    await submitted(await registered("melting", "Melted"), "melting", "one", "AC");
    await ended(organiser, "melting");
    const socket = await followed(new Visitor(), "melting");
    const hidden = await socket.next(isLive("board"));
    expect(hidden.board).toMatchObject({
      status: { state: "ended", boardFrozen: true },
      cells: [{ pending: 1 }],
    });
    await organiser.post("/api/contests/melting/thaw");
    const shown = await socket.next(isLive("board"));
    expect(shown.epoch).not.toBe(hidden.epoch);
    expect(shown.board).toMatchObject({
      status: { state: "thawed", boardFrozen: false },
      cells: [{ pending: 0, result: "full" }],
    });
    socket.close();
  });
});

describe("a contest whose format tells nothing before the end", () => {
  const format = { type: "ioi", counts: "best", feedback: "none", points: { A: 100 } } as const;

  it("shows its results at the end, when time alone has passed, and a room that slept counts on where it stopped", async () => {
    await runningContest(organiser, "silent", ["one"], { format, freezeMinutes: 0 });
    const id = await contestId("silent");
    await submitted(await registered("silent", "Hush"), "silent", "one", "AC");
    const { timed } = await organiser.get<ContestView>("/api/contests/silent");
    // It ends in a moment.
    const durationMs = Date.now() - (timed.times.startAt ?? 0) + 3_000;
    await organiser.post("/api/contests/silent/times", { type: "duration", durationMs });
    const socket = await followed(new Visitor(), "silent");
    const before = await socket.next(isLive("board"));
    expect(before.board.cells).toMatchObject([{ pending: 1, points: 0 }]);
    const after = await socket.next(isLive("board"));
    expect(after.epoch).not.toBe(before.epoch);
    expect(after.board).toMatchObject({ status: { state: "ended" }, cells: [{ pending: 0, points: 100 }] });
    await evictDurableObject(contestRoom(bindings, id), { webSockets: "hibernate" });
    const again = await followed(new Visitor(), "silent", "", after.epoch, after.board.seq);
    expect((await again.next(isLive("changes"))).changes).toEqual([]);
    socket.close();
    again.close();
  });
});
