import { useEffect, useId, useRef, useState } from "preact/hooks";
import { MAX_CLARIFICATION_LENGTH } from "../../protocol/clarification.ts";
import { useSaying } from "../clarifications.ts";
import { t } from "../i18n.ts";
import { Field, FormError, useForm } from "./field.tsx";

const canned = ["noComment", "readStatement", "later"] as const;
const audiences = ["team", "all"] as const;

interface Props {
  slug: string;
  /** The question's id. */
  question: string;
  /** Whether the team that asked is still there to be answered alone. */
  hasTeam: boolean;
  said: () => void;
}

/** Where somebody of the jury writes the answer to a question that they have claimed. */
export function ClarificationAnswer({ slug, question, hasTeam, said }: Props) {
  const [text, setText] = useState("");
  const [to, setTo] = useState<(typeof audiences)[number]>(hasTeam ? "team" : "all");
  const field = useRef<HTMLTextAreaElement>(null);
  const name = useId();
  const say = useSaying(slug);
  const form = useForm(async () => {
    await say({ type: "answer", replyTo: question, to, text });
    said();
  });
  useEffect(() => field.current?.focus(), []);
  const fill = (words: string): void => {
    setText(words);
    field.current?.focus();
  };
  return (
    <form class="form" onSubmit={form.onSubmit}>
      <FormError form={form} fields={["text"]} />
      <Field name="text" label={t("clarification.reply")} errors={form.errors}>
        {(input) => (
          <textarea
            {...input}
            ref={field}
            rows={3}
            required
            maxLength={MAX_CLARIFICATION_LENGTH}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        )}
      </Field>
      <fieldset class="choices">
        <legend>{t("clarification.canned")}</legend>
        {canned.map((id) => (
          <button key={id} type="button" class="small" onClick={() => fill(t(`clarification.canned.${id}`))}>
            {t(`clarification.canned.${id}`)}
          </button>
        ))}
      </fieldset>
      <fieldset class="choices">
        <legend>{t("clarification.to")}</legend>
        {audiences.map((id) => (
          <label key={id}>
            <input
              type="radio"
              name={name}
              checked={to === id}
              disabled={id === "team" && !hasTeam}
              onChange={() => setTo(id)}
            />
            {t(`clarification.to.${id}`)}
          </label>
        ))}
      </fieldset>
      <p class="actions">
        <button class="primary" disabled={form.busy || text.trim() === ""}>
          {t("clarification.sendAnswer")}
        </button>
      </p>
    </form>
  );
}
