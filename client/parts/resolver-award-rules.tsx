import { useState } from "preact/hooks";
import { type AwardRules, AwardsView } from "../../protocol/award.ts";
import { request } from "../api.ts";
import { t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import { LoadError } from "./await.tsx";
import { Field, FormError, textOf, useForm } from "./field.tsx";
import { Notice } from "./notice.tsx";

const counts = ["gold", "silver", "bronze", "extraBronze"] as const;
const fields = [...counts, "medalsPerGroup", "medianRule"];

interface Props {
  slug: string;
  /** Told that the awards are others now. */
  saved: () => void;
}

/** Which awards a contest gives, folded away: most keep the usual ones. */
export function AwardRulesForm({ slug, saved }: Props) {
  const path = `/api/contests/${slug}/awards?view=jury`;
  const loading = useLoaded(path, (signal) => request(AwardsView, path, { signal }));
  return (
    <details>
      <summary>{t("award.rules")}</summary>
      <LoadError loading={loading} />
      {loading.loaded.state === "ready" ? (
        <Form slug={slug} rules={loading.loaded.value.rules} saved={saved} />
      ) : null}
    </details>
  );
}

function Form({ slug, rules, saved }: Props & { rules: AwardRules }) {
  const [done, setDone] = useState(false);
  const form = useForm(async (data) => {
    setDone(false);
    await request(AwardsView, `/api/contests/${slug}/awards`, { method: "PUT", body: rulesFrom(data) });
    setDone(true);
    saved();
  });
  const { errors } = form;
  return (
    <form onSubmit={form.onSubmit} noValidate>
      <p class="soft">{t("award.rulesHint")}</p>
      <FormError form={form} fields={fields} />
      {counts.map((name) => (
        <Field key={name} name={name} label={t(`award.${name}`)} errors={errors}>
          {(input) => (
            <input {...input} type="number" min="0" max="1000" defaultValue={String(rules[name])} />
          )}
        </Field>
      ))}
      <Field
        name="medalsPerGroup"
        label={t("award.medalsPerGroup")}
        hint={t("award.medalsPerGroupHint")}
        errors={errors}
      >
        {(input) => (
          <input {...input} type="number" min="1" defaultValue={String(rules.medalsPerGroup ?? "")} />
        )}
      </Field>
      <Field name="medianRule" label={t("award.medianRule")} errors={errors}>
        {(input) => <input {...input} type="checkbox" defaultChecked={rules.medianRule} />}
      </Field>
      <p class="actions">
        <button type="submit" disabled={form.busy}>
          {t("award.save")}
        </button>
      </p>
      {done ? <Notice kind="done">{t("award.saved")}</Notice> : null}
    </form>
  );
}

/** Numbers that were left empty are none; the server says what is wrong with the others. */
function rulesFrom(data: FormData): AwardRules {
  const most = textOf(data, "medalsPerGroup");
  return {
    gold: Number(textOf(data, "gold")),
    silver: Number(textOf(data, "silver")),
    bronze: Number(textOf(data, "bronze")),
    extraBronze: Number(textOf(data, "extraBronze")),
    medalsPerGroup: most === "" ? null : Number(most),
    medianRule: data.has("medianRule"),
  };
}
