import * as v from "valibot";
import type { RejudgingView } from "../protocol/jury.ts";
import { Verdict } from "../protocol/verdict.ts";
import type { Env } from "./env.ts";

/**
 * What the rejudging ?1 found, beside the verdict that each submission had before. Left out is what does not come to
 * count: a submission that meanwhile got a later verdict (an override made while this was judged stands), and a
 * provisional verdict where an official one counts. Once it is applied, these are the rounds that it made count.
 */
export const OUTCOMES = `
  SELECT r.submission, r.round, s.submitted_at, COALESCE(t.name, '') AS team, cp.label, g.state AS rejudging_state,
    n.verdict AS to_verdict, n.score AS to_score, n.group_scores AS to_groups,
    o.verdict AS from_verdict, o.score AS from_score, o.group_scores AS from_groups
  FROM rejudgings g
  JOIN rounds r ON r.rejudging = g.id AND r.state = 'judged'
  JOIN judgements n ON n.submission = r.submission AND n.round = r.round
  JOIN submissions s ON s.id = r.submission
  JOIN contest_problems cp ON cp.contest = s.contest AND cp.problem = s.problem
  LEFT JOIN teams t ON t.id = s.team
  LEFT JOIN judgements o ON o.submission = r.submission AND o.round = (
    SELECT MAX(c.round) FROM rounds c
    WHERE c.submission = r.submission AND c.round < r.round AND c.standing = 'counts' AND c.state = 'judged')
  WHERE g.id = ?1 AND CASE g.state WHEN 'applied' THEN r.standing = 'counts' ELSE
    NOT EXISTS (
      SELECT 1 FROM rounds c JOIN judgements j ON j.submission = c.submission AND j.round = c.round
      WHERE c.submission = r.submission AND c.standing = 'counts'
        AND (c.round > r.round OR (n.level = 'process' AND j.level <> 'process')))
    END`;

interface OutcomeRow {
  submission: string;
  team: string;
  label: string;
  to_verdict: string;
  to_score: number | null;
  from_verdict: string | null;
  from_score: number | null;
}

/** The matrix of a rejudging and what it changes, in the order of submitting. */
export async function comparison(
  env: Env,
  { id }: { id: string },
): Promise<Pick<RejudgingView, "matrix" | "changes">> {
  const { results } = await env.DB.prepare(`${OUTCOMES} ORDER BY s.submitted_at, s.id`)
    .bind(id)
    .all<OutcomeRow>();
  const rows = results.map((row) => ({
    submission: row.submission,
    team: row.team,
    label: row.label,
    from: row.from_verdict === null ? null : v.parse(Verdict, row.from_verdict),
    to: v.parse(Verdict, row.to_verdict),
    fromScore: row.from_score,
    toScore: row.to_score,
  }));
  const pairs = Map.groupBy(rows, ({ from, to }) => `${from} ${to}`);
  const matrix = [...pairs.values()].flatMap((group) =>
    group.slice(0, 1).map(({ from, to }) => ({ from, to, count: group.length })),
  );
  const changes = rows.filter((row) => row.from !== row.to || row.fromScore !== row.toScore);
  return { matrix, changes };
}
