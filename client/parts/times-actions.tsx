import { MINUTE_MS } from "../../protocol/contest.ts";
import { minutesOf } from "../contest-form.ts";
import { serverNow } from "../clock.ts";
import { timeZone } from "../format.ts";
import { t } from "../i18n.ts";
import { fromLocalInput, toLocalInput } from "../local-time.ts";
import { Field, textOf } from "./field.tsx";
import { MinutesField } from "./number-field.tsx";
import { EditForm, type TimesProps } from "./times-edit.tsx";

/** When a contest starts: at a moment, at once, or nobody knows yet. */
export function StartActions(props: TimesProps) {
  const { startAt } = props.contest.timed.times;
  return (
    <section class="card panel" aria-labelledby="times-start">
      <h2 id="times-start">{t("contests.start")}</h2>
      <EditForm
        {...props}
        label={t("times.setStart")}
        fields={["startAt"]}
        read={(data) => ({ type: "start", startAt: fromLocalInput(textOf(data, "startAt")) })}
      >
        {(errors) => (
          <Field
            name="startAt"
            label={t("times.startAt")}
            hint={t("contestForm.startHint", { zone: timeZone() })}
            errors={errors}
          >
            {(input) => (
              <input
                {...input}
                type="datetime-local"
                defaultValue={startAt === null ? "" : toLocalInput(startAt)}
              />
            )}
          </Field>
        )}
      </EditForm>
      <EditForm {...props} label={t("times.startNow")} read={() => ({ type: "start", startAt: "now" })} />
    </section>
  );
}

/** Stops a contest's clock, or lets it run on. */
export function PauseActions(props: TimesProps) {
  const { pausedAt } = props.contest.timed.times;
  const stopped = pausedAt !== null && pausedAt <= serverNow();
  return (
    <section class="card panel" aria-labelledby="times-pause">
      <h2 id="times-pause">{t("times.clock")}</h2>
      <p class="soft">{t(stopped ? "times.resumeAbout" : "times.pauseAbout")}</p>
      {stopped ? (
        <EditForm {...props} label={t("times.resume")} read={() => ({ type: "resume" })} />
      ) : (
        <EditForm {...props} label={t("times.pause")} read={() => ({ type: "pause" })} />
      )}
    </section>
  );
}

interface GoingProps extends TimesProps {
  /** Whether it can be done at once: something that goes on can be ended, and so on. */
  going: boolean;
}

/** How long a contest is. */
export function LengthActions({ going, ...props }: GoingProps) {
  const { durationMs } = props.contest.timed.times;
  return (
    <section class="card panel" aria-labelledby="times-length">
      <h2 id="times-length">{t("contests.length")}</h2>
      <EditForm
        {...props}
        label={t("times.setLength")}
        fields={["durationMs"]}
        read={(data) => ({ type: "duration", durationMs: minutesOf(data, "durationMs") })}
      >
        {(errors) => (
          <MinutesField
            key={durationMs}
            name="durationMs"
            label={t("contestForm.duration")}
            hint={t("times.lengthHint")}
            errors={errors}
            value={durationMs / MINUTE_MS}
          />
        )}
      </EditForm>
      {going ? (
        <EditForm
          {...props}
          danger
          label={t("times.endNow")}
          read={() => ({ type: "duration", durationMs: "now" })}
        />
      ) : null}
    </section>
  );
}

/** How long before the end the public sees no more results. */
export function FreezeActions({ going, ...props }: GoingProps) {
  const { freezeMs } = props.contest.timed.times;
  return (
    <section class="card panel" aria-labelledby="times-freeze">
      <h2 id="times-freeze">{t("times.freeze")}</h2>
      <EditForm
        {...props}
        label={t("times.setFreeze")}
        fields={["freezeMs"]}
        read={(data) => ({ type: "freeze", freezeMs: minutesOf(data, "freezeMs") })}
      >
        {(errors) => (
          <MinutesField
            key={freezeMs}
            name="freezeMs"
            label={t("contestForm.freeze")}
            hint={t("contestForm.freezeHint")}
            errors={errors}
            value={freezeMs / MINUTE_MS}
          />
        )}
      </EditForm>
      {going ? (
        <EditForm
          {...props}
          label={t("times.freezeNow")}
          read={() => ({ type: "freeze", freezeMs: "now" })}
        />
      ) : null}
    </section>
  );
}
