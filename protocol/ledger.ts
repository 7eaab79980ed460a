import * as v from "valibot";
import { Credits, Nano, NanoChange } from "./money.ts";
import { Instant } from "./text.ts";

/**
 * What happens to money:
 *
 * - `grant`      an administrator gives credits
 * - `allowance`  a new account gets some
 * - `hold`       the worst case of a job is set aside before it is dispatched
 * - `settle`     a job is paid out of its hold, and the rest comes back
 * - `release`    a job cost nothing, and all of its hold comes back
 */
export const LedgerEventKind = v.picklist(["grant", "allowance", "hold", "settle", "release"]);
export type LedgerEventKind = v.InferOutput<typeof LedgerEventKind>;

/** GET /api/ledger?before=ENTRY: the signed-in account's own statement, newest first. */
export const Statement = v.object({
  /** What it may spend. */
  balanceNano: Nano,
  /** What is set aside for its jobs under way. */
  heldNano: Nano,
  entries: v.array(
    v.object({
      /** Grows with time. */
      id: v.number(),
      kind: LedgerEventKind,
      /** Which of the account's two amounts changed. */
      of: v.picklist(["balance", "held"]),
      amountNano: NanoChange,
      /** What that amount was afterwards. */
      afterNano: Nano,
      job: v.nullable(v.string()),
      note: v.string(),
      at: Instant,
    }),
  ),
  /** What to ask for as `before` for the entries that follow; null when there are none. */
  next: v.nullable(v.number()),
});
export type Statement = v.InferOutput<typeof Statement>;

/** POST /api/grants, by an administrator. */
export const NewGrant = v.strictObject({
  /** Made once by whoever sends it: a grant that comes again under its key, because nobody heard the answer, is given once. */
  key: v.pipe(v.string(), v.uuid()),
  /** The id of the account that gets it. */
  account: v.string(),
  amount: v.pipe(Credits, v.minValue(1, "must be more than nothing")),
  note: v.pipe(
    v.string(),
    v.trim(),
    v.minLength(1, "must not be empty"),
    v.maxLength(200, "at most 200 characters"),
  ),
});
export type NewGrant = v.InferOutput<typeof NewGrant>;

/** … answers with what the account may spend now. */
export const Granted = v.object({ account: v.string(), balanceNano: Nano });
export type Granted = v.InferOutput<typeof Granted>;

/** A sum over many accounts, which may be beyond safe integers: nano-credits in decimal. */
const NanoText = v.pipe(v.string(), v.regex(/^-?\d+$/));

/**
 * What the books must fulfil:
 *
 * - `balance`          an account's balance is the sum of its postings
 * - `running_balance`  a posting's balance is the sum of its account's postings up to it
 * - `event_sum`        an event's postings sum to zero
 * - `below_zero`       nobody but the mint is below zero
 * - `ended_hold`       nothing is left of the hold of a job that ended
 * - `total`            all balances sum to zero
 */
export const BooksRule = v.picklist([
  "balance",
  "running_balance",
  "event_sum",
  "below_zero",
  "ended_hold",
  "total",
]);
export type BooksRule = v.InferOutput<typeof BooksRule>;

/** GET /api/books, by an administrator: every balance recomputed from the postings. */
export const Books = v.object({
  /** Whether there is no finding. */
  balanced: v.boolean(),
  /** At most 100 of each rule. */
  findings: v.array(
    v.object({
      rule: BooksRule,
      /** The account, posting, event or job. */
      subject: v.string(),
      expectedNano: NanoText,
      foundNano: NanoText,
    }),
  ),
  totals: v.object({ usersNano: NanoText, heldNano: NanoText, feesNano: NanoText, mintNano: NanoText }),
  events: v.number(),
  postings: v.number(),
  /** What is held for jobs that have not ended, or ahead for some that may come. */
  openHolds: v.object({ count: v.number(), oldestAt: v.nullable(Instant) }),
});
export type Books = v.InferOutput<typeof Books>;
