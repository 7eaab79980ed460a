import type { ContestFormat, FormatCell, JudgedResult } from "../protocol/contest-format.ts";
import type { TimedContest } from "../protocol/contest-times.ts";
import type {
  Board,
  BoardChange,
  BoardGroup,
  BoardProblem,
  BoardTeam,
  Cell,
  ContestEvent,
} from "../protocol/contest.ts";
import { isOver, statusAt, undecided } from "./contest-state.ts";
import { submissionTime, timesOf } from "./contest-times.ts";
import type { Attempt } from "./formats/attempts.ts";
import { feedbackOf } from "./formats/known.ts";
import { rulesOf } from "./formats/registry.ts";
import { publicTimes } from "./public-times.ts";

/**
 * Who looks. `jury` is the whole truth; to `public` a submission received in the freeze stays pending until the thaw,
 * whatever became of it, and so does every one where the format tells nothing before the end.
 */
export type View = "public" | "jury";

/** Who looks, and whether the contest is over. */
export interface Look {
  view: View;
  over: boolean;
}

type Submission = Omit<Extract<ContestEvent, { type: "submission" }>, "type">;

/** A submission in its contest's time. */
interface Placed {
  submission: string;
  at: number;
  frozen: boolean;
}

/** A contest's log, folded. Change it by `fold` only, read it by `cellOf`, `boardOf` and `changesOf`. */
export interface ContestFold {
  timed: TimedContest;
  format: ContestFormat;
  problems: readonly BoardProblem[];
  groups: readonly BoardGroup[];
  readonly teams: Map<string, BoardTeam>;
  /** In the order of the log. */
  readonly submissions: Map<string, Submission>;
  readonly judgements: Map<string, { round: number; result: JudgedResult }>;
  /** Those in the contest's time by team and label; at the same time in the order of the log. */
  readonly byCell: Map<string, Map<string, Placed[]>>;
}

/** A contest before its log's first event, which sets everything. */
export function emptyFold(): ContestFold {
  return {
    timed: undecided(timesOf({ startAt: null, durationMs: 0, freezeMs: 0 })),
    format: { type: "icpc", penaltyMinutes: 20 },
    problems: [],
    groups: [],
    teams: new Map(),
    submissions: new Map(),
    judgements: new Map(),
    byCell: new Map(),
  };
}

/**
 * Takes one event of the log into the fold, in place. An event that comes twice changes nothing the second time; of a
 * submission's judgements the one of the latest round counts.
 */
export function fold(contest: ContestFold, event: ContestEvent): void {
  switch (event.type) {
    case "contest": {
      const { timed, format, problems, groups } = event;
      const moved = new Set(teamsWithOtherTimes(contest, event));
      Object.assign(contest, { timed, format, problems, groups });
      for (const team of moved) contest.byCell.delete(team);
      for (const submission of contest.submissions.values())
        if (moved.has(submission.team)) place(contest, submission);
      return;
    }
    case "team": {
      const { team, name, group, organisation } = event;
      contest.teams.set(team, { id: team, name, group, organisation });
      return;
    }
    case "team_removed":
      contest.teams.delete(event.team);
      return;
    case "submission": {
      if (contest.submissions.has(event.submission)) return;
      contest.submissions.set(event.submission, event);
      return place(contest, event);
    }
    case "judgement": {
      const known = contest.judgements.get(event.submission);
      if (known !== undefined && known.round >= event.round) return;
      const { round, verdict, score, groups } = event;
      contest.judgements.set(event.submission, { round, result: { verdict, score, groups } });
      return;
    }
    default:
      event satisfies never;
  }
}

/** The teams whose submissions may have another contest time, or are frozen or not as before, once the event is folded. */
export function teamsWithOtherTimes(
  { timed, submissions }: ContestFold,
  event: Extract<ContestEvent, { type: "contest" }>,
): string[] {
  const [before, after] = [timed.times, event.timed.times];
  const isSame = (one: object | undefined, other: object | undefined): boolean =>
    JSON.stringify(one) === JSON.stringify(other);
  if (!isSame({ ...before, teams: {} }, { ...after, teams: {} }))
    return [...new Set([...submissions.values()].map(({ team }) => team))];
  const named = new Set([...Object.keys(before.teams), ...Object.keys(after.teams)]);
  return [...named].filter((team) => !isSame(before.teams[team], after.teams[team]));
}

function place({ timed, byCell }: ContestFold, { submission, team, label, receivedAt }: Submission): void {
  const { at, frozen } = submissionTime(timed.times, team, receivedAt);
  if (at === null) return;
  const ofTeam = byCell.get(team) ?? new Map<string, Placed[]>();
  byCell.set(team, ofTeam);
  const placed = [...(ofTeam.get(label) ?? []), { submission, at, frozen }];
  ofTeam.set(
    label,
    placed.sort((a, b) => a.at - b.at),
  );
}

/** One team's standing on one problem, with the submissions it comes from; null where it has not tried it in its time. */
export function cellOf(contest: ContestFold, team: string, label: string, look: Look): FormatCell | null {
  const problem = contest.problems.find((one) => one.label === label);
  const attempts = attemptsOf(contest, team, label, look);
  if (problem === undefined || attempts.length === 0) return null;
  return { team, label, ...rulesOf(contest.format).cell(problem, attempts, contest.timed.times) };
}

