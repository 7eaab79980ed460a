import { useMemo } from "preact/hooks";
import uPlot from "uplot";
import { MINUTE_MS } from "../../protocol/contest.ts";
import type { Quartiles } from "../../protocol/contest-statistics.ts";
import { locale, t } from "../i18n.ts";
import { fillOf, markerOf, type BarLook } from "./chart-fill.ts";
import { axisLook, type Canvas, Plot } from "./plot.tsx";
import "../locales/statistics.ts";

/** Charts of what is counted by categories: problems, languages, stretches of time. */

export interface Bars {
  name: string;
  /** A custom property of styles/tokens.css. */
  colour: string;
  look: BarLook;
  values: readonly number[];
}

interface BarChartProps {
  title: string;
  /** What the categories are: problems. */
  of: string;
  categories: readonly string[];
  /** Stand on each other, the first at the bottom. */
  bars: readonly Bars[];
}

const HEIGHT = 200;

/** Bars that stand on each other, told apart by how they are filled as well as by colour. */
export function BarChart({ title, of, categories, bars }: BarChartProps) {
  const data = useMemo(() => stacked(bars, categories.length), [bars, categories]);
  const names = bars.map(({ name }) => name);
  return (
    <Plot
      title={title}
      label={t("chart.inTable", { title })}
      height={HEIGHT}
      data={data}
      shape={JSON.stringify([names, categories])}
      options={(canvas) => ({
        ...frame(canvas, categories),
        legend: {
          markers: {
            fill: (_, series) => {
              const { look, colour } = bars[bars.length - series] ?? { look: "hollow", colour: "--ink" };
              return markerOf(look, canvas.colourOf(colour), canvas.colourOf("--paper"));
            },
          },
        },
        series: [
          { label: of, value: (_, at: number | null) => (at === null ? "–" : (categories[at] ?? "–")) },
          // The highest first: what stands below is drawn over it.
          ...bars.toReversed().map(({ name, colour, look, values }) => ({
            label: name,
            stroke: () => canvas.colourOf(colour),
            fill: (plot: uPlot) => fillOf(look, plot, canvas.colourOf(colour), canvas.colourOf("--paper")),
            width: 1,
            points: { show: false },
            value: (_: uPlot, __: number, ___: number, at: number | null) =>
              at === null ? "–" : told(values[at] ?? 0),
            ...(uPlot.paths.bars === undefined ? {} : { paths: uPlot.paths.bars({ size: [0.8, 40] }) }),
          })),
        ],
      })}
    />
  );
}

/** Each series with all that stands below it, the highest first; nothing, where there is nothing of its own. */
function stacked(bars: readonly Bars[], length: number): uPlot.AlignedData {
  const places = Array.from({ length }, (_, at) => at);
  const sums = bars.map(({ values: own }, index) =>
    places.map((at) =>
      (own[at] ?? 0) === 0
        ? null
        : bars.slice(0, index + 1).reduce((sum, { values }) => sum + (values[at] ?? 0), 0),
    ),
  );
  return [places, ...sums.toReversed()];
}

interface BoxChartProps {
  title: string;
  of: string;
  categories: readonly string[];
  /** One for each category; null where there is nothing. */
  boxes: readonly (Quartiles | null)[];
  /** A time in words; the values are contest times in ms. */
  tell: (value: number) => string;
}

const FIGURES = ["least", "lower", "median", "upper", "most"] as const;

/** From the least to the greatest a line, around the middle half a box, across it the median. */
export function BoxChart({ title, of, categories, boxes, tell }: BoxChartProps) {
  const data = useMemo<uPlot.AlignedData>(
    () => [
      categories.map((_, at) => at),
      ...FIGURES.map((figure) => boxes.map((box) => box?.[figure] ?? null)),
    ],
    [boxes, categories],
  );
  return (
    <Plot
      title={title}
      label={t("chart.inTable", { title })}
      height={HEIGHT}
      data={data}
      shape={JSON.stringify(categories)}
      options={(canvas) => ({
        ...frame(canvas, categories, tell, MINUTES),
        series: [
          { label: of, value: (_, at: number | null) => (at === null ? "–" : (categories[at] ?? "–")) },
          ...FIGURES.map((figure) => ({
            label: t(`chart.${figure}`),
            stroke: () => canvas.colourOf("--accent"),
            paths: () => null,
            points: { show: false },
            value: (_: uPlot, value: number | null) => (value === null ? "–" : tell(value)),
          })),
        ],
        hooks: { draw: [(plot) => drawBoxes(plot, boxes, canvas)] },
      })}
    />
  );
}

function drawBoxes(plot: uPlot, boxes: readonly (Quartiles | null)[], { colourOf }: Canvas): void {
  const { ctx } = plot;
  const half = Math.min(18 * devicePixelRatio, plot.bbox.width / (3 * Math.max(1, boxes.length)));
  ctx.save();
  ctx.strokeStyle = colourOf("--accent");
  ctx.fillStyle = colourOf("--paper");
  for (const [at, box] of boxes.entries()) {
    if (box === null) continue;
    const x = plot.valToPos(at, "x", true);
    const y = (value: number): number => plot.valToPos(value, "y", true);
    const line = (from: number, to: number, width: number, ...[left, right]: [number, number]): void => {
      ctx.lineWidth = width * devicePixelRatio;
      ctx.beginPath();
      ctx.moveTo(x + left, from);
      ctx.lineTo(x + right, to);
      ctx.stroke();
    };
    line(y(box.least), y(box.most), 1.5, 0, 0);
    ctx.fillRect(x - half, y(box.upper), 2 * half, y(box.lower) - y(box.upper));
    ctx.strokeRect(x - half, y(box.upper), 2 * half, y(box.lower) - y(box.upper));
    line(y(box.median), y(box.median), 3, -half, half);
  }
  ctx.restore();
}

/** Half a submission is none. */
const COUNTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 100_000];
const MINUTES = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 10_080].map(
  (step) => step * MINUTE_MS,
);

const told = (value: number): string => new Intl.NumberFormat(locale.value).format(value);

/** Everything but the series: categories from left to right, counts from 0 up. */
function frame(
  canvas: Canvas,
  categories: readonly string[],
  tell: (value: number) => string = told,
  steps: readonly number[] = COUNTS,
): Pick<uPlot.Options, "cursor" | "legend" | "scales" | "axes"> {
  const axis = axisLook(canvas);
  const letters = Math.max(1, ...categories.map((name) => name.length));
  return {
    cursor: { drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: () => [-0.5, Math.max(0.5, categories.length - 0.5)] },
      y: { range: (_, __, most) => [0, most > 0 ? most * 1.1 : 1] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        incrs: [1, 2, 5, 6, 10, 12, 20, 30, 60],
        space: 8 * letters + 8,
        values: (_, splits) => splits.map((at) => categories[at] ?? ""),
      },
      {
        ...axis,
        size: 64,
        incrs: [...steps],
        values: (_, splits) => splits.map((value) => tell(value)),
      },
    ],
  };
}
