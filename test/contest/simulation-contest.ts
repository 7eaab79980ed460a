import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { ContestView } from "../../protocol/contest.ts";
import type { Interval, TimesEdit } from "../../protocol/contest-times.ts";
import { RejudgingSummary } from "../../protocol/jury.ts";
import type { Verdict } from "../../protocol/verdict.ts";
import { call, SLUG, type StagedContest, submit } from "../../scripts/bench/live/contest.ts";
import { type ScriptedJudge, startScriptedJudge } from "./scripted-judge.ts";
import type { Clock, Sent } from "./simulation-oracle.ts";

/** A contest with teams that submit by chance, and its own account of all that was sent, judged and changed. */
export interface SimulatedContest {
  /** In the order in which they came, of each team at least. */
  readonly sent: readonly KnownSubmission[];
  /** The judgements that count or counted, as `<submission> <round> <verdict>`. */
  readonly judgements: readonly string[];
  /** The contest's clock as the public sees it. */
  clock(): Clock;
  /** So many submissions, evenly by all teams, of which several submit at once. */
  submissions(count: number): Promise<void>;
  /** Whatever was sent has its verdict. */
  allJudged(): Promise<void>;
  edit(edit: TimesEdit): Promise<void>;
  freeze(): Promise<void>;
  /** Everybody may know what came in the freeze. */
  thaw(): Promise<void>;
  /** All submissions to a problem are judged again and found otherwise; before that counts, `apart` is called. */
  rejudge(label: string, apart: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

export interface KnownSubmission extends Sent {
  id: string;
  text: string;
}

const AT_ONCE = 12;
const SLOTS = 8;

const VERDICTS: readonly Verdict[] = ["AC", "AC", "AC", "WA", "WA", "TLE", "RTE", "MLE", "OLE", "CE", "CE"];

/** @param startAt - as the contest was staged with */
export function simulateContest(
  staged: StagedContest,
  startAt: number,
  random: () => number,
): SimulatedContest {
  const pick = <T>(choices: readonly T[]): T => {
    const choice = choices[Math.floor(random() * choices.length)];
    if (choice === undefined) throw new Error("There is nothing to choose from.");
    return choice;
  };
  /** What the judge says of a text. */
  const plan = new Map<string, Verdict>();
  const sent: KnownSubmission[] = [];
  const judgements: string[] = [];
  let removed: readonly Interval[] = [];
  let hiddenFrom = Infinity;
  const judge: ScriptedJudge = startScriptedJudge({
    url: staged.url,
    token: staged.judgeToken,
    slots: SLOTS,
    verdictOf: (text) => {
      const verdict = plan.get(text);
      if (verdict === undefined) throw new Error(`nobody sent ${text}`);
      return verdict;
    },
  });

  const submitOnce = async (team: StagedContest["teams"][number]): Promise<void> => {
    const problem = pick(staged.problems);
    const text = `# ${plan.size}`;
    const verdict = pick(VERDICTS);
    plan.set(text, verdict);
    const { id, submittedAt } = await submit({ url: staged.url, cookie: pick(team.cookies) }, problem, text);
    sent.push({ id, text, team: team.id, label: problem.label, receivedAt: submittedAt, verdict });
    judgements.push(`${id} 1 ${verdict}`);
  };

  const allJudged = async (): Promise<void> => {
    for (; ; await sleep(100)) {
      const database = await staged.server.database();
      const open = database.prepare("SELECT COUNT(*) AS n FROM rounds WHERE state IN ('queued', 'leased')");
      if ((await open.first<number>("n")) === 0) return;
    }
  };

  const act = async (action: string, body: object = {}): Promise<void> => {
    const { timed } = await call(staged, "POST", `/api/contests/${SLUG}/${action}`, ContestView, body);
    ({ removed } = timed.times);
  };

  return {
    sent,
    judgements,
    clock: () => ({ startAt, removed, hiddenFrom }),
    allJudged,
    async submissions(count) {
      const turns = Array.from(staged.teams, (team, at) => ({
        team,
        left: Math.floor((count + at) / staged.teams.length),
      }));
      // A team's own come one after the other, so that their order is known.
      await Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          for (let turn = turns.pop(); turn !== undefined; turn = turns.pop())
            for (; turn.left > 0; turn.left--) await submitOnce(turn.team);
        }),
      );
    },
    edit: (edit) => act("times", edit),
    async freeze() {
      hiddenFrom = Date.now();
      await act("times", { type: "freeze", freezeMs: "now" } satisfies TimesEdit);
    },
    async thaw() {
      await act("thaw");
      hiddenFrom = Infinity;
    },
    async rejudge(label, apart) {
      const chosen = sent.filter((one) => one.label === label);
      for (const { text } of chosen) plan.set(text, pick(VERDICTS));
      const filter = { problem: label, team: null, language: null, verdicts: null, submissions: null };
      const form = { filter, reason: "the tests were wrong", extent: "deciding" };
      const { id, total } = await call(
        staged,
        "POST",
        `/api/contests/${SLUG}/rejudgings`,
        RejudgingSummary,
        form,
      );
      if (total !== chosen.length) throw new Error(`${total} are judged again instead of ${chosen.length}.`);
      await allJudged();
      await apart();
      await call(staged, "POST", `/api/rejudgings/${id}/apply`, v.unknown());
      for (const one of chosen) {
        const verdict = plan.get(one.text) ?? one.verdict;
        if (verdict !== one.verdict) judgements.push(`${one.id} 2 ${verdict}`);
        one.verdict = verdict;
      }
    },
    stop: () => judge.stop(),
  };
}
