import { useEffect, useRef } from "preact/hooks";
import type { JudgeToken } from "../../protocol/judge-list.ts";
import { t } from "../i18n.ts";
import { Copy } from "./copy.tsx";

/** The command that starts a judge, to be typed where the project is checked out. */
const startCommand = (token: string): string =>
  `JUDGE_URL=${location.origin} JUDGE_TOKEN=${token} npm run judge`;

/** A judge's token, which nobody can see again, and exactly what to do with it. */
export function JudgeTokenDialog({ made, close }: { made: JudgeToken; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="confirm" onClose={close} aria-labelledby="judge-token">
      <h2 id="judge-token">{t("judges.tokenOf", { name: made.name })}</h2>
      <p>{t("judges.tokenOnce")}</p>
      <p class="secret">
        <code>{made.token}</code> <Copy text={made.token} label={t("judges.copyToken")} />
      </p>
      <h3>{t("judges.toStart")}</h3>
      <pre class="block">{startCommand(made.token)}</pre>
      <p class="actions">
        <Copy text={startCommand(made.token)} label={t("judges.copyCommand")} />
        <button type="button" class="primary" onClick={() => dialog.current?.close()}>
          {t("action.close")}
        </button>
      </p>
    </dialog>
  );
}
