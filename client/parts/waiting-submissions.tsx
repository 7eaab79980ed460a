import { useState } from "preact/hooks";
import * as v from "valibot";
import { LanguageId, languages } from "../../protocol/language.ts";
import { errorText, refusalOf } from "../api.ts";
import { t } from "../i18n.ts";
import type { Entry } from "../outbox.ts";
import { waiting, type SubmissionFilter } from "../submissions.ts";
import { Confirm } from "./confirm.tsx";
import { Copy } from "./copy.tsx";
import { Icon } from "./icons.tsx";
import { When } from "./when.tsx";

/** What was submitted while the site was away, and what was refused when it came: nothing of it is lost without its author's word. */
export function WaitingSubmissions({ contest, problem }: SubmissionFilter) {
  const shown = waiting.value.filter(
    ({ form }) =>
      (contest === undefined || form.contest === contest) &&
      (problem === undefined || form.problem === problem),
  );
  if (shown.length === 0) return null;
  return (
    <ul class="waiting-submissions" aria-label={t("outbox.title")}>
      {shown.map((entry) => (
        <Waiting key={entry.key} entry={entry} />
      ))}
    </ul>
  );
}

function Waiting({ entry }: { entry: Entry }) {
  const { form, refusal, queuedAt, key } = entry;
  const [asking, ask] = useState(false);
  const language = v.is(LanguageId, form.language) ? languages[form.language].name : form.language;
  const error = refusal === null ? null : refusalOf(refusal);
  const discard = (): void => void import("../delivery.ts").then((outbox) => outbox.discard(key));
  return (
    <li class={`notice notice-${error === null ? "info" : "error"}`}>
      <Icon name={error === null ? "clock" : "warning"} />
      <div>
        <p>
          <strong>{t(error === null ? "outbox.waiting" : "outbox.refused")}</strong> {form.problem} ·{" "}
          {language} · <When at={queuedAt} />
        </p>
        <p>{error === null ? t("outbox.keptHere") : [errorText(error), ...error.details].join(" ")}</p>
        <p class="actions">
          <Copy
            text={form.files.map(({ text }) => text).join("\n")}
            label={t("outbox.copyOf", { name: form.problem })}
          />
          <button
            type="button"
            class="small"
            aria-label={t("outbox.discardOf", { name: form.problem })}
            onClick={() => ask(true)}
          >
            {t("outbox.discard")}
          </button>
        </p>
      </div>
      {asking ? (
        <Confirm
          title={t("outbox.discardOf", { name: form.problem })}
          label={t("outbox.discard")}
          danger
          busy={false}
          error={null}
          act={discard}
          close={() => ask(false)}
        >
          {t("outbox.discardLong")}
        </Confirm>
      ) : null}
    </li>
  );
}
