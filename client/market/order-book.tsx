import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { BookedOffer } from "../../protocol/market.ts";
import { milliseconds } from "../format.ts";
import { t } from "../i18n.ts";
import { Icon } from "../parts/icons.tsx";
import { TableScroll } from "../parts/table-scroll.tsx";
import { share, speed } from "./amounts.ts";
import { PriceCells, RoomCell, SlotsCell, WeightsCell } from "./offer-table.tsx";
import { nextOrder, sorted, type Order, type OrderId } from "./offer-order.ts";
import { UptimeStrip } from "./uptime-strip.tsx";

/** Who offers one model, the cheapest first until the reader sorts them otherwise. */
export function OrderBook({ model, offers }: { model: string; offers: readonly BookedOffer[] }) {
  const [order, setOrder] = useState<Order | null>(null);
  const head = (by: OrderId, label: string, more: { number?: boolean; tall?: boolean } = {}) => (
    <Head by={by} order={order} sort={() => setOrder(nextOrder(order, by))} {...more}>
      {label}
    </Head>
  );
  return (
    <>
      <TableScroll label={t("market.offersOf", { model })}>
        <table class="offers">
          <thead>
            <tr>
              {head("provider", t("market.provider"), { tall: true })}
              <th scope="colgroup" colSpan={3} class="prices">
                {t("market.pricesPerMillion")}
              </th>
              {head("firstToken", t("requests.firstToken"), { tall: true, number: true })}
              {head("speed", t("market.speed"), { tall: true, number: true })}
              {head("free", t("market.slots"), { tall: true })}
              {head("success", t("market.success"), { tall: true, number: true })}
              {head("uptime", t("market.uptime"), { tall: true })}
              {head("context", t("market.context"), { tall: true, number: true })}
              {head("weights", t("market.weights"), { tall: true })}
            </tr>
            <tr>
              {head("prompt", t("tokenKind.prompt"), { number: true })}
              {head("cachedPrompt", t("tokenKind.cachedPrompt"), { number: true })}
              {head("completion", t("tokenKind.completion"), { number: true })}
            </tr>
          </thead>
          <tbody>
            {sorted(offers, order).map((offer) => (
              <Row
                key={`${offer.provider} ${JSON.stringify(offer.prices)} ${offer.quantisation}`}
                offer={offer}
              />
            ))}
          </tbody>
        </table>
      </TableScroll>
      <p class="soft">{t("model.measured")}</p>
      <p class="soft">{t("model.trust")}</p>
    </>
  );
}

interface HeadProps {
  by: OrderId;
  order: Order | null;
  sort: () => void;
  number?: boolean;
  /** Beside the prices, which have a head of their own above them. */
  tall?: boolean;
  children: ComponentChildren;
}

function Head({ by, order, sort, number = false, tall = false, children }: HeadProps) {
  const direction = order?.by === by ? order.direction : null;
  return (
    <th
      scope="col"
      rowSpan={tall ? 2 : 1}
      class={number ? "number" : undefined}
      aria-sort={direction ?? undefined}
    >
      <button type="button" class="quiet small sort" onClick={sort}>
        {children}
        {direction === null ? null : <Icon name={direction === "ascending" ? "up" : "down"} />}
      </button>
    </th>
  );
}

function Row({ offer }: { offer: BookedOffer }) {
  const { firstTokenMs, writtenPerSecond, tokensPerSecond } = offer;
  return (
    <tr>
      <th scope="row" class="named">
        {offer.provider} <span class="under">{t(`providerKind.${offer.kind}`)}</span>{" "}
        <span class="chip">{t("model.notVerified")}</span>
      </th>
      <PriceCells prices={offer.prices} />
      <td class="number">
        {firstTokenMs === null ? (
          "–"
        ) : (
          <>
            {milliseconds(firstTokenMs.half)}{" "}
            <span class="under">{t("model.within", { value: milliseconds(firstTokenMs.nineOfTen) })}</span>{" "}
            <span class="under">{t("model.answers", { count: offer.answers })}</span>
          </>
        )}
      </td>
      <td class="number">
        {writtenPerSecond === null ? (
          <>
            {tokensPerSecond === null ? "–" : speed(tokensPerSecond)}{" "}
            {tokensPerSecond === null ? null : <span class="under">{t("model.expected")}</span>}
          </>
        ) : (
          <>
            {speed(writtenPerSecond.half)}{" "}
            <span class="under">{t("model.atLeast", { value: speed(writtenPerSecond.nineOfTen) })}</span>
          </>
        )}
      </td>
      <SlotsCell offer={offer} />
      <td class="number">{share(offer.success)}</td>
      <td>
        <UptimeStrip hours={offer.connected} uptime={offer.uptime} />{" "}
        <span class="under">{share(offer.uptime)}</span>
      </td>
      <RoomCell offer={offer} />
      <WeightsCell offer={offer} />
    </tr>
  );
}
