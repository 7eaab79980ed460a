import { contestMinute, dateTime } from "../format.ts";
import { t } from "../i18n.ts";

/** A moment; inside a contest its minute, with the date and time on hover. */
export function When({ at, contestTimeMs = null }: { at: number; contestTimeMs?: number | null }) {
  return (
    <time dateTime={new Date(at).toISOString()} title={dateTime(at)}>
      {contestTimeMs === null ? dateTime(at) : t("format.minutes", { minutes: contestMinute(contestTimeMs) })}
    </time>
  );
}
