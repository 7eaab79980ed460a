import { serverNow } from "../clock.ts";
import { contestMinute, dateTime, shortTime } from "../format.ts";
import { t } from "../i18n.ts";

/** A moment, as short as it may be: inside a contest its minute, today the time of day; in full on hover. */
export function When({ at, contestTimeMs = null }: { at: number; contestTimeMs?: number | null }) {
  return (
    <time dateTime={new Date(at).toISOString()} title={dateTime(at)}>
      {contestTimeMs === null
        ? shortTime(at, serverNow())
        : t("format.minutes", { minutes: contestMinute(contestTimeMs) })}
    </time>
  );
}
