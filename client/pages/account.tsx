import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import type { Account as AccountView, ChangePassword } from "../../protocol/account.ts";
import { asApiError, errorText, Nothing, request } from "../api.ts";
import { dateTime } from "../format.ts";
import { locale, localeIds, locales, switchLocale, t } from "../i18n.ts";
import { singleKeys, switchSingleKeys } from "../keys.ts";
import { Field, FormError, textOf, useForm } from "../parts/field.tsx";
import { Notice } from "../parts/notice.tsx";
import { Page } from "../parts/page.tsx";
import { SignedIn } from "../parts/signed-in.tsx";
import { signOut } from "../session.ts";
import { waiting } from "../submissions.ts";
import { switchTheme, theme, themes } from "../theme.ts";

export default function Account() {
  return (
    <SignedIn title={t("account.title")}>
      {(me) => (
        <Page title={t("account.title")} width="text" actions={<SignOut />}>
          <Facts me={me} />
          <Preferences />
          <Password />
        </Page>
      )}
    </SignedIn>
  );
}

function SignOut() {
  const { route } = useLocation();
  const [wrong, setWrong] = useState<string | null>(null);
  const leave = (): void => {
    signOut().then(
      () => route("/"),
      (thrown: unknown) => setWrong(errorText(asApiError(thrown))),
    );
  };
  return (
    <>
      {wrong === null ? null : <Notice kind="error">{wrong}</Notice>}
      {waiting.value.some(({ refusal }) => refusal === null) ? (
        <Notice kind="warning">{t("outbox.signOut")}</Notice>
      ) : null}
      <button type="button" onClick={leave}>
        {t("account.signOut")}
      </button>
    </>
  );
}

function Facts({ me }: { me: AccountView }) {
  return (
    <dl class="facts">
      <div>
        <dt>{t("signUp.username")}</dt>
        <dd>{me.username}</dd>
      </div>
      <div>
        <dt>{t("signUp.displayName")}</dt>
        <dd>{me.displayName}</dd>
      </div>
      {me.email === null ? null : (
        <div>
          <dt>{t("signUp.email")}</dt>
          <dd>{me.email}</dd>
        </div>
      )}
      <div>
        <dt>{t("accounts.role")}</dt>
        <dd>{t(`role.${me.role}`)}</dd>
      </div>
      <div>
        <dt>{t("accounts.since")}</dt>
        <dd>{dateTime(me.createdAt)}</dd>
      </div>
    </dl>
  );
}

function Preferences() {
  return (
    <section aria-labelledby="preferences">
      <h2 id="preferences">{t("account.preferences")}</h2>
      <fieldset class="choices">
        <legend>{t("theme.label")}</legend>
        {themes.map((name) => (
          <label key={name}>
            <input
              type="radio"
              name="theme"
              checked={theme.value === name}
              onChange={() => switchTheme(name)}
            />
            {t(`theme.${name}`)}
          </label>
        ))}
      </fieldset>
      <fieldset class="choices">
        <legend>{t("language.label")}</legend>
        {localeIds.map((id) => (
          <label key={id} lang={id}>
            <input
              type="radio"
              name="language"
              checked={locale.value === id}
              onChange={() => void switchLocale(id)}
            />
            {locales[id]}
          </label>
        ))}
      </fieldset>
      <fieldset class="choices">
        <legend>{t("account.keys")}</legend>
        <label>
          <input
            type="checkbox"
            checked={singleKeys.value}
            onChange={(event) => switchSingleKeys(event.currentTarget.checked)}
          />
          {t("account.singleKeys")}
        </label>
      </fieldset>
      <p class="hint">{t("account.keptHere")}</p>
    </section>
  );
}

function Password() {
  const [done, setDone] = useState(false);
  const form = useForm(async (data) => {
    setDone(false);
    const body: ChangePassword = { current: textOf(data, "current"), password: textOf(data, "password") };
    await request(Nothing, "/api/session/password", { method: "POST", body });
    setDone(true);
  });
  return (
    <section aria-labelledby="password">
      <h2 id="password">{t("account.password")}</h2>
      <form class="form" onSubmit={form.onSubmit}>
        {done ? <Notice kind="done">{t("account.passwordChanged")}</Notice> : null}
        <FormError form={form} fields={["current", "password"]} />
        <Field name="current" label={t("account.currentPassword")} errors={form.errors}>
          {(input) => <input {...input} type="password" required autocomplete="current-password" />}
        </Field>
        <Field
          name="password"
          label={t("account.newPassword")}
          hint={t("signUp.passwordHint")}
          errors={form.errors}
        >
          {(input) => <input {...input} type="password" required autocomplete="new-password" />}
        </Field>
        <p class="actions">
          <button disabled={form.busy}>{t("account.changePassword")}</button>
        </p>
      </form>
    </section>
  );
}
