import { beforeAll, describe, expect, it } from "vitest";
import type { Board, ContestView } from "../protocol/contest.ts";
import type { RejudgingView } from "../protocol/jury.ts";
import type { Verdict } from "../protocol/verdict.ts";
import { readLog } from "./contest-log.ts";
import { contestId, registered, submitted } from "./contest-testing.ts";
import { faultIn } from "./objects/outcome-check.ts";
import { writeVerdict } from "./objects/outcomes.ts";
import {
  accepted,
  bindings,
  leasedSubmission,
  runningContest,
  signedUp,
  sumPackage,
  type Visitor,
} from "./testing.ts";

/** The points of test groups, from the judge to the board. */

let organiser: Visitor;
let team: Visitor;
beforeAll(async () => {
  organiser = await signedUp("organiser");
  const files = {
    "problem.yaml": [
      "problem_format_version: 2025-09",
      "type: scoring",
      "name: {en: Parts, pt: Partes}",
      `uuid: ${crypto.randomUUID()}`,
      "license: cc by-sa",
      "limits: {time_limit: 1}",
    ].join("\n"),
  };
  await organiser.post("/api/problems?name=parts.zip", sumPackage("parts", files));
  await organiser.post("/api/problems/parts/publish");
  await runningContest(organiser, "olympiad", ["parts"], {
    format: { type: "ioi", counts: "groups", feedback: "full", points: {} },
    freezeMinutes: 0,
  });
  team = await registered("olympiad", "Sums");
});

interface Points {
  verdict: Verdict;
  a: number;
  b: number;
}

const outcomeOf = ({ verdict, a, b }: Points): typeof accepted => ({
  ...accepted,
  verdict,
  score: a + b,
  groups: [
    { name: "secret/a", score: a },
    { name: "secret/b", score: b },
  ],
});

async function judgedWith(points: Points): Promise<void> {
  const lease = await leasedSubmission("by-hand", ["c", "python3"]);
  expect(await writeVerdict(bindings, lease, outcomeOf(points), Date.now())).toBe("written");
}

/** A submission of the team, judged with these points. */
async function scored(points: Points): Promise<string> {
  const id = await submitted(team, "olympiad", "parts", null);
  await judgedWith(points);
  return id;
}

const pointsNow = async (): Promise<number | undefined> =>
  (await organiser.get<Board>("/api/contests/olympiad/scoreboard?view=jury")).cells[0]?.points;

async function lastJudgement() {
  const log = await readLog(bindings, await contestId("olympiad"));
  return log.map(({ event }) => event).findLast(({ type }) => type === "judgement");
}

describe("the points of a scored problem", () => {
  it("are bounded on the board by what its package gives", async () => {
    const { problems } = await organiser.get<Board>("/api/contests/olympiad/scoreboard");
    expect(problems).toMatchObject([{ label: "A", maxScore: 100 }]);
  });

  it("are read from its package once where that was imported before anybody asked", async () => {
    await bindings.DB.exec("UPDATE problems SET facts = json_remove(facts, '$.maxScore')");
    await organiser.post<ContestView>("/api/contests/olympiad/times", { type: "pause" });
    await organiser.post<ContestView>("/api/contests/olympiad/times", { type: "resume" });
    const { problems } = await organiser.get<Board>("/api/contests/olympiad/scoreboard");
    expect(problems).toMatchObject([{ label: "A", maxScore: 100 }]);
    const kept = bindings.DB.prepare(
      "SELECT facts ->> 'maxScore' AS most FROM problems WHERE slug = 'parts'",
    );
    expect(await kept.first("most")).toBe(100);
  });

  it("are the sum of the best that any submission got for each group", async () => {
    await scored({ verdict: "WA", a: 30, b: 0 });
    await scored({ verdict: "WA", a: 0, b: 50 });
    expect(await pointsNow()).toBe(80);
  });

  it("change by a rejudging that changes no verdict and no score, but the groups", async () => {
    const id = await scored({ verdict: "WA", a: 30, b: 20 });
    const rejudging = await organiser.post<RejudgingView>("/api/contests/olympiad/rejudgings", {
      filter: { problem: null, team: null, language: null, verdicts: null, submissions: [id] },
      reason: "the groups were mixed up",
      extent: "all",
    });
    await judgedWith({ verdict: "WA", a: 0, b: 50 });
    await organiser.post(`/api/rejudgings/${rejudging.id}/apply`);
    expect(await lastJudgement()).toEqual({
      type: "judgement",
      submission: id,
      round: 2,
      verdict: "WA",
      score: 50,
      groups: outcomeOf({ verdict: "WA", a: 0, b: 50 }).groups,
    });
  });

  it("of a verdict by hand have no groups", async () => {
    const id = await scored({ verdict: "WA", a: 0, b: 0 });
    await organiser.post(`/api/submissions/${id}/verdict`, { verdict: "WA", score: 95, reason: "as agreed" });
    expect(await lastJudgement()).toMatchObject({ submission: id, round: 2, score: 95, groups: [] });
    expect(await pointsNow()).toBe(95);
  });

  it("are refused from a judge whose groups do not add up to the score", async () => {
    await submitted(team, "olympiad", "parts", null);
    const lease = await leasedSubmission("by-hand", ["c"]);
    const wrong = { ...outcomeOf({ verdict: "WA", a: 30, b: 20 }), score: 51, runs: [] };
    expect(await faultIn(bindings, lease, wrong, "full")).toBe(
      "the scores of the groups do not add up to the score",
    );
    expect(await faultIn(bindings, lease, { ...wrong, score: 50 }, "full")).toBeNull();
  });
});
