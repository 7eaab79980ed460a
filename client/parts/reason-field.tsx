import { t } from "../i18n.ts";

/** Why the jury does something: always asked, since it stands in the audit log. */
export function ReasonField({ reason, change }: { reason: string; change: (reason: string) => void }) {
  return (
    <label class="field">
      {t("jury.reason")}
      <textarea
        rows={2}
        required
        maxLength={500}
        value={reason}
        onInput={(event) => change(event.currentTarget.value)}
      />
      <span class="hint">{t("jury.reasonHint")}</span>
    </label>
  );
}
