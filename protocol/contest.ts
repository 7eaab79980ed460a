import * as v from "valibot";
import { DisplayName, Instant, LocalText, Milliseconds, Slug } from "./text.ts";

export const MINUTE_MS = 60_000;

/** Where the contest's clock stands. `frozen` is a part of running. */
export const ContestPhase = v.picklist(["before", "running", "frozen", "over"]);
export type ContestPhase = v.InferOutput<typeof ContestPhase>;

/** What decides times and ranks; the same object in the log, on the wire and in the rules. */
export const ContestClock = v.object({
  startAt: Instant,
  durationMs: Milliseconds,
  /** How long before the end the public scoreboard freezes; 0 for never. */
  freezeMs: Milliseconds,
  penaltyMinutes: v.pipe(v.number(), v.integer(), v.minValue(0)),
});
export type ContestClock = v.InferOutput<typeof ContestClock>;

export const BalloonColour = v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/, "not a colour like #0060a0"));

/** POST /api/contests and PUT /api/contests/:slug, by an organiser. Problems get the labels A, B, C … in this order. */
export const ContestForm = v.pipe(
  v.strictObject({
    slug: Slug,
    name: DisplayName,
    startAt: Instant,
    durationMinutes: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(60 * 24 * 366)),
    freezeMinutes: v.pipe(v.number(), v.integer(), v.minValue(0)),
    penaltyMinutes: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1000)),
    problems: v.pipe(
      v.array(Slug),
      v.minLength(1, "at least one problem"),
      v.maxLength(26, "at most 26 problems"),
      v.check((slugs) => new Set(slugs).size === slugs.length, "the same problem twice"),
    ),
  }),
  v.forward(
    v.check((form) => form.freezeMinutes <= form.durationMinutes, "cannot be longer than the contest"),
    ["freezeMinutes"],
  ),
);
export type ContestForm = v.InferOutput<typeof ContestForm>;

export const ContestSummary = v.object({
  slug: Slug,
  name: v.string(),
  clock: ContestClock,
  /** Whether the reader may change it. */
  manages: v.boolean(),
  /** The reader's team, if registered. */
  team: v.nullable(v.object({ id: v.string(), name: v.string() })),
});
export type ContestSummary = v.InferOutput<typeof ContestSummary>;

/** GET /api/contests */
export const ContestList = v.object({ contests: v.array(ContestSummary), now: Instant });
export type ContestList = v.InferOutput<typeof ContestList>;

export const ContestProblem = v.object({
  label: v.string(),
  colour: BalloonColour,
  /** Null before the start, except for those who manage the contest. */
  slug: v.nullable(Slug),
  name: v.nullable(LocalText),
});
export type ContestProblem = v.InferOutput<typeof ContestProblem>;

/** GET /api/contests/:slug */
export const ContestView = v.object({
  ...ContestSummary.entries,
  problems: v.array(ContestProblem),
  now: Instant,
});
export type ContestView = v.InferOutput<typeof ContestView>;

/** POST /api/contests/:slug/teams: the signed-in account registers a team of its own. */
export const RegisterTeam = v.strictObject({ name: DisplayName });
export type RegisterTeam = v.InferOutput<typeof RegisterTeam>;

// --- The log: one ordered, append-only list of events per contest, the only source of its scoreboard. ---

export const ContestEvent = v.variant("type", [
  /** The clock, penalty or problems were set or changed. */
  v.object({
    type: v.literal("contest"),
    clock: ContestClock,
    problems: v.array(v.object({ label: v.string(), colour: BalloonColour })),
  }),
  v.object({ type: v.literal("team"), team: v.string(), name: v.string() }),
  v.object({
    type: v.literal("submission"),
    submission: v.string(),
    team: v.string(),
    label: v.string(),
    /** Contest time, in ms since its start. */
    at: Milliseconds,
  }),
  /** A judgement of some round; the latest one for a submission counts. */
  v.object({
    type: v.literal("judgement"),
    submission: v.string(),
    round: v.number(),
    verdict: v.picklist(["AC", "WA", "TLE", "RTE", "MLE", "OLE", "CE"]),
  }),
]);
export type ContestEvent = v.InferOutput<typeof ContestEvent>;

// --- The public scoreboard and its live socket at /live/contests/:slug ---

/** One team's standing on one problem, complete in itself, so that receiving it twice changes nothing. */
export const Cell = v.object({
  team: v.string(),
  label: v.string(),
  /** Rejected attempts with penalty before the accepted one (or so far). */
  rejected: v.number(),
  pending: v.number(),
  /** Contest time of the accepted submission in ms, or null. */
  solvedAt: v.nullable(Milliseconds),
});
export type Cell = v.InferOutput<typeof Cell>;

export const BoardTeam = v.object({ id: v.string(), name: v.string() });
export type BoardTeam = v.InferOutput<typeof BoardTeam>;

export const BoardProblem = v.object({ label: v.string(), colour: BalloonColour });
export type BoardProblem = v.InferOutput<typeof BoardProblem>;

/** GET /api/contests/:slug/scoreboard, and the first thing said on the socket. */
export const Board = v.object({
  /** The public sequence number; it counts public changes only, so that gaps tell nothing. */
  seq: v.number(),
  clock: ContestClock,
  frozen: v.boolean(),
  problems: v.array(BoardProblem),
  teams: v.array(BoardTeam),
  /** Cells of teams that have tried; a missing cell is an untouched problem. */
  cells: v.array(Cell),
});
export type Board = v.InferOutput<typeof Board>;

export const BoardChange = v.variant("type", [
  v.object({ type: v.literal("cell"), seq: v.number(), cell: Cell }),
  v.object({ type: v.literal("team"), seq: v.number(), team: BoardTeam }),
]);
export type BoardChange = v.InferOutput<typeof BoardChange>;

/** Page to room. `since` resumes after the last sequence number seen of the same `epoch`; null asks for everything. */
export const LiveContestRequest = v.variant("type", [
  v.object({ type: v.literal("follow"), epoch: v.nullable(v.string()), since: v.nullable(v.number()) }),
]);
export type LiveContestRequest = v.InferOutput<typeof LiveContestRequest>;

/** Room to page. A room that woke without its memory has a new `epoch` and answers with a whole board. */
export const LiveContestMessage = v.variant("type", [
  v.object({ type: v.literal("board"), epoch: v.string(), board: Board, now: Instant }),
  v.object({ type: v.literal("changes"), epoch: v.string(), changes: v.array(BoardChange), now: Instant }),
]);
export type LiveContestMessage = v.InferOutput<typeof LiveContestMessage>;
