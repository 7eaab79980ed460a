import * as v from "valibot";
import { Count, Instant, Slug } from "./text.ts";

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

// --- What is said of it ---

/** GET /api/ratings: everybody rated, the best first. */
export const RatingList = v.object({
  competitors: v.array(
    v.object({
      username: v.string(),
      name: v.string(),
      ...Rating.entries,
      /** How many rated contests they took part in. */
      contests: Count,
      /** What the last of them changed. */
      change: v.number(),
    }),
  ),
});
export type RatingList = v.InferOutput<typeof RatingList>;

/** GET /api/ratings/:username: every change in the order of the contests. */
export const RatingHistory = v.object({
  username: v.string(),
  name: v.string(),
  ...Rating.entries,
  history: v.array(
    v.object({
      ...v.omit(RatingChange, ["contest"]).entries,
      contest: v.object({ slug: Slug, name: v.string(), endedAt: Instant }),
    }),
  ),
});
export type RatingHistory = v.InferOutput<typeof RatingHistory>;

/** POST /api/contests/:slug/rated */
export const RateContest = v.strictObject({ rated: v.boolean() });
export type RateContest = v.InferOutput<typeof RateContest>;

/** GET /api/contests/:slug/rated, and the answer to POST. */
export const RatedView = v.object({
  rated: v.boolean(),
  /** Whether the reader may change it now. */
  changeable: v.boolean(),
});
export type RatedView = v.InferOutput<typeof RatedView>;
