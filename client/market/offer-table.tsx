import type { ListedOffer } from "../../protocol/market.ts";
import { t } from "../i18n.ts";
import { TableScroll } from "../parts/table-scroll.tsx";
import { credits, share, speed, tokens } from "./amounts.ts";

/** All offers of one model, the cheapest first. */
export function OfferTable({ model, offers }: { model: string; offers: readonly ListedOffer[] }) {
  return (
    <TableScroll label={t("market.offersOf", { model })}>
      <table class="offers">
        <thead>
          <tr>
            <th scope="col" rowSpan={2}>
              {t("market.provider")}
            </th>
            <th scope="colgroup" colSpan={3} class="prices">
              {t("market.pricesPerMillion")}
            </th>
            <th scope="col" rowSpan={2} class="number">
              {t("market.speed")}
            </th>
            <th scope="col" rowSpan={2}>
              {t("market.slots")}
            </th>
            <th scope="col" rowSpan={2} class="number">
              {t("market.success")}
            </th>
            <th scope="col" rowSpan={2} class="number">
              {t("market.uptime")}
            </th>
            <th scope="col" rowSpan={2} class="number">
              {t("market.context")}
            </th>
            <th scope="col" rowSpan={2}>
              {t("market.weights")}
            </th>
          </tr>
          <PriceHeads />
        </thead>
        <tbody>
          {offers.map((offer) => (
            <Row
              key={`${offer.provider} ${JSON.stringify(offer.prices)} ${offer.quantisation}`}
              offer={offer}
            />
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

/** Below "credits per million tokens": of what. */
export function PriceHeads() {
  return (
    <tr>
      {(["prompt", "cachedPrompt", "completion"] as const).map((kind) => (
        <th key={kind} scope="col" class="number">
          {t(`tokenKind.${kind}`)}
        </th>
      ))}
    </tr>
  );
}

export function PriceCells({ prices }: { prices: ListedOffer["prices"] }) {
  return (
    <>
      <td class="number">{credits(prices.prompt)}</td>
      <td class="number">{credits(prices.cachedPrompt)}</td>
      <td class="number">{credits(prices.completion)}</td>
    </>
  );
}

/** What an engine can do for the site, and no request asks for. The others are called as the requests' fields are. */
const inner: ReadonlySet<ListedOffer["features"][number]> = new Set([
  "prefill",
  "deterministic",
  "token_ids",
]);

function Row({ offer }: { offer: ListedOffer }) {
  return (
    <tr>
      <th scope="row" class="named">
        {offer.provider} <span class="under">{t(`providerKind.${offer.kind}`)}</span>
      </th>
      <PriceCells prices={offer.prices} />
      <td class="number">{offer.tokensPerSecond === null ? "–" : speed(offer.tokensPerSecond)}</td>
      <SlotsCell offer={offer} />
      <td class="number">{share(offer.success)}</td>
      <td class="number">{share(offer.uptime)}</td>
      <RoomCell offer={offer} />
      <WeightsCell offer={offer} />
    </tr>
  );
}

/** How many requests it takes at once, and how many more now. */
export function SlotsCell({ offer: { slots, draining } }: { offer: ListedOffer }) {
  return (
    <td class="nowrap">
      {draining ? (
        <span class="chip chip-warning">{t("market.draining")}</span>
      ) : (
        t("market.slotsFree", { free: Math.max(0, slots.total - slots.busy), total: slots.total })
      )}
    </td>
  );
}

/** How long a prompt and its answer may be. */
export function RoomCell({ offer }: { offer: ListedOffer }) {
  return (
    <td class="number">
      {tokens(offer.contextTokens)}{" "}
      <span class="under">{t("market.atMostOut", { count: offer.maxOutputTokens })}</span>
    </td>
  );
}

/** What weights run on what, and what they can do. */
export function WeightsCell({ offer: { quantisation, engine, tasks, features } }: { offer: ListedOffer }) {
  const abilities = [...tasks, ...features.filter((feature) => !inner.has(feature))];
  return (
    <td class="named">
      {quantisation ?? t("market.notSaid")}{" "}
      <span class="under">{[engine.name, engine.build].filter(Boolean).join(" ")}</span>
      <span class="under">{t("market.can", { features: abilities.join(", ") })}</span>
    </td>
  );
}
