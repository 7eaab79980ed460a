import { t } from "../i18n.ts";
import { dateTime, timeOfDay } from "../format.ts";
import type { LiveState } from "../live.ts";
import { Notice } from "./notice.tsx";

/** Whether what is shown is kept up to date: a word, a dot, and when something was last heard. */
export function LiveDot({ state, heardAt }: { state: LiveState; heardAt: number | null }) {
  const since =
    heardAt === null || state === "live" ? null : t("live.lastHeard", { time: timeOfDay(heardAt) });
  return (
    <span class={`live-dot live-${state}`} title={heardAt === null ? undefined : dateTime(heardAt)}>
      <span class="dot" aria-hidden="true" />
      {t(`live.${state}`)}
      {since === null ? null : ` · ${since}`}
    </span>
  );
}

/** The server speaks of things that this page does not know: it was updated meanwhile. */
export function OutdatedNotice() {
  return (
    <Notice kind="warning">
      {t("live.outdatedLong")}{" "}
      <button type="button" onClick={() => location.reload()}>
        {t("action.reload")}
      </button>
    </Notice>
  );
}
