import { parseCredits } from "../../../protocol/money.ts";
import type { TabLimits } from "../../../rules/tab-limits.ts";
import type { KeptTerms } from "../tab-kept.ts";
import type { TabOffer } from "../tab-messages.ts";

const HOUR_MS = 3_600_000;
const MEGABYTE = 1_000_000;

/** The parts of the time that can be chosen. */
export const shares = ["1", "0.75", "0.5", "0.25"] as const;

/** The form's fields that are wrong, each by the reason. */
export type Wrong = Partial<Record<"priceIn" | "priceOut" | "hours" | "megabytes", "amount" | "number">>;

/** A positive number as it is typed, with a point or a comma; null for nothing, NaN for what is none. */
function positive(text: string): number | null {
  const typed = text.trim().replace(",", ".");
  if (typed === "") return null;
  const value = Number(typed);
  return Number.isFinite(value) && value > 0 ? value : Number.NaN;
}

/** An amount of credits as it is typed; null where it is none. */
function priceOf(text: string): number | null {
  try {
    return parseCredits(text.trim().replace(",", "."));
  } catch {
    return null;
  }
}

/**
 * What a form says, or what is wrong with it.
 * @param now ms, from which the hours count
 */
export function readTermsForm(
  { priceIn, priceOut, hours, share, megabytes }: Omit<KeptTerms, "provider">,
  now: number,
): { prices: TabOffer["prices"]; limits: TabLimits } | { wrong: Wrong } {
  const [prompt, completion] = [priceOf(priceIn), priceOf(priceOut)];
  const [forHours, most] = [positive(hours), positive(megabytes)];
  const wrong: Wrong = {
    ...(prompt === null ? { priceIn: "amount" } : {}),
    ...(completion === null ? { priceOut: "amount" } : {}),
    ...(Number.isNaN(forHours) ? { hours: "number" } : {}),
    ...(Number.isNaN(most) ? { megabytes: "number" } : {}),
  };
  if (prompt === null || completion === null || Object.keys(wrong).length > 0) return { wrong };
  return {
    prices: { prompt, cachedPrompt: prompt, completion },
    limits: {
      until: forHours === null ? null : Math.round(now + forHours * HOUR_MS),
      share: Number(share),
      bytes: most === null ? null : Math.round(most * MEGABYTE),
    },
  };
}
