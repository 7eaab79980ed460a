import type { OwnProgress } from "../../protocol/contest-statistics.ts";
import { locale, t } from "../i18n.ts";
import { BarChart } from "./chart.tsx";
import { ChartWithTable } from "./chart-table.tsx";
import "../locales/statistics.ts";

type Day = OwnProgress["days"][number];

const DAY_MS = 24 * 60 * 60_000;
const SHOWN_DAYS = 60;

/** What was done on each of the last days, drawn; and on all days as a table, the latest first. */
export function DayChart({ days, now }: { days: readonly Day[]; now: number }) {
  const title = t("progress.days");
  const byDay = new Map(days.map((day) => [day.day, day]));
  const last = Date.parse(localDay(now));
  const shown = Array.from({ length: SHOWN_DAYS }, (_, index) => {
    const day = new Date(last - (SHOWN_DAYS - 1 - index) * DAY_MS).toISOString().slice(0, 10);
    const { submissions = 0, solved = 0 } = byDay.get(day) ?? {};
    return { day, solved, others: submissions - solved };
  });
  return (
    <ChartWithTable
      title={title}
      chart={
        <BarChart
          title={title}
          of={t("progress.day")}
          categories={shown.map(({ day }) => shortDay(day))}
          bars={[
            {
              name: t("progress.firstSolves"),
              colour: "--verdict-AC",
              look: "solid",
              values: shown.map(({ solved }) => solved),
            },
            {
              name: t("progress.otherSubmissions"),
              colour: "--verdict-pending",
              look: "hatched",
              values: shown.map(({ others }) => others),
            },
          ]}
        />
      }
      head={[t("progress.day"), t("statistics.submissions"), t("progress.firstSolves")]}
      rows={days.toReversed().map(({ day, submissions, solved }) => ({
        key: day,
        name: longDay(day),
        values: [submissions, solved],
      }))}
    />
  );
}

/** `2026-11-23`, by this machine's clock. */
function localDay(now: number): string {
  const offsetMs = new Date(now).getTimezoneOffset() * 60_000;
  return new Date(now - offsetMs).toISOString().slice(0, 10);
}

const shortDay = (day: string): string =>
  new Intl.DateTimeFormat(locale.value, { day: "numeric", month: "short", timeZone: "UTC" }).format(
    Date.parse(day),
  );

const longDay = (day: string): string =>
  new Intl.DateTimeFormat(locale.value, { dateStyle: "medium", timeZone: "UTC" }).format(Date.parse(day));
