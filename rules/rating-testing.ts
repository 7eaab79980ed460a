import type { Outcome, RatedContest } from "./rating.ts";

/** Places from a word: `ab.c` is a and b sharing the first, then c. */
export function ranked(word: string): RatedContest["results"] {
  return word
    .split(".")
    .flatMap((tied, index) => [...tied].map((competitor) => ({ competitor, rank: index + 1 })));
}

/** One contest by its places, and those who were registered and did not take part. */
export function contest(word: string, absent = ""): RatedContest {
  return {
    contest: word,
    results: [...ranked(word), ...[...absent].map((competitor) => ({ competitor, rank: null }))],
  };
}

export function outcomeOf(outcomes: ReadonlyMap<string, Outcome>, competitor: string): Outcome {
  const outcome = outcomes.get(competitor);
  if (outcome === undefined) throw new Error(`${competitor} did not take part`);
  return outcome;
}
