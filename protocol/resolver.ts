import * as v from "valibot";
import { Award, AwardName } from "./award.ts";
import { Board, Cell } from "./contest.ts";
import { Instant } from "./text.ts";

const Row = v.pipe(v.number(), v.integer(), v.minValue(0));
/** The number of the last step shown. */
const Shown = v.pipe(v.number(), v.integer(), v.minValue(0));
const Rank = v.pipe(v.number(), v.integer(), v.minValue(1));

const entries = {
  /** Counts the steps of the show from 1. How many there will be is said nowhere. */
  number: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** Whether the show waits for the presenter after this step. */
  pause: v.boolean(),
};

/**
 * One step of the show that resolves a frozen scoreboard. Rows count from 0 at the top.
 *
 *     for each row from the last to the first:
 *       look                                the team that stands there
 *         problem  verdict  [move]          each of its pending problems, until it has none or stands elsewhere;
 *                                           then the team that now stands in the row is looked at
 *       place                               the team's place can change no more, and neither can these awards
 *     award                                 one that was open when its teams were placed
 *     end
 *
 * A step tells what is seen now and nothing else: whoever has every step so far cannot know more of the results than
 * the frozen scoreboard and the verdicts among these steps say.
 */
export const ResolverStep = v.variant("type", [
  v.object({ ...entries, type: v.literal("look"), row: Row, team: v.string() }),
  v.object({ ...entries, type: v.literal("problem"), team: v.string(), label: v.string() }),
  /** What became of the pending attempts: the team's final standing on the problem. */
  v.object({ ...entries, type: v.literal("verdict"), cell: Cell }),
  /** The verdict changed the order or a rank. The row can be the same: then teams equal to this one were left behind. */
  v.object({ ...entries, type: v.literal("move"), team: v.string(), from: Row, to: Row, rank: Rank }),
  v.object({
    ...entries,
    type: v.literal("place"),
    team: v.string(),
    row: Row,
    rank: Rank,
    awards: v.array(AwardName),
  }),
  v.object({ ...entries, type: v.literal("award"), award: Award }),
  v.object({ ...entries, type: v.literal("end") }),
]);
export type ResolverStep = v.InferOutput<typeof ResolverStep>;

/** All that a screen shows after some step: what a viewer who comes late is sent. */
export const ResolverState = v.object({
  /** The number of the last step shown; 0 before the first. */
  shown: Shown,
  /** As frozen, but for the cells whose verdict was told. */
  board: Board,
  /** The teams from the first row to the last. It follows the board at the steps `move`, not at the verdict. */
  standing: v.array(v.object({ team: v.string(), rank: Rank })),
  /** The team and problem in the light. */
  looked: v.nullable(v.object({ row: Row, team: v.string(), label: v.nullable(v.string()) })),
  /** The teams whose place is told, from the last. */
  placed: v.array(v.string()),
  /** The awards told so far, each with those of its teams that were told. */
  awards: v.array(Award),
  ended: v.boolean(),
});
export type ResolverState = v.InferOutput<typeof ResolverState>;

/** Why a contest cannot be resolved; with the team's id and the problem's label where a cell is the cause. */
export const Unresolvable = v.variant("reason", [
  v.object({ reason: v.literal("not_over") }),
  v.object({ reason: v.literal("never_froze") }),
  /** Everybody knows the results already. */
  v.object({ reason: v.literal("thawed") }),
  /** A result can cost points there, so that no place is certain before the last one is told. */
  v.object({ reason: v.literal("homework") }),
  /** The boards are not of the same contest at the same time: times, format, teams or problems differ. */
  v.object({ reason: v.literal("other_contest") }),
  /** An attempt has no verdict yet: the show would end without it. */
  v.object({ reason: v.literal("unjudged"), team: v.string(), label: v.string() }),
  /** The results differ in more than what became of attempts in the freeze. */
  v.object({ reason: v.literal("not_pending"), team: v.string(), label: v.string() }),
]);
export type Unresolvable = v.InferOutput<typeof Unresolvable>;

/** GET /api/contests/:slug/resolver/steps, for the jury: all that is needed to present the show. */
export const ResolverPlan = v.variant("type", [
  v.object({
    type: v.literal("refused"),
    why: Unresolvable,
    /** The team's name, where a cell is the cause. */
    team: v.nullable(v.string()),
  }),
  v.object({
    type: v.literal("ready"),
    /** When the show began, which tells it from others of the contest; null before. */
    show: v.nullable(Instant),
    shown: Shown,
    /** The results, or the rules of awards, are not those with which the show began. */
    outdated: v.boolean(),
    frozen: Board,
    final: Board,
    steps: v.array(ResolverStep),
  }),
]);
export type ResolverPlan = v.InferOutput<typeof ResolverPlan>;

/** POST /api/contests/:slug/resolver/show: shows all steps up to this one and none after it. */
export const ResolverMove = v.strictObject({ to: Shown });
export type ResolverMove = v.InferOutput<typeof ResolverMove>;

/** How far a show has come. */
export const ResolverPosition = v.object({ show: Instant, shown: Shown });
export type ResolverPosition = v.InferOutput<typeof ResolverPosition>;

/** Viewer to show. Both null ask for the whole state; else the steps after `shown` of the same `show` are enough. */
export const LiveResolverRequest = v.object({
  type: v.literal("follow"),
  show: v.nullable(Instant),
  shown: v.nullable(Shown),
});
export type LiveResolverRequest = v.InferOutput<typeof LiveResolverRequest>;

/** Show to viewer. The first is never `steps` unless the viewer said which it has. */
export const LiveResolverMessage = v.variant("type", [
  /** No show has begun. */
  v.object({ type: v.literal("waiting") }),
  /** Also when the presenter went back, or began anew. */
  v.object({ type: v.literal("state"), show: Instant, state: ResolverState }),
  v.object({ type: v.literal("steps"), show: Instant, steps: v.array(ResolverStep) }),
]);
export type LiveResolverMessage = v.InferOutput<typeof LiveResolverMessage>;
