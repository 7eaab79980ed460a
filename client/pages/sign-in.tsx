import { useLocation } from "preact-iso";
import { t } from "../i18n.ts";
import { Field, FormError, textOf, useForm } from "../parts/field.tsx";
import { Page } from "../parts/page.tsx";
import { safeNext } from "../parts/signed-in.tsx";
import { WaitingForOthers } from "../parts/waiting-for-others.tsx";
import { signIn } from "../session.ts";

export default function SignIn() {
  const { query, route } = useLocation();
  const form = useForm(async (data) => {
    await signIn({ login: textOf(data, "login").trim(), password: textOf(data, "password") });
    route(safeNext(query.next));
  });
  const signUpPath =
    query.next === undefined ? "/sign-up" : `/sign-up?next=${encodeURIComponent(query.next)}`;
  return (
    <Page title={t("signIn.title")} width="text">
      <WaitingForOthers />
      <form class="form" onSubmit={form.onSubmit}>
        <FormError form={form} fields={["login", "password"]} />
        <Field name="login" label={t("signIn.login")} errors={form.errors}>
          {(input) => (
            <input {...input} required autocomplete="username" autocapitalize="none" spellcheck={false} />
          )}
        </Field>
        <Field name="password" label={t("signIn.password")} errors={form.errors}>
          {(input) => <input {...input} type="password" required autocomplete="current-password" />}
        </Field>
        <p class="actions">
          <button class="primary" disabled={form.busy}>
            {t("signIn.title")}
          </button>
          <a href={signUpPath}>{t("signIn.toSignUp")}</a>
        </p>
      </form>
    </Page>
  );
}
