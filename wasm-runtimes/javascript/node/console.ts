import { format } from "./format.ts";
import { inspect, type InspectOptions } from "./inspect.ts";
import type { Stdout } from "./process.ts";

const now = performance.now.bind(performance);

/** Node's `console`: log and its kin to stdout, error and its kin to stderr. */
export function createConsole(stdout: Stdout, stderr: Stdout): object {
  let margin = "";
  const timers = new Map<string, number>();
  const counts = new Map<string, number>();

  const line = (stream: Stdout, text: string): void => {
    stream.write(`${margin === "" ? text : margin + text.replaceAll("\n", `\n${margin}`)}\n`);
  };
  const log = (...values: unknown[]): void => line(stdout, format(...values));
  const error = (...values: unknown[]): void => line(stderr, format(...values));
  const elapsed = (label: string): string =>
    `${label}: ${(now() - (timers.get(label) ?? now())).toFixed(3)}ms`;

  return {
    log,
    info: log,
    debug: log,
    error,
    warn: error,
    trace: (...values: unknown[]): void => error(`Trace: ${format(...values)}`),
    dir: (value: unknown, options?: InspectOptions): void => line(stdout, inspect(value, options)),
    assert: (condition: unknown, ...values: unknown[]): void => {
      if (!condition)
        error(values.length === 0 ? "Assertion failed" : `Assertion failed: ${format(...values)}`);
    },
    table: (rows: unknown): void => line(stdout, table(rows)),
    group: (...values: unknown[]): void => {
      if (values.length > 0) log(...values);
      margin += "  ";
    },
    groupEnd: (): void => {
      margin = margin.slice(2);
    },
    time: (label = "default"): void => void timers.set(label, now()),
    timeLog: (label = "default", ...values: unknown[]): void => log(elapsed(label), ...values),
    timeEnd: (label = "default"): void => {
      log(elapsed(label));
      timers.delete(label);
    },
    count: (label = "default"): void => {
      const count = (counts.get(label) ?? 0) + 1;
      counts.set(label, count);
      log(`${label}: ${count}`);
    },
    countReset: (label = "default"): void => void counts.delete(label),
  };
}

/** Rows and columns in a frame, e.g. to look at a table of dynamic programming. */
function table(rows: unknown): string {
  if (typeof rows !== "object" || rows === null) return inspect(rows);
  const columns: string[] = [];
  let hasValues = false;
  const cells = Object.entries(rows).map(([index, row]: [string, unknown]) => {
    const entries = typeof row === "object" && row !== null ? Object.entries(row) : null;
    hasValues ||= entries === null;
    for (const [name] of entries ?? []) if (!columns.includes(name)) columns.push(name);
    const texts = new Map(entries?.map(([name, value]) => [name, inspect(value, { depth: 0 })]));
    return { index, texts, value: entries === null ? inspect(row) : "" };
  });
  const heads = ["(index)", ...columns, ...(hasValues ? ["Values"] : [])];
  const body = cells.map(({ index, texts, value }) => [
    index,
    ...columns.map((name) => texts.get(name) ?? ""),
    ...(hasValues ? [value] : []),
  ]);
  const widths = heads.map(
    (head, column) => Math.max(...[heads, ...body].map((row) => (row[column] ?? head).length)) + 2,
  );
  const row = (texts: string[]): string =>
    `│${texts.map((text, column) => ` ${text}`.padEnd(widths[column] ?? 0)).join("│")}│`;
  const rule = (left: string, middle: string, right: string): string =>
    left + widths.map((width) => "─".repeat(width)).join(middle) + right;
  return [rule("┌", "┬", "┐"), row(heads), rule("├", "┼", "┤"), ...body.map(row), rule("└", "┴", "┘")].join(
    "\n",
  );
}
