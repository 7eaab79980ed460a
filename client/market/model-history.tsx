import { ModelHistory } from "../../protocol/market.ts";
import { request } from "../api.ts";
import { dateTime, milliseconds } from "../format.ts";
import { t } from "../i18n.ts";
import { useLoaded, useTicks } from "../load.ts";
import { LoadError, Waiting } from "../parts/await.tsx";
import { later } from "../parts/later.tsx";
import { TableScroll } from "../parts/table-scroll.tsx";
import { credits, speed, tokens } from "./amounts.ts";

type Hour = ModelHistory["hours"][number];

const NEWS_EVERY_MS = 5 * 60_000;

const Charts = later(async () => (await import("./history-charts.tsx")).HistoryCharts);

/** Price, speed and requests of the last seven days, drawn and as a table. */
export function History({ model }: { model: string }) {
  const path = `/api/market/models/${encodeURIComponent(model)}/history`;
  const loading = useLoaded(
    path,
    (signal) => request(ModelHistory, path, { signal }),
    useTicks(NEWS_EVERY_MS),
  );
  const { loaded } = loading;
  return (
    <section aria-labelledby="history">
      <h2 id="history">{t("model.history")}</h2>
      <LoadError loading={loading} />
      {loaded.state === "loading" ? <Waiting /> : null}
      {loaded.state === "ready" ? <Shown hours={loaded.value.hours} /> : null}
    </section>
  );
}

function Shown({ hours }: { hours: readonly Hour[] }) {
  const busy = hours.filter(({ jobs }) => jobs > 0).toReversed();
  if (busy.length === 0) return <p class="empty">{t("model.noHistory")}</p>;
  return (
    <>
      <p class="soft">{t("model.historyAbout")}</p>
      <Charts hours={hours} />
      <details>
        <summary>{t("model.asTable")}</summary>
        <Twin hours={busy} />
      </details>
    </>
  );
}

/** The numbers that the charts are drawn from, the latest first; hours without any are left out. */
function Twin({ hours }: { hours: readonly Hour[] }) {
  return (
    <TableScroll label={t("model.asTable")}>
      <table>
        <thead>
          <tr>
            <th scope="col" rowSpan={2}>
              {t("model.hour")}
            </th>
            <th scope="col" rowSpan={2} class="number">
              {t("model.requests")}
            </th>
            <th scope="colgroup" colSpan={2} class="prices">
              {t("model.chart.price")}
            </th>
            <th scope="col" rowSpan={2} class="number">
              {t("requests.firstToken")}
            </th>
            <th scope="col" rowSpan={2} class="number">
              {t("market.speed")}
            </th>
          </tr>
          <tr>
            <th scope="col" class="number">
              {t("model.cheapestPaid")}
            </th>
            <th scope="col" class="number">
              {t("model.medianPaid")}
            </th>
          </tr>
        </thead>
        <tbody>
          {hours.map((hour) => (
            <tr key={hour.beganAt}>
              <th scope="row">{dateTime(hour.beganAt)}</th>
              <td class="number">{tokens(hour.jobs)}</td>
              <td class="number">{orNothing(hour.cheapestPrice, credits)}</td>
              <td class="number">{orNothing(hour.medianPrice, credits)}</td>
              <td class="number">{orNothing(hour.firstTokenMs, milliseconds)}</td>
              <td class="number">{orNothing(hour.tokensPerSecond, speed)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

const orNothing = (value: number | null, tell: (value: number) => string): string =>
  value === null ? "–" : tell(value);
