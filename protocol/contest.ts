import * as v from "valibot";
import { ContestFormat, FormatCell, ProblemLabel, whole } from "./contest-format.ts";
import { ContestStatus, TimedContest } from "./contest-times.ts";
import { LanguageId } from "./language.ts";
import { DisplayName, Instant, LocalText, Slug } from "./text.ts";
import { Verdict } from "./verdict.ts";

export const MINUTE_MS = 60_000;

export const BalloonColour = v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/, "not a colour like #0060a0"));

const Minutes = (least: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(60 * 24 * 366));

/** What a contest says instead of a problem's package; null for what the package says. */
export const OwnLimits = v.strictObject({
  /** Of processor time, for one test. */
  timeMs: v.nullable(whole(50, 600_000)),
  memoryMiB: v.nullable(whole(8, 65_536)),
});
export type OwnLimits = v.InferOutput<typeof OwnLimits>;

/** By the problem's label. */
export const ContestLimits = v.record(ProblemLabel, OwnLimits);
export type ContestLimits = v.InferOutput<typeof ContestLimits>;

const settings = {
  slug: Slug,
  name: DisplayName,
  format: ContestFormat,
  /** Those that may be submitted in; null for all that the judges have. */
  languages: v.nullable(v.pipe(v.array(LanguageId), v.minLength(1, "at least one language"))),
  /** They get the labels A, B, C … in this order. */
  problems: v.pipe(
    v.array(Slug),
    v.minLength(1, "at least one problem"),
    v.maxLength(26, "at most 26 problems"),
    v.check((slugs) => new Set(slugs).size === slugs.length, "the same problem twice"),
  ),
  /** Of problems that have others here than in their packages. What was judged before stays as it was judged. */
  limits: ContestLimits,
};

/** POST /api/contests, by an organiser. */
export const ContestForm = v.pipe(
  v.strictObject({
    ...settings,
    /** Null while nobody has set it. */
    startAt: v.nullable(Instant),
    durationMinutes: Minutes(1),
    freezeMinutes: Minutes(0),
    /** How long each team has, from when it begins itself; null where everybody begins with the contest. */
    windowMinutes: v.nullable(Minutes(1)),
  }),
  v.forward(
    v.check((form) => form.freezeMinutes <= form.durationMinutes, "cannot be longer than the contest"),
    ["freezeMinutes"],
  ),
  v.forward(
    v.check((form) => (form.windowMinutes ?? 0) <= form.durationMinutes, "cannot be longer than the contest"),
    ["windowMinutes"],
  ),
);
export type ContestForm = v.InferOutput<typeof ContestForm>;

/** PUT /api/contests/:slug: everything but the times, which `TimesEdit` changes. With `?preview` nothing is changed. */
export const ContestChange = v.strictObject(settings);
export type ContestChange = v.InferOutput<typeof ContestChange>;

/** What a change would do, to be shown before it is applied. */
export const ContestChangePreview = v.object({
  /** Labels of problems that are new, or gone. */
  added: v.array(v.string()),
  withdrawn: v.array(v.string()),
  /** Problems whose limits change, with how many submissions were judged by those of before, and stay so until they are rejudged. */
  limits: v.array(v.object({ label: v.string(), judged: v.number() })),
  /** The teams whose rank on the jury's board changes. */
  ranks: v.array(v.object({ team: v.string(), name: v.string(), before: v.number(), after: v.number() })),
});
export type ContestChangePreview = v.InferOutput<typeof ContestChangePreview>;

