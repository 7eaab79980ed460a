import { TeamSheet } from "../../protocol/team-list.ts";
import type { GroupView, NewTeam as NewTeamForm } from "../../protocol/team.ts";
import { request } from "../api.ts";
import { t } from "../i18n.ts";
import { Field, FormError, textOf, useForm } from "./field.tsx";
import { detailFields, detailsOf, orNull, TeamFields } from "./team-fields.tsx";

interface Props {
  /** Of the contest, in the API. */
  path: string;
  groups: readonly GroupView[];
  show: (sheet: TeamSheet) => void;
}

/** One team by hand; what is left out is made. */
export function NewTeam({ path, groups, show }: Props) {
  const form = useForm(async (data) => {
    const body: NewTeamForm = {
      ...detailsOf(data),
      people: textOf(data, "people")
        .split(/[,;\n]/)
        .flatMap((person) => orNull(person) ?? []),
      username: orNull(textOf(data, "username")),
      password: null,
      email: null,
    };
    show(await request(TeamSheet, `${path}/teams/new`, { method: "POST", body }));
  });
  return (
    <section aria-labelledby="teams-new" class="card panel">
      <h2 id="teams-new">{t("teams.new")}</h2>
      <form class="form" onSubmit={form.onSubmit}>
        <FormError form={form} fields={[...detailFields, "people", "username"]} />
        <TeamFields errors={form.errors} groups={groups} />
        <Field name="people" label={t("teams.people")} hint={t("teams.peopleHint")} errors={form.errors}>
          {(input) => <input {...input} autocomplete="off" />}
        </Field>
        <Field
          name="username"
          label={t("teams.username")}
          hint={t("teams.usernameHint")}
          errors={form.errors}
        >
          {(input) => (
            <input {...input} maxLength={32} autocomplete="off" autocapitalize="none" spellcheck={false} />
          )}
        </Field>
        <p class="actions">
          <button class="primary" disabled={form.busy}>
            {t("teams.make", { count: 1 })}
          </button>
        </p>
      </form>
    </section>
  );
}
