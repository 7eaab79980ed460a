import { describe, expect, it } from "vitest";
import { rateContest, type RatedContest, ratingsOver, type Skill } from "./rating.ts";
import { contest, outcomeOf, ranked } from "./rating-testing.ts";

const known = new Map<string, Skill>();

/** The spread of a newcomer's performance: of the skill, of the drift before the contest and of the day. */
const spread = Math.sqrt(350 ** 2 + 80 ** 4 / (200 ** 2 - 80 ** 2) + 200 ** 2);

describe("a performance among newcomers", () => {
  // All opponents are alike, so the sum has one term: tanh z = (beaten - lost) / (n + 1), ties cancelling out.
  it.each([
    ["a.b", "a", 1 / 3],
    ["a.b", "b", -1 / 3],
    ["ab", "a", 0],
    ["a.b.c", "a", 2 / 4],
    ["a.b.c", "b", 0],
    ["a.b.c", "c", -2 / 4],
    ["a.b.c.d", "b", 1 / 5],
    ["abc", "b", 0],
  ])("of %s, for %s, is where the expected place is the actual one", (word, competitor, tanh) => {
    const { performance } = outcomeOf(rateContest(known, ranked(word)), competitor);
    const expected = 1500 + 2 * (Math.sqrt(3) / Math.PI) * spread * Math.atanh(tanh);
    expect(performance).toBeCloseTo(expected, 6);
  });

  it("ties count as a win and a loss each", () => {
    const { performance } = outcomeOf(rateContest(known, ranked("ab.c")), "a");
    // (n + 1 + 1 tied) tanh z = 1 beaten - 0 lost
    const tanh = 1 / 5;
    expect(performance).toBeCloseTo(1500 + 2 * (Math.sqrt(3) / Math.PI) * spread * Math.atanh(tanh), 6);
  });
});

describe("a rating", () => {
  it("is the peak of the prior and the performances together", () => {
    const { performance, after } = outcomeOf(rateContest(known, ranked("a.b")), "a");
    const scale = (Math.sqrt(3) / Math.PI) * 200;
    const drifted = 350 ** 2 + 80 ** 4 / (200 ** 2 - 80 ** 2);
    const slope =
      (after.rating - 1500) / drifted + Math.tanh((after.rating - performance) / (2 * scale)) / scale;
    expect(slope).toBeCloseTo(0, 12);
    expect(after.rating).toBeGreaterThan(1500);
    expect(after.rating).toBeLessThan(performance);
  });

  it("of two newcomers moves by as much up as down", () => {
    const outcomes = rateContest(known, ranked("a.b"));
    const up = outcomeOf(outcomes, "a").after.rating - 1500;
    const down = 1500 - outcomeOf(outcomes, "b").after.rating;
    expect(up).toBeCloseTo(down, 8);
  });

  // Worked out by another program, written from the paper's algorithms alone, with bisection for every zero.
  it.each([
    ["a", 1565.749104, 113.139226, 1529.668019],
    ["b", 1466.207954, 101.887603, 1329.431404],
    ["c", 1462.876065, 101.887603, 1529.668019],
    ["d", 1743.91676, 173.8596, 1792.636216],
  ])(
    "of %s after a.b.c, c.ab, b.c and d.ac.b is what the paper's algorithms say",
    (id, rating, deviation, last) => {
      const contests = [contest("a.b.c"), contest("c.ab"), contest("b.c", "a"), contest("d.ac.b")];
      const found = ratingsOver(contests).find(({ competitor }) => competitor === id);
      expect(found?.rating).toBeCloseTo(rating, 5);
      expect(found?.deviation).toBeCloseTo(deviation, 5);
      expect(found?.history.at(-1)?.performance).toBeCloseTo(last, 5);
    },
  );

  it("stays where it is for equals that tie", () => {
    for (const { after } of rateContest(known, ranked("abcd")).values())
      expect(after.rating).toBeCloseTo(1500, 8);
  });

  it("grows surer with every contest, down to a deviation of 80", () => {
    const history = ratingsOver(
      Array.from({ length: 60 }, (_, at) => contest(at % 2 === 0 ? "a.b" : "b.a")),
    ).find(({ competitor }) => competitor === "a")?.history;
    const deviations = history?.map(({ after }) => after.deviation) ?? [];
    expect(deviations).toEqual(deviations.toSorted((a, b) => b - a));
    expect(deviations.at(-1)).toBeCloseTo(80, 3);
  });

  it("keeps the sum of all weights at one over the deviation squared", () => {
    let skills = new Map<string, Skill>();
    for (const word of ["a.b.c", "c.ab", "b.c.a", "abc", "a.c.b"]) {
      skills = new Map([...rateContest(skills, ranked(word))].map(([id, { after }]) => [id, after]));
      for (const { prior, performances, deviation } of skills.values()) {
        const total = performances.reduce((sum, { weight }) => sum + weight, prior.weight);
        expect(total * deviation ** 2).toBeCloseTo(1, 12);
      }
    }
  });

  it("of an old hand forgets: the same places lead higher with the good ones last", () => {
    const after = (words: readonly string[]): number =>
      ratingsOver(words.map((word) => contest(word))).find(({ competitor }) => competitor === "a")?.rating ??
      NaN;
    const good = "a.bcd";
    const bad = "bcd.a";
    const settled = Array.from({ length: 12 }, () => "abcd");
    const rising = after([...settled, bad, bad, good, good]);
    expect(rising).toBeGreaterThan(1500);
    expect(rising).toBeGreaterThan(after([...settled, good, good, bad, bad]));
  });
});

