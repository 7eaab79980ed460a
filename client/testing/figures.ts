import { type AwardsView, standardAwards } from "../../protocol/award.ts";
import type { ContestProgress, ContestStatistics, OwnProgress } from "../../protocol/contest-statistics.ts";
import type { LanguageId } from "../../protocol/language.ts";
import type { RatedView, RatingHistory, RatingList } from "../../protocol/rating.ts";
import type { Verdict } from "../../protocol/verdict.ts";
import { awardsOf } from "../../rules/awards.ts";
import { type ContestFold, emptyFold, fold, type Look } from "../../rules/contest-board.ts";
import { contestProgress } from "../../rules/contest-progress.ts";
import { studentProgress } from "../../rules/contest-statistics-progress.ts";
import { contestStatistics } from "../../rules/contest-statistics.ts";
import { ratingsOver } from "../../rules/rating.ts";
import { boardOf } from "./fixtures/boards.ts";
import { contestView } from "./fixtures/contests.ts";
import { MINUTE, now } from "./fixtures/time.ts";

/** What the site answers to pages of figures: made by the rules from a log by a fixed rule, so that every run shows the same. */

type Answer = { status: number; body: unknown };
const ok = (body: unknown): Answer => ({ status: 200, body });

const DAY = 24 * 60 * MINUTE;
const verdicts: readonly (Verdict | null)[] = ["AC", "WA", "AC", "TLE", "AC", "CE", "RTE", "AC", "WA", null];
const languages: readonly LanguageId[] = ["cpp", "cpp", "python3", "java", "cpp", "python3", "rust"];

/** A contest's log: teams that submit every few minutes, one problem after the other. */
function logOf(slug: string): { contest: ContestFold; written: Map<string, LanguageId> } {
  const view = contestView(slug);
  const board = boardOf(slug, "jury");
  const [contest, written] = [emptyFold(), new Map<string, LanguageId>()];
  if (view === null || board === null) return { contest, written };
  const { timed, format } = view;
  fold(contest, { type: "contest", timed, format, problems: board.problems, groups: board.groups });
  const startAt = timed.times.startAt ?? now;
  for (const [index, { id, ...team }] of board.teams.entries()) {
    fold(contest, { type: "team", team: id, ...team });
    if (index === board.teams.length - 1) continue;
    for (let turn = 0; turn < 14; turn++) {
      const submission = `${id}-${turn}`;
      const receivedAt = startAt + (7 + turn * 19 + index * 5 + ((turn * index * 7) % 13)) * MINUTE;
      if (receivedAt > now) continue;
      const label = board.problems[(turn >> 1) % board.problems.length]?.label ?? "A";
      const verdict = verdicts[(turn * 3 + index) % verdicts.length] ?? null;
      fold(contest, { type: "submission", submission, team: id, label, receivedAt });
      written.set(submission, languages[(turn + index) % languages.length] ?? "cpp");
      if (verdict !== null)
        fold(contest, { type: "judgement", submission, round: 1, verdict, score: null, groups: [] });
    }
  }
  return { contest, written };
}

export function statisticsOf(slug: string, view: Look["view"]): ContestStatistics {
  const { contest, written } = logOf(slug);
  return contestStatistics(contest, written, { view, over: false });
}

const classProgress = (slug: string): ContestProgress => contestProgress(logOf(slug).contest, now);

const ownProgress = (): OwnProgress => ({
  ...studentProgress(
    Array.from({ length: 40 }, (_, index) => ({
      problem: ["sums", "paths", "flow", "tiles", "knots"][(index * 3) % 5] ?? "sums",
      contest: index % 4 === 0 ? "winter-final" : null,
      language: languages[index % languages.length] ?? "cpp",
      sentAt: now - ((index * 37) % 50) * DAY - index * MINUTE,
      verdict: verdicts[index % verdicts.length] ?? null,
    })),
    [
      { problem: "sums", difficulty: 1, keywords: ["math"] },
      { problem: "paths", difficulty: 3, keywords: ["graphs", "dp"] },
      { problem: "flow", difficulty: 5, keywords: ["graphs"] },
      { problem: "tiles", difficulty: null, keywords: [] },
      { problem: "essay", difficulty: null, keywords: ["words"] },
    ],
    now,
    0,
  ),
  names: { "winter-final": "Winter Final" },
});

const names = ["ana", "bia", "chen", "dora", "emil"];

const rated = ratingsOver(
  Array.from({ length: 6 }, (_, round) => ({
    contest: `round-${round + 1}`,
    results: names.map((competitor, index) => ({ competitor, rank: 1 + ((index * 2 + round * 3) % 5) })),
  })),
);

const ratings: RatingList = {
  competitors: rated.map(({ competitor, rating, deviation, history }) => ({
    username: competitor,
    name: competitor.charAt(0).toUpperCase() + competitor.slice(1),
    rating,
    deviation,
    contests: history.length,
    change: rating - (history.at(-1)?.before.rating ?? rating),
  })),
};

function historyOf(username: string): RatingHistory | null {
  const found = rated.find(({ competitor }) => competitor === username);
  if (found === undefined) return null;
  const { rating, deviation, history } = found;
  return {
    username,
    name: username.charAt(0).toUpperCase() + username.slice(1),
    rating,
    deviation,
    history: history.map(({ contest, ...change }, index) => ({
      ...change,
      contest: { slug: contest, name: `Round ${index + 1}`, endedAt: now - (6 - index) * 7 * DAY },
    })),
  };
}

function awards(slug: string): AwardsView {
  const board = boardOf(slug);
  return {
    rules: standardAwards,
    awards: board === null ? [] : awardsOf(board, standardAwards, new Map()),
    provisional: false,
  };
}

/** The answers to pages of figures and of paper, by `METHOD path`. */
export function figureRoutes(
  query: URLSearchParams,
  body: string,
): readonly (readonly [RegExp, (slug: string) => Answer])[] {
  const view = query.get("view") === "jury" ? "jury" : "public";
  return [
    [/^GET \/api\/contests\/([\w-]+)\/statistics$/, (slug) => ok(statisticsOf(slug, view))],
    [/^GET \/api\/contests\/([\w-]+)\/progress$/, (slug) => ok(classProgress(slug))],
    // The only one whose results are final.
    [/^GET \/api\/contests\/(winter-final)\/awards$/, (slug) => ok(awards(slug))],
    [
      /^GET \/api\/contests\/([\w-]+)\/rated$/,
      () => ok({ rated: false, changeable: true } satisfies RatedView),
    ],
    [
      /^POST \/api\/contests\/([\w-]+)\/rated$/,
      () => ok({ rated: body.includes("true"), changeable: true } satisfies RatedView),
    ],
    [/^GET \/api\/progress$/, () => ok(ownProgress())],
    [/^GET \/api\/ratings$/, () => ok(ratings)],
    [
      /^GET \/api\/ratings\/([\w-]+)$/,
      (username) => {
        const history = historyOf(username);
        return history === null
          ? { status: 404, body: { code: "not_found", message: "Nobody of this name has a rating." } }
          : ok(history);
      },
    ],
  ];
}
