import { describe, expect, it } from "vitest";
import { inferTimeLimit, type Measured, measuredBounds } from "./time-limit.ts";

const usual = { acToTimeLimit: 2, timeLimitToTle: 1.5, resolutionMs: 1000 };

/** Times of submissions that must not be too slow, and of those that must. */
function times(lower: readonly number[], upper: readonly number[] = []): Measured[] {
  return [
    ...lower.map((slowestMs, index) => ({ path: `accepted/${index}`, bounds: "lower" as const, slowestMs })),
    ...upper.map((slowestMs, index) => ({ path: `slow/${index}`, bounds: "upper" as const, slowestMs })),
  ];
}

describe("the time limit that is inferred", () => {
  it.each<[string, Partial<typeof usual>, number[], number[], number]>([
    ["is a second at least", {}, [3], [], 1000],
    ["is a second where the slowest takes half of it", {}, [120, 500, 80], [], 1000],
    ["is the next multiple where it takes a little more", {}, [501], [], 2000],
    ["is short enough for what must be too slow", {}, [700], [3000], 2000],
    ["goes by the fastest of these", {}, [700], [9000, 3000, 60_000], 2000],
    ["has multiples of its own", { resolutionMs: 100 }, [501], [], 1100],
    ["may be a fraction of a second", { resolutionMs: 250 }, [40], [], 250],
    ["has factors of its own", { acToTimeLimit: 5, timeLimitToTle: 1 }, [601], [4000], 4000],
    [
      "is not put off by what cannot be written exactly",
      { acToTimeLimit: 1.1, resolutionMs: 100 },
      [1000],
      [],
      1100,
    ],
    ["is a millisecond at least", { resolutionMs: 0.1 }, [0], [], 1],
  ])("%s", (_, timing, lower, upper, timeMs) => {
    expect(inferTimeLimit({ ...usual, ...timing }, times(lower, upper))).toEqual({ timeMs });
  });

  it("takes no notice of submissions that bound nothing", () => {
    const other: Measured = { path: "rejected/a", bounds: null, slowestMs: 60_000 };
    expect(inferTimeLimit(usual, [other, ...times([100])])).toEqual({ timeMs: 1000 });
  });

  it.each<[string, Measured[], string]>([
    [
      "nothing says what is needed",
      times([], [5000]),
      "No submission says how much time is needed: an accepted one is required.",
    ],
    [
      "it would have to be longer than it may be",
      times([1500], [3000]),
      "accepted/0 takes 1500 ms, so the limit must be at least 3000 ms (2 times that); slow/0 takes no more than 3000 ms, so it must be at most 2000 ms (that divided by 1.5): no limit is both.",
    ],
    [
      "no multiple lies between what it must be and what it may be",
      times([600], [2400]),
      "accepted/0 takes 600 ms, so the limit must be at least 1200 ms (2 times that); slow/0 takes no more than 2400 ms, so it must be at most 1600 ms (that divided by 1.5): no multiple of 1000 ms lies between.",
    ],
  ])("is none where %s", (_, measured, fault) => {
    expect(inferTimeLimit(usual, measured)).toEqual({ fault });
  });
});

describe("what run times say of the limit", () => {
  const none = { permitted: null, required: null, score: null, message: null };

  it("is one bound for each rule, by the slowest of the tests that it speaks of", () => {
    const submission = {
      path: "rejected/x.py",
      requirements: [
        { ...none, tests: "all", covers: ["sample/1", "secret/1", "secret/2"], bounds: null },
        { ...none, tests: "sample", covers: ["sample/1"], bounds: "lower" as const },
        { ...none, tests: "secret/*", covers: ["secret/1", "secret/2"], bounds: "upper" as const },
        { ...none, tests: "secret/9", covers: [], bounds: "upper" as const },
      ],
    };
    const runs = [
      { name: "sample/1", cpuMs: 10 },
      { name: "secret/1", cpuMs: 4000 },
      { name: "secret/2", cpuMs: 5000 },
    ];
    expect(measuredBounds(submission, runs)).toEqual([
      { path: "rejected/x.py", bounds: "lower", slowestMs: 10 },
      { path: "rejected/x.py", bounds: "upper", slowestMs: 5000 },
    ]);
  });
});
