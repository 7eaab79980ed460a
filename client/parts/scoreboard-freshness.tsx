import { timeOfDay } from "../format.ts";
import { t } from "../i18n.ts";
import type { LiveConnection } from "../live.ts";
import { LiveDot } from "./live-dot.tsx";

/** Whether the board is kept up to date, and when anything was last heard of it. */
export function BoardFreshness({ connection }: { connection: LiveConnection | null }) {
  const state = connection?.state.value ?? "connecting";
  const heardAt = connection?.heardAt.value ?? null;
  return (
    <span class="live-dot">
      <LiveDot state={state} heardAt={heardAt} />
      {state === "live" && heardAt !== null
        ? ` · ${t("live.lastHeard", { time: timeOfDay(heardAt) })}`
        : null}
    </span>
  );
}
