import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as v from "valibot";
import { Board, ContestEvent, ContestView } from "../protocol/contest.ts";
import { ResolverPlan } from "../protocol/resolver.ts";
import { rankTeams } from "../rules/formats/board.ts";
import { stateAt } from "../rules/resolver-state.ts";
import { seededRandom } from "../rules/seeded-random.ts";
import { build } from "../scripts/build.ts";
import { call, SLUG, stageContest, type StagedContest, submit } from "../scripts/bench/live/contest.ts";
import { simulateContest, type SimulatedContest } from "./contest/simulation-contest.ts";
import { type Clock, linesOf, type Sent, squaresOf } from "./contest/simulation-oracle.ts";
import { startSpectator, type Spectator } from "./contest/simulation-spectator.ts";
import { temporaryFolder } from "./site.ts";

/** A whole contest on the real server and over the real judge link, checked against a second opinion at every step. */

const long = process.env["TEST_LONG"] === "1";
const COUNTS = long ? { teams: 120, members: 3, problems: 12 } : { teams: 6, members: 2, problems: 4 };
const SUBMISSIONS = long ? 3_000 : 60;
/** A busy machine takes a few submissions a second. */
const TIMEOUT_MS = long ? 900_000 : 300_000;
/** So many messages pass before a spectator's connection is cut. */
const MESSAGES_PER_CUT = long ? 25 : 5;

const HOUR_MS = 3_600_000;
const startAt = Date.now() - 3 * HOUR_MS;

const seed = Number(process.env["TEST_SEED"] ?? Date.now() % 2 ** 31);
const random = seededRandom(seed);

const data = temporaryFolder();
let staged: StagedContest;
let contest: SimulatedContest;
let spectators: { view: View; spectator: Spectator }[];

type View = "public" | "jury";

beforeAll(async () => {
  await build();
  staged = await stageContest(data.path, COUNTS, { startAt, durationMinutes: 300, freezeMinutes: 60 });
  contest = simulateContest(staged, startAt, random);
  const live = `${staged.url.replace("http", "ws")}/live/contests/${SLUG}`;
  spectators = (["public", "public", "jury"] as const).map((view) => ({
    view,
    spectator: startSpectator(
      view === "jury" ? `${live}?view=jury` : live,
      view === "jury" ? staged.cookie : "",
      random,
      MESSAGES_PER_CUT,
    ),
  }));
});
afterAll(async () => {
  for (const { spectator } of spectators ?? []) spectator.stop();
  await contest?.stop();
  await staged?.server.close();
  data.remove();
});

const scoreboard = (view: View): Promise<Board> =>
  view === "jury"
    ? call(staged, "GET", `/api/contests/${SLUG}/scoreboard?view=jury`, Board)
    : call({ url: staged.url, cookie: "" }, "GET", `/api/contests/${SLUG}/scoreboard`, Board);

/** A board by what ranks teams and what each problem's square shows, in an order of its own. */
const shown = ({ format, teams, cells }: Board): object => ({
  lines: rankTeams(format, teams, cells)
    .map(({ team, rank, totals: { solved, penalty } }) => ({ team: team.id, rank, solved, penalty }))
    .sort(byTeam),
  squares: Object.fromEntries(
    cells.map(({ team, label, attempts, pending, solvedAt }) => [
      `${team} ${label}`,
      { attempts, pending, solvedAt },
    ]),
  ),
});

const expected = (sent: readonly Sent[], clock: Clock): object => {
  const squares = squaresOf(sent, clock);
  const lines = linesOf(
    staged.teams.map(({ id }) => id),
    squares,
  );
  return { lines: lines.sort(byTeam), squares: Object.fromEntries(squares) };
};

const byTeam = (a: { team: string }, b: { team: string }): number => (a.team < b.team ? -1 : 1);

/** Everything is judged, and every board there is shows what it must. */
async function check(): Promise<void> {
  await contest.allJudged();
  const clock = contest.clock();
  const right = {
    public: expected(contest.sent, clock),
    jury: expected(contest.sent, { ...clock, hiddenFrom: Infinity }),
  };
  for (const view of ["public", "jury"] as const) {
    const board = await scoreboard(view);
    expect(shown(board)).toEqual(right[view]);
    for (const { spectator } of spectators.filter((one) => one.view === view)) {
      await expect.poll(() => spectator.board()?.seq).toBe(board.seq);
      await expect
        .poll(() => {
          const followed = spectator.board();
          return followed && { ...shown(followed), timed: followed.timed };
        })
        .toEqual({ ...right[view], timed: board.timed });
    }
  }
}

const share = (part: number): number => Math.round(SUBMISSIONS * part);