describe("who is rated", () => {
  it.each<[string, RatedContest[], string[]]>([
    ["nobody without contests", [], []],
    ["nobody in a contest with nobody", [contest("")], []],
    ["nobody who was alone", [contest("a")], []],
    ["nobody who was alone among the absent", [contest("a", "bc")], []],
    ["everybody who took part", [contest("a.b.c")], ["a", "b", "c"]],
    ["not those who were registered only", [contest("a.b", "c")], ["a", "b"]],
    ["who came in any contest", [contest("a.b"), contest("a.c")], ["a", "c", "b"].toSorted()],
  ])("is %s", (_, contests, competitors) => {
    expect(
      ratingsOver(contests)
        .map(({ competitor }) => competitor)
        .toSorted(),
    ).toEqual(competitors);
  });

  it("keeps a rating through contests without them", () => {
    const [before] = ratingsOver([contest("a.b")]);
    const after = ratingsOver([contest("a.b"), contest("c.d", "a"), contest("d.c")]);
    expect(after.find(({ competitor }) => competitor === "a")).toEqual(before);
  });

  it("stands in the order of ratings, equal ones by id", () => {
    expect(ratingsOver([contest("c.ba.d")]).map(({ competitor }) => competitor)).toEqual([
      "c",
      "a",
      "b",
      "d",
    ]);
  });
});

describe("the history", () => {
  it("tells each contest's place, field, performance and both ratings", () => {
    const [best] = ratingsOver([contest("a.b.c"), contest("ab.c", "d")]);
    expect(best?.history.map(({ contest, place, competitors }) => [contest, place, competitors])).toEqual([
      ["a.b.c", 1, 3],
      ["ab.c", 1, 3],
    ]);
    expect(best?.history[0]?.before).toEqual({ rating: 1500, deviation: 350 });
    expect(best?.history[1]?.before).toEqual(best?.history[0]?.after);
    expect(best?.history[1]?.after).toEqual({ rating: best?.rating, deviation: best?.deviation });
  });

  it("counts places anew among those who took part", () => {
    const results = [
      { competitor: "a", rank: 3 },
      { competitor: "b", rank: null },
      { competitor: "c", rank: 9 },
      { competitor: "d", rank: 3 },
    ];
    const places = [...rateContest(known, results)].map(([competitor, { place }]) => [competitor, place]);
    expect(places).toEqual([
      ["a", 1],
      ["c", 3],
      ["d", 1],
    ]);
  });

  it.each<[string, RatedContest["results"]]>([
    ["somebody twice", [...ranked("a.b"), { competitor: "a", rank: 3 }]],
    ["a rank that is none", [{ competitor: "a", rank: Number.NaN }, ...ranked("b")]],
  ])("refuses %s", (_, results) => {
    expect(() => rateContest(known, results)).toThrow(RangeError);
  });
});
