import type { Board, BoardTeam, Cell, ContestEvent } from "../protocol/contest.ts";
import type { ContestTimes } from "../protocol/contest-times.ts";
import type { Recording, ReplayedSubmission } from "../protocol/virtual.ts";
import { boardOf, changesOf, type ContestFold, emptyFold, fold, type Look } from "./contest-board.ts";
import { undecided } from "./contest-state.ts";
import { timesOf } from "./contest-times.ts";
import { nextShownAt, type RecordedEvent, shownEvents } from "./contest-times-virtual.ts";
import { rankTeams } from "./formats/board.ts";

/** The reader's own row on a recorded board; no team of a contest has this id. */
export const YOU = "you";

/** Who runs beside the recorded contest. */
export interface OwnRow {
  name: string;
  submissions: readonly ReplayedSubmission[];
}

/** A recording that can be shown at any moment of it, in ms from its beginning. */
export interface Replay {
  lengthMs: number;
  /**
   * The scoreboard as it was then; the same object, and the same cells in it, as far as nothing is different from the moment
   * that was asked for before.
   */
  boardAt: (moment: number) => Board;
  /** When more is shown; null when all is. */
  nextAt: (moment: number) => number | null;
}

type Replayed = RecordedEvent & { event: ContestEvent };

/** Everything in a recording may be known, and the contest is over. */
const LOOK: Look = { view: "jury", over: true };

/**
 * The recorded contest with the reader's own row among the others, if there is one. The fold of contests makes the board,
 * as of any other contest that began at moment 0.
 */
export function replayOf(recording: Recording, own: OwnRow | null): Replay {
  const times = timesIn(recording);
  const events = shownEvents(times, eventsIn(recording, own), recording.lengthMs);
  let shown = atBeginning(recording, times, own);
  return {
    lengthMs: recording.lengthMs,
    boardAt(moment) {
      if ((events[shown.folded - 1]?.at ?? 0) > moment) shown = atBeginning(recording, times, own);
      const { contest, board, folded } = shown;
      const next = events.slice(folded, folded + countUntil(events, folded, moment));
      if (next.length === 0) return board;
      const cells = new Map(board.cells.map((cell) => [keyOf(cell), cell]));
      for (const { event } of next) {
        fold(contest, event);
        for (const change of changesOf(contest, event, LOOK, shown.told)) {
          if (change.type === "cell") cells.set(keyOf(change.cell), change.cell);
        }
      }
      shown.folded += next.length;
      shown.board = { ...board, seq: shown.folded, cells: [...cells.values()] };
      return shown.board;
    },
    nextAt: (moment) => nextShownAt(times, events, moment),
  };
}

const keyOf = ({ team, label }: Cell): string => `${team} ${label}`;

/** How many events from `first` on are shown at a moment. */
function countUntil(events: readonly Replayed[], first: number, moment: number): number {
  const later = events.findIndex(({ at }, index) => index >= first && at > moment);
  return (later === -1 ? events.length : later) - first;
}

/** How far a replay has come: what was folded, and the board that came of it. */
interface Shown {
  contest: ContestFold;
  folded: number;
  told: Map<string, string>;
  board: Board;
}

function atBeginning(
  { format, problems, groups, teams }: Recording,
  times: ContestTimes,
  own: OwnRow | null,
): Shown {
  const contest = emptyFold();
  fold(contest, { type: "contest", timed: undecided(times), format, problems, groups });
  const you: BoardTeam[] = own === null ? [] : [{ id: YOU, name: own.name, group: null, organisation: null }];
  for (const { id, ...team } of [...teams, ...you]) fold(contest, { type: "team", team: id, ...team });
  return { contest, folded: 0, told: new Map(), board: boardOf(contest, 0, 0, "jury") };
}

/**
 * The clock on which everybody's times are told in a recording. Windows are gone from it; who went beyond the duration had
 * extra time.
 */
function timesIn({ durationMs, teams, submissions }: Recording): ContestTimes {
  const times = timesOf({ startAt: 0, durationMs, freezeMs: 0 });
  for (const { team, at } of submissions) {
    const id = teams[team]?.id;
    if (id === undefined || at < durationMs) continue;
    const extraMs = Math.max(times.teams[id]?.extraMs ?? 0, at - durationMs + 1);
    times.teams[id] = { extraMs, beganAt: null };
  }
  return times;
}

function eventsIn({ teams, submissions, lengthMs }: Recording, own: OwnRow | null): Replayed[] {
  const recorded = submissions.flatMap((submission, index) =>
    eventsOf(submission, String(index), teams[submission.team]?.id ?? "", lengthMs),
  );
  const ofOwn = (own?.submissions ?? []).flatMap((submission, index) =>
    eventsOf(submission, `${YOU} ${index}`, YOU, lengthMs),
  );
  return [...recorded, ...ofOwn];
}

function eventsOf(
  { label, at, judgements }: ReplayedSubmission,
  submission: string,
  team: string,
  lengthMs: number,
): Replayed[] {
  return [
    {
      at: Math.min(at, lengthMs),
      team: null,
      event: { type: "submission", submission, team, label, receivedAt: at },
    },
    ...judgements.map(({ at: judgedAt, verdict, score, groups }, index): Replayed => ({
      at: judgedAt,
      team: null,
      event: { type: "judgement", submission, round: index + 1, verdict, score, groups },
    })),
  ];
}

/** Where somebody stands on a board, and among how many; null where they are not on it. */
export function standingOf(
  { format, teams, cells }: Board,
  team: string,
): { rank: number; teams: number } | null {
  const row = rankTeams(format, teams, cells).find((one) => one.team.id === team);
  return row === undefined ? null : { rank: row.rank, teams: teams.length };
}
