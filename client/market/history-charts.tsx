import { useMemo } from "preact/hooks";
import uPlot from "uplot";
import type { ModelHistory } from "../../protocol/market.ts";
import { locale, t } from "../i18n.ts";
import { axisLook, type Canvas, Plot } from "../parts/plot.tsx";

type Hour = ModelHistory["hours"][number];

interface Line {
  name: string;
  /** A custom property of styles/tokens.css. */
  colour: string;
  isDashed?: boolean;
  values: readonly (number | null)[];
}

interface ChartProps {
  title: string;
  hours: readonly Hour[];
  lines: readonly Line[];
  isBars?: boolean;
}

const NANO_PER_CREDIT = 1_000_000_000;
const HEIGHT = 170;
const HOUR_S = 3_600;
const SHOWN_S = 7 * 24 * HOUR_S;

/** What a model cost, how fast it was and how much it was asked for, by hours. The cursor stands at the same hour in all. */
export function HistoryCharts({ hours }: { hours: readonly Hour[] }) {
  const valuesOf = (of: (hour: Hour) => number | null) => hours.map(of);
  const inCredits = (nano: number | null): number | null => (nano === null ? null : nano / NANO_PER_CREDIT);
  return (
    <div class="charts">
      <Chart
        title={t("model.chart.price")}
        hours={hours}
        lines={[
          {
            name: t("model.cheapestPaid"),
            colour: "--accent",
            values: valuesOf(({ cheapestPrice }) => inCredits(cheapestPrice)),
          },
          {
            name: t("model.medianPaid"),
            colour: "--verdict-RTE",
            isDashed: true,
            values: valuesOf(({ medianPrice }) => inCredits(medianPrice)),
          },
        ]}
      />
      <Chart
        title={t("model.chart.speed")}
        hours={hours}
        lines={[
          {
            name: t("model.medianPaid"),
            colour: "--accent",
            values: valuesOf(({ tokensPerSecond }) => tokensPerSecond),
          },
        ]}
      />
      <Chart
        title={t("model.chart.firstToken")}
        hours={hours}
        lines={[
          {
            name: t("model.medianPaid"),
            colour: "--accent",
            values: valuesOf(({ firstTokenMs }) => firstTokenMs),
          },
        ]}
      />
      <Chart
        title={t("model.chart.jobs")}
        hours={hours}
        isBars
        lines={[{ name: t("model.requests"), colour: "--accent", values: valuesOf(({ jobs }) => jobs) }]}
      />
    </div>
  );
}

/** One chart. What it shows stands in the table, too. */
function Chart({ title, hours, lines, isBars = false }: ChartProps) {
  const data = useMemo(() => dataOf(hours, lines), [hours]);
  return (
    <Plot
      title={title}
      label={t("model.inTable", { title })}
      height={HEIGHT}
      data={data}
      shape={JSON.stringify(lines.map(({ name }) => name))}
      options={(canvas) => optionsOf(canvas, lines, isBars)}
    />
  );
}

/** A lone hour, which is all that a new model has, gets an empty one before it: uPlot takes the end of a single instant's scale from nowhere. */
function dataOf(hours: readonly Hour[], lines: readonly Line[]): uPlot.AlignedData {
  const times = hours.map(({ beganAt }) => beganAt / 1000);
  const [first] = times;
  if (times.length !== 1 || first === undefined) return [times, ...lines.map(({ values }) => [...values])];
  return [[first - HOUR_S, first], ...lines.map(({ values }) => [null, ...values])];
}

function optionsOf(
  canvas: Canvas,
  lines: readonly Line[],
  isBars: boolean,
): Omit<uPlot.Options, "width" | "height"> {
  const { colourOf } = canvas;
  const axis = axisLook(canvas);
  const number = new Intl.NumberFormat(locale.value, { maximumSignificantDigits: 4 });
  const day = new Intl.DateTimeFormat(locale.value, { day: "numeric", month: "short" });
  const hour = new Intl.DateTimeFormat(locale.value, { dateStyle: "medium", timeStyle: "short" });
  const told = (_: uPlot, value: number | null): string => (value === null ? "–" : number.format(value));
  return {
    cursor: { sync: { key: "model-history" }, drag: { x: false, y: false } },
    legend: { live: true },
    scales: {
      x: { range: (_, __, last) => [last - SHOWN_S, last + HOUR_S] },
      y: { range: (_, __, most) => [0, most > 0 ? most * 1.1 : 1] },
    },
    axes: [
      { ...axis, space: 60, values: (_, splits) => splits.map((at) => day.format(at * 1000)), incrs: DAYS },
      { ...axis, size: 64, values: (_, splits) => splits.map((value) => number.format(value)) },
    ],
    series: [
      {
        label: t("model.hour"),
        value: (_, at: number | null) => (at === null ? "–" : hour.format(at * 1000)),
      },
      ...lines.map(({ name, colour, isDashed = false }) => ({
        label: name,
        stroke: () => colourOf(colour),
        width: 2,
        value: told,
        ...(isDashed ? { dash: [5, 4] } : {}),
        ...(isBars
          ? {
              fill: () => colourOf(colour),
              points: { show: false },
              ...(uPlot.paths.bars === undefined ? {} : { paths: uPlot.paths.bars({ size: [0.8, 12] }) }),
            }
          : {
              points: {
                filter: alone,
                size: 5,
                stroke: () => colourOf(colour),
                fill: () => colourOf(colour),
              },
            }),
      })),
    ],
  };
}

/** An hour between two without an answer makes no line: it gets a point. */
function alone(plot: uPlot, series: number): number[] {
  const values = plot.data[series] ?? [];
  const isNothing = (at: number): boolean => values[at] === null || values[at] === undefined;
  return [...values.keys()].filter((at) => !isNothing(at) && isNothing(at - 1) && isNothing(at + 1));
}

/** Whole days on the axis of time. */
const DAYS = [86_400, 2 * 86_400, 4 * 86_400];
