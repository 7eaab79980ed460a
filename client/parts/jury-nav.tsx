import { useLocation } from "preact-iso";
import { t } from "../i18n.ts";
import { ClarificationBadge } from "./clarification-badge.tsx";

const places = ["submissions", "rejudgings", "audit"] as const;

/** From one of a contest's jury pages to the others. */
export function JuryNav({ slug }: { slug: string }) {
  const { path } = useLocation();
  return (
    <nav class="jury-nav" aria-label={t("jury.nav")}>
      <strong>{t("jury.nav")}</strong>
      {places.map((place) => {
        const href = `/contests/${slug}/${place}`;
        return (
          <a key={place} href={href} aria-current={path === href ? "page" : undefined}>
            {t(`jury.${place}`)}
          </a>
        );
      })}
      <ClarificationBadge slug={slug} />
    </nav>
  );
}
