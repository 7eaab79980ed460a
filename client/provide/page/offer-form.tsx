import type * as v from "valibot";
import { useState } from "preact/hooks";
import {
  MAX_PROVIDERS,
  ModelBook,
  type NewProvider,
  type ProviderList,
  ProviderToken,
} from "../../../protocol/market.ts";
import { ApiError, request } from "../../api.ts";
import { t } from "../../i18n.ts";
import { useLoaded, type Loading } from "../../load.ts";
import { credits, fee } from "../../market/amounts.ts";
import { LoadError, Waiting } from "../../parts/await.tsx";
import { ChoiceField } from "../../parts/choice-field.tsx";
import { Field, FormError, useForm, type FieldInput } from "../../parts/field.tsx";
import { Notice } from "../../parts/notice.tsx";
import { keepTerms, type KeptTerms, readTerms } from "../tab-kept.ts";
import type { Desk } from "./desk.ts";
import { readTermsForm, shares, type Wrong } from "./limits.ts";

interface Props {
  desk: Desk;
  model: string;
  providers: Loading<ProviderList>;
}

/** Under which name, at which price and within which limits the loaded model goes online. */
export function OfferForm({ desk, model, providers }: Props) {
  const { loaded } = providers;
  return (
    <section class="card panel" aria-labelledby="offer">
      <h2 id="offer">{t("provide.offer")}</h2>
      {loaded.state === "loading" ? <Waiting /> : null}
      <LoadError loading={providers} />
      {loaded.state === "ready" ? (
        <Form desk={desk} model={model} list={loaded.value} providers={providers} />
      ) : null}
    </section>
  );
}

const NEW = "";
const begin: KeptTerms = {
  provider: NEW,
  priceIn: "0.1",
  priceOut: "0.4",
  hours: "",
  share: "1",
  megabytes: "",
};
const FIELDS = ["id", "priceIn", "priceOut", "hours", "share", "megabytes"] as const;

function Form({ desk, model, list, providers }: Props & { list: ProviderList }) {
  const own = list.providers;
  const [terms, setTerms] = useState<KeptTerms>(() => {
    const before = readTerms() ?? begin;
    const known = own.some(({ id }) => id === before.provider) ? before.provider : (own[0]?.id ?? NEW);
    return { ...before, provider: known };
  });
  const [newName, setNewName] = useState("");
  const form = useForm(async () => {
    const read = readTermsForm(terms, Date.now());
    if ("wrong" in read) throw wrongFields(read.wrong);
    const provider = terms.provider === NEW ? await makeProvider(newName.trim()) : terms.provider;
    if (terms.provider === NEW) providers.reload();
    const kept = { ...terms, provider };
    setTerms(kept);
    keepTerms(kept);
    desk.goOnline({ provider, ...read });
  });
  const typed = (name: "priceIn" | "priceOut" | "hours" | "megabytes") => ({
    inputMode: "decimal" as const,
    autocomplete: "off",
    maxLength: 20,
    value: terms[name],
    onInput: (event: { currentTarget: HTMLInputElement }): void =>
      setTerms({ ...terms, [name]: event.currentTarget.value }),
  });
  const connected = own.find(({ id }) => id === terms.provider)?.connection ?? null;
  return (
    <form class="form" onSubmit={form.onSubmit}>
      <FormError form={form} fields={FIELDS} />
      <div class="field-row">
        {own.length > 0 ? (
          <Field name="provider" label={t("market.provider")} errors={form.errors}>
            {(input) => (
              <ProviderSelect
                input={input}
                own={own}
                chosen={terms.provider}
                choose={(provider) => setTerms({ ...terms, provider })}
              />
            )}
          </Field>
        ) : null}
        {terms.provider === NEW ? (
          <Field name="id" label={t("provide.newName")} hint={t("providers.newHint")} errors={form.errors}>
            {(input) => (
              <input
                {...input}
                required
                maxLength={40}
                autocomplete="off"
                autocapitalize="none"
                spellcheck={false}
                value={newName}
                onInput={(event) => setNewName(event.currentTarget.value)}
              />
            )}
          </Field>
        ) : null}
      </div>
      {connected === null ? null : <Notice kind="warning">{t("provide.elsewhere")}</Notice>}
      <fieldset class="field">
        <legend>{t("market.pricesPerMillion")}</legend>
        <MarketRange model={model} />
        <div class="field-row">
          <Field name="priceIn" label={t("provide.priceIn")} errors={form.errors}>
            {(input) => <input {...input} {...typed("priceIn")} required />}
          </Field>
          <Field name="priceOut" label={t("provide.priceOut")} errors={form.errors}>
            {(input) => <input {...input} {...typed("priceOut")} required />}
          </Field>
        </div>
        <p class="hint">{t("provide.feeHint", { fee: fee(list.feeBasisPoints) })}</p>
      </fieldset>
      <fieldset class="field">
        <legend>{t("provide.limits")}</legend>
        <div class="field-row">
          <Field name="hours" label={t("provide.hours")} hint={t("provide.noLimit")} errors={form.errors}>
            {(input) => <input {...input} {...typed("hours")} />}
          </Field>
          <ChoiceField
            name="share"
            label={t("provide.share")}
            hint={t("provide.shareHint")}
            errors={form.errors}
            options={shares}
            say={(share) => t("provide.percent", { percent: Number(share) * 100 })}
            value={shares.find((share) => share === terms.share) ?? "1"}
            change={(share) => setTerms({ ...terms, share })}
          />
          <Field
            name="megabytes"
            label={t("provide.megabytes")}
            hint={t("provide.noLimit")}
            errors={form.errors}
          >
            {(input) => <input {...input} {...typed("megabytes")} />}
          </Field>
        </div>
      </fieldset>
      <p class="actions">
        <button class="primary" disabled={form.busy}>
          {t("provide.goOnline")}
        </button>
        <span class="hint">{t("provide.goOnlineHint")}</span>
      </p>
    </form>
  );
}

