import { t, locale } from "../i18n.ts";

/** The market's figures as the reader's language writes them. All of these are drawn again when the language changes. */

const NANO_PER_CREDIT = 1_000_000_000n;

/**
 * An amount in credits, to the last of its decimals: `1,234.000000001`.
 * @param nano whole nano-credits; sums over many accounts come as decimal text
 */
export function credits(nano: number | string): string {
  const amount = BigInt(nano);
  const size = amount < 0n ? -amount : amount;
  const whole = new Intl.NumberFormat(locale.value).format(size / NANO_PER_CREDIT);
  const decimals = String(size % NANO_PER_CREDIT)
    .padStart(9, "0")
    .replace(/0+$/, "");
  const sign = amount < 0n ? "-" : "";
  return decimals === "" ? sign + whole : `${sign}${whole}${decimalSign()}${decimals}`;
}

const decimalSign = (): string =>
  new Intl.NumberFormat(locale.value).formatToParts(0.5).find(({ type }) => type === "decimal")?.value ?? ".";

/** An amount that moved, with its direction: `+0.25`, `-0.25`. */
export const change = (nano: number): string => (nano > 0 ? `+${credits(nano)}` : credits(nano));

/**
 * A share in percent, with one decimal: `99.9 %`. All and nothing are said only where it is so.
 * @param part 0 to 1
 */
export function share(part: number): string {
  const tenths = Math.round(part * 1000);
  const told = part > 0 && part < 1 ? Math.min(999, Math.max(1, tenths)) : tenths;
  return `${decimal(told / 10)} %`;
}

/** A fee of so many hundredths of a percent: `2.5 %` for 250. */
export const fee = (basisPoints: number): string => `${decimal(basisPoints / 100, 2)} %`;

/** How fast a model writes: `8.3 tokens/s`, `142 tokens/s`. */
export const speed = (tokensPerSecond: number): string =>
  t("market.tokensPerSecond", { speed: decimal(tokensPerSecond, tokensPerSecond < 100 ? 1 : 0) });

/** A number of tokens: `131,072`. */
export const tokens = (count: number): string => decimal(count, 0);

const decimal = (value: number, digits = 1): string =>
  new Intl.NumberFormat(locale.value, { maximumFractionDigits: digits }).format(value);
