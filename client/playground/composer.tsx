import { useId, useRef } from "preact/hooks";
import { t } from "../i18n.ts";
import { Icon } from "../parts/icons.tsx";

interface Props {
  /** Whether an answer is being written, which can be stopped. */
  writing: boolean;
  /** Why nothing can be asked, or null. */
  disabled: boolean;
  send: (text: string) => void;
  stop: () => void;
}

/** Where the next question is written. The focus stays here: Enter sends, Escape stops. */
export function Composer({ writing, disabled, send, stop }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const submit = (): void => {
    const text = area.current?.value.trim() ?? "";
    if (area.current === null || text === "" || writing || disabled) return;
    area.current.value = "";
    send(text);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && writing) stop();
    // The Enter that ends the choice of a word in an input method sends nothing.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  };
  return (
    <form
      class="form chat-form"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <label for={id}>{t("playground.message")}</label>
      <textarea id={id} ref={area} rows={3} aria-describedby={`${id}-hint`} onKeyDown={onKeyDown} />
      <p class="hint" id={`${id}-hint`}>
        {t("playground.messageHint")}
      </p>
      <p class="actions">
        {writing ? (
          <button
            type="button"
            onClick={() => {
              stop();
              area.current?.focus();
            }}
          >
            <Icon name="stop" /> {t("playground.stop")}
          </button>
        ) : (
          <button class="primary" disabled={disabled}>
            <Icon name="send" /> {t("playground.send")}
          </button>
        )}
      </p>
    </form>
  );
}
