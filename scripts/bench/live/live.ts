import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { Board, type ContestEvent, MINUTE_MS } from "../../../protocol/contest.ts";
import type { Verdict } from "../../../protocol/verdict.ts";
import { seededRandom } from "../../../rules/seeded-random.ts";
import { now } from "../relay/clock.ts";
import { startChild, type Child } from "../relay/children.ts";
import { quantile, round } from "../rounds.ts";
import { append, call, SLUG, stageContest, type StagedContest, submit } from "./contest.ts";
import { type HandJudge, startHandJudge } from "./judge.ts";
import { SpectatorsMessage } from "./messages.ts";

const TEAMS = 500;
const PROBLEMS = 12;
const SPECTATORS = 1_000;
const SNAPSHOTS = 100;

/** What the live scoreboard promises on a machine with two cores. */
const TOLD_MS = 300;
const SNAPSHOT_MS = 50;

const HOUR_MS = 60 * MINUTE_MS;

export interface LiveReport {
  teams: number;
  problems: number;
  cells: number;
  spectators: number;
  /** Until every spectator that came at the start had the whole board, in milliseconds. */
  allFollowMs: number;
  /** From the judge's message with a verdict until the last, and until each, of the spectators was told; milliseconds. */
  verdicts: { verdicts: number; lastP50: number; lastP99: number; eachP50: number; eachP99: number };
  /** From the request of a submission until the last of the spectators was told; milliseconds. */
  submissions: { lastP50: number; lastP99: number };
  /** The whole board by HTTP, one request after the other, with all spectators connected and nothing else going on. */
  snapshot: { requests: number; p50Ms: number; p99Ms: number };
  bytes: { board: number; change: number; snapshot: number };
  targets: { target: string; figure: number; met: boolean }[];
}

/**
 * How soon a verdict is on everybody's scoreboard: the real server on the loopback, a judge that judges by hand, and the
 * spectators' sockets in a process of their own. Before each verdict stands its submission, which all are told of too.
 *
 * @param verdicts - how many are given, one after the other
 */
