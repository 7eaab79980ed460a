import { languages, type LanguageId } from "../protocol/language.ts";
import { JudgingStatus } from "../protocol/submission.ts";
import { request } from "./api.ts";
import { t } from "./i18n.ts";
import { useLoaded, useTicks } from "./load.ts";

const NEWS_EVERY_MS = 60_000;

/** Which judges can judge, asked again now and then and on every `occasion`; null until it is known. */
export function useJudging(occasion: string): JudgingStatus | null {
  const { loaded } = useLoaded(
    `judging ${occasion}`,
    (signal) => request(JudgingStatus, "/api/judging", { signal }),
    useTicks(NEWS_EVERY_MS),
  );
  return loaded.state === "ready" ? loaded.value : null;
}

const able = ({ judges }: JudgingStatus) => judges.filter(({ slots }) => slots > 0);

/** The exact compilers or interpreters that connected judges have for a language; none when no judge has it. */
export function versionsOf(status: JudgingStatus, language: LanguageId): string[] {
  const found = able(status).flatMap((judge) =>
    judge.languages.filter(({ id }) => id === language).map(({ version }) => version),
  );
  return [...new Set(found)];
}

/** Whether a language is one that no judge has, although some judge could judge others. */
export function isMissing(status: JudgingStatus | null, language: LanguageId): boolean {
  return status !== null && able(status).length > 0 && versionsOf(status, language).length === 0;
}

/** Why a submission in this language would be refused or wait, or null. */
export function judgingObstacle(status: JudgingStatus, language: LanguageId | null): string | null {
  if (status.closed !== null) return t("judging.closed", { reason: status.closed });
  if (status.judges.length === 0) return t("judging.none");
  if (able(status).length === 0) return t("judging.waits", { reason: status.judges[0]?.reason ?? "" });
  // Answers are compared by any judge; no toolchain is needed.
  if (language === null || language === "answers" || !isMissing(status, language)) return null;
  return t("judging.language", { language: languages[language].name });
}
