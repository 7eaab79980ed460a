import type { TimedContest } from "../../protocol/contest-times.ts";
import { isOver, nextChange, statusAt } from "../../rules/contest-state.ts";
import {
  contestTime,
  elapsed,
  lastEndAt,
  remainingTime,
  spanOf,
  teamTimes,
  wholeLength,
} from "../../rules/contest-times.ts";
import { useServerNow } from "../clock.ts";
import { clock as clockText, dateTime } from "../format.ts";
import { t } from "../i18n.ts";
import "../locales/contests.ts";

interface Props {
  timed: TimedContest;
  /** The reader's team, whose time may be its own; null for everybody's. */
  team?: string | null;
}

/** How far a contest has come, as a word. */
export function State({ timed }: Pick<Props, "timed">) {
  const now = useServerNow();
  const { state, paused } = statusAt(timed, now);
  const unset = state === "scheduled" && timed.times.startAt === null;
  const look = isOver(timed, now) ? "over" : paused ? "frozen" : state;
  return (
    <span class={`phase phase-${look}`}>
      {t(`contestState.${paused ? "paused" : unset ? "unset" : state}`)}
    </span>
  );
}

/**
 * The time until a contest starts or ends, by the server's clock. Deliberately no live region: a screen reader must
 * not be made to speak every second.
 */
export function Countdown({ timed, team = null }: Props) {
  const now = useServerNow();
  const { times } = timed;
  const { state, paused } = statusAt(timed, now);
  if (state === "scheduled") {
    return times.startAt === null ? null : (
      <Remaining label={t("contest.startsIn")} ms={times.startAt - now} />
    );
  }
  if (isOver(timed, now)) return <Ended at={lastEndAt(times)} />;
  const own = team !== null && spanOf(times, team) !== null;
  const left = own ? remainingTime(times, now, team) : wholeLength(times) - (elapsed(times, now) ?? 0);
  if (own && left === 0) return <span class="countdown">{t("contestTime.ownOver")}</span>;
  const special = own && (times.windowMs !== null || teamTimes(times, team).extraMs > 0);
  const label = paused ? t("contestTime.left") : special ? t("contestTime.ownEndsIn") : t("contest.endsIn");
  return <Remaining label={label} ms={left ?? 0} />;
}

function Ended({ at }: { at: number | null }) {
  return (
    <span class="countdown">
      <span class="countdown-label">{t("contest.ended")}</span>{" "}
      {at === null ? null : <time>{dateTime(at)}</time>}
    </span>
  );
}

/** The time until the scoreboard freezes, while that is what comes next. */
export function FreezeCountdown({ timed }: Pick<Props, "timed">) {
  const now = useServerNow();
  const next = nextChange(timed, now);
  if (next?.status.state !== "frozen") return null;
  return <Remaining label={t("contestTime.freezesIn")} ms={next.at - now} />;
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

/** How much of a contest, or of a team's time in it, has passed. */
export function ContestProgress({ timed, team = null }: Props) {
  const { times } = timed;
  const now = useServerNow();
  const whose = team !== null && spanOf(times, team) !== null ? team : null;
  return (
    <progress
      class="contest-progress"
      value={contestTime(times, now, whose)}
      max={spanOf(times, whose)?.lengthMs ?? times.durationMs}
      aria-label={t("contest.progress")}
    />
  );
}
