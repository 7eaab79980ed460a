import { useLocation } from "preact-iso";
import type { SignUp as SignUpForm } from "../../protocol/account.ts";
import { t } from "../i18n.ts";
import { Field, FormError, textOf, useForm } from "../parts/field.tsx";
import { Page } from "../parts/page.tsx";
import { safeNext } from "../parts/signed-in.tsx";
import { signUp } from "../session.ts";

export default function SignUp() {
  const { query, route } = useLocation();
  const form = useForm(async (data) => {
    const wanted: SignUpForm = {
      username: textOf(data, "username").trim(),
      password: textOf(data, "password"),
    };
    const displayName = textOf(data, "displayName").trim();
    const email = textOf(data, "email").trim();
    if (displayName !== "") wanted.displayName = displayName;
    if (email !== "") wanted.email = email;
    await signUp(wanted);
    route(safeNext(query.next));
  });
  const signInPath =
    query.next === undefined ? "/sign-in" : `/sign-in?next=${encodeURIComponent(query.next)}`;
  return (
    <Page title={t("signUp.title")} width="text">
      <form class="form" onSubmit={form.onSubmit}>
        <FormError form={form} fields={["username", "displayName", "email", "password"]} />
        <Field
          name="username"
          label={t("signUp.username")}
          hint={t("signUp.usernameHint")}
          errors={form.errors}
        >
          {(input) => (
            <input {...input} required autocomplete="username" autocapitalize="none" spellcheck={false} />
          )}
        </Field>
        <Field
          name="password"
          label={t("signIn.password")}
          hint={t("signUp.passwordHint")}
          errors={form.errors}
        >
          {(input) => <input {...input} type="password" required autocomplete="new-password" />}
        </Field>
        <Field
          name="displayName"
          label={t("signUp.displayName")}
          hint={t("form.optional")}
          errors={form.errors}
        >
          {(input) => <input {...input} autocomplete="name" />}
        </Field>
        <Field name="email" label={t("signUp.email")} hint={t("form.optional")} errors={form.errors}>
          {(input) => <input {...input} type="email" autocomplete="email" />}
        </Field>
        <p class="actions">
          <button class="primary" disabled={form.busy}>
            {t("signUp.button")}
          </button>
          <a href={signInPath}>{t("signUp.toSignIn")}</a>
        </p>
      </form>
    </Page>
  );
}
