import type { RatedCompetitor, Rating } from "../protocol/rating.ts";
import { type Sloped, zeroOf } from "./rating-zero.ts";

/**
 * Ratings by Elo-MMR (Aram Ebtekar and Paul Liu, "Elo-MMR: A Rating System for Massive Multiplayer Competitions", The Web
 * Conference 2021, algorithms 1 to 3), because it
 *
 * - is made for what a contest is, one ranking of many, where Elo and Glicko know only games of two: a contest of 100
 *   teams taken for 99 games each would be far too sure of itself;
 * - never rewards a worse place (section 5.1, "Incentive-compatibility"), as Glicko-2's volatility can;
 * - bounds what one contest can do to a rating (section 5.2, "Robust response"), as Codeforces' and TrueSkill do not;
 * - says how sure it is, so that newcomers move fast and old hands slowly;
 * - needs no more than the places, and never changes the past.
 *
 * A skill is believed to be where a bell curve, the prior, and one logistic curve for each past performance agree.
 * Its rating is the peak of their product. `w` are the curves' weights, 1 / variance each: together 1 / deviation².
 *
 *     before a contest    every weight shrinks, as skills drift; a part of the performances' goes into the prior
 *     the contest         performance: the skill for which the expected place is the actual one
 *     after it            the performance is one more curve; the rating is the new peak
 */

/** Everybody's belief before the first contest (the paper's "common choice", section 4.2). */
const NEWCOMER_RATING = 1500;
const NEWCOMER_DEVIATION = 350;
/** How far a performance is off the skill, beta: the authors' own program has these 200, 80 and 1. */
const PERFORMANCE_DEVIATION = 200;
/** The deviation that many contests lead to. */
const LEAST_DEVIATION = 80;
/** rho: how much faster past performances melt into the prior than the whole is forgotten. */
const TRANSFER = 1;

/** The drift between two contests that keeps the deviation from falling below the least, gamma squared. */
const DRIFT_VARIANCE =
  LEAST_DEVIATION ** 4 / (PERFORMANCE_DEVIATION * PERFORMANCE_DEVIATION - LEAST_DEVIATION ** 2);

/** A logistic curve's scale is its deviation times this. */
const LOGISTIC_SCALE = Math.sqrt(3) / Math.PI;

/** What is known of somebody's skill. */
export interface Skill extends Rating {
  prior: { centre: number; weight: number };
  performances: readonly { centre: number; weight: number }[];
}

export const newcomer: Skill = {
  rating: NEWCOMER_RATING,
  deviation: NEWCOMER_DEVIATION,
  prior: { centre: NEWCOMER_RATING, weight: NEWCOMER_DEVIATION ** -2 },
  performances: [],
};

/** One contest's result: who took part, and their ranks. Only their order counts; equal ranks are a tie. */
export interface RatedContest {
  contest: string;
  /** `rank` is null for one who was registered and did not take part: a rating is not touched by that. */
  results: readonly { competitor: string; rank: number | null }[];
}

/**
 * Ratings over contests, each with its history; the best first, equal ones by their id.
 *
 * A contest with fewer than two competitors tells nothing and is left out. Give it only contests whose results are
 * everybody's to know: a rating tells a hidden place.
 *
 * @param contests - in the order in which they were held
 * @throws RangeError when somebody is twice in a contest or a rank is no number
 */
export function ratingsOver(contests: readonly RatedContest[]): RatedCompetitor[] {
  const skills = new Map<string, Skill>();
  const rated = new Map<string, RatedCompetitor>();
  for (const { contest, results } of contests) {
    const outcome = rateContest(skills, results);
    for (const [competitor, { place, performance, before, after }] of outcome) {
      skills.set(competitor, after);
      const history = rated.get(competitor)?.history ?? [];
      history.push({
        contest,
        place,
        competitors: outcome.size,
        performance,
        before: ratingOf(before),
        after: ratingOf(after),
      });
      rated.set(competitor, { competitor, ...ratingOf(after), history });
    }
  }
  return [...rated.values()].sort(
    (a, b) => b.rating - a.rating || (a.competitor < b.competitor ? -1 : Number(a.competitor > b.competitor)),
  );
}

const ratingOf = ({ rating, deviation }: Skill): Rating => ({ rating, deviation });

/** What a contest did to one competitor. */
export interface Outcome {
  place: number;
  performance: number;
  before: Skill;
  after: Skill;
}

/**
 * Rates one contest.
 *
 * @param skills - what is known so far; who is not in it is a newcomer
 * @returns the outcome of each who took part, in the order of `results`; nobody's when fewer than two did
 */
