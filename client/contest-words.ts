import type { ContestFormat, LatePolicy } from "../protocol/contest-format.ts";
import type { ContestTimes } from "../protocol/contest-times.ts";
import { momentOf } from "../rules/contest-times.ts";
import { dateTime, span } from "./format.ts";
import { t } from "./i18n.ts";
import "./locales/contests.ts";

const DAY_MS = 24 * 60 * 60_000;

/** A length of time in words, in days where it has any: `5 h`, `14 d`, `1 d 12 h`. */
export function longSpan(ms: number): string {
  const days = Math.floor(ms / DAY_MS);
  const rest = ms - days * DAY_MS;
  if (days === 0) return span(ms);
  return rest < 60_000 ? t("contestTime.days", { days }) : t("format.days", { days, clock: span(rest) });
}

/** What a format's settings mean to those who compete by them, a sentence each. */
export function rulesInWords(format: ContestFormat, times: ContestTimes): string[] {
  switch (format.type) {
    case "icpc":
      return [t("contest.scoring"), penalty(format.penaltyMinutes)];
    case "ioi":
      return [
        t("contestRules.ioi"),
        t(`contestCounts.${format.counts}`),
        t(`contestFeedback.${format.feedback}`),
      ];
    case "atcoder":
      return [t("contestRules.atcoder"), penalty(format.penaltyMinutes)];
    case "codeforces":
      return [
        t("contestRules.codeforces", { percent: format.decayPercent }),
        t("contestRules.deduction", { count: format.deduction }),
        t("contestRules.floor", { percent: format.floorPercent }),
      ];
    case "homework":
      return [
        t("contestRules.homework", { deadline: moment(times, format.deadlineMs) }),
        late(format.late, times),
        t(`contestCounts.${format.counts}`),
      ];
    default:
      return format satisfies never;
  }
}

const penalty = (count: number): string => t("contestRules.penalty", { count });

function late(policy: LatePolicy, times: ContestTimes): string {
  switch (policy.type) {
    case "refused":
      return t("contestRules.lateRefused");
    case "daily": {
      const { percent, hardEndMs } = policy;
      return t("contestRules.lateDaily", { percent, end: moment(times, hardEndMs ?? times.durationMs) });
    }
    default:
      return policy satisfies never;
  }
}

/** A moment of contest time: when it is, or, while that is open, how long after the start. */
function moment(times: ContestTimes, passed: number): string {
  const at = momentOf(times, passed);
  return at === null ? t("contestTime.afterStart", { span: longSpan(passed) }) : dateTime(at);
}
