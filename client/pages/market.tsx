import { ModelOffers } from "../../protocol/market.ts";
import { request } from "../api.ts";
import { t } from "../i18n.ts";
import { useLoaded, useTicks } from "../load.ts";
import { fee } from "../market/amounts.ts";
import { MarketPage, modelPath } from "../market/frame.tsx";
import { HowToCall } from "../market/how-to-call.tsx";
import { OfferTable } from "../market/offer-table.tsx";
import { Await } from "../parts/await.tsx";
import { Copy } from "../parts/copy.tsx";
import { Notice } from "../parts/notice.tsx";

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
                <a href={modelPath(model)}>{model}</a>{" "}
                <Copy text={model} label={t("market.copyName", { model })} />
              </h2>
              <OfferTable model={model} offers={offers} />
            </section>
          ))}
          <HowToCall models={models} />
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
