import { useState } from "preact/hooks";
import { ModelOffers } from "../../protocol/market.ts";
import { request } from "../api.ts";
import { readChoice } from "../layout.ts";
import { t } from "../i18n.ts";
import { useLoaded, useTicks } from "../load.ts";
import { fee } from "../market/amounts.ts";
import { MarketPage } from "../market/frame.tsx";
import { OfferTable } from "../market/offer-table.tsx";
import { sampleKinds, sampleNames, sampleOf, type SampleKind } from "../market/samples.ts";
import { Await } from "../parts/await.tsx";
import { Copy } from "../parts/copy.tsx";
import { Notice } from "../parts/notice.tsx";
import { signInPath } from "../parts/signed-in.tsx";
import { account } from "../session.ts";
import { writeItem } from "../storage.ts";

const NEWS_EVERY_MS = 10_000;

/** What is offered at this moment, by whom and for how much, and how a program gets it. For everybody. */
export default function Market() {
  const path = "/api/market/models";
  const loading = useLoaded(
    path,
    (signal) => request(ModelOffers, path, { signal }),
    useTicks(NEWS_EVERY_MS),
  );
  return (
    <Await loading={loading}>
      {({ models, feeBasisPoints, waiting }) => (
        <MarketPage
          title={t("market.models")}
          actions={waiting === 0 ? null : <span class="soft">{t("market.waiting", { count: waiting })}</span>}
        >
          <p>{t("market.about", { fee: fee(feeBasisPoints) })}</p>
          <Notice kind="warning">{t("market.readable")}</Notice>
          {models.length === 0 ? <NothingOffered /> : null}
          {models.map(({ model, offers }) => (
            <section key={model} aria-labelledby={`model-${model}`}>
              <h2 id={`model-${model}`} class="model-name">
                {model} <Copy text={model} label={t("market.copyName", { model })} />
              </h2>
              <OfferTable model={model} offers={offers} />
            </section>
          ))}
          <HowToCall models={models.map(({ model }) => model)} />
        </MarketPage>
      )}
    </Await>
  );
}

function NothingOffered() {
  return (
    <div class="empty">
      <p>{t("market.none")}</p>
      <p>
        {t("market.becomeProvider")} <a href="/market/providers">{t("market.toProviders")}</a>
      </p>
    </div>
  );
}

/** The same call in three ways, for a model of the reader's choice, at this site's own address. */
function HowToCall({ models }: { models: readonly string[] }) {
  const [kind, setKind] = useState<SampleKind>(() => readChoice("market-sample", sampleKinds));
  const [chosen, setChosen] = useState("");
  const model = models.includes(chosen) ? chosen : (models[0] ?? "MODEL");
  const base = `${location.origin}/v1`;
  const text = sampleOf(kind, location.origin, model);
  const changeKind = (id: SampleKind): void => {
    setKind(id);
    writeItem("market-sample", id);
  };
  return (
    <section aria-labelledby="how-to-call" class="how-to-call">
      <h2 id="how-to-call">{t("market.howToCall")}</h2>
      <p>{t("market.callAbout")}</p>
      <p class="secret">
        <code>{base}</code> <Copy text={base} label={t("market.copyBase")} />
      </p>
      <p>
        <a href={account.value ? "/market/keys" : signInPath("/market/keys")}>{t("market.toKeys")}</a>
      </p>
      <div class="filters">
        <Choice
          label={t("market.example")}
          value={kind}
          options={sampleKinds}
          choose={changeKind}
          name={sampleName}
        />
        {models.length < 2 ? null : (
          <Choice label={t("market.model")} value={model} options={models} choose={setChosen} />
        )}
      </div>
      <pre class="block sample">{text}</pre>
      <p class="actions">
        <Copy text={text} label={t("market.copySample", { name: sampleNames[kind] })} />
      </p>
    </section>
  );
}

const sampleName = (kind: SampleKind): string => sampleNames[kind];

interface ChoiceProps<Id extends string> {
  label: string;
  value: Id;
  options: readonly Id[];
  choose: (id: Id) => void;
  name?: (id: Id) => string;
}

function Choice<Id extends string>({ label, value, options, choose, name = (id) => id }: ChoiceProps<Id>) {
  return (
    <label class="choice">
      {label}
      <select
        value={value}
        onChange={(event) => {
          const chosen = options.find((id) => id === event.currentTarget.value);
          if (chosen !== undefined) choose(chosen);
        }}
      >
        {options.map((id) => (
          <option key={id} value={id}>
            {name(id)}
          </option>
        ))}
      </select>
    </label>
  );
}
