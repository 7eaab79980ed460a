import type { Interval } from "../../protocol/contest-times.ts";
import type { Verdict } from "../../protocol/verdict.ts";

/**
 * ICPC's scoring by the rules of the World Finals, reckoned from what was sent and from nothing of the system's own: the
 * second opinion on its boards.
 */

/** A submission with the verdict that counts. */
export interface Sent {
  team: string;
  label: string;
  /** ms since 1970-01-01 UTC. */
  receivedAt: number;
  verdict: Verdict;
}

export interface Clock {
  /** ms since 1970-01-01 UTC. */
  startAt: number;
  /** Apart from each other. */
  removed: readonly Interval[];
  /** What came from this moment on nobody but the jury knows; Infinity for nothing. */
  hiddenFrom: number;
}

/** One team on one problem. */
export interface Square {
  attempts: number;
  pending: number;
  /** Contest time in ms of the accepted submission. */
  solvedAt: number | null;
}

export interface Line {
  team: string;
  rank: number;
  solved: number;
  /** In minutes. */
  penalty: number;
}

/** @param sent - in the order in which it came */
export function squaresOf(sent: readonly Sent[], clock: Clock): Map<string, Square> {
  const squares = new Map<string, Square>();
  for (const { team, label, receivedAt, verdict } of sent) {
    const key = `${team} ${label}`;
    const square = squares.get(key) ?? { attempts: 0, pending: 0, solvedAt: null };
    squares.set(key, square);
    if (square.solvedAt !== null) continue;
    if (receivedAt >= clock.hiddenFrom) square.pending++;
    else if (verdict !== "CE") square.attempts++;
    if (receivedAt < clock.hiddenFrom && verdict === "AC") square.solvedAt = played(receivedAt, clock);
  }
  return squares;
}

/** How much of the contest had passed: what was removed did not. */
function played(at: number, { startAt, removed }: Clock): number {
  let passed = at - startAt;
  for (const { from, to } of removed) {
    if (at >= to) passed -= to - from;
    else if (at > from) passed -= at - from;
  }
  return passed;
}

/** More problems, then less time, then the earlier last solution; who is equal in all three shares a rank. */
export function linesOf(teams: readonly string[], squares: ReadonlyMap<string, Square>): Line[] {
  const reckoned = teams.map((team) => {
    let [solved, penalty, last] = [0, 0, 0];
    for (const [key, { solvedAt, attempts }] of squares) {
      if (!key.startsWith(`${team} `) || solvedAt === null) continue;
      const minute = Math.floor(solvedAt / 60_000);
      solved++;
      penalty += minute + 20 * (attempts - 1);
      last = Math.max(last, minute);
    }
    return { team, solved, penalty, worth: [-solved, penalty, last] };
  });
  const isBefore = (one: readonly number[], other: readonly number[]): boolean => {
    const at = one.findIndex((value, index) => value !== other[index]);
    return at >= 0 && (one[at] ?? 0) < (other[at] ?? 0);
  };
  return reckoned.map(({ worth, ...line }) => ({
    ...line,
    rank: 1 + reckoned.filter((other) => isBefore(other.worth, worth)).length,
  }));
}
