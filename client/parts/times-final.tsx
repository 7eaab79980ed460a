import { useState } from "preact/hooks";
import { useAct } from "../act.ts";
import { askContest } from "../contest.ts";
import { t } from "../i18n.ts";
import { Confirm } from "./confirm.tsx";
import type { TimesProps } from "./times-edit.tsx";

const steps = ["thaw", "finalise"] as const;

/** What is decided by hand once a contest is over: to show what came in the freeze, and that the results are final. */
export function FinalSteps({ contest, done }: TimesProps) {
  const [asked, setAsked] = useState<(typeof steps)[number] | null>(null);
  const act = useAct();
  const { thawedAt, finalisedAt, times } = contest.timed;
  const open = { thaw: thawedAt === null, finalise: finalisedAt === null };
  // Without a freeze nothing is hidden.
  const needed = steps.filter((step) => step === "finalise" || times.freezeMs > 0);
  const decide = async (step: (typeof steps)[number]): Promise<void> => {
    await act.run(async () => {
      const changed = await askContest(contest.slug, step);
      setAsked(null);
      done(changed, t(`times.${step}`));
    });
  };
  return (
    <section class="card panel" aria-labelledby="times-final">
      <h2 id="times-final">{t("times.results")}</h2>
      {needed.map((step) =>
        open[step] ? (
          <div key={step}>
            <p class="soft">{t(`times.${step}About`)}</p>
            <p class="actions">
              <button
                type="button"
                onClick={() => {
                  act.forget();
                  setAsked(step);
                }}
              >
                {t(`times.${step}`)}
              </button>
            </p>
          </div>
        ) : (
          <p key={step}>{t(`times.${step}Done`)}</p>
        ),
      )}
      {asked === null ? null : (
        <Confirm
          title={t(`times.${asked}`)}
          label={t(`times.${asked}`)}
          busy={act.busy}
          error={act.error}
          act={() => void decide(asked)}
          close={() => setAsked(null)}
        >
          <p>{t(`times.${asked}Consequence`)}</p>
        </Confirm>
      )}
    </section>
  );
}
