import { useState } from "preact/hooks";
import { Override, type JurySubmissionView } from "../../protocol/jury.ts";
import { Verdict } from "../../protocol/verdict.ts";
import { Nothing, request } from "../api.ts";
import { useAct } from "../act.ts";
import { t } from "../i18n.ts";
import { Confirm } from "./confirm.tsx";
import { ReasonField } from "./reason-field.tsx";

/** A verdict given by hand, with a reason, after a question that says what it does. */
export function OverrideForm({ submission, done }: { submission: JurySubmissionView; done: () => void }) {
  const [verdict, setVerdict] = useState<Verdict>("AC");
  const [score, setScore] = useState("");
  const [reason, setReason] = useState("");
  const [asked, setAsked] = useState(false);
  const act = useAct();
  const scored = submission.judgement !== null && submission.judgement.score !== null;
  const give = async (): Promise<void> => {
    const body: Override = { verdict, score: scored && score !== "" ? Number(score) : null, reason };
    const given = await act.run(async () => {
      await request(Nothing, `/api/submissions/${submission.id}/verdict`, { method: "POST", body });
    });
    if (!given) return;
    setAsked(false);
    setReason("");
    done();
  };
  return (
    <section aria-labelledby="override" class="card">
      <h2 id="override">{t("override.title")}</h2>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          act.forget();
          setAsked(true);
        }}
      >
        <div class="field-row">
          <label class="field">
            {t("submission.verdict")}
            <select
              value={verdict}
              onChange={(event) =>
                setVerdict(Verdict.options.find((id) => id === event.currentTarget.value) ?? "AC")
              }
            >
              {Verdict.options.map((id) => (
                <option key={id} value={id}>
                  {t(`verdict.${id}`)}
                </option>
              ))}
            </select>
          </label>
          {scored ? (
            <label class="field">
              {t("submission.points")}
              <input
                type="number"
                min={0}
                step="any"
                required
                value={score}
                onInput={(event) => setScore(event.currentTarget.value)}
              />
            </label>
          ) : null}
        </div>
        <ReasonField reason={reason} change={setReason} />
        <p class="actions">
          <button class="danger" disabled={reason.trim() === ""}>
            {t("override.give")}
          </button>
        </p>
      </form>
      {asked ? (
        <Confirm
          title={t("override.sure", { verdict: t(`verdict.${verdict}`) })}
          label={t("override.give")}
          danger
          busy={act.busy}
          error={act.error}
          act={() => void give()}
          close={() => setAsked(false)}
        >
          <p>
            {submission.contest === null ? t("override.consequence") : t("override.consequenceInContest")}
          </p>
        </Confirm>
      ) : null}
    </section>
  );
}
