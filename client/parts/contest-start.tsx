import { MINUTE_MS } from "../../protocol/contest.ts";
import { serverNow } from "../clock.ts";
import type { FieldErrors } from "../field-errors.ts";
import { timeZone } from "../format.ts";
import { t } from "../i18n.ts";
import { toLocalInput } from "../local-time.ts";
import { Field } from "./field.tsx";
import { MinutesField } from "./number-field.tsx";

const HOUR_MS = 60 * MINUTE_MS;

export const timesFields = ["startAt", "durationMinutes", "freezeMinutes", "windowMinutes"];

/** How long a contest is before anybody says otherwise: the five hours of the ICPC. */
export const USUAL_LENGTH_MS = 5 * HOUR_MS;

/** The next full hour that is at least half an hour away. */
const soon = (): number => Math.ceil((serverNow() + HOUR_MS / 2) / HOUR_MS) * HOUR_MS;

/** The times of a new contest; those of an existing one are changed on a page of their own. */
export function StartFields({ errors }: { errors: FieldErrors }) {
  return (
    <>
      <Field
        name="startAt"
        label={t("contests.start")}
        hint={t("contestForm.startHint", { zone: timeZone() })}
        errors={errors}
      >
        {(input) => <input {...input} type="datetime-local" defaultValue={toLocalInput(soon())} />}
      </Field>
      <div class="field-row">
        <MinutesField
          name="durationMinutes"
          label={t("contestForm.duration")}
          errors={errors}
          value={USUAL_LENGTH_MS / MINUTE_MS}
          min={1}
        />
        <MinutesField
          name="freezeMinutes"
          label={t("contestForm.freeze")}
          hint={t("contestForm.freezeHint")}
          errors={errors}
          value={60}
        />
        <MinutesField
          name="windowMinutes"
          label={t("contestForm.window")}
          hint={t("contestForm.windowHint")}
          errors={errors}
          value={null}
          min={1}
        />
      </div>
    </>
  );
}
