import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { MAX_CLARIFICATION_LENGTH } from "../../protocol/clarification.ts";
import type { ContestView } from "../../protocol/contest.ts";
import { refusalOf } from "../../rules/contest-state-actions.ts";
import { useSaying } from "../clarifications.ts";
import { useServerNow } from "../clock.ts";
import { pickText, t } from "../i18n.ts";
import { account } from "../session.ts";
import { readItem, writeItem } from "../storage.ts";
import { Field, FormError, useForm } from "./field.tsx";
import { Notice } from "./notice.tsx";
import { signInPath } from "./signed-in.tsx";

interface Props {
  contest: ContestView;
  /** Called when something was said. */
  said: () => void;
}

/** Where a team asks, or why the reader may not. */
export function ClarificationAsk({ contest, said }: Props) {
  const { url } = useLocation();
  const now = useServerNow();
  const { team, timed } = contest;
  if (account.value === null)
    return (
      <p>
        <a class="button" href={signInPath(url)}>
          {t("signIn.title")}
        </a>
      </p>
    );
  if (team === null) return <p class="soft">{t("clarification.onlyTeams")}</p>;
  if (refusalOf(timed, "clarify", now, team.id) !== null)
    return <p class="soft">{t("clarification.closed")}</p>;
  return <AskForm key={`${contest.slug} ${account.value.id}`} contest={contest} said={said} />;
}

/** What is half written is kept in the browser until it was sent. */
function AskForm({ contest, said }: Props) {
  const draft = `question/${account.value?.id ?? ""}/${contest.slug}`;
  const [text, setText] = useState(() => readItem(draft) ?? "");
  const [problem, setProblem] = useState<string | null>(null);
  const [sent, setSent] = useState(false);
  const say = useSaying(contest.slug);
  const write = (written: string): void => {
    setText(written);
    writeItem(draft, written);
  };
  const form = useForm(async () => {
    await say({ type: "ask", problem, text });
    write("");
    setSent(true);
    said();
  });
  return (
    <section class="card" aria-labelledby="ask">
      <h2 id="ask">{t("clarification.ask")}</h2>
      <form class="form" onSubmit={form.onSubmit}>
        <FormError form={form} fields={["text"]} />
        <SubjectField contest={contest} problem={problem} change={setProblem} />
        <Field
          name="text"
          label={t("clarification.question")}
          hint={t("clarification.askHint")}
          errors={form.errors}
        >
          {(input) => (
            <textarea
              {...input}
              rows={4}
              required
              maxLength={MAX_CLARIFICATION_LENGTH}
              value={text}
              onInput={(event) => {
                setSent(false);
                write(event.currentTarget.value);
              }}
            />
          )}
        </Field>
        <p class="actions">
          <button class="primary" disabled={form.busy || text.trim() === ""}>
            {t("clarification.send")}
          </button>
        </p>
        {sent ? <Notice kind="done">{t("clarification.sent")}</Notice> : null}
      </form>
    </section>
  );
}

interface SubjectProps {
  contest: ContestView;
  problem: string | null;
  change: (problem: string | null) => void;
}

/** What it is about: the contest, or one of the problems, as far as the reader may see them. */
export function SubjectField({ contest, problem, change }: SubjectProps) {
  const known = contest.problems.filter(({ name }) => name !== null);
  return (
    <label class="field">
      {t("clarification.subject")}
      <select
        value={problem ?? ""}
        onChange={(event) => change(event.currentTarget.value === "" ? null : event.currentTarget.value)}
      >
        <option value="">{t("clarification.general")}</option>
        {known.map(({ label, name }) => (
          <option key={label} value={label}>
            {label} · {pickText(name ?? {})}
          </option>
        ))}
      </select>
    </label>
  );
}
