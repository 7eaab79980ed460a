import { describe, expect, it } from "vitest";
import { newcomer, rateContest, type RatedContest, ratingsOver, type Skill } from "./rating.ts";
import { outcomeOf } from "./rating-testing.ts";
import { seededRandom } from "./seeded-random.ts";

describe("whatever the contests", () => {
  const random = seededRandom(2021);
  const below = (count: number): number => Math.floor(random() * count);
  const competitors = [..."abcdefghij"];
  const anyResults = (): { competitor: string; rank: number | null }[] => {
    const ties = 1 + below(competitors.length);
    return competitors.map((competitor) => ({ competitor, rank: random() < 0.2 ? null : 1 + below(ties) }));
  };
  const anyContests = (): RatedContest[] =>
    Array.from({ length: 1 + below(6) }, (_, index) => ({ contest: `c${index}`, results: anyResults() }));
  const shuffled = <T>(items: readonly T[]): T[] =>
    items
      .map((item) => ({ item, key: random() }))
      .sort((a, b) => a.key - b.key)
      .map(({ item }) => item);
  const skillsAfter = (contests: readonly RatedContest[]): Map<string, Skill> => {
    const skills = new Map<string, Skill>();
    for (const { results } of contests)
      for (const [id, { after }] of rateContest(skills, results)) skills.set(id, after);
    return skills;
  };

  it("a better place in a contest is a better performance in it", () => {
    for (let round = 0; round < 60; round++) {
      const outcomes = [...rateContest(skillsAfter(anyContests()), anyResults()).values()];
      for (const one of outcomes)
        for (const other of outcomes) {
          if (one.place < other.place) expect(one.performance).toBeGreaterThan(other.performance);
          if (one.place === other.place) expect(one.performance).toBe(other.performance);
        }
    }
  });

  it("somebody moved up in one contest is never rated lower for it, there or after any later contest", () => {
    for (let round = 0; round < 60; round++) {
      const contests = anyContests();
      const changed = below(contests.length);
      const mover = competitors[below(competitors.length)] ?? "a";
      const skills = new Map<string, Skill>();
      let raised: Skill | undefined;
      for (const [index, { results }] of contests.entries()) {
        const up = 0.5 + below(3);
        const better = results.map(({ competitor, rank }) =>
          index === changed && competitor === mover && rank !== null
            ? { competitor, rank: rank - up }
            : { competitor, rank },
        );
        // The theorem holds the others' ratings fixed.
        const beside = new Map([...skills, ...(raised === undefined ? [] : ([[mover, raised]] as const))]);
        raised = rateContest(beside, better).get(mover)?.after ?? raised;
        for (const [id, { after }] of rateContest(skills, results)) skills.set(id, after);
        const plain = skills.get(mover);
        if (raised !== undefined && plain !== undefined)
          expect(raised.rating - plain.rating).toBeGreaterThan(-1e-7);
      }
    }
  });

  it("neither names nor the order of the results matter, to the last bit", () => {
    for (let round = 0; round < 40; round++) {
      const contests = anyContests();
      const renamed = new Map(competitors.map((id, index) => [id, `${(index * 7) % 10}-${id}`]));
      const other = contests.map(({ contest, results }) => ({
        contest,
        results: shuffled(
          results.map(({ competitor, rank }) => ({ competitor: renamed.get(competitor) ?? "", rank })),
        ),
      }));
      const ratings = new Map(ratingsOver(other).map(({ competitor, ...rest }) => [competitor, rest]));
      for (const { competitor, ...rest } of ratingsOver(contests))
        expect(ratings.get(renamed.get(competitor) ?? "")).toEqual(rest);
    }
  });

  it("only the order of ranks matters", () => {
    for (let round = 0; round < 20; round++) {
      const contests = anyContests();
      const stretched = contests.map(({ contest, results }) => ({
        contest,
        results: results.map(({ competitor, rank }) => ({
          competitor,
          rank: rank === null ? null : rank * rank * 3 - 100,
        })),
      }));
      expect(ratingsOver(stretched)).toEqual(ratingsOver(contests));
    }
  });

  it("the same contests give the same ratings, at once or one by one", () => {
    for (let round = 0; round < 20; round++) {
      const contests = anyContests();
      expect(ratingsOver(contests)).toEqual(ratingsOver(contests));
      const skills = skillsAfter(contests);
      for (const { competitor, rating } of ratingsOver(contests))
        expect(skills.get(competitor)?.rating).toBe(rating);
    }
  });

  it("no contest moves a rating by more than its bound, pi / (beta sqrt 3 w0)", () => {
    for (let round = 0; round < 60; round++) {
      const outcomes = rateContest(skillsAfter(anyContests()), anyResults());
      for (const { before, after } of outcomes.values()) {
        const bound = Math.PI / (200 * Math.sqrt(3)) / after.prior.weight;
        expect(Math.abs(after.rating - before.rating)).toBeLessThanOrEqual(bound + 1e-7);
      }
    }
  });

  it("whoever performs above their rating rises, whoever below falls", () => {
    for (let round = 0; round < 60; round++) {
      for (const { before, after, performance } of rateContest(
        skillsAfter(anyContests()),
        anyResults(),
      ).values()) {
        const rise = after.rating - before.rating;
        if (Math.abs(performance - before.rating) > 1e-6)
          expect(Math.sign(rise)).toBe(Math.sign(performance - before.rating));
      }
    }
  });

  it("a field of a thousand is rated, its winner highest", () => {
    const results = Array.from({ length: 1000 }, (_, index) => ({
      competitor: `t${index}`,
      rank: index + 1,
    }));
    const ratings = ratingsOver([{ contest: "big", results }]);
    expect(ratings.map(({ competitor }) => competitor)).toEqual(results.map(({ competitor }) => competitor));
    expect(ratings.every(({ rating }) => Number.isFinite(rating))).toBe(true);
  });

  it("finds the order of skills that places are drawn from", () => {
    const skill = new Map(competitors.map((id, index) => [id, 1000 + index * 120]));
    const drawn = Array.from({ length: 80 }, (_, index) => {
      const day = competitors
        .map((id) => ({ id, level: (skill.get(id) ?? 0) + 200 * (random() + random() + random() - 1.5) * 2 }))
        .sort((a, b) => b.level - a.level);
      return { contest: `c${index}`, results: day.map(({ id }, at) => ({ competitor: id, rank: at + 1 })) };
    });
    const found = ratingsOver(drawn);
    const places = found.map(({ competitor }) => competitors.length - 1 - competitors.indexOf(competitor));
    // Neighbours may swap by chance, not more.
    for (const [place, trueOne] of places.entries()) expect(Math.abs(place - trueOne)).toBeLessThanOrEqual(1);
  });

  it("the newcomer that everybody begins as is not changed by any contest", () => {
    skillsAfter(anyContests());
    expect(newcomer).toEqual({
      rating: 1500,
      deviation: 350,
      prior: { centre: 1500, weight: 350 ** -2 },
      performances: [],
    });
  });

  it("a contest adds its drift to a deviation squared and then one performance, whatever the places", () => {
    const drift = 80 ** 4 / (200 ** 2 - 80 ** 2);
    for (let round = 0; round < 40; round++) {
      for (const { before, after } of rateContest(skillsAfter(anyContests()), anyResults()).values()) {
        const expected = 1 / (1 / (before.deviation ** 2 + drift) + 1 / 200 ** 2);
        expect(after.deviation ** 2).toBeCloseTo(expected, 6);
      }
    }
  });

  it("only differences between ratings matter: all moved alike, all end moved alike", () => {
    const moved = (skill: Skill): Skill => ({
      ...skill,
      rating: skill.rating + 700,
      prior: { ...skill.prior, centre: skill.prior.centre + 700 },
      performances: skill.performances.map(({ centre, weight }) => ({ centre: centre + 700, weight })),
    });
    for (let round = 0; round < 30; round++) {
      const skills = new Map([
        ...competitors.map((id) => [id, newcomer] as const),
        ...skillsAfter(anyContests()),
      ]);
      const results = anyResults();
      const shifted = new Map([...skills].map(([id, skill]) => [id, moved(skill)]));
      const high = rateContest(shifted, results);
      for (const [id, { after, performance }] of rateContest(skills, results)) {
        expect(outcomeOf(high, id).performance).toBeCloseTo(performance + 700, 5);
        expect(outcomeOf(high, id).after.rating).toBeCloseTo(after.rating + 700, 5);
      }
    }
  });

  it("newcomers without ties neither gain nor lose together: what the first wins the last loses", () => {
    for (let count = 2; count <= 12; count++) {
      const results = shuffled(
        Array.from({ length: count }, (_, index) => ({ competitor: `t${index}`, rank: index })),
      );
      const ratings = ratingsOver([{ contest: "first", results }]).map(({ rating }) => rating);
      for (const [place, rating] of ratings.entries())
        expect(rating + (ratings[count - 1 - place] ?? NaN)).toBeCloseTo(3000, 6);
    }
  });
});
