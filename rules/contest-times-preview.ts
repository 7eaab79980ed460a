import type { TimedContest, TimesEdit, TimesPreview, TimesSummary } from "../protocol/contest-times.ts";
import { type Decided, isOver, statusAt } from "./contest-state.ts";
import { contestTime, freezeAt, lastEndAt, submissionTime } from "./contest-times.ts";
import { editTimes } from "./contest-times-edit.ts";

/**
 * A contest after an edit of its times. Final results stay as they are; and a contest whose board is thawed may still be
 * put right, but not go on, since everybody has seen everything.
 *
 * @param now - ms since 1970-01-01 UTC
 */
export function editContest(contest: TimedContest, edit: TimesEdit, now: number): Decided {
  if (contest.finalisedAt !== null) {
    return { ok: false, refusal: "The results are final: the contest's times cannot be changed any more." };
  }
  const edited = editTimes(contest.times, edit, now);
  if (!edited.ok) return edited;
  const after = { ...contest, times: edited.times };
  if (contest.thawedAt !== null && !isOver(after, now)) {
    return {
      ok: false,
      refusal: "The board is thawed: the contest cannot go on, as everybody has seen the results.",
    };
  }
  return { ok: true, contest: after };
}

/** A team's submission: its contest time follows from when it came. */
export interface ReceivedSubmission {
  id: string;
  team: string;
  /** ms since 1970-01-01 UTC. */
  receivedAt: number;
}

export type Previewed =
  | { ok: true; contest: TimedContest; preview: TimesPreview }
  | { ok: false; refusal: string };

/**
 * What `editContest` would do at this moment, with its consequences, or why it would not.
 *
 * @param submissions - all that the contest's teams have made, those after the end too: they may come into the contest
 */
export function previewEdit(
  contest: TimedContest,
  edit: TimesEdit,
  now: number,
  submissions: readonly ReceivedSubmission[],
): Previewed {
  const edited = editContest(contest, edit, now);
  if (!edited.ok) return edited;
  const before = summaryOf(contest, now);
  const after = summaryOf(edited.contest, now);
  const preview = {
    before,
    after,
    freezesNow: after.status.boardFrozen && !before.status.boardFrozen,
    reopens: isOver(contest, now) && !isOver(edited.contest, now),
    submissions: changedSubmissions(contest, edited.contest, submissions),
  };
  return { ...edited, preview };
}

function changedSubmissions(
  before: TimedContest,
  after: TimedContest,
  submissions: readonly ReceivedSubmission[],
): TimesPreview["submissions"] {
  return submissions
    .map(({ id, team, receivedAt }) => ({
      submission: id,
      before: submissionTime(before.times, team, receivedAt),
      after: submissionTime(after.times, team, receivedAt),
    }))
    .filter((one) => one.before.at !== one.after.at || one.before.frozen !== one.after.frozen);
}

/** The times of a contest as they are read at some moment. */
export function summaryOf(contest: TimedContest, now: number): TimesSummary {
  const { times } = contest;
  return {
    status: statusAt(contest, now),
    contestTimeMs: contestTime(times, now),
    freezeAt: freezeAt(times),
    endAt: lastEndAt(times),
  };
}
