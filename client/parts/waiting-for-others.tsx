import { t } from "../i18n.ts";
import { waitingForOthers } from "../submissions.ts";
import { Notice } from "./notice.tsx";

/** Nobody whose session has ended shall take their submissions for lost; what they are is nobody else's business. */
export function WaitingForOthers() {
  const count = waitingForOthers.value;
  return count === 0 ? null : <Notice kind="info">{t("outbox.others", { count })}</Notice>;
}
