import { useEffect, useId, useRef } from "preact/hooks";
import { ApiKeyList } from "../../protocol/api-key.ts";
import { request } from "../api.ts";
import { t } from "../i18n.ts";
import { Field, FormError, textOf, useForm } from "../parts/field.tsx";
import { wishErrors } from "./wishes-complaints.ts";
import { namesIn } from "./names.ts";
import { WISHES, WishesFields, wishesOf } from "./wishes-fields.tsx";

type Key = ApiKeyList["keys"][number];

/** A key's name, the pages that may use it, and what its requests wish, to be changed. */
export function KeyDialog({ of: key, saved, close }: { of: Key; saved: () => void; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  const form = useForm(async (data) => {
    const body = {
      name: textOf(data, "name"),
      origins: namesIn(textOf(data, "origins")),
      wishes: wishesOf(data, key.wishes),
    };
    await request(ApiKeyList, `/api/keys/${key.id}`, { method: "PATCH", body });
    dialog.current?.close();
    saved();
  });
  const errors = wishErrors(form.errors);
  return (
    <dialog ref={dialog} class="confirm" onClose={close} aria-labelledby={id}>
      <h2 id={id}>{t("keys.editOf", { name: key.name })}</h2>
      <form class="form" onSubmit={form.onSubmit}>
        <FormError form={{ ...form, errors }} fields={["name", "origins", ...WISHES]} />
        <Field name="name" label={t("keys.name")} errors={errors}>
          {(input) => <input {...input} required maxLength={80} autocomplete="off" defaultValue={key.name} />}
        </Field>
        <Field name="origins" label={t("keys.originsLabel")} hint={t("keys.originsHint")} errors={errors}>
          {(input) => (
            <textarea
              {...input}
              rows={2}
              spellcheck={false}
              autocomplete="off"
              defaultValue={key.origins.join("\n")}
            />
          )}
        </Field>
        <h3>{t("wishes.ofKey")}</h3>
        <p class="hint">{t("wishes.ofKeyAbout")}</p>
        <WishesFields wishes={key.wishes} errors={errors} />
        <p class="actions">
          <button type="button" onClick={() => dialog.current?.close()}>
            {t("action.cancel")}
          </button>
          <button class="primary" disabled={form.busy}>
            {t("wishes.save")}
          </button>
        </p>
      </form>
    </dialog>
  );
}
