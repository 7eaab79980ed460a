import type { ContestClock } from "../../protocol/contest.ts";
import { phaseAt } from "../../rules/contest-clock.ts";
import { useServerNow } from "../clock.ts";
import { clock as clockText, dateTime } from "../format.ts";
import { t } from "../i18n.ts";

/** A contest's phase as a word. */
export function Phase({ clock }: { clock: ContestClock }) {
  const phase = phaseAt(clock, useServerNow());
  return <span class={`phase phase-${phase}`}>{t(`phase.${phase}`)}</span>;
}

/**
 * The time until a contest starts or ends, by the server's clock. Deliberately no live region: a screen reader must
 * not be made to speak every second.
 */
export function Countdown({ clock }: { clock: ContestClock }) {
  const now = useServerNow();
  const phase = phaseAt(clock, now);
  const end = clock.startAt + clock.durationMs;
  switch (phase) {
    case "before":
      return <Remaining label={t("contest.startsIn")} ms={clock.startAt - now} />;
    case "running":
    case "frozen":
      return <Remaining label={t("contest.endsIn")} ms={end - now} />;
    case "over":
      return (
        <span class="countdown">
          <span class="countdown-label">{t("contest.ended")}</span> <time>{dateTime(end)}</time>
        </span>
      );
    default:
      return phase satisfies never;
  }
}

function Remaining({ label, ms }: { label: string; ms: number }) {
  // Rounded up, so that "0:00:00" is only ever shown when the moment has come.
  const seconds = Math.ceil(ms / 1000);
  return (
    <span class="countdown" role="timer" aria-live="off">
      <span class="countdown-label">{label}</span>{" "}
      <span class="countdown-time">{clockText(seconds * 1000)}</span>
    </span>
  );
}

/** How much of a contest has passed, with the freeze marked. */
export function ContestProgress({ clock }: { clock: ContestClock }) {
  const now = useServerNow();
  const done = Math.max(0, Math.min(clock.durationMs, now - clock.startAt));
  return (
    <progress
      class="contest-progress"
      value={done}
      max={clock.durationMs}
      aria-label={t("contest.progress")}
    />
  );
}
