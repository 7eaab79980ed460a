import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../i18n.ts";
import { Copy } from "./copy.tsx";

interface Props {
  title: string;
  /** That it is shown this once, and what whoever has it can do. */
  warning: string;
  secret: string;
  copySecret: string;
  /** What to do with it: in words, and as what is typed. */
  use: string;
  command: string;
  copyCommand: string;
  /** What else is good to know before it is typed. */
  hint?: string;
  close: () => void;
}

/** A secret that nobody can see again, and exactly what to do with it. */
export function SecretDialog({
  title,
  warning,
  secret,
  copySecret,
  use,
  command,
  copyCommand,
  hint,
  close,
}: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="confirm" onClose={close} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <p>{warning}</p>
      <p class="secret">
        <code>{secret}</code> <Copy text={secret} label={copySecret} />
      </p>
      <h3>{use}</h3>
      <pre class="block">{command}</pre>
      {hint === undefined ? null : <p class="hint">{hint}</p>}
      <p class="actions">
        <Copy text={command} label={copyCommand} />
        <button type="button" class="primary" onClick={() => dialog.current?.close()}>
          {t("action.close")}
        </button>
      </p>
    </dialog>
  );
}
