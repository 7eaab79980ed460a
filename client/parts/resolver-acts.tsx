import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { ResolverPosition } from "../../protocol/resolver.ts";
import { useAct } from "../act.ts";
import { errorText, request } from "../api.ts";
import { askContest } from "../contest.ts";
import { t } from "../i18n.ts";
import { Confirm } from "./confirm.tsx";
import { Notice } from "./notice.tsx";

interface BeginProps {
  slug: string;
  begun: () => void;
}

const begin = (slug: string) =>
  request(ResolverPosition, `/api/contests/${slug}/resolver/begin`, { method: "POST" });

/** Begins the show: from then on viewers follow it. */
export function Begin({ slug, begun }: BeginProps) {
  const act = useAct();
  const start = () =>
    act.run(async () => {
      await begin(slug);
      begun();
    });
  return (
    <>
      {act.error === null ? null : (
        <Notice kind="error">{[errorText(act.error), act.error.message].join(" ")}</Notice>
      )}
      <p class="actions">
        <button type="button" class="primary" disabled={act.busy} onClick={() => void start()}>
          {t("resolver.begin")}
        </button>
        <span class="soft">{t("resolver.beginHint")}</span>
      </p>
    </>
  );
}

/** Takes the show back to its beginning, with the results as they are now. */
export function BeginAnew({ slug, begun }: BeginProps) {
  const start = async (): Promise<void> => {
    await begin(slug);
    begun();
  };
  return (
    <Asked label={t("resolver.beginAnew")} title={t("resolver.beginAnewSure")} work={start} danger>
      {t("resolver.beginAnewConsequence")}
    </Asked>
  );
}

/** Offers to thaw the scoreboard once all results are told. */
export function Thaw({ slug, thawedAt }: { slug: string; thawedAt: number | null }) {
  const [done, setDone] = useState(thawedAt !== null);
  if (done) return <Notice kind="done">{t("resolver.thawed")}</Notice>;
  const thaw = async (): Promise<void> => {
    await askContest(slug, "thaw");
    setDone(true);
  };
  return (
    <Asked label={t("resolver.thaw")} title={t("resolver.thawSure")} work={thaw}>
      {t("resolver.thawConsequence")}
    </Asked>
  );
}

interface AskedProps {
  label: string;
  title: string;
  danger?: boolean;
  work: () => Promise<void>;
  /** What will have happened. */
  children: ComponentChildren;
}

/** A button whose act is asked about first. */
function Asked({ label, title, danger = false, work, children }: AskedProps) {
  const [open, setOpen] = useState(false);
  const act = useAct();
  const run = async (): Promise<void> => {
    if (await act.run(work)) setOpen(false);
  };
  return (
    <>
      <p class="actions">
        <button type="button" class={danger ? undefined : "primary"} onClick={() => setOpen(true)}>
          {label}
        </button>
      </p>
      {open ? (
        <Confirm
          title={title}
          label={label}
          danger={danger}
          busy={act.busy}
          error={act.error}
          act={() => void run()}
          close={() => setOpen(false)}
        >
          <p>{children}</p>
        </Confirm>
      ) : null}
    </>
  );
}
