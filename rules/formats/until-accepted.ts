import { penalised } from "../../protocol/verdict.ts";
import type { Attempt } from "./attempts.ts";
import type { CellResult } from "./format.ts";

/** A problem that is solved or not: what came before its accepted attempt. */
export interface UntilAccepted {
  rejected: number;
  pending: number;
  accepted: Attempt | null;
}

/**
 * Reads attempts up to the first accepted one; what comes after it is ignored. A compile error is no attempt, and
 * neither is what has no result yet, judging errors among them.
 */
export function untilAccepted(attempts: readonly Attempt[]): UntilAccepted {
  let rejected = 0;
  let pending = 0;
  for (const attempt of attempts) {
    if (attempt.result === null) pending++;
    else if (attempt.result.verdict === "AC") return { rejected, pending, accepted: attempt };
    else if (penalised.has(attempt.result.verdict)) rejected++;
  }
  return { rejected, pending, accepted: null };
}

/** The cell of a problem that is solved or not. An unsolved one has neither points nor a penalty. */
export function solvedCell(
  { rejected, pending, accepted }: UntilAccepted,
  gain: (accepted: Attempt) => { points: number; penalty: number },
): CellResult {
  if (accepted === null) {
    const none = { solvedAt: null, points: 0, penalty: 0, counted: [], result: "none" as const };
    return { attempts: rejected, pending, ...none };
  }
  return {
    attempts: rejected + 1,
    pending,
    solvedAt: accepted.at,
    ...gain(accepted),
    counted: [accepted.submission],
    result: "full",
  };
}
