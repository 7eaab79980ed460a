import { Board, MINUTE_MS } from "../../protocol/contest.ts";
import { teamTimes } from "../../rules/contest-times.ts";
import { request } from "../api.ts";
import { longSpan } from "../contest-words.ts";
import { minutesOf } from "../contest-form.ts";
import { dateTime } from "../format.ts";
import { t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import { LoadError } from "./await.tsx";
import { Field, textOf } from "./field.tsx";
import { MinutesField } from "./number-field.tsx";
import { TableScroll } from "./table-scroll.tsx";
import { EditForm, type TimesProps } from "./times-edit.tsx";

/** Time that a single team gets on top of its own, and who has some. */
export function ExtraTime(props: TimesProps) {
  const path = `/api/contests/${props.contest.slug}/scoreboard?view=jury`;
  const loading = useLoaded(path, (signal) => request(Board, path, { signal }));
  const teams = loading.loaded.state === "ready" ? loading.loaded.value.teams : [];
  return (
    <section class="card panel" aria-labelledby="times-extra">
      <h2 id="times-extra">{t("times.extra")}</h2>
      <p class="soft">{t("times.extraAbout")}</p>
      <LoadError loading={loading} />
      <Special {...props} teams={teams} />
      {teams.length === 0 ? (
        <p class="empty">{t("setup.teamCount", { count: 0 })}</p>
      ) : (
        <EditForm
          {...props}
          label={t("times.give")}
          fields={["team", "extraMs"]}
          read={(data) => ({
            type: "extra",
            team: textOf(data, "team"),
            extraMs: minutesOf(data, "extraMs"),
          })}
        >
          {(errors) => (
            <div class="field-row">
              <Field name="team" label={t("contest.team")} errors={errors}>
                {(input) => (
                  <select {...input}>
                    {teams.map(({ id, name }) => (
                      <option key={id} value={id}>
                        {name}
                      </option>
                    ))}
                  </select>
                )}
              </Field>
              <MinutesField
                name="extraMs"
                label={t("times.extraMinutes")}
                hint={t("times.extraHint")}
                errors={errors}
                value={15}
              />
            </div>
          )}
        </EditForm>
      )}
    </section>
  );
}

/** The teams that have times of their own. */
function Special({ contest, teams }: TimesProps & { teams: readonly { id: string; name: string }[] }) {
  const { times } = contest.timed;
  const special = teams
    .map(({ id, name }) => ({ id, name, ...teamTimes(times, id) }))
    .filter(({ extraMs, beganAt }) => extraMs > 0 || beganAt !== null);
  if (special.length === 0) return null;
  return (
    <TableScroll label={t("times.special")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("contest.team")}</th>
            <th scope="col">{t("times.extra")}</th>
            {times.windowMs === null ? null : <th scope="col">{t("times.began")}</th>}
          </tr>
        </thead>
        <tbody>
          {special.map(({ id, name, extraMs, beganAt }) => (
            <tr key={id}>
              <th scope="row">{name}</th>
              <td>{extraMs < MINUTE_MS ? "" : longSpan(extraMs)}</td>
              {times.windowMs === null ? null : <td>{beganAt === null ? "" : dateTime(beganAt)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
