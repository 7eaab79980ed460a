import type { JurySubmissionView } from "../../protocol/jury.ts";
import { t } from "../i18n.ts";
import { Icon } from "./icons.tsx";
import { SubmissionState } from "./verdict.tsx";

/** Where a submission stands for the jury, who also see that judging itself has failed, and why. */
export function JuryState({ submission }: { submission: JurySubmissionView }) {
  const { roundState, failure } = submission;
  if (roundState !== "failed") return <SubmissionState submission={submission} />;
  return (
    <>
      <Failed />
      {submission.judgement === null ? null : (
        <>
          {" "}
          <SubmissionState submission={submission} />
        </>
      )}
      {failure === "" ? null : <p class="failure">{failure}</p>}
    </>
  );
}

/** No verdict, but a task for the jury. */
export function Failed() {
  return (
    <span class="verdict verdict-failed">
      <Icon name="question" />
      <span>{t("roundState.failed")}</span>
    </span>
  );
}
