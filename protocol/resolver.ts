import * as v from "valibot";
import { Award, AwardName } from "./award.ts";
import { Board, Cell } from "./contest.ts";

const Row = v.pipe(v.number(), v.integer(), v.minValue(0));
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
  shown: v.pipe(v.number(), v.integer(), v.minValue(0)),
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
