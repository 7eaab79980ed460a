import { useState } from "preact/hooks";
import { MINUTE_MS } from "../../protocol/contest.ts";
import { serverNow } from "../clock.ts";
import { longSpan } from "../contest-words.ts";
import type { FieldErrors } from "../field-errors.ts";
import { dateTime, timeZone } from "../format.ts";
import { t } from "../i18n.ts";
import { fromLocalInput, toLocalInput } from "../local-time.ts";
import { Field, textOf } from "./field.tsx";
import { TableScroll } from "./table-scroll.tsx";
import { EditForm, type TimesProps } from "./times-edit.tsx";

/** Time that was taken out of a contest, and may be taken back in. */
export function RemovedTime(props: TimesProps) {
  const { removed } = props.contest.timed.times;
  return (
    <section class="card panel" aria-labelledby="times-removed">
      <h2 id="times-removed">{t("times.removed")}</h2>
      <p class="soft">{t("times.removedAbout")}</p>
      {removed.length === 0 ? <p class="empty">{t("times.noneRemoved")}</p> : <Intervals {...props} />}
      <EditForm
        {...props}
        label={t("times.remove")}
        fields={["from", "to"]}
        read={(data) => ({ type: "remove", from: momentOf(data, "from"), to: momentOf(data, "to") })}
      >
        {(errors) => (
          <div class="field-row">
            <Moment name="from" label={t("times.from")} at={serverNow() - 10 * MINUTE_MS} errors={errors} />
            <Moment name="to" label={t("times.to")} at={serverNow()} errors={errors} />
          </div>
        )}
      </EditForm>
      <p class="hint">{t("times.zone", { zone: timeZone() })}</p>
    </section>
  );
}

/** The field is required, so that there is one. */
const momentOf = (data: FormData, name: string): number => fromLocalInput(textOf(data, name)) ?? 0;

interface MomentProps {
  name: string;
  label: string;
  at: number;
  errors: FieldErrors;
}

function Moment({ name, label, at, errors }: MomentProps) {
  // What was there first stays: what is about to be sent must not change under the reader's eyes.
  const [first] = useState(toLocalInput(at));
  return (
    <Field name={name} label={label} errors={errors}>
      {(input) => <input {...input} type="datetime-local" step={1} required defaultValue={first} />}
    </Field>
  );
}

function Intervals(props: TimesProps) {
  return (
    <TableScroll label={t("times.removed")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("times.from")}</th>
            <th scope="col">{t("times.to")}</th>
            <th scope="col">{t("contests.length")}</th>
            <th scope="col">{t("organise.actions")}</th>
          </tr>
        </thead>
        <tbody>
          {props.contest.timed.times.removed.map(({ from, to }) => (
            <tr key={from}>
              <td>{dateTime(from)}</td>
              <td>{dateTime(to)}</td>
              <td>{longSpan(to - from)}</td>
              <td>
                <EditForm
                  {...props}
                  label={t("times.restore")}
                  title={t("times.restoreOf", { from: dateTime(from) })}
                  read={() => ({ type: "restore", from, to })}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
