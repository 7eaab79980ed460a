import { useLocation } from "preact-iso";
import { newsTitle, pageOf, useClarificationNews, type ClarificationNews } from "../clarifications.ts";
import { t } from "../i18n.ts";
import { Icon } from "./icons.tsx";

interface Props {
  slug: string;
  /** How it looks among its neighbours. */
  look?: "link" | "button";
}

/** A contest's link to its clarifications, with what is new; what the jury says meanwhile is shown and spoken at once. */
export function ClarificationBadge({ slug, look = "link" }: Props) {
  const news = useClarificationNews(slug);
  const { path } = useLocation();
  const href = pageOf(slug);
  return (
    <>
      <a
        class={look === "button" ? "button" : ""}
        href={href}
        aria-current={path === href ? "page" : undefined}
      >
        {t("clarification.title")} <Count news={news} />
      </a>
      <ClarificationAlert slug={slug} news={news} />
    </>
  );
}

function Count({ news: { counts } }: { news: ClarificationNews }) {
  const { unread, unanswered } = counts;
  const count = unanswered ?? unread.length;
  if (count === 0) return null;
  return (
    <span class="badge">
      {unanswered === null ? t("clarification.unread", { count }) : t("clarification.unanswered", { count })}
    </span>
  );
}

/** The latest that the jury has said since the page was opened, over whatever is shown, until it is dismissed. */
export function ClarificationAlert({
  slug,
  news: { said, dismiss },
}: {
  slug: string;
  news: ClarificationNews;
}) {
  const latest = said.at(-1) ?? null;
  return (
    // It is there before it says something: some screen readers speak only of what changes inside.
    <div class="clarification-alert" role="alert">
      {latest === null ? null : (
        <div class="notice notice-warning">
          <Icon name="info" />
          <div>
            <p>
              <strong>{newsTitle(latest)}</strong>{" "}
              {said.length > 1 ? t("clarification.more", { count: said.length - 1 }) : ""}
            </p>
            <p class="clarification-text">{latest.text}</p>
            <p class="actions">
              <a class="button small" href={pageOf(slug)} onClick={dismiss}>
                {t("clarification.show")}
              </a>
              <button type="button" class="small" onClick={dismiss}>
                {t("clarification.dismiss")}
              </button>
            </p>
          </div>
        </div>
      )}
    </div>
  );
}
