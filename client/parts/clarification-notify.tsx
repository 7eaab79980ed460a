import { t } from "../i18n.ts";
import { askForNotifications, notificationLeave } from "../notifications.ts";

/** The button that asks the browser for leave to notify, and what came of it. */
export function ClarificationNotify() {
  const leave = notificationLeave.value;
  return (
    <p class="soft">
      {leave === "unknown" ? (
        <>
          <button type="button" class="small" onClick={() => void askForNotifications()}>
            {t("clarification.notify")}
          </button>{" "}
          {t("clarification.notifyHint")}
        </>
      ) : null}
      <output>
        {leave === "granted" ? t("clarification.notified") : null}
        {leave === "denied" ? t("clarification.notifyDenied") : null}
      </output>
    </p>
  );
}
