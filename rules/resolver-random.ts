import type { AwardRules } from "../protocol/award.ts";
import type { ContestFormat } from "../protocol/contest-format.ts";
import type { ContestTimes } from "../protocol/contest-times.ts";
import { type Board, type ContestEvent, MINUTE_MS } from "../protocol/contest.ts";
import type { Verdict } from "../protocol/verdict.ts";
import { medalRules, times } from "./awards-testing.ts";
import { boardOf, type ContestFold, emptyFold, fold } from "./contest-board.ts";
import { undecided } from "./contest-state.ts";
import { submissionTime } from "./contest-times.ts";
import { pick } from "./formats/random-log.ts";
import { passFail, scored } from "./formats/testing.ts";
import { seededRandom } from "./seeded-random.ts";

export interface RandomContest {
  log: readonly ContestEvent[];
  frozen: Board;
  final: Board;
  rules: AwardRules;
}

type Random = () => number;
type Submitted = Extract<ContestEvent, { type: "submission" }>;

const ROUNDS = 120;
/** Long after everybody's end. */
const AFTER = 100 * 60 * MINUTE_MS;
const problems = [passFail("A"), scored("B"), passFail("C"), scored("D", null), passFail("E")];

/** Each of many contests of all sizes in a format, with times and points so coarse that many teams tie. */
export function everyContest(
  format: ContestFormat,
  seed: number,
  check: (contest: RandomContest, random: Random) => void,
): void {
  const random = seededRandom(seed);
  for (let round = 0; round < ROUNDS; round++) check(randomContest(format, random), random);
}

/**
 * The same contest with other results of what came in the freeze.
 *
 * @param told - the cells, as `team label`, whose results stay
 */
export function withOtherResults(
  { log, rules }: RandomContest,
  told: ReadonlySet<string>,
  random: Random,
): RandomContest {
  const { timed } = folded(log);
  const others = log.flatMap((event) => {
    if (event.type !== "submission" || told.has(`${event.team} ${event.label}`)) return [];
    const { frozen } = submissionTime(timed.times, event.team, event.receivedAt);
    return frozen ? [judgement(random, event, 2)] : [];
  });
  return contestOf([...log, ...others], rules);
}

function randomContest(format: ContestFormat, random: Random): RandomContest {
  const upTo = (most: number) => Math.floor(random() * (most + 1));
  const teams = Array.from({ length: 1 + upTo(14) }, (_, index) => `t${index}`);
  const used = problems.slice(0, 1 + upTo(problems.length - 1));
  const log: ContestEvent[] = [
    {
      type: "contest",
      timed: undecided(random() < 0.8 ? times : withWindows(random, teams)),
      format,
      problems: used.map((problem) => ({ ...problem, colour: "#000000" })),
      groups: ["g0", "g1", "g2"].map((id) => ({ id, name: id })),
    },
    ...teams.map((team): ContestEvent => {
      const group = random() < 0.8 ? `g${upTo(2)}` : null;
      return { type: "team", team, name: `n${upTo(20)}`, group, organisation: null };
    }),
  ];
  for (let index = upTo(teams.length * 8); index > 0; index--) {
    const sent: Submitted = {
      type: "submission",
      submission: String(index),
      team: teams[upTo(teams.length - 1)] ?? "",
      label: used[upTo(used.length - 1)]?.label ?? "",
      receivedAt: (random() < 0.5 ? 239 + upTo(3) : upTo(5) * 59) * MINUTE_MS + upTo(2) * 500,
    };
    log.push(sent, judgement(random, sent, 1));
  }
  const medals = pick(random, ["1/1/1", "4/4/4", "0/2/1", "1/0/0", "2/3/3"]);
  const rules = medalRules(medals, {
    extraBronze: upTo(2),
    medalsPerGroup: pick(random, [null, 1, 2]),
    medianRule: random() < 0.7,
  });
  return contestOf(log, rules);
}

/** Each team has two hours of its own, from when it likes. */
function withWindows(random: Random, teams: readonly string[]): ContestTimes {
  const began = teams.map((team) => [team, { extraMs: 0, beganAt: Math.floor(random() * 240) * MINUTE_MS }]);
  return { ...times, windowMs: 120 * MINUTE_MS, teams: Object.fromEntries(began) };
}

function judgement(random: Random, { submission, label }: Submitted, round: number): ContestEvent {
  const verdict = pick<Verdict>(random, ["AC", "AC", "WA", "TLE", "CE"]);
  const isScored = problems.some((problem) => problem.label === label && problem.maxScore !== "pass-fail");
  const none = { type: "judgement", submission, round, verdict } as const;
  if (!isScored || verdict === "CE") return { ...none, score: null, groups: [] };
  const groups = [30, 70].map((most, index) => ({
    name: `secret/${index}`,
    score: verdict === "AC" ? most : pick(random, [0, most / 2]),
  }));
  return { ...none, score: groups.reduce((sum, { score }) => sum + score, 0), groups };
}

function contestOf(log: readonly ContestEvent[], rules: AwardRules): RandomContest {
  const contest = folded(log);
  const frozen = boardOf(contest, 7, AFTER, "public");
  return { log, frozen, final: boardOf(contest, 9, AFTER, "jury"), rules };
}

function folded(log: readonly ContestEvent[]): ContestFold {
  const contest = emptyFold();
  for (const event of log) fold(contest, event);
  return contest;
}
