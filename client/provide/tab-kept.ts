import * as v from "valibot";
import { Nano, Prices } from "../../protocol/money.ts";
import { ModelName } from "../../protocol/offer.ts";
import { Count } from "../../protocol/text.ts";
import { TabLimits } from "../../rules/tab-limits.ts";
import { parseJson } from "../json.ts";
import { readItem, writeItem } from "../storage.ts";

/** What has to outlive a reload of the provider's page, on this device only. */

/** An offer that was online. It is forgotten when it is ended, and not when the page goes. */
const KeptOffer = v.object({
  model: ModelName,
  /** Whether the weights came from a file of this device, which a page may not open again by itself. */
  fromDevice: v.boolean(),
  contextTokens: Count,
  provider: v.string(),
  prices: Prices,
  limits: TabLimits,
  usedBytes: Count,
});
export type KeptOffer = v.InferOutput<typeof KeptOffer>;

/** As it was typed when it last went online. */
const KeptTerms = v.object({
  provider: v.string(),
  priceIn: v.string(),
  priceOut: v.string(),
  hours: v.string(),
  share: v.string(),
  megabytes: v.string(),
});
export type KeptTerms = v.InferOutput<typeof KeptTerms>;

const Earned = v.object({ day: v.string(), nano: Nano });

/** How fast models wrote here when they were last loaded, in tokens per second by their names. */
const Speeds = v.record(v.string(), v.pipe(v.number(), v.finite(), v.minValue(0)));

function read<Schema extends v.GenericSchema>(key: string, schema: Schema): v.InferOutput<Schema> | null {
  const parsed = v.safeParse(schema, parseJson(readItem(key) ?? "null"));
  return parsed.success ? parsed.output : null;
}

export const readOffer = (): KeptOffer | null => read("provide-offer", KeptOffer);
export const keepOffer = (offer: KeptOffer | null): void =>
  void writeItem("provide-offer", JSON.stringify(offer));

export const readTerms = (): KeptTerms | null => read("provide-terms", KeptTerms);
export const keepTerms = (terms: KeptTerms): void => void writeItem("provide-terms", JSON.stringify(terms));

/** @param model its name; @returns tokens per second, or null where it was never loaded here, or could not be measured */
export const readSpeed = (model: string): number | null => read("provide-speeds", Speeds)?.[model] ?? null;
export function keepSpeed(model: string, tokensPerSecond: number): void {
  writeItem(
    "provide-speeds",
    JSON.stringify({ ...read("provide-speeds", Speeds), [model]: tokensPerSecond }),
  );
}

/** What was earned on the reader's day in which a moment is, in nano-credits. */
export function earnedOn(now: number): number {
  const kept = read("provide-earned", Earned);
  return kept?.day === dayOf(now) ? kept.nano : 0;
}

/** @returns what was earned on that day until now, with this */
export function keepEarned(amountNano: number, now: number): number {
  const nano = earnedOn(now) + amountNano;
  writeItem(
    "provide-earned",
    JSON.stringify({ day: dayOf(now), nano } satisfies v.InferOutput<typeof Earned>),
  );
  return nano;
}

/** The day by the reader's clock: `2026-11-24`. */
function dayOf(now: number): string {
  const at = new Date(now);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
