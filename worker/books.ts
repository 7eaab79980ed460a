import * as v from "valibot";
import { Books, BooksRule } from "../protocol/ledger.ts";
import type { Env } from "./env.ts";
import { json, type Call } from "./http.ts";

/** GET /api/books, for administrators. */
export async function show({ env }: Call): Promise<Response> {
  return json(await auditBooks(env));
}

/**
 * For each rule what breaks it: a subject, the amount that must be and the one that is. Balances are not believed but
 * recomputed from the postings. Amounts are texts: sums over many accounts may be beyond safe integers.
 */
const BREACHES: Record<BooksRule, string> = {
  balance: `
    SELECT a.id AS subject, COALESCE(SUM(p.amount), 0) AS expected, a.balance AS found
    FROM ledger_accounts a LEFT JOIN postings p ON p.account = a.id
    GROUP BY a.id HAVING expected <> found`,
  running_balance: `
    SELECT 'posting ' || id AS subject, expected, balance AS found
    FROM (SELECT id, balance, SUM(amount) OVER (PARTITION BY account ORDER BY id) AS expected FROM postings)
    WHERE expected <> found`,
  event_sum: `
    SELECT event AS subject, 0 AS expected, SUM(amount) AS found FROM postings GROUP BY event HAVING found <> 0`,
  below_zero: `
    SELECT id AS subject, 0 AS expected, balance AS found FROM ledger_accounts WHERE kind <> 'mint' AND balance < 0`,
  ended_hold: `
    SELECT ending.job AS subject, 0 AS expected, SUM(p.amount) AS found
    FROM ledger_events ending
    JOIN ledger_events e ON e.job = ending.job
    JOIN postings p ON p.event = e.id
    JOIN ledger_accounts a ON a.id = p.account AND a.kind = 'hold'
    WHERE ending.kind IN ('settle', 'release')
    GROUP BY ending.id HAVING found <> 0`,
  total: `
    SELECT 'all accounts' AS subject, 0 AS expected, SUM(balance) AS found FROM ledger_accounts HAVING found <> 0`,
};

const SUMS = `
  SELECT
    (SELECT COUNT(*) FROM ledger_events) AS events,
    (SELECT COUNT(*) FROM postings) AS postings,
    CAST(SUM(balance) FILTER (WHERE kind = 'user') AS TEXT) AS users,
    CAST(SUM(balance) FILTER (WHERE kind = 'hold') AS TEXT) AS held,
    CAST(SUM(balance) FILTER (WHERE kind = 'fees') AS TEXT) AS fees,
    CAST(SUM(balance) FILTER (WHERE kind = 'mint') AS TEXT) AS mint
  FROM ledger_accounts`;

const OPEN_HOLDS = `
  SELECT COUNT(*) AS count, MIN(h.at) AS oldestAt FROM ledger_events h WHERE h.kind = 'hold' AND NOT EXISTS (
    SELECT 1 FROM ledger_events ending WHERE ending.job = h.job AND ending.kind IN ('settle', 'release'))`;

const Sums = v.object({
  events: v.number(),
  postings: v.number(),
  users: v.nullable(v.string()),
  held: v.nullable(v.string()),
  fees: v.string(),
  mint: v.string(),
});

/** Recomputes the books from the postings, all of it at one moment, and names what does not fit (protocol/ledger.ts). */
export async function auditBooks(env: Env): Promise<Books> {
  const [sumRows, holdRows, ...breaches] = await env.DB.batch<object>([
    env.DB.prepare(SUMS),
    env.DB.prepare(OPEN_HOLDS),
    ...BooksRule.options.map((rule) =>
      env.DB.prepare(
        `SELECT '${rule}' AS rule, subject, CAST(expected AS TEXT) AS expectedNano, CAST(found AS TEXT) AS foundNano
         FROM (${BREACHES[rule]}) LIMIT 100`,
      ),
    ),
  ]);
  const sums = v.parse(Sums, sumRows?.results[0]);
  const findings = v.parse(
    Books.entries.findings,
    breaches.flatMap(({ results }) => results),
  );
  return {
    balanced: findings.length === 0,
    findings,
    totals: {
      usersNano: sums.users ?? "0",
      heldNano: sums.held ?? "0",
      feesNano: sums.fees,
      mintNano: sums.mint,
    },
    events: sums.events,
    postings: sums.postings,
    openHolds: v.parse(Books.entries.openHolds, holdRows?.results[0]),
  };
}