/** A team's attempts on a problem in the order in which they count, those that may not be known without their results. */
export function attemptsOf(contest: ContestFold, team: string, label: string, look: Look): Attempt[] {
  return (contest.byCell.get(team)?.get(label) ?? []).map(({ submission, at, frozen }) => ({
    submission,
    at,
    result: isKnown(contest, frozen, look) ? (contest.judgements.get(submission)?.result ?? null) : null,
  }));
}

/** Whether those who look may know what became of a submission. */
function isKnown({ timed, format }: ContestFold, frozen: boolean, { view, over }: Look): boolean {
  if (view === "jury") return true;
  return feedbackOf(format, over) !== "none" && (!frozen || timed.thawedAt !== null);
}

/** A change without its number, which whoever sends it gives. */
type Unnumbered<Change> = Change extends unknown ? Omit<Change, "seq"> : never;
export type UnnumberedChange = Unnumbered<BoardChange>;

/** What those who look were told last of each cell, by team and label. Kept by `changesOf`. */
export type Shown = Map<string, string>;

/**
 * What an event, already folded, changed for those who look: nothing where what they see is as before, so that in the
 * freeze neither the cells nor their count tell of a judgement. After an event of the type `contest` everything may have
 * changed: send a whole board, and begin with nothing shown (`shownOf`).
 */
export function changesOf(
  contest: ContestFold,
  event: ContestEvent,
  look: Look,
  shown: Shown,
): UnnumberedChange[] {
  switch (event.type) {
    case "contest":
      return [];
    case "team": {
      const team = contest.teams.get(event.team);
      return team === undefined ? [] : [{ type: "team", team }];
    }
    case "team_removed":
      return [{ type: "team_removed", team: event.team }];
    case "submission":
    case "judgement": {
      const of = aboutOf(contest, event);
      const cell = of === undefined ? null : wireCell(cellOf(contest, of.team, of.label, look));
      if (cell === null || shown.get(keyOf(cell)) === JSON.stringify(cell)) return [];
      shown.set(keyOf(cell), JSON.stringify(cell));
      return [{ type: "cell", cell }];
    }
    default:
      return event satisfies never;
  }
}

/** What those who look see now, as `changesOf` keeps it. */
export function shownOf(contest: ContestFold, look: Look): Shown {
  return new Map(cellsOf(contest, look).map((cell) => [keyOf(cell), JSON.stringify(cell)]));
}

/**
 * Notes what those who look see of the cell that an event is about, before it is folded, unless that is noted already: so
 * `changesOf` needs to know nothing of all the other cells.
 */
export function keepShown(contest: ContestFold, event: ContestEvent, look: Look, shown: Shown): void {
  const of = aboutOf(contest, event);
  if (of === undefined || shown.has(keyOf(of))) return;
  const cell = wireCell(cellOf(contest, of.team, of.label, look));
  if (cell !== null) shown.set(keyOf(cell), JSON.stringify(cell));
}

/** The submission that an event is about. */
function aboutOf({ submissions }: ContestFold, event: ContestEvent): Submission | undefined {
  if (event.type === "submission") return submissions.get(event.submission) ?? event;
  return event.type === "judgement" ? submissions.get(event.submission) : undefined;
}

const keyOf = ({ team, label }: Pick<Cell, "team" | "label">): string => `${team} ${label}`;

function wireCell(cell: FormatCell | null): Cell | null {
  if (cell === null) return null;
  const { counted: _, ...told } = cell;
  return told;
}

function cellsOf(contest: ContestFold, look: Look): Cell[] {
  return [...contest.byCell.keys()].flatMap((team) => cellsOfTeam(contest, team, look));
}

/** A team's cells as those who look see them. */
export function cellsOfTeam(contest: ContestFold, team: string, look: Look): Cell[] {
  return [...(contest.byCell.get(team)?.keys() ?? [])].flatMap(
    (label) => wireCell(cellOf(contest, team, label, look)) ?? [],
  );
}

/**
 * The whole scoreboard as its readers get it.
 *
 * @param seq - the number of the last change that this view was told of
 * @param now - ms since 1970-01-01 UTC
 */
export function boardOf(contest: ContestFold, seq: number, now: number, view: View): Board {
  const { timed, format, problems, groups, teams } = contest;
  return {
    seq,
    timed: view === "jury" ? timed : publicTimes(timed, null),
    status: statusAt(timed, now),
    format,
    problems: [...problems],
    groups: [...groups],
    teams: [...teams.values()],
    cells: cellsOf(contest, { view, over: isOver(timed, now) }),
  };
}

/**
 * Which team solved each problem first, by label. Exact times decide, not minutes; at the same millisecond the smaller
 * team id. While an earlier attempt is pending this may still change.
 */
export function firstSolves(cells: readonly Cell[]): ReadonlyMap<string, string> {
  const first = new Map<string, { team: string; at: number }>();
  for (const { label, team, solvedAt: at } of cells) {
    if (at === null) continue;
    const known = first.get(label);
    if (known === undefined || at < known.at || (at === known.at && team < known.team)) {
      first.set(label, { team, at });
    }
  }
  return new Map([...first].map(([label, { team }]) => [label, team]));
}