export function rateContest(
  skills: ReadonlyMap<string, Skill>,
  results: RatedContest["results"],
): Map<string, Outcome> {
  const present = results.flatMap(({ competitor, rank }) => (rank === null ? [] : [{ competitor, rank }]));
  refuseNonsense(results);
  if (present.length < 2) return new Map();
  const field = present.map(({ competitor, rank }) => {
    const before = skills.get(competitor) ?? newcomer;
    return { competitor, rank, before, drifted: drifted(before) };
  });
  // In an order that no name has a part in: sums of floating-point numbers depend on theirs.
  const opponents = field
    .map(({ rank, drifted: { rating, deviation } }) => ({
      rank,
      rating,
      spread: Math.hypot(deviation, PERFORMANCE_DEVIATION),
    }))
    .sort((a, b) => a.rank - b.rank || a.rating - b.rating || a.spread - b.spread);
  const performances = new Map<number, number>();
  return new Map(
    field.map(({ competitor, rank, before, drifted }) => {
      // Equal places meet the same opponents, themselves included, and are the same performance.
      const performance = performances.get(rank) ?? performanceAt(rank, opponents);
      performances.set(rank, performance);
      const place = opponents.findIndex((opponent) => opponent.rank === rank) + 1;
      return [competitor, { place, performance, before, after: withPerformance(drifted, performance) }];
    }),
  );
}

function refuseNonsense(results: RatedContest["results"]): void {
  const seen = new Set<string>();
  for (const { competitor, rank } of results) {
    if (seen.has(competitor)) throw new RangeError(`${competitor} is twice in the results of a contest.`);
    if (rank !== null && !Number.isFinite(rank)) throw new RangeError(`${rank} is no rank.`);
    seen.add(competitor);
  }
}

/** Algorithm 2, "diffuse": the rating stays, the deviation grows by the drift. */
function drifted(skill: Skill): Skill {
  const keep = 1 / (1 + DRIFT_VARIANCE / skill.deviation ** 2);
  const stay = keep ** TRANSFER;
  const total = skill.performances.reduce((sum, { weight }) => sum + weight, skill.prior.weight);
  const own = stay * skill.prior.weight;
  const moved = (1 - stay) * total;
  return {
    rating: skill.rating,
    deviation: skill.deviation / Math.sqrt(keep),
    prior: {
      centre: (own * skill.prior.centre + moved * skill.rating) / (own + moved),
      weight: keep * (own + moved),
    },
    performances: skill.performances.map(({ centre, weight }) => ({ centre, weight: keep * stay * weight })),
  };
}

interface Opponent {
  rank: number;
  rating: number;
  /** The deviation of a performance: of the skill and of the day. */
  spread: number;
}

/** Algorithm 3, "update", its first part. A tie counts as a win and a loss, and everybody ties with themselves. */
function performanceAt(rank: number, opponents: readonly Opponent[]): number {
  const balance = (x: number): Sloped => {
    let value = 0;
    let slope = 0;
    for (const opponent of opponents) {
      const curve = logistic(x - opponent.rating, opponent.spread);
      if (opponent.rank >= rank) {
        value += (curve.value - 1) / opponent.spread;
        slope += curve.slope / opponent.spread;
      }
      if (opponent.rank <= rank) {
        value += (curve.value + 1) / opponent.spread;
        slope += curve.slope / opponent.spread;
      }
    }
    return { value, slope };
  };
  return zeroOf(balance, NEWCOMER_RATING, NEWCOMER_DEVIATION);
}

/** Algorithm 3, "update", its second part: the peak of the product of all curves. */
function withPerformance(skill: Skill, performance: number): Skill {
  const { prior } = skill;
  const performances = [...skill.performances, { centre: performance, weight: PERFORMANCE_DEVIATION ** -2 }];
  const pull = PERFORMANCE_DEVIATION / LOGISTIC_SCALE;
  const loss = (x: number): Sloped => {
    let value = prior.weight * (x - prior.centre);
    let slope = prior.weight;
    for (const { centre, weight } of performances) {
      const curve = logistic(x - centre, PERFORMANCE_DEVIATION);
      value += weight * pull * curve.value;
      slope += weight * pull * curve.slope;
    }
    return { value, slope };
  };
  const total = performances.reduce((sum, { weight }) => sum + weight, prior.weight);
  return {
    rating: zeroOf(loss, skill.rating, skill.deviation),
    deviation: 1 / Math.sqrt(total),
    prior,
    performances,
  };
}

/** Twice the distribution function of a logistic curve around 0, less 1: from -1 to 1. */
function logistic(x: number, deviation: number): Sloped {
  const half = 1 / (2 * LOGISTIC_SCALE * deviation);
  const value = Math.tanh(x * half);
  return { value, slope: half * (1 - value * value) };
}
