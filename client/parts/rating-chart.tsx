import { useMemo } from "preact/hooks";
import type uPlot from "uplot";
import type { RatingHistory } from "../../protocol/rating.ts";
import { t } from "../i18n.ts";
import { axisLook, type Canvas, Plot } from "./plot.tsx";
import { rounded } from "./rating-number.ts";
import "../locales/statistics.ts";

type History = RatingHistory["history"];

const HEIGHT = 240;

/** The rating after each contest, and what each place alone would speak for. */
export function RatingChart({ history }: { history: History }) {
  const data = useMemo<uPlot.AlignedData>(
    () => [
      history.map((_, index) => index + 1),
      history.map(({ after }) => after.rating),
      history.map(({ performance }) => performance),
    ],
    [history],
  );
  const title = t("ratings.history");
  return (
    <Plot
      title={title}
      label={t("chart.inTable", { title })}
      height={HEIGHT}
      data={data}
      shape={JSON.stringify(history.map(({ contest }) => contest.name))}
      options={(canvas) => optionsOf(canvas, history)}
    />
  );
}

function optionsOf(canvas: Canvas, history: History): Omit<uPlot.Options, "width" | "height"> {
  const axis = axisLook(canvas);
  const told = (_: uPlot, value: number | null): string => (value === null ? "–" : rounded(value));
  return {
    cursor: { drag: { x: false, y: false } },
    legend: { live: true },
    scales: {
      x: { time: false, range: () => [0.5, history.length + 0.5] },
      y: { range: (_, least, most) => [least - 50, most + 50] },
    },
    axes: [
      { ...axis, incrs: [1, 2, 5, 10, 20, 50], values: (_, splits) => splits.map(String) },
      { ...axis, size: 56, values: (_, splits) => splits.map(rounded) },
    ],
    series: [
      {
        label: t("progress.contest"),
        value: (_, at: number | null) => (at === null ? "–" : (history[at - 1]?.contest.name ?? "–")),
      },
      {
        label: t("ratings.rating"),
        stroke: () => canvas.colourOf("--accent"),
        width: 2,
        points: { show: true, size: 7, fill: () => canvas.colourOf("--accent") },
        value: told,
      },
      {
        label: t("ratings.performance"),
        stroke: () => canvas.colourOf("--verdict-RTE"),
        // Points alone: between two contests there is no performance.
        paths: () => null,
        points: { show: true, size: 7, fill: () => canvas.colourOf("--paper") },
        value: told,
      },
    ],
  };
}
