import { useState } from "preact/hooks";
import { type RateContest, RatedView } from "../../protocol/rating.ts";
import { asApiError, errorText, request } from "../api.ts";
import { t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import { LoadError } from "./await.tsx";
import { Notice } from "./notice.tsx";
import "../locales/statistics.ts";

/** Whether a contest's places make ratings: to be changed by those who may, to be known by everybody else. */
export function Rated({ slug }: { slug: string }) {
  const path = `/api/contests/${slug}/rated`;
  const loading = useLoaded(path, (signal) => request(RatedView, path, { signal }));
  const [said, setSaid] = useState<{ kind: "done" | "error"; text: string } | null>(null);
  const change = async (rated: boolean): Promise<void> => {
    try {
      const body: RateContest = { rated };
      loading.replace(await request(RatedView, path, { method: "POST", body }));
      setSaid({ kind: "done", text: t("ratings.ratedSaved") });
    } catch (thrown) {
      setSaid({ kind: "error", text: errorText(asApiError(thrown)) });
      loading.reload();
    }
  };
  if (loading.loaded.state !== "ready") return <LoadError loading={loading} />;
  const { rated, changeable } = loading.loaded.value;
  if (!changeable) return rated ? <p class="soft">{t("ratings.isRated")}</p> : null;
  return (
    <section aria-labelledby="rated">
      <h2 id="rated">{t("ratings.title")}</h2>
      <label class="switch">
        <input
          type="checkbox"
          checked={rated}
          onChange={(event) => void change(event.currentTarget.checked)}
        />
        {t("ratings.rated")}
      </label>
      <p class="soft">{t("ratings.ratedAbout")}</p>
      {said === null ? null : <Notice kind={said.kind}>{said.text}</Notice>}
    </section>
  );
}
