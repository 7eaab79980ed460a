import type * as v from "valibot";
import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { MAX_PROVIDERS, ProviderList, ProviderToken, type NewProvider } from "../../protocol/market.ts";
import { request } from "../api.ts";
import { t } from "../i18n.ts";
import { useLoaded, useTicks } from "../load.ts";
import { fee } from "../market/amounts.ts";
import { MarketPage } from "../market/frame.tsx";
import { ProviderCard } from "../market/provider-card.tsx";
import { agentCommand } from "../market/samples.ts";
import { Await } from "../parts/await.tsx";
import { Field, FormError, textOf, useForm } from "../parts/field.tsx";
import { SecretDialog } from "../parts/secret.tsx";
import { SignedIn } from "../parts/signed-in.tsx";

const NEWS_EVERY_MS = 10_000;

export default function MarketProviders() {
  return <SignedIn title={t("market.providers")}>{() => <Providers />}</SignedIn>;
}

/** The reader's own providers: are they connected, what do they offer, what have they earned; and one's jobs. */
function Providers() {
  const { query } = useLocation();
  const loading = useLoaded(
    "/api/providers",
    (signal) => request(ProviderList, "/api/providers", { signal }),
    useTicks(NEWS_EVERY_MS),
  );
  const [made, setMade] = useState<ProviderToken | null>(null);
  return (
    <Await loading={loading}>
      {({ providers, feeBasisPoints }) => (
        <MarketPage title={t("market.providers")}>
          <p>{t("providers.about", { fee: fee(feeBasisPoints) })}</p>
          {providers.length === 0 ? <p class="empty">{t("providers.none")}</p> : null}
          {providers.map((provider) => (
            <ProviderCard
              key={provider.id}
              provider={provider}
              jobsBefore={query.jobs === provider.id ? (query.before ?? "") : null}
              showToken={setMade}
              reload={loading.reload}
            />
          ))}
          {providers.length < MAX_PROVIDERS ? (
            <NewProviderForm showToken={setMade} reload={loading.reload} />
          ) : (
            <p class="hint">{t("providers.tooMany", { count: MAX_PROVIDERS })}</p>
          )}
          {made === null ? null : <TokenDialog made={made} close={() => setMade(null)} />}
        </MarketPage>
      )}
    </Await>
  );
}

interface FormProps {
  showToken: (made: ProviderToken) => void;
  reload: () => void;
}

function NewProviderForm({ showToken, reload }: FormProps) {
  const [id, setId] = useState("");
  const form = useForm(async (data) => {
    const body: v.InferInput<typeof NewProvider> = { id: textOf(data, "id") };
    showToken(await request(ProviderToken, "/api/providers", { method: "POST", body }));
    setId("");
    reload();
  });
  return (
    <section aria-labelledby="new-provider" class="card">
      <h2 id="new-provider">{t("providers.new")}</h2>
      <form class="form" onSubmit={form.onSubmit}>
        <FormError form={form} fields={["id"]} />
        <Field name="id" label={t("providers.name")} hint={t("providers.newHint")} errors={form.errors}>
          {(input) => (
            <input
              {...input}
              required
              maxLength={40}
              autocomplete="off"
              autocapitalize="none"
              spellcheck={false}
              value={id}
              onInput={(event) => setId(event.currentTarget.value)}
            />
          )}
        </Field>
        <p class="actions">
          <button class="primary" disabled={form.busy}>
            {t("providers.create")}
          </button>
        </p>
      </form>
    </section>
  );
}

function TokenDialog({ made, close }: { made: ProviderToken; close: () => void }) {
  return (
    <SecretDialog
      title={t("providers.tokenOf", { name: made.id })}
      warning={t("providers.tokenOnce")}
      secret={made.token}
      copySecret={t("providers.copyToken")}
      use={t("providers.toStart")}
      command={agentCommand(location.origin, made.token)}
      copyCommand={t("providers.copyCommand")}
      hint={t("providers.startHint")}
      close={close}
    />
  );
}
