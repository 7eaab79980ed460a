import type { OwnRun } from "../../protocol/virtual.ts";
import { useServerNow } from "../clock.ts";
import { clock } from "../format.ts";
import { t } from "../i18n.ts";
import "../locales/virtual.ts";
import { useVirtual } from "../virtual.ts";

/** Whether a run goes on. */
export const goesOn = (run: OwnRun | null, now: number): run is OwnRun => run !== null && now < run.endAt;

/** What is left of a run. No live region, as other clocks are none. */
export function VirtualCountdown({ run }: { run: OwnRun }) {
  const seconds = Math.ceil(Math.max(0, run.endAt - useServerNow()) / 1000);
  return (
    <span class="countdown" role="timer" aria-live="off">
      <span class="countdown-label">{t("virtual.endsIn")}</span>{" "}
      <span class="countdown-time">{clock(seconds * 1000)}</span>
    </span>
  );
}

/** How much of a run has passed. */
export function VirtualProgress({ run: { beganAt, endAt } }: { run: OwnRun }) {
  return (
    <progress
      class="contest-progress"
      value={Math.min(useServerNow(), endAt) - beganAt}
      max={endAt - beganAt}
      aria-label={t("virtual.progress")}
    />
  );
}

/** On other pages of a contest that is over, for who is signed in: the clock of their virtual run, while one goes on. */
export function VirtualClock({ slug }: { slug: string }) {
  const { loaded } = useVirtual(slug);
  const now = useServerNow();
  if (loaded.state !== "ready" || !goesOn(loaded.value.run, now)) return null;
  return (
    <>
      <VirtualCountdown run={loaded.value.run} />
      <a href={`/contests/${slug}/virtual`}>{t("virtual.heading")}</a>
    </>
  );
}
