import { t } from "../i18n.ts";
import { Page } from "../parts/page.tsx";

export default function NotFound() {
  return (
    <Page title={t("notFound.title")} width="text">
      <p>{t("notFound.text")}</p>
      <p class="actions">
        <a class="button" href="/">
          {t("nav.home")}
        </a>
        <a href="/problems">{t("nav.problems")}</a>
        <a href="/contests">{t("nav.contests")}</a>
      </p>
    </Page>
  );
}
