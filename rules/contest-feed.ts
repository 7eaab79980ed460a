import type { BoardChange, Cell, ContestEvent } from "../protocol/contest.ts";
import {
  cellsOfTeam,
  changesOf,
  type ContestFold,
  emptyFold,
  fold,
  keepShown,
  type Look,
  type Shown,
  teamsWithOtherTimes,
  type UnnumberedChange,
  type View,
} from "./contest-board.ts";
import { isOver } from "./contest-state.ts";
import { lastEndAt } from "./contest-times.ts";
import { feedbackOf } from "./formats/known.ts";
import { publicTimes } from "./public-times.ts";

/** What those who follow one view of a scoreboard are told, numbered from 1 within an epoch. */
export interface ViewFeed {
  readonly view: View;
  /** Every epoch has its own, and starts with a whole board. */
  epoch: string;
  /** How many epochs the settings began. Their place in the log would tell how much of it this view is not told. */
  begun: number;
  changes: BoardChange[];
  /** What this view shows of the settings. */
  settings: string;
  /** What was told of those cells that an event of this epoch was about. */
  shown: Shown;
}

/**
 * A contest's log as its readers are told of it.
 *
 *     log:      contest  team  submission  judgement  contest(another freeze)  submission …
 *     epoch:    |------------- "1" ------------------|------------- "2" --------------- …
 *     changes:           1     2           3                                   1
 *
 * Epochs and numbers follow from the log and the clock alone, so that whoever reads the log again from its beginning
 * counts on where another stopped. What a view shows of the settings starts an epoch when it changes, and so does, where
 * the format tells nothing before the end, that end: then all is shown at once.
 */
export interface ContestFeed {
  readonly contest: ContestFold;
  /** The number of the last event in the log that was taken. */
  lastEvent: number;
  /** Whether the contest was over when that was last asked; it stays so until its settings change. */
  over: boolean;
  readonly views: Readonly<Record<View, ViewFeed>>;
}

export function emptyFeed(): ContestFeed {
  const feedOf = (view: View): ViewFeed => ({
    view,
    epoch: "0",
    begun: 0,
    changes: [],
    settings: "",
    shown: new Map(),
  });
  return {
    contest: emptyFold(),
    lastEvent: 0,
    over: false,
    views: { public: feedOf("public"), jury: feedOf("jury") },
  };
}

/**
 * Takes the log's next event.
 *
 * @param at - when it was written, ms since 1970-01-01 UTC
 */
export function take(
  feed: ContestFeed,
  { seq, at, event }: { seq: number; at: number; event: ContestEvent },
): void {
  pass(feed, at);
  feed.lastEvent = seq;
  if (event.type === "contest") return takeSettings(feed, at, event);
  for (const view of viewsOf(feed)) keepShown(feed.contest, event, lookOf(feed, view), view.shown);
  fold(feed.contest, event);
  for (const view of viewsOf(feed)) {
    for (const change of changesOf(feed.contest, event, lookOf(feed, view), view.shown)) push(view, change);
  }
}

/** Tells the feed what time it is. */
export function pass(feed: ContestFeed, now: number): void {
  const { contest, views } = feed;
  if (feed.over || !isOver(contest.timed, now)) return;
  feed.over = true;
  if (feedbackOf(contest.format, false) === "none") begin(views.public, `${views.public.epoch} over`);
}

/** When `pass` will begin an epoch by itself; null for never. In ms since 1970-01-01 UTC. */
export function nextEpochAt({ contest, over }: ContestFeed): number | null {
  return over || feedbackOf(contest.format, false) !== "none" ? null : lastEndAt(contest.timed.times);
}

const viewsOf = ({ views }: ContestFeed): ViewFeed[] => [views.public, views.jury];

const lookOf = ({ over }: ContestFeed, { view }: ViewFeed): Look => ({ view, over });

type Settings = Extract<ContestEvent, { type: "contest" }>;

/** Settings that a view shows as before change cells at most, as when one of many teams is given more time. */
function takeSettings(feed: ContestFeed, at: number, event: Settings): void {
  const { contest } = feed;
  const teams = teamsWithOtherTimes(contest, event);
  const before = viewsOf(feed).map((view) => ({ view, cells: cellsOfTeams(feed, view, teams) }));
  fold(contest, event);
  feed.over = isOver(contest.timed, at);
  for (const { view, cells } of before) {
    const settings = settingsShown(event, view.view);
    const now = cellsOfTeams(feed, view, teams);
    const isGone = [...cells.keys()].some((key) => !now.has(key));
    if (settings !== view.settings || isGone) begin(view, String(++view.begun));
    else {
      for (const [key, cell] of now)
        if (JSON.stringify(cell) !== JSON.stringify(cells.get(key))) push(view, { type: "cell", cell });
      view.shown = new Map();
    }
    view.settings = settings;
  }
}

function begin(view: ViewFeed, epoch: string): void {
  Object.assign(view, { epoch, changes: [], shown: new Map() });
}

function push(view: ViewFeed, change: UnnumberedChange): void {
  view.changes.push({ ...change, seq: view.changes.length + 1 });
}

function settingsShown({ timed, ...settings }: Settings, view: View): string {
  return JSON.stringify({ ...settings, timed: view === "jury" ? timed : publicTimes(timed, null) });
}

function cellsOfTeams(feed: ContestFeed, view: ViewFeed, teams: readonly string[]): Map<string, Cell> {
  const cells = teams.flatMap((team) => cellsOfTeam(feed.contest, team, lookOf(feed, view)));
  return new Map(cells.map((cell) => [`${cell.team} ${cell.label}`, cell]));
}
