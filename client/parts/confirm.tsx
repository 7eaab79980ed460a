import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { errorText, type ApiError } from "../api.ts";
import { t } from "../i18n.ts";
import { Notice } from "./notice.tsx";

interface Props {
  /** The question, or the act by its name. */
  title: string;
  /** What will have happened when it is done. */
  children: ComponentChildren;
  /** The button that does it. */
  label: string;
  danger?: boolean;
  busy: boolean;
  error: ApiError | null;
  act: () => void;
  close: () => void;
}

/** Asks before something that cannot be taken back, and says what will come of it. The focus begins on "Cancel". */
export function Confirm({ title, children, label, danger = false, busy, error, act, close }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    // By itself the focus goes to the first thing that can have it, such as a table that scrolls.
    cancel.current?.focus();
    return () => {
      // A dialog that is taken away without being closed does not give the focus back.
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog ref={dialog} class="confirm" onClose={close} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <div>{children}</div>
      {error === null ? null : <Notice kind="error">{[errorText(error), ...error.details].join(" ")}</Notice>}
      <p class="actions">
        <button ref={cancel} type="button" onClick={() => dialog.current?.close()}>
          {t("action.cancel")}
        </button>
        <button type="button" class={danger ? "danger" : "primary"} disabled={busy} onClick={act}>
          {label}
        </button>
      </p>
    </dialog>
  );
}