export const ContestSummary = v.object({
  slug: Slug,
  name: v.string(),
  /** Without the times of other teams (`rules/public-times.ts`). */
  timed: TimedContest,
  format: ContestFormat,
  languages: v.nullable(v.array(LanguageId)),
  /** Whether the reader may change it. */
  manages: v.boolean(),
  /** Whether the reader sees what the jury sees. */
  isJury: v.boolean(),
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
  /** Null before the start, except for the jury. */
  slug: v.nullable(Slug),
  name: v.nullable(LocalText),
  /** Null where the package's hold, and for those who do not see the problem. */
  limits: v.nullable(OwnLimits),
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

// --- The scoreboard ---

export const BoardProblem = v.object({
  label: v.string(),
  colour: BalloonColour,
  /** The most points that a package's scoring gives, null for no bound; `pass-fail` where nothing is scored. */
  maxScore: v.union([v.literal("pass-fail"), v.nullable(v.number())]),
});
export type BoardProblem = v.InferOutput<typeof BoardProblem>;

export const BoardGroup = v.object({ id: v.string(), name: v.string() });
export type BoardGroup = v.InferOutput<typeof BoardGroup>;

export const BoardTeam = v.object({
  id: v.string(),
  name: v.string(),
  /** The id of its group. */
  group: v.nullable(v.string()),
  organisation: v.nullable(v.string()),
});
export type BoardTeam = v.InferOutput<typeof BoardTeam>;

/** One team's standing on one problem, complete in itself, so that receiving it twice changes nothing. */
export const Cell = v.omit(FormatCell, ["counted"]);
export type Cell = v.InferOutput<typeof Cell>;

// --- The log: one ordered, append-only list of events per contest, the only source of its scoreboard. ---

export const ContestEvent = v.variant("type", [
  /** Times, format, problems or groups were set or changed. */
  v.object({
    type: v.literal("contest"),
    timed: TimedContest,
    format: ContestFormat,
    problems: v.array(BoardProblem),
    groups: v.array(BoardGroup),
  }),
  /** A team came, or is called otherwise. */
  v.object({
    type: v.literal("team"),
    team: v.string(),
    name: v.string(),
    group: v.nullable(v.string()),
    organisation: v.nullable(v.string()),
  }),
  /** A team that has submitted nothing was taken out. */
  v.object({ type: v.literal("team_removed"), team: v.string() }),
  /** Its contest time follows from the times that hold now, and so may change. */
  v.object({
    type: v.literal("submission"),
    submission: v.string(),
    team: v.string(),
    label: v.string(),
    receivedAt: Instant,
  }),
  /** A judgement of some round; the latest one for a submission counts. */
  v.object({
    type: v.literal("judgement"),
    submission: v.string(),
    round: v.number(),
    verdict: Verdict,
    score: v.nullable(v.number()),
    groups: v.array(v.object({ name: v.string(), score: v.number() })),
  }),
]);
export type ContestEvent = v.InferOutput<typeof ContestEvent>;

/** GET /api/contests/:slug/scoreboard (`?view=jury` for the jury), and the first thing said on the socket. */
export const Board = v.object({
  /** The view's own sequence number; it counts what this view is told only, so that gaps tell nothing. */
  seq: v.number(),
  timed: TimedContest,
  /** At the moment of the answer; who keeps the board asks `rules/contest-state.ts` with the time it is then. */
  status: ContestStatus,
  format: ContestFormat,
  problems: v.array(BoardProblem),
  groups: v.array(BoardGroup),
  teams: v.array(BoardTeam),
  /** Cells of teams that have tried; a missing cell is an untouched problem. */
  cells: v.array(Cell),
});
export type Board = v.InferOutput<typeof Board>;

export const BoardChange = v.variant("type", [
  v.object({ type: v.literal("cell"), seq: v.number(), cell: Cell }),
  v.object({ type: v.literal("team"), seq: v.number(), team: BoardTeam }),
  v.object({ type: v.literal("team_removed"), seq: v.number(), team: v.string() }),
]);
export type BoardChange = v.InferOutput<typeof BoardChange>;

/** Page to room. `since` resumes after the last sequence number seen of the same `epoch`; null asks for everything. */
export const LiveContestRequest = v.variant("type", [
  v.object({ type: v.literal("follow"), epoch: v.nullable(v.string()), since: v.nullable(v.number()) }),
]);
export type LiveContestRequest = v.InferOutput<typeof LiveContestRequest>;

/** Room to page. An `epoch` follows from the log and the clock (`rules/contest-feed.ts`); in a new one all is told by a whole board. */
export const LiveContestMessage = v.variant("type", [
  v.object({ type: v.literal("board"), epoch: v.string(), board: Board, now: Instant }),
  v.object({ type: v.literal("changes"), epoch: v.string(), changes: v.array(BoardChange), now: Instant }),
]);
export type LiveContestMessage = v.InferOutput<typeof LiveContestMessage>;
