import { useRoute } from "preact-iso";
import { ModelBook } from "../../protocol/market.ts";
import { request } from "../api.ts";
import { t } from "../i18n.ts";
import { useLoaded, useTicks } from "../load.ts";
import { fee } from "../market/amounts.ts";
import { EstimateBox } from "../market/estimate-box.tsx";
import { MarketPage } from "../market/frame.tsx";
import { HowToCall } from "../market/how-to-call.tsx";
import { History } from "../market/model-history.tsx";
import { OrderBook } from "../market/order-book.tsx";
import { Await } from "../parts/await.tsx";
import { Copy } from "../parts/copy.tsx";
import { Notice } from "../parts/notice.tsx";

const NEWS_EVERY_MS = 30_000;

/** One model: who offers it and how well, what it would cost, how it was in the last days, and how to call it. For everybody. */
export default function MarketModel() {
  const name = useRoute().params["model"] ?? "";
  const path = `/api/market/models/${encodeURIComponent(name)}`;
  const loading = useLoaded(path, (signal) => request(ModelBook, path, { signal }), useTicks(NEWS_EVERY_MS));
  return (
    <Await loading={loading}>
      {({ model, offers, feeBasisPoints }) => (
        <MarketPage title={model} actions={<Copy text={model} label={t("market.copyName", { model })} />}>
          <p>{t("market.about", { fee: fee(feeBasisPoints) })}</p>
          <Notice kind="warning">{t("market.readable")}</Notice>
          {offers.length === 0 ? (
            <p class="empty">{t("model.none")}</p>
          ) : (
            <>
              <OrderBook model={model} offers={offers} />
              <EstimateBox offers={offers} />
            </>
          )}
          <History key={model} model={model} />
          <HowToCall models={[{ model, offers }]} />
        </MarketPage>
      )}
    </Await>
  );
}