interface SelectProps {
  input: FieldInput;
  own: ProviderList["providers"];
  chosen: string;
  choose: (provider: string) => void;
}

function ProviderSelect({ input, own, chosen, choose }: SelectProps) {
  return (
    <select {...input} onChange={(event) => choose(event.currentTarget.value)}>
      {own.map(({ id }) => (
        <option key={id} value={id} selected={id === chosen}>
          {id}
        </option>
      ))}
      {own.length < MAX_PROVIDERS ? (
        <option value={NEW} selected={chosen === NEW}>
          {t("provide.another")}
        </option>
      ) : null}
    </select>
  );
}

/** A tab needs no token: its tickets come by the page's own cookie. */
async function makeProvider(id: string): Promise<string> {
  const body: v.InferInput<typeof NewProvider> = { id };
  return (await request(ProviderToken, "/api/providers", { method: "POST", body })).id;
}

const wrongFields = (wrong: Wrong): ApiError =>
  new ApiError(
    "invalid_request",
    "Some of the terms are wrong.",
    Object.entries(wrong).map(
      ([field, why]) => `${field}: ${t(why === "amount" ? "wrong.amount" : "provide.wrongNumber")}`,
    ),
  );

/** What others ask for the same model at this moment. */
function MarketRange({ model }: { model: string }) {
  const path = `/api/market/models/${encodeURIComponent(model)}`;
  const { loaded } = useLoaded(path, (signal) => request(ModelBook, path, { signal }));
  // A model that nobody has ever offered is not known there.
  const offers = loaded.state === "ready" ? loaded.value.offers : [];
  if (loaded.state === "loading") return null;
  const range = (of: "prompt" | "completion"): string => {
    const prices = offers.map(({ prices }) => prices[of]);
    const [least, most] = [Math.min(...prices), Math.max(...prices)];
    return least === most ? credits(least) : `${credits(least)} – ${credits(most)}`;
  };
  return (
    <p class="hint">
      {offers.length === 0
        ? t("provide.noRange")
        : t("provide.range", {
            count: offers.length,
            in: range("prompt"),
            out: range("completion"),
          })}
    </p>
  );
}
