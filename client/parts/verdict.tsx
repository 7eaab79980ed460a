import type { Verdict as VerdictId } from "../../protocol/verdict.ts";
import { isProvisional, type SubmissionView } from "../../protocol/submission.ts";
import { t } from "../i18n.ts";
import { Icon, type IconName } from "./icons.tsx";

const icons: Record<VerdictId, IconName> = {
  AC: "check",
  WA: "cross",
  TLE: "clock",
  MLE: "chip",
  OLE: "flood",
  RTE: "bolt",
  CE: "braces",
};

interface VerdictProps {
  verdict: VerdictId;
  /** Made without isolation: it must not look official. */
  provisional?: boolean;
  brief?: boolean;
}

/**
 * A verdict by its letters, an icon, a word and a colour: the colour never stands alone. A provisional one has no
 * colour and a broken line around it.
 */
export function Verdict({ verdict, provisional = false, brief = false }: VerdictProps) {
  return (
    <span class={`verdict verdict-${provisional ? "provisional" : verdict}`}>
      <Icon name={icons[verdict]} />
      <abbr title={brief ? t(`verdict.${verdict}`) : undefined}>{verdict}</abbr>
      {brief ? null : <span class="verdict-word">{t(`verdict.${verdict}`)}</span>}
    </span>
  );
}

/** Where a submission stands: queued, at which test, or its verdict; in words, for the screen and for status regions. */
export function submissionStateText({ state, ahead, progress, judgement }: SubmissionView): string {
  if (judgement && state === "judged") {
    const verdict = t(`verdict.${judgement.verdict}`);
    return isProvisional(judgement.level) ? `${verdict} (${t("verdict.provisional")})` : verdict;
  }
  if (state === "judging" && progress && progress.total > 0) {
    return t("submission.progress", { done: progress.done, total: progress.total });
  }
  if (state === "judging") return t("submission.judging");
  if (state === "received") return t("submission.received");
  return ahead === null || ahead === 0
    ? t(ahead === 0 ? "submission.next" : "submission.queued")
    : t("submission.ahead", { count: ahead });
}

export function SubmissionState({ submission }: { submission: SubmissionView }) {
  const { state, progress, judgement } = submission;
  if (judgement && state === "judged") {
    const provisional = isProvisional(judgement.level);
    return (
      <>
        <Verdict verdict={judgement.verdict} provisional={provisional} />
        {judgement.score === null ? null : (
          <span class="score"> {t("submission.score", { score: judgement.score })}</span>
        )}
        {provisional ? <span class="provisional"> {t("verdict.provisional")}</span> : null}
      </>
    );
  }
  return (
    <span class="verdict verdict-pending">
      <Icon name="dots" />
      <span>{submissionStateText(submission)}</span>
      {progress && progress.total > 0 ? (
        <progress value={progress.done} max={progress.total} aria-label={t("submission.judging")} />
      ) : null}
    </span>
  );
}
