import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import type { ContestView } from "../../protocol/contest.ts";
import type { OwnRun, VirtualView } from "../../protocol/virtual.ts";
import { virtualLength } from "../../rules/contest-times-virtual.ts";
import { useAct } from "../act.ts";
import { errorText } from "../api.ts";
import { span } from "../format.ts";
import { t } from "../i18n.ts";
import "../locales/virtual.ts";
import { account } from "../session.ts";
import { askVirtual } from "../virtual.ts";
import { Confirm } from "./confirm.tsx";
import { Notice } from "./notice.tsx";
import { signInPath } from "./signed-in.tsx";
import { VirtualCountdown, VirtualProgress } from "./virtual-clock.tsx";

type Replace = (view: VirtualView) => void;

interface BeginProps {
  contest: ContestView;
  /** Whether there was a run before. */
  again: boolean;
  replace: Replace;
}

/** Begins a virtual run, or says what is needed for one. */
export function BeginRun({ contest, again, replace }: BeginProps) {
  const { url } = useLocation();
  const { busy, error, run } = useAct();
  const begin = (): void => void run(async () => replace(await askVirtual(contest.slug, "POST")));
  return (
    <>
      <p>{t("virtual.about", { span: span(virtualLength(contest.timed.times)) })}</p>
      {contest.team === null ? null : <p class="soft">{t("virtual.tookPart")}</p>}
      {error === null ? null : <Notice kind="error">{errorText(error)}</Notice>}
      <p class="actions">
        {account.value === null ? (
          <a class="button primary" href={signInPath(url)}>
            {t("virtual.signIn")}
          </a>
        ) : (
          <button type="button" class={again ? undefined : "primary"} disabled={busy} onClick={begin}>
            {t(again ? "virtual.again" : "virtual.begin")}
          </button>
        )}
      </p>
    </>
  );
}

/** The clock of a run that goes on, and how to end it before its time. */
export function RunClock({ slug, run, replace }: { slug: string; run: OwnRun; replace: Replace }) {
  const [asks, setAsks] = useState(false);
  const ending = useAct();
  const end = (): void => void ending.run(async () => replace(await askVirtual(slug, "DELETE")));
  const close = (): void => {
    setAsks(false);
    ending.forget();
  };
  return (
    <div class="lobby-clock">
      <VirtualCountdown run={run} />
      <VirtualProgress run={run} />
      <button type="button" onClick={() => setAsks(true)}>
        {t("virtual.end")}
      </button>
      {asks ? (
        <Confirm
          title={t("virtual.endTitle")}
          label={t("virtual.end")}
          danger
          busy={ending.busy}
          error={ending.error}
          act={end}
          close={close}
        >
          <p>{t("virtual.endLong")}</p>
        </Confirm>
      ) : null}
    </div>
  );
}
