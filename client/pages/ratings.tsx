import { useRoute } from "preact-iso";
import { RatingList } from "../../protocol/rating.ts";
import { request } from "../api.ts";
import { t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import { Await } from "../parts/await.tsx";
import { NumberTable } from "../parts/chart-table.tsx";
import { later } from "../parts/later.tsx";
import { Page } from "../parts/page.tsx";
import { rounded, signed } from "../parts/rating-number.ts";
import "../locales/statistics.ts";

const Rating = later(async () => (await import("./rating.tsx")).default);

/** Everybody's rating over the rated contests, the best first; or one account's. */
export default function Ratings() {
  const { username } = useRoute().params;
  return username === undefined ? <All /> : <Rating key={username} username={username} />;
}

function All() {
  const loading = useLoaded("/api/ratings", (signal) => request(RatingList, "/api/ratings", { signal }));
  return <Await loading={loading}>{(ratings) => <Shown competitors={ratings.competitors} />}</Await>;
}

function Shown({ competitors }: { competitors: RatingList["competitors"] }) {
  return (
    <Page title={t("ratings.title")} actions={<a href="/progress">{t("progress.title")}</a>}>
      <p>{t("ratings.about")}</p>
      {competitors.length === 0 ? (
        <p class="empty">{t("ratings.empty")}</p>
      ) : (
        <NumberTable
          title={t("ratings.title")}
          head={[
            t("ratings.name"),
            "#",
            t("ratings.rating"),
            t("ratings.change"),
            t("ratings.deviation"),
            t("ratings.contests"),
          ]}
          rows={competitors.map(({ username, name, rating, deviation, contests, change }) => ({
            key: username,
            name: <a href={`/ratings/${encodeURIComponent(username)}`}>{name}</a>,
            values: [
              1 + competitors.findIndex((other) => rounded(other.rating) === rounded(rating)),
              rounded(rating),
              signed(change),
              `± ${rounded(deviation)}`,
              contests,
            ],
          }))}
        />
      )}
    </Page>
  );
}
