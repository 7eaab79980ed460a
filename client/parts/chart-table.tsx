import type { ComponentChildren } from "preact";
import { t } from "../i18n.ts";
import { TableScroll } from "./table-scroll.tsx";
import "../locales/statistics.ts";

interface TwinProps {
  title: string;
  /** The first names the rows; the others are numbers. */
  head: readonly string[];
  rows: readonly { name: ComponentChildren; key: string; values: readonly ComponentChildren[] }[];
}

/** A chart, and on demand the same as a table. */
export function ChartWithTable({ chart, ...table }: TwinProps & { chart: ComponentChildren }) {
  return (
    <div class="chart-with-table">
      {chart}
      <details>
        <summary>{t("chart.asTable", { title: table.title })}</summary>
        <NumberTable {...table} />
      </details>
    </div>
  );
}

/** Rows of numbers. */
export function NumberTable({ title, head, rows }: TwinProps) {
  return (
    <TableScroll label={title}>
      <table>
        <thead>
          <tr>
            {head.map((name, index) => (
              <th key={name} scope="col" class={index === 0 ? undefined : "number"}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, key, values }) => (
            <tr key={key}>
              <th scope="row">{name}</th>
              {values.map((value, index) => (
                <td key={head[index + 1]} class="number">
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
