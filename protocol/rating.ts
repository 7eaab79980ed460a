import * as v from "valibot";
import { Count } from "./text.ts";

/** How good somebody is, as far as the results tell. */
export const Rating = v.object({
  /** The most likely skill. A newcomer's is 1500; 200 more means to be ahead in about three of four contests. */
  rating: v.number(),
  /** The standard deviation of the skill around it: 350 for a newcomer, about 80 after many contests. */
  deviation: v.number(),
});
export type Rating = v.InferOutput<typeof Rating>;

/** What one contest did to a rating. */
export const RatingChange = v.object({
  contest: v.string(),
  /** The place among those who took part, counted from 1; equal ones share it. */
  place: v.pipe(Count, v.minValue(1)),
  competitors: v.pipe(Count, v.minValue(2)),
  /** The skill that this place alone would speak for. */
  performance: v.number(),
  before: Rating,
  after: Rating,
});
export type RatingChange = v.InferOutput<typeof RatingChange>;

/** Somebody who took part in a rated contest, with every change in the order of the contests. */
export const RatedCompetitor = v.object({
  competitor: v.string(),
  ...Rating.entries,
  history: v.array(RatingChange),
});
export type RatedCompetitor = v.InferOutput<typeof RatedCompetitor>;

/** Everybody rated, the best first. */
export const RatingList = v.object({ competitors: v.array(RatedCompetitor) });
export type RatingList = v.InferOutput<typeof RatingList>;
