import { RatingHistory } from "../../protocol/rating.ts";
import { request } from "../api.ts";
import { dateTime } from "../format.ts";
import { t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import { Await } from "../parts/await.tsx";
import { NumberTable } from "../parts/chart-table.tsx";
import { later } from "../parts/later.tsx";
import { Page } from "../parts/page.tsx";
import { rounded, signed } from "../parts/rating-number.ts";
import "../locales/statistics.ts";

const Chart = later(async () => (await import("../parts/rating-chart.tsx")).RatingChart);

/** One account's rating, contest by contest. */
export default function RatingPage({ username }: { username: string }) {
  const path = `/api/ratings/${encodeURIComponent(username)}`;
  const loading = useLoaded(path, (signal) => request(RatingHistory, path, { signal }));
  return <Await loading={loading}>{(rating) => <Shown {...rating} />}</Await>;
}

function Shown({ name, rating, deviation, history }: RatingHistory) {
  return (
    <Page
      title={t("ratings.titleOf", { name })}
      heading={name}
      above={<a href="/ratings">{t("ratings.title")}</a>}
    >
      <p>{t("ratings.now", { rating: rounded(rating), deviation: rounded(deviation) })}</p>
      <Chart history={history} />
      <NumberTable
        title={t("ratings.history")}
        head={[
          t("progress.contest"),
          t("ratings.date"),
          t("ratings.place"),
          t("ratings.performance"),
          t("ratings.rating"),
          t("ratings.changed"),
          t("ratings.deviation"),
        ]}
        rows={history.toReversed().map(({ contest, place, competitors, performance, before, after }) => ({
          key: contest.slug,
          name: <a href={`/contests/${contest.slug}/scoreboard`}>{contest.name}</a>,
          values: [
            dateTime(contest.endedAt),
            t("ratings.placeOf", { place, competitors }),
            rounded(performance),
            rounded(after.rating),
            signed(after.rating - before.rating),
            `± ${rounded(after.deviation)}`,
          ],
        }))}
      />
    </Page>
  );
}
