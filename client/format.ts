import type { ProblemType } from "../protocol/problem.ts";
import { t, locale } from "./i18n.ts";

/** Times and sizes as the reader's language writes them. All of these are drawn again when the language changes. */

/** `22 Nov 2026, 16:50` */
export function dateTime(instant: number): string {
  return new Intl.DateTimeFormat(locale.value, { dateStyle: "medium", timeStyle: "short" }).format(instant);
}

/** `16:50` */
export function timeOfDay(instant: number): string {
  return new Intl.DateTimeFormat(locale.value, { timeStyle: "short" }).format(instant);
}

/** The time of day for a moment of today, else the date, with the year unless it is this one: `16:50`, `3 Nov`, `3 Nov 2025`. */
export function shortTime(instant: number, now: number): string {
  const at = new Date(instant);
  const today = new Date(now);
  if (at.toDateString() === today.toDateString()) return timeOfDay(instant);
  const options: Intl.DateTimeFormatOptions = { day: "numeric", month: "short" };
  if (at.getFullYear() !== today.getFullYear()) options.year = "numeric";
  return new Intl.DateTimeFormat(locale.value, options).format(at);
}

/** The reader's time zone, e.g. `America/Sao_Paulo`. */
export function timeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** A clock: `1:02:03`, with days in front when there are any: `2 d 01:02:03`. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, "0");
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor(seconds / 3600) % 24;
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return days > 0 ? t("format.days", { days, clock: `${two(hours)}:${rest}` }) : `${hours}:${rest}`;
}

/** A length of time in words: `5 h`, `45 min`, `1 h 30 min`. */
export function span(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return t("format.minutes", { minutes });
  return minutes % 60 === 0
    ? t("format.hours", { hours })
    : t("format.hoursMinutes", { hours, minutes: minutes % 60 });
}

const decimal = (value: number, digits: number): string =>
  new Intl.NumberFormat(locale.value, { maximumFractionDigits: digits }).format(value);

/** `640 ms` below two seconds, `2.5 s` from there on. */
export function milliseconds(ms: number): string {
  return ms < 2000 ? `${decimal(ms, 0)} ms` : `${decimal(ms / 1000, 1)} s`;
}

/** `2,004 ms`, however long: near a limit every digit tells. */
export function exactMilliseconds(ms: number): string {
  return `${decimal(ms, 0)} ms`;
}

/** Whole seconds where a limit is meant: `2 s`, `1.5 s`. */
export function seconds(ms: number): string {
  return `${decimal(ms / 1000, 2)} s`;
}

/** `812 B`, `14 KB`, `12.4 MB` (powers of 1000: these are sizes of downloads and sources). */
export function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  if (count < 1_000_000) return `${decimal(count / 1000, count < 10_000 ? 1 : 0)} KB`;
  return `${decimal(count / 1_000_000, 1)} MB`;
}

/** Memory, in powers of 1024. */
export function memory(kibibytes: number): string {
  return kibibytes < 1024 ? `${decimal(kibibytes, 0)} KiB` : `${decimal(kibibytes / 1024, 1)} MiB`;
}

/** Kinds of a problem in words; that an interactive one is passed or failed goes without saying. */
export function kinds(types: readonly ProblemType[]): string {
  const telling = types.length > 1 ? types.filter((type) => type !== "pass-fail") : types;
  return telling.map((type) => t(`type.${type}`)).join(", ");
}

/** The contest minute in which something happened; the scoreboard's unit (rounded down). */
export function contestMinute(ms: number): number {
  return Math.floor(ms / 60_000);
}
