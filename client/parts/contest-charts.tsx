import type { ContestStatistics } from "../../protocol/contest-statistics.ts";
import { languages } from "../../protocol/language.ts";
import { Verdict } from "../../protocol/verdict.ts";
import { clock } from "../format.ts";
import { t } from "../i18n.ts";
import { BarChart, BoxChart } from "./chart.tsx";
import type { BarLook } from "./chart-fill.ts";
import { ChartWithTable } from "./chart-table.tsx";
import "../locales/statistics.ts";

/** What a contest's statistics look like, each picture with its table. */
export function ContestCharts({ statistics }: { statistics: ContestStatistics }) {
  return (
    <div class="charts">
      <OverTime statistics={statistics} />
      <Verdicts statistics={statistics} />
      <SolveTimes statistics={statistics} />
      <BySolved statistics={statistics} />
      <Languages statistics={statistics} />
    </div>
  );
}

interface Counted {
  accepted: number;
  rejected: number;
  pending: number;
}

const looks: Record<keyof Counted, { colour: string; look: BarLook }> = {
  accepted: { colour: "--verdict-AC", look: "solid" },
  rejected: { colour: "--verdict-WA", look: "hatched" },
  pending: { colour: "--verdict-pending", look: "hollow" },
};
const parts = ["accepted", "rejected", "pending"] as const;

const barsOf = (counted: readonly Counted[]) =>
  parts.map((part) => ({
    name: t(`statistics.${part}`),
    ...looks[part],
    values: counted.map((one) => one[part]),
  }));

const partNames = (): string[] => parts.map((part) => t(`statistics.${part}`));

/** `1:05` for an hour and five minutes. */
const hours = (ms: number): string => clock(ms).replace(/:\d\d$/, "");

function OverTime({ statistics: { bins, binMs } }: { statistics: ContestStatistics }) {
  const title = t("statistics.overTime", { minutes: binMs / 60_000 });
  const busy = bins.filter(({ accepted, rejected, pending }) => accepted + rejected + pending > 0);
  return (
    <ChartWithTable
      title={title}
      chart={
        <BarChart
          title={title}
          of={t("statistics.from")}
          categories={bins.map(({ from }) => hours(from))}
          bars={barsOf(bins)}
        />
      }
      head={[t("statistics.from"), ...partNames()]}
      rows={busy.map((bin) => ({
        key: String(bin.from),
        name: hours(bin.from),
        values: parts.map((part) => bin[part]),
      }))}
    />
  );
}

const verdicts = Verdict.options;

function Verdicts({ statistics }: { statistics: ContestStatistics }) {
  const title = t("statistics.verdicts");
  const counts = [...verdicts, "pending" as const].map((verdict) => ({
    verdict,
    name: verdict === "pending" ? t("statistics.pending") : `${verdict} · ${t(`verdict.${verdict}`)}`,
    count: statistics.verdicts[verdict],
  }));
  const only = (part: keyof Counted): number[] =>
    counts.map(({ verdict, count }) => {
      const own = verdict === "AC" ? "accepted" : verdict === "pending" ? "pending" : "rejected";
      return own === part ? count : 0;
    });
  return (
    <ChartWithTable
      title={title}
      chart={
        <BarChart
          title={title}
          of={t("statistics.verdict")}
          categories={counts.map(({ verdict }) => (verdict === "pending" ? "…" : verdict))}
          bars={parts.map((part) => ({ name: t(`statistics.${part}`), ...looks[part], values: only(part) }))}
        />
      }
      head={[t("statistics.verdict"), t("statistics.submissions")]}
      rows={counts.map(({ verdict, name, count }) => ({ key: verdict, name, values: [count] }))}
    />
  );
}

function SolveTimes({ statistics: { problems } }: { statistics: ContestStatistics }) {
  const title = t("statistics.solveTimes");
  const figures = ["least", "lower", "median", "upper", "most"] as const;
  return (
    <ChartWithTable
      title={title}
      chart={
        <BoxChart
          title={title}
          of={t("statistics.problem")}
          categories={problems.map(({ label }) => label)}
          boxes={problems.map(({ solveTimes }) => solveTimes)}
          tell={hours}
        />
      }
      head={[t("statistics.problem"), ...figures.map((figure) => t(`chart.${figure}`))]}
      rows={problems.map(({ label, solveTimes }) => ({
        key: label,
        name: label,
        values: figures.map((figure) => (solveTimes === null ? "–" : hours(solveTimes[figure]))),
      }))}
    />
  );
}

function BySolved({ statistics: { teamsBySolved } }: { statistics: ContestStatistics }) {
  const title = t("statistics.bySolved");
  return (
    <ChartWithTable
      title={title}
      chart={
        <BarChart
          title={title}
          of={t("statistics.solved")}
          categories={teamsBySolved.map((_, solved) => String(solved))}
          bars={[{ name: t("statistics.teams"), colour: "--accent", look: "solid", values: teamsBySolved }]}
        />
      }
      head={[t("statistics.solved"), t("statistics.teams")]}
      rows={teamsBySolved.map((teams, solved) => ({ key: String(solved), name: solved, values: [teams] }))}
    />
  );
}

function Languages({ statistics }: { statistics: ContestStatistics }) {
  const title = t("statistics.languages");
  const used = statistics.languages.map((one) => ({
    ...one,
    name: languages[one.language].name,
    rejected: one.submissions - one.accepted - one.pending,
  }));
  return (
    <ChartWithTable
      title={title}
      chart={
        <BarChart
          title={title}
          of={t("language.label")}
          categories={used.map(({ name }) => name)}
          bars={barsOf(used)}
        />
      }
      head={[t("language.label"), t("statistics.submissions"), ...partNames(), t("statistics.teams")]}
      rows={used.map(({ language, name, submissions, teams, ...counted }) => ({
        key: language,
        name,
        values: [submissions, ...parts.map((part) => counted[part]), teams],
      }))}
    />
  );
}
