import type { ContestView } from "../../protocol/contest.ts";
import { languages } from "../../protocol/language.ts";
import { longSpan, rulesInWords } from "../contest-words.ts";
import { dateTime, timeZone } from "../format.ts";
import { t } from "../i18n.ts";

/** When a contest is, and by which rules, in words. */
export function ContestRules({ contest }: { contest: ContestView }) {
  const { timed, format } = contest;
  const { startAt, durationMs, windowMs, freezeMs } = timed.times;
  const allowed = contest.languages;
  return (
    <section aria-labelledby="lobby-rules" class="card panel">
      <h2 id="lobby-rules">{t("contest.rules")}</h2>
      <dl class="facts">
        <div>
          <dt>{t("contests.start")}</dt>
          <dd>
            {startAt === null ? t("contestState.unset") : dateTime(startAt)}{" "}
            <span class="soft">{startAt === null ? "" : timeZone()}</span>
          </dd>
        </div>
        <div>
          <dt>{t("contests.length")}</dt>
          <dd>{longSpan(durationMs)}</dd>
        </div>
        {windowMs === null ? null : (
          <div>
            <dt>{t("contest.window")}</dt>
            <dd>{t("contest.windowOf", { span: longSpan(windowMs) })}</dd>
          </div>
        )}
        <div>
          <dt>{t("contest.freeze")}</dt>
          <dd>
            {freezeMs === 0 ? t("contest.noFreeze") : t("contest.freezeLast", { span: longSpan(freezeMs) })}
          </dd>
        </div>
        <div>
          <dt>{t("limits.languages")}</dt>
          <dd>
            {allowed === null
              ? t("contest.allLanguages")
              : allowed.map((id) => languages[id].name).join(", ")}
          </dd>
        </div>
        <div>
          <dt>{t("contest.format")}</dt>
          <dd>{t(`contestFormat.${format.type}`)}</dd>
        </div>
      </dl>
      <ul class="soft">
        {rulesInWords(format, timed.times).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </section>
  );
}
