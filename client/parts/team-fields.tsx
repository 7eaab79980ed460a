import type { GroupView } from "../../protocol/team.ts";
import type { FieldErrors } from "../field-errors.ts";
import { t } from "../i18n.ts";
import { Field, textOf } from "./field.tsx";

/** What of a team is typed in, whether it is new or not. */
export interface Details {
  name: string;
  group: string | null;
  organisation: string | null;
  seat: string | null;
}

export const detailFields = ["name", "group", "organisation", "seat"] as const;

interface Props {
  errors: FieldErrors;
  groups: readonly GroupView[];
  team?: Details;
}

/** The fields of `Details`, to be read with `detailsOf`. */
export function TeamFields({ errors, groups, team }: Props) {
  return (
    <>
      <Field name="name" label={t("contest.teamName")} errors={errors}>
        {(input) => (
          <input {...input} required maxLength={80} autocomplete="off" defaultValue={team?.name ?? ""} />
        )}
      </Field>
      <div class="field-row">
        {groups.length === 0 ? null : (
          <Field name="group" label={t("teams.group")} errors={errors}>
            {(input) => (
              <select {...input}>
                <option value="">{t("teams.noGroup")}</option>
                {groups.map(({ id, name }) => (
                  <option key={id} value={id} selected={id === team?.group}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <Field name="organisation" label={t("teams.organisation")} errors={errors}>
          {(input) => <input {...input} maxLength={200} defaultValue={team?.organisation ?? ""} />}
        </Field>
        <Field name="seat" label={t("teams.seat")} errors={errors}>
          {(input) => <input {...input} maxLength={200} defaultValue={team?.seat ?? ""} />}
        </Field>
      </div>
    </>
  );
}

/** What the fields hold; empty ones are null. */
export function detailsOf(data: FormData): Details {
  return {
    name: textOf(data, "name").trim(),
    group: orNull(textOf(data, "group")),
    organisation: orNull(textOf(data, "organisation")),
    seat: orNull(textOf(data, "seat")),
  };
}

export function orNull(text: string): string | null {
  return text.trim() === "" ? null : text.trim();
}