export async function benchLive(verdicts: number): Promise<LiveReport> {
  const data = await mkdtemp(join(tmpdir(), "bench-live-"));
  const counts = { teams: TEAMS, members: 1, problems: PROBLEMS };
  const startAt = Date.now() - 3 * HOUR_MS;
  const staged = await stageContest(data, counts, { startAt, durationMinutes: 300, freezeMinutes: 60 });
  const judge = startHandJudge(staged.url, staged.judgeToken);
  try {
    await append(await staged.server.database(), staged.id, played(staged, startAt));
    const address = `${staged.url.replace("http", "ws")}/live/contests/${SLUG}`;
    const sockets = await startChild(
      "../live/spectators.ts",
      [address, String(SPECTATORS)],
      v.object({ type: v.literal("ready") }),
    );
    try {
      return await measure(staged, judge, sockets, verdicts);
    } finally {
      await sockets.end();
    }
  } finally {
    await judge.stop();
    await staged.server.close();
    await rm(data, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function measure(
  staged: StagedContest,
  judge: HandJudge,
  sockets: Child<unknown>,
  verdicts: number,
): Promise<LiveReport> {
  const said = inbox(sockets);
  const following = await said("following");
  const snapshots = await timeSnapshots(staged);
  const rounds: Round[] = [];
  for (let at = 0; at < verdicts; at++) rounds.push(await giveVerdict(staged, judge, said, at));
  const last = rounds.map(({ lastMs }) => lastMs);
  const each = rounds.flatMap(({ eachMs }) => eachMs);
  const submitted = rounds.map(({ submittedMs }) => submittedMs);
  const lastP99 = round(quantile(last, 0.99));
  const snapshotP50 = round(quantile(snapshots.ms, 0.5));
  return {
    teams: TEAMS,
    problems: PROBLEMS,
    cells: snapshots.cells,
    spectators: SPECTATORS,
    allFollowMs: round(following.tookMs),
    verdicts: {
      verdicts,
      lastP50: round(quantile(last, 0.5)),
      lastP99,
      eachP50: round(quantile(each, 0.5)),
      eachP99: round(quantile(each, 0.99)),
    },
    submissions: { lastP50: round(quantile(submitted, 0.5)), lastP99: round(quantile(submitted, 0.99)) },
    snapshot: { requests: SNAPSHOTS, p50Ms: snapshotP50, p99Ms: round(quantile(snapshots.ms, 0.99)) },
    bytes: {
      board: following.boardBytes,
      change: quantile(
        rounds.map(({ bytes }) => bytes),
        0.5,
      ),
      snapshot: snapshots.bytes,
    },
    targets: [
      {
        target: `at most ${TOLD_MS} ms from a verdict to the last of ${SPECTATORS} spectators, 99th percentile`,
        figure: lastP99,
        met: lastP99 <= TOLD_MS,
      },
      {
        target: `at most ${SNAPSHOT_MS} ms for the board of ${TEAMS} teams by HTTP, median`,
        figure: snapshotP50,
        met: snapshotP50 <= SNAPSHOT_MS,
      },
    ],
  };
}

interface Round {
  submittedMs: number;
  lastMs: number;
  eachMs: number[];
  bytes: number;
}

async function giveVerdict(staged: StagedContest, judge: HandJudge, said: Inbox, at: number): Promise<Round> {
  // None of these teams has tried the last problem, so that each submission and each verdict changes a cell.
  const team = staged.teams[at % TEAMS];
  const problem = staged.problems.at(-1);
  if (team === undefined || problem === undefined) throw new Error("The contest has no teams or problems.");
  const submitted = now();
  await submit({ url: staged.url, cookie: team.cookies[0] ?? "" }, problem, `# ${at}`);
  const pending = await said("told");
  const lease = await judge.leased();
  const given = now();
  judge.give(lease, at % 3 === 0 ? "AC" : "WA");
  const told = await said("told");
  return {
    submittedMs: Math.max(...pending.at) - submitted,
    lastMs: Math.max(...told.at) - given,
    eachMs: told.at.map((when) => when - given),
    bytes: told.bytes,
  };
}

type Said<Type> = Extract<SpectatorsMessage, { type: Type }>;
type Inbox = <Type extends "following" | "told">(type: Type) => Promise<Said<Type>>;

/** What the spectators' process says, one message after the other. */
function inbox(sockets: Child<unknown>): Inbox {
  const arrived: SpectatorsMessage[] = [];
  let wake = (): void => {};
  sockets.hear((message) => {
    arrived.push(v.parse(SpectatorsMessage, message));
    wake();
  });
  const is = <Type extends SpectatorsMessage["type"]>(
    message: SpectatorsMessage,
    type: Type,
  ): message is Said<Type> => message.type === type;
  const next = async (): Promise<SpectatorsMessage> => {
    for (;;) {
      const message = arrived.shift();
      if (message !== undefined) return message;
      const ended = sockets.ended.then((how) => {
        throw new Error(how);
      });
      await Promise.race([new Promise<void>((resolve) => (wake = resolve)), ended]);
    }
  };
  return async (type) => {
    const message = await next();
    if (!is(message, type)) throw new Error(`The spectators said "${message.type}" instead of "${type}".`);
    return message;
  };
}

async function timeSnapshots(staged: StagedContest): Promise<{ ms: number[]; bytes: number; cells: number }> {
  const ms: number[] = [];
  let bytes = 0;
  for (let at = 0; at < SNAPSHOTS; at++) {
    const began = now();
    const response = await fetch(`${staged.url}/api/contests/${SLUG}/scoreboard`);
    bytes = (await response.arrayBuffer()).byteLength;
    ms.push(now() - began);
  }
  const { cells } = await call(staged, "GET", `/api/contests/${SLUG}/scoreboard`, Board);
  return { ms, bytes, cells: cells.length };
}

const VERDICTS: readonly Verdict[] = ["WA", "WA", "TLE", "CE"];

/** What a contest's three hours may have brought: all teams on all problems but the last, with up to four attempts each. */
function played(staged: StagedContest, startAt: number): ContestEvent[] {
  const random = seededRandom(1);
  const events: ContestEvent[] = [];
  for (const { id: team } of staged.teams)
    for (const { label } of staged.problems.slice(0, -1)) {
      const attempts = 1 + Math.floor(random() * 4);
      for (let attempt = 1; attempt <= attempts; attempt++) {
        const submission = `${team} ${label} ${attempt}`;
        const receivedAt = startAt + Math.floor((random() + attempt - 1) * 0.5 * HOUR_MS);
        const isRight = attempt === attempts && random() < 0.6;
        const verdict = isRight ? "AC" : (VERDICTS[Math.floor(random() * VERDICTS.length)] ?? "WA");
        events.push(
          { type: "submission", submission, team, label, receivedAt },
          { type: "judgement", submission, round: 1, verdict, score: null, groups: [] },
        );
      }
    }
  return events;
}

/** Prints a report for people. */
export function printLiveReport(report: LiveReport): void {
  const { verdicts, submissions, snapshot, bytes } = report;
  console.log(
    `${report.teams} teams, ${report.problems} problems, ${report.cells} cells; ${report.spectators} spectators, all with their board after ${report.allFollowMs} ms`,
  );
  console.table({
    "a verdict at the last spectator": { "p50 ms": verdicts.lastP50, "p99 ms": verdicts.lastP99 },
    "a verdict at each spectator": { "p50 ms": verdicts.eachP50, "p99 ms": verdicts.eachP99 },
    "a submission at the last spectator": { "p50 ms": submissions.lastP50, "p99 ms": submissions.lastP99 },
    "the board by HTTP": { "p50 ms": snapshot.p50Ms, "p99 ms": snapshot.p99Ms },
  });
  console.log(
    `bytes: a change ${bytes.change}, the board on a socket ${bytes.board}, by HTTP ${bytes.snapshot}`,
  );
  for (const { target, figure, met } of report.targets)
    console.log(`${met ? "met" : "MISSED"}: ${target}: ${figure} ms`);
}
