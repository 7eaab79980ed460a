import type * as v from "valibot";
import { useState } from "preact/hooks";
import { AccountList, type Account } from "../../protocol/account.ts";
import { Granted, type NewGrant } from "../../protocol/ledger.ts";
import { ApiError, asApiError, request } from "../api.ts";
import { t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import { LoadError } from "../parts/await.tsx";
import { Field, FormError, textOf, useForm } from "../parts/field.tsx";
import { Notice } from "../parts/notice.tsx";
import { newUuid } from "../uuid.ts";
import { credits } from "./amounts.ts";
import { amountErrors } from "./complaints.ts";

const FIELDS = ["account", "amount", "note"] as const;
type Draft = Record<(typeof FIELDS)[number], string>;
const nothing: Draft = { account: "", amount: "", note: "" };

/** Gives an account credits. What is sent again, because nobody heard the answer, has the same key and is given once. */
export function GrantForm({ granted }: { granted: () => void }) {
  const accounts = useLoaded("accounts", (signal) => request(AccountList, "/api/accounts", { signal }));
  const known = accounts.loaded.state === "ready" ? accounts.loaded.value.accounts : [];
  const [key, setKey] = useState(newUuid);
  const [draft, setDraft] = useState(nothing);
  const [given, setGiven] = useState<{ username: string; balanceNano: number; amount: string } | null>(null);
  const form = useForm(async (data) => {
    setGiven(null);
    const { id, username } = accountOf(known, textOf(data, "account"));
    const amount = textOf(data, "amount").trim();
    const body: v.InferInput<typeof NewGrant> = { key, account: id, amount, note: textOf(data, "note") };
    try {
      const { balanceNano } = await request(Granted, "/api/grants", { method: "POST", body });
      setGiven({ username, balanceNano, amount });
    } catch (thrown) {
      // The earlier one was given: this one is another.
      if (asApiError(thrown).code === "key_taken") setKey(newUuid());
      throw thrown;
    }
    setKey(newUuid());
    setDraft(nothing);
    granted();
  });
  const errors = amountErrors(form.errors);
  const typed = (name: keyof Draft) => ({
    required: true,
    autocomplete: "off",
    value: draft[name],
    onInput: (event: { currentTarget: HTMLInputElement }): void =>
      setDraft({ ...draft, [name]: event.currentTarget.value }),
  });
  return (
    <section class="card" aria-labelledby="grant">
      <h2 id="grant">{t("grants.title")}</h2>
      <LoadError loading={accounts} />
      <form class="form" onSubmit={form.onSubmit}>
        <FormError form={form} fields={FIELDS} />
        {given === null ? null : (
          <Notice kind="done">
            {t("grants.given", {
              amount: given.amount,
              name: given.username,
              balance: credits(given.balanceNano),
            })}
          </Notice>
        )}
        <Field name="account" label={t("signUp.username")} errors={errors}>
          {(input) => (
            <>
              <input {...input} {...typed("account")} list="grant-accounts" />
              <datalist id="grant-accounts">
                {known.map(({ id, username, displayName }) => (
                  <option key={id} value={username}>
                    {displayName}
                  </option>
                ))}
              </datalist>
            </>
          )}
        </Field>
        <Field name="amount" label={t("grants.amount")} hint={t("grants.amountHint")} errors={errors}>
          {(input) => <input {...input} {...typed("amount")} inputMode="decimal" maxLength={40} />}
        </Field>
        <Field name="note" label={t("ledger.note")} hint={t("grants.noteHint")} errors={errors}>
          {(input) => <input {...input} {...typed("note")} maxLength={200} />}
        </Field>
        <p class="actions">
          <button class="primary" disabled={form.busy || accounts.loaded.state !== "ready"}>
            {t("grants.give")}
          </button>
        </p>
      </form>
    </section>
  );
}

/** @throws ApiError as the server would for a field */
function accountOf(accounts: readonly Account[], username: string): Account {
  const found = accounts.find((one) => one.username.toLowerCase() === username.trim().toLowerCase());
  if (found) return found;
  throw new ApiError("invalid_request", "There is no such account.", [`account: ${t("grants.noAccount")}`]);
}