const size = `${COUNTS.teams} teams, ${COUNTS.problems} problems and ${SUBMISSIONS} submissions`;

describe(`a contest of ${size} (TEST_SEED=${seed})`, { timeout: TIMEOUT_MS }, () => {
  it("shows the right boards while teams submit", async () => {
    await contest.submissions(share(0.3));
    await check();
  });

  it("takes nothing in a pause, whose time is no part of the contest", async () => {
    await contest.edit({ type: "pause" });
    const [team] = staged.teams;
    const [problem] = staged.problems;
    if (team === undefined || problem === undefined) throw new Error("nobody is there");
    await expect(
      submit({ url: staged.url, cookie: team.cookies[0] ?? "" }, problem, "# in the pause"),
    ).rejects.toThrow("The contest is paused");
    await contest.edit({ type: "resume" });
    await contest.submissions(share(0.2));
    await check();
  });

  it("moves what came in removed intervals, and after them", async () => {
    const times = contest.sent.map(({ receivedAt }) => receivedAt).sort((a, b) => a - b);
    // The middle of what came before the pause.
    const [from = 0, to = 0] = [0.1, 0.5].map((part) => times[Math.floor(share(0.3) * part)]);
    await contest.edit({ type: "remove", from: startAt + HOUR_MS, to: startAt + 1.5 * HOUR_MS });
    await contest.edit({ type: "remove", from, to });
    await check();
  });

  it("counts a rejudging's verdicts once it is applied, and not before", async () => {
    await contest.rejudge("A", check);
    await check();
  });

  it("goes on after an extension", async () => {
    await contest.edit({ type: "duration", durationMs: 5.5 * HOUR_MS });
    await contest.submissions(share(0.2));
    await check();
  });

  it("hides from the public what comes in the freeze, and shows what a rejudging changed before it", async () => {
    await contest.freeze();
    await contest.submissions(SUBMISSIONS - contest.sent.length);
    await check();
    await contest.rejudge("B", check);
    await check();
  });

  it("ends with a show that leads from the frozen board to the final standings", async () => {
    await contest.edit({ type: "duration", durationMs: "now" });
    await check();
    const plan = await call(staged, "GET", `/api/contests/${SLUG}/resolver/steps`, ResolverPlan);
    if (plan.type !== "ready") throw new Error(`refused: ${plan.why.reason}`);
    expect(shown(plan.frozen)).toEqual(expected(contest.sent, contest.clock()));
    const final = stateAt(plan.frozen, plan.steps, plan.steps.length);
    expect(final.ended).toBe(true);
    expect(final.placed).toHaveLength(COUNTS.teams);
    expect(shown(final.board)).toEqual(expected(contest.sent, { ...contest.clock(), hiddenFrom: Infinity }));
  });

  it("shows everybody the same after the thaw, and is final then", async () => {
    await contest.thaw();
    await check();
    const { timed } = await call(staged, "POST", `/api/contests/${SLUG}/finalise`, ContestView);
    expect(timed.finalisedAt).not.toBeNull();
    await check();
    expect(contest.sent).toHaveLength(SUBMISSIONS);
  });

  it("has each submission and each judgement once in its log, without gaps", async () => {
    const database = await staged.server.database();
    const { results } = await database
      .prepare("SELECT seq, event FROM contest_events WHERE contest = ? ORDER BY seq")
      .bind(staged.id)
      .all<{ seq: number; event: string }>();
    expect(results.map(({ seq }) => seq)).toEqual(results.map((_, at) => at + 1));
    const events = results.map(({ event }) => v.parse(ContestEvent, JSON.parse(event)));
    const submitted = events.flatMap((event) =>
      event.type === "submission"
        ? [`${event.submission} ${event.team} ${event.label} ${event.receivedAt}`]
        : [],
    );
    expect(submitted.sort()).toEqual(
      contest.sent.map(({ id, team, label, receivedAt }) => `${id} ${team} ${label} ${receivedAt}`).sort(),
    );
    const judged = events.flatMap((event) =>
      event.type === "judgement" ? [`${event.submission} ${event.round} ${event.verdict}`] : [],
    );
    expect(judged.sort()).toEqual([...contest.judgements].sort());
  });

  it("told those who follow every change once, whatever became of their connections", () => {
    for (const { spectator } of spectators) {
      expect(spectator.faults).toEqual([]);
      expect(spectator.counts.cuts).toBeGreaterThan(0);
    }
    // Nobody can say of one spectator that no epoch ended whenever it was away.
    expect(spectators.some(({ spectator }) => spectator.counts.resumed > 0)).toBe(true);
    console.log(
      `simulation: ${JSON.stringify(spectators.map(({ view, spectator }) => ({ view, ...spectator.counts })))}`,
    );
  });
});
