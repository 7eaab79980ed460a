import { locale } from "../i18n.ts";

/** A rating to the whole number: digits behind the point would promise more than is known. */
export const rounded = (value: number): string =>
  new Intl.NumberFormat(locale.value, { maximumFractionDigits: 0, useGrouping: false }).format(value);

/** `+12`, `−40`, `0`. */
export const signed = (value: number): string =>
  new Intl.NumberFormat(locale.value, { maximumFractionDigits: 0, signDisplay: "exceptZero" }).format(value);
