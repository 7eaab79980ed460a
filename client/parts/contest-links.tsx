import type { ContestView } from "../../protocol/contest.ts";
import { t } from "../i18n.ts";
import { ClarificationBadge } from "./clarification-badge.tsx";

const forAll = ["scoreboard", "statistics", "print"] as const;
const forJury = ["teams", "progress", "resolver"] as const;

/** From a contest's lobby to its other pages; those of the jury only that see who belongs to it. */
export function ContestLinks({ contest: { slug, isJury } }: { contest: ContestView }) {
  const places = isJury ? [...forAll, ...forJury] : forAll;
  return (
    <nav class="actions" aria-label={t("contestLink.all")}>
      {places.map((place) => (
        <a
          key={place}
          class={place === "scoreboard" ? "button primary" : "button"}
          href={`/contests/${slug}/${place}`}
        >
          {t(`contestLink.${place}`)}
        </a>
      ))}
      {isJury ? null : <ClarificationBadge slug={slug} look="button" />}
      <a class="button" href="/submissions">
        {t("contest.mySubmissions")}
      </a>
    </nav>
  );
}
