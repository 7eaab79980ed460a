import type { Nano, NanoChange } from "../protocol/money.ts";
import type { BilledPart } from "./billing.ts";
import { nano } from "./price.ts";

/**
 * Double entry. Each thing that happens to money is an event, and an event is postings to accounts that sum to zero:
 *
 *     mint ---- grant, allowance ----> user ---- hold -----> hold:user
 *                                       ^ ^                   |  |  |
 *                                       | +---- release ------+  |  |
 *                                       +------ settle (rest) ---+  |
 *     provider's user, fees <---------- settle (earned, fee) -------+
 *
 * A job is held for once, and its hold is used up by exactly one of settle and release.
 */

/** `mint` is where credits come from, and alone goes below zero; `fees` is the platform's. */
export type LedgerAccount = "mint" | "fees" | `user:${string}` | `hold:${string}`;

/** What a user may spend. */
export const balanceOf = (user: string): LedgerAccount => `user:${user}`;

/** What is set aside for a user's jobs under way. */
export const heldOf = (user: string): LedgerAccount => `hold:${user}`;

/** A change of one account; never of nothing. */
export interface Posting {
  account: LedgerAccount;
  amountNano: NanoChange;
}

/** Credits come into being: a grant, or the allowance of a new account. */
export function granted(user: string, amountNano: Nano): Posting[] {
  return postings([
    ["mint", -amountNano],
    [balanceOf(user), amountNano],
  ]);
}

/** The worst case of a job is set aside. */
export function held(consumer: string, amountNano: Nano): Posting[] {
  return postings([
    [balanceOf(consumer), -amountNano],
    [heldOf(consumer), amountNano],
  ]);
}

/** A job that cost nothing: everything comes back. */
export function released(consumer: string, heldNano: Nano): Posting[] {
  return postings([
    [heldOf(consumer), -heldNano],
    [balanceOf(consumer), heldNano],
  ]);
}

/**
 * A job that is paid: providers and platform get theirs out of the hold, the rest comes back.
 *
 * @throws RangeError when the parts cost more than is held
 */
export function settled(
  consumer: string,
  heldNano: Nano,
  parts: readonly Pick<BilledPart, "provider" | "earnedNano" | "feeNano">[],
): Posting[] {
  const paid = parts.reduce((sum, { earnedNano, feeNano }) => sum + BigInt(earnedNano) + BigInt(feeNano), 0n);
  const rest = BigInt(heldNano) - paid;
  if (rest < 0n) throw new RangeError(`A job cost ${paid} nano-credits, of which only ${heldNano} are held.`);
  return postings([
    [heldOf(consumer), -heldNano],
    ...parts.map(({ provider, earnedNano }): Change => [balanceOf(provider), earnedNano]),
    ...parts.map(({ feeNano }): Change => ["fees", feeNano]),
    [balanceOf(consumer), nano(rest)],
  ]);
}

type Change = readonly [LedgerAccount, NanoChange];

/** One posting for each account that changes. Callers' changes sum to zero; that is checked all the same. */
function postings(changes: readonly Change[]): Posting[] {
  const sums = new Map<LedgerAccount, bigint>();
  for (const [account, change] of changes) sums.set(account, (sums.get(account) ?? 0n) + BigInt(change));
  const total = [...sums.values()].reduce((sum, change) => sum + change, 0n);
  if (total !== 0n) throw new RangeError(`Postings sum to ${total} nano-credits and not to zero.`);
  return [...sums]
    .filter(([, change]) => change !== 0n)
    .map(([account, change]) => ({ account, amountNano: nano(change) }));
}
