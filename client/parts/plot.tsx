import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { locale } from "../i18n.ts";
import { theme } from "../theme.ts";

/** What a chart's options are made of: its place in the page, and what a custom property of styles/tokens.css comes to there. */
export interface Canvas {
  width: number;
  font: string;
  colourOf: (token: string) => string;
}

interface PlotProps {
  title: string;
  /** For those who can't see the canvas: where the same can be read. */
  label: string;
  height: number;
  data: uPlot.AlignedData;
  /** Called anew when `shape` or the language changes. */
  options: (canvas: Canvas) => Omit<uPlot.Options, "width" | "height">;
  /** Says what the options depend on. */
  shape: string;
}

/** A chart as uPlot draws it, in the page's colours and as wide as its place. What it shows must stand in a table, too. */
export function Plot({ title, label, height, data, options, shape }: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const drawn = useRef<uPlot | null>(null);
  const [language, look] = [locale.value, theme.value];
  useEffect(() => {
    const { current } = place;
    if (current === null) return;
    const canvas = canvasOf(current);
    const plot = new uPlot({ ...options(canvas), width: canvas.width, height }, data, current);
    drawn.current = plot;
    const fit = new ResizeObserver(() => plot.setSize({ width: current.clientWidth, height }));
    fit.observe(current);
    return () => {
      fit.disconnect();
      plot.destroy();
      drawn.current = null;
    };
  }, [language, shape]);
  useEffect(() => drawn.current?.setData(data), [data]);
  useEffect(() => {
    // With the lines and scales as they are: those of a new chart are not there yet.
    const redraw = (): void => drawn.current?.redraw(false);
    redraw();
    const system = matchMedia("(prefers-color-scheme: dark)");
    system.addEventListener("change", redraw);
    return () => system.removeEventListener("change", redraw);
  }, [look]);
  return (
    <figure class="chart" aria-label={label}>
      <figcaption>{title}</figcaption>
      <div ref={place} aria-hidden="true" />
    </figure>
  );
}

/** A canvas knows no custom properties and no light-dark(): what they come to is read from an element. */
function canvasOf(place: HTMLElement): Canvas {
  const probe = document.createElement("span");
  probe.hidden = true;
  place.append(probe);
  return {
    width: place.clientWidth,
    font: `12px ${getComputedStyle(place).fontFamily}`,
    colourOf: (token) => {
      probe.style.color = `var(${token})`;
      return getComputedStyle(probe).color;
    },
  };
}

/** How axes look: ink, grid and letters. */
export function axisLook({ font, colourOf }: Canvas): Pick<uPlot.Axis, "stroke" | "grid" | "ticks" | "font"> {
  const grid = { stroke: () => colourOf("--line"), width: 1 };
  return { stroke: () => colourOf("--ink-soft"), grid, ticks: grid, font };
}
