import { type ChoiceReason, type ChoiceReasons, RequestReasons } from "../../protocol/choice-reasons.ts";
import { request } from "../api.ts";
import { milliseconds } from "../format.ts";
import { t } from "../i18n.ts";
import "../locales/reasons.ts";
import { useLoaded } from "../load.ts";
import { LoadError, Waiting } from "../parts/await.tsx";
import { TableScroll } from "../parts/table-scroll.tsx";
import { credits, share, speed, tokens } from "./amounts.ts";

/**
 * Why a request went to the provider that it went to first, beside what was known of others at that moment.
 * @param occasion changes when there may be reasons that were not written down before
 * @param wasTakenOver whether another provider went on with it, or began it anew
 */
export function Reasons({
  job,
  occasion,
  wasTakenOver,
}: {
  job: string;
  occasion: number;
  wasTakenOver: boolean;
}) {
  const path = `/api/requests/${job}/reasons`;
  const loading = useLoaded(path, (signal) => request(RequestReasons, path, { signal }), occasion);
  const { loaded } = loading;
  if (loaded.state === "loading") return <Waiting />;
  if (loaded.state === "failed") return <LoadError loading={loading} />;
  const { reasons } = loaded.value;
  if (reasons === null) return <p class="soft">{t("reasons.none")}</p>;
  return (
    <>
      {wasTakenOver ? <p>{t("reasons.takenOver")}</p> : null}
      <ReasonTable job={job} reasons={reasons} />
      {reasons.unlisted === 0 ? null : <p>{t("reasons.unlisted", { count: reasons.unlisted })}</p>}
      <p class="hint">{t("reasons.about")}</p>
    </>
  );
}

function ReasonTable({ job, reasons: { offers, sort } }: { job: string; reasons: ChoiceReasons }) {
  return (
    <TableScroll label={t("reasons.of", { job })}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("market.provider")}</th>
            <th scope="col">{t("reasons.why")}</th>
            {(["reasons.cost", "requests.firstToken", "market.speed", "market.success"] as const).map(
              (name) => (
                <th key={name} scope="col" class="number">
                  {t(name)}
                </th>
              ),
            )}
            <th scope="col">{t("market.slots")}</th>
            <th scope="col" class="number">
              {t("reasons.share")}
            </th>
          </tr>
        </thead>
        <tbody>
          {offers.map((offer, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- a provider may offer a model twice
            <tr key={index}>
              <th scope="row" class="named">
                {offer.provider}
                {offer.chosen ? <span class="under">{t("reasons.chosen")}</span> : null}
              </th>
              <td class="said">{sentence(offer.reason, sort)}</td>
              <td class="number">{credits(offer.costNano)}</td>
              <td class="number">{offer.firstTokenMs === null ? "–" : milliseconds(offer.firstTokenMs)}</td>
              <td class="number">{offer.tokensPerSecond === null ? "–" : speed(offer.tokensPerSecond)}</td>
              <td class="number">{share(offer.success)}</td>
              <td class="nowrap">{t("providers.slotsBusy", offer.slots)}</td>
              <td class="number">{offer.share === null ? "–" : share(offer.share)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

/** @param sort what the request sorted by; null where everything was weighed */
function sentence(reason: ChoiceReason, sort: ChoiceReasons["sort"]): string {
  return reason.why === "demand"
    ? unmetDemand(reason.unmet)
    : t(`reason.${reason.why}`, { measure: t(`reasons.by.${sort ?? "all"}`) });
}

function unmetDemand(unmet: Extract<ChoiceReason, { why: "demand" }>["unmet"]): string {
  switch (unmet.demand) {
    case "model":
    case "task":
    case "providers":
    case "staying":
    case "untried":
      return t(`demand.${unmet.demand}`);
    case "parameters":
      return t("demand.parameters", { names: unmet.unhonoured.join(", ") });
    case "features":
      return t("demand.features", { names: unmet.missing.join(", ") });
    case "quantisation":
      return t("demand.quantisation", { name: unmet.offered[0] ?? t("market.notSaid") });
    case "context":
    case "output":
      return t(`demand.${unmet.demand}`, { needed: tokens(unmet.needed), most: tokens(unmet.largest) });
    case "price":
      return t("demand.price", {
        prompt: credits(unmet.cheapest.prompt),
        completion: credits(unmet.cheapest.completion),
      });
    case "speed":
      return t("demand.speed", { speed: speed(unmet.fastest) });
    default:
      return unmet satisfies never;
  }
}
