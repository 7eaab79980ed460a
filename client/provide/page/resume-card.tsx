import { useState } from "preact/hooks";
import type { TabModel } from "../../../protocol/tab-model.ts";
import { t } from "../../i18n.ts";
import { credits } from "../../market/amounts.ts";
import { Notice } from "../../parts/notice.tsx";
import type { KeptOffer } from "../tab-kept.ts";
import type { Desk } from "./desk.ts";
import { ModelFiles, ownChoice } from "./own-file.tsx";

interface Props {
  desk: Desk;
  offer: KeptOffer;
  models: readonly TabModel[];
}

/** What was online when the page went, which comes back when somebody says so, and never by itself. */
export function ResumeCard({ desk, offer, models }: Props) {
  const { model, provider, prices, limits, fromDevice } = offer;
  const listed = models.find(({ name }) => name === model);
  const isLate = limits.until !== null && limits.until <= Date.now();
  return (
    <section class="card panel" aria-labelledby="resume">
      <h2 id="resume">{t("provide.wasOnline", { model, provider })}</h2>
      <p>{t("provide.wasAt", { in: credits(prices.prompt), out: credits(prices.completion) })}</p>
      {isLate ? <Notice kind="info">{t("provide.wasLate")}</Notice> : null}
      {!fromDevice && listed === undefined ? <Notice kind="warning">{t("provide.notListed")}</Notice> : null}
      <p class="actions">
        {isLate ? null : fromDevice ? (
          <AskFile desk={desk} offer={offer} />
        ) : listed === undefined ? null : (
          <button
            type="button"
            class="primary"
            onClick={() => desk.resume(offer, { model: listed, weights: { from: "network" } })}
          >
            {t("provide.resume")}
          </button>
        )}
        <button type="button" onClick={desk.forget}>
          {t("provide.notNow")}
        </button>
      </p>
    </section>
  );
}

/** A page may not open a file of this device again by itself. */
function AskFile({ desk, offer }: Pick<Props, "desk" | "offer">) {
  const [isWrong, setWrong] = useState(false);
  return (
    <label>
      {t("provide.resumeFile")}{" "}
      <ModelFiles
        pick={(picked) => {
          setWrong(picked === null);
          if (picked !== null) desk.resume(offer, ownChoice(picked, offer.model, offer.contextTokens));
        }}
      />
      {isWrong ? <span class="wrong"> {t("provide.fault.unknown_model")}</span> : null}
    </label>
  );
}
