import { useState } from "preact/hooks";
import { MAX_CLARIFICATION_LENGTH, type ClarificationList } from "../../protocol/clarification.ts";
import type { ContestView } from "../../protocol/contest.ts";
import { useSaying } from "../clarifications.ts";
import { t } from "../i18n.ts";
import { SubjectField } from "./clarification-ask.tsx";
import { Field, FormError, useForm } from "./field.tsx";
import { Notice } from "./notice.tsx";

interface Props {
  contest: ContestView;
  teams: NonNullable<ClarificationList["teams"]>;
  said: () => void;
}

/** Where the jury says something by itself, to all teams or to one. */
export function ClarificationAnnounce({ contest, teams, said }: Props) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [to, setTo] = useState<string | null>(null);
  const [sent, setSent] = useState(false);
  const say = useSaying(contest.slug);
  const form = useForm(async () => {
    await say({ type: "announce", problem, to, text });
    setText("");
    // The next one is for everybody again, unless it is chosen anew.
    setTo(null);
    setSent(true);
    said();
  });
  return (
    <details class="card">
      <summary>{t("clarification.announce")}</summary>
      <form class="form" onSubmit={form.onSubmit}>
        <FormError form={form} fields={["text"]} />
        <div class="field-row">
          <label class="field">
            {t("clarification.announceTo")}
            <select
              value={to ?? ""}
              onChange={(event) => setTo(event.currentTarget.value === "" ? null : event.currentTarget.value)}
            >
              <option value="">{t("clarification.announceToAll")}</option>
              {teams.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <SubjectField contest={contest} problem={problem} change={setProblem} />
        </div>
        <Field name="text" label={t("clarification.announcementText")} errors={form.errors}>
          {(input) => (
            <textarea
              {...input}
              rows={3}
              required
              maxLength={MAX_CLARIFICATION_LENGTH}
              value={text}
              onInput={(event) => {
                setSent(false);
                setText(event.currentTarget.value);
              }}
            />
          )}
        </Field>
        <p class="actions">
          <button class="primary" disabled={form.busy || text.trim() === ""}>
            {t("clarification.sendAnnouncement")}
          </button>
        </p>
        {sent ? <Notice kind="done">{t("clarification.announced")}</Notice> : null}
      </form>
    </details>
  );
}
