import type { JudgedResult } from "../../protocol/contest-format.ts";
import type { Verdict } from "../../protocol/verdict.ts";

/** A submission of a team on a problem of a contest, judged or not. */
export interface Attempt {
  submission: string;
  /** Contest time in ms. */
  at: number;
  /** Null while there is none, or none that is shown. */
  result: JudgedResult | null;
}

/** What the rules read of a contest's log. Judgements of problems without points have neither score nor groups. */
export type AttemptEvent =
  | { type: "submission"; submission: string; team: string; label: string; at: number }
  | {
      type: "judgement";
      submission: string;
      round: number;
      verdict: Verdict;
      score?: JudgedResult["score"];
      groups?: JudgedResult["groups"];
    };

type Submission = Extract<AttemptEvent, { type: "submission" }>;

/** The submissions and judgements of a contest's log, folded. Change it by `foldAttempt`, read it by `attemptsOf`. */
export interface AttemptLog {
  readonly submissions: Map<string, Submission>;
  /** By team, then by label: in the order of contest time, at the same time in the order of the log. */
  readonly byCell: Map<string, Map<string, Submission[]>>;
  readonly judgements: Map<string, { round: number; result: JudgedResult }>;
}

export function emptyAttemptLog(): AttemptLog {
  return { submissions: new Map(), byCell: new Map(), judgements: new Map() };
}

/**
 * Takes one event into the log, in place. One that comes twice changes nothing the second time; of a submission's
 * judgements the one of the latest round counts, whichever comes last.
 */
export function foldAttempt(log: AttemptLog, event: AttemptEvent): void {
  switch (event.type) {
    case "submission":
      return addSubmission(log, event);
    case "judgement": {
      const known = log.judgements.get(event.submission);
      if (known !== undefined && known.round >= event.round) return;
      const { round, verdict, score = null, groups = [] } = event;
      log.judgements.set(event.submission, { round, result: { verdict, score, groups } });
      return;
    }
    default:
      event satisfies never;
  }
}

function addSubmission(log: AttemptLog, event: Submission): void {
  if (log.submissions.has(event.submission)) return;
  log.submissions.set(event.submission, event);
  const ofTeam = log.byCell.get(event.team) ?? new Map<string, Submission[]>();
  log.byCell.set(event.team, ofTeam);
  const known = ofTeam.get(event.label) ?? [];
  ofTeam.set(
    event.label,
    [...known, event].sort((a, b) => a.at - b.at),
  );
}

/** One team's attempts on one problem, in the order in which they count. */
export function attemptsOf(log: AttemptLog, team: string, label: string): Attempt[] {
  return (log.byCell.get(team)?.get(label) ?? []).map(({ submission, at }) => ({
    submission,
    at,
    result: log.judgements.get(submission)?.result ?? null,
  }));
}
