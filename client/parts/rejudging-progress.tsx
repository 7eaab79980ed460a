import type { RejudgingSummary } from "../../protocol/jury.ts";
import "../locales/jury.ts";
import { t } from "../i18n.ts";

/** Where a rejudging stands, in words and as a bar while it is under way. */
export function RejudgingProgress({ rejudging }: { rejudging: RejudgingSummary }) {
  const { state, done, total, failed } = rejudging;
  return (
    <>
      <span class={`chip rejudging-${state}`}>{t(`rejudgingState.${state}`)}</span>{" "}
      {state === "judging" ? (
        <progress value={done} max={Math.max(1, total)} aria-label={t("rejudgingState.judging")} />
      ) : null}{" "}
      <span class="soft">{t("rejudging.done", { done, total })}</span>
      {failed > 0 ? <span class="failure"> {t("rejudging.failed", { count: failed })}</span> : null}
    </>
  );
}
