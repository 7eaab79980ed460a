import { useEffect, useState } from "preact/hooks";
import { ProviderList } from "../../../protocol/market.ts";
import { TabModelList } from "../../../protocol/tab-model.ts";
import { request } from "../../api.ts";
import { t } from "../../i18n.ts";
import { useLoaded, useTicks } from "../../load.ts";
import "../../locales/provide.ts";
import { MarketPage } from "../../market/frame.tsx";
import { Notice } from "../../parts/notice.tsx";
import { signInPath } from "../../parts/signed-in.tsx";
import { account, sessionKnown } from "../../session.ts";
import { openTabSession } from "../session.ts";
import { createDesk, type Desk } from "./desk.ts";
import { type Device, lookAtDevice } from "./device.ts";
import { DeviceCard } from "./device-card.tsx";
import { EngineCard } from "./engine-card.tsx";
import { useHidden } from "./hidden.ts";
import { KeptCard } from "./kept-card.tsx";
import { JobTable } from "./job-table.tsx";
import { LiveCard } from "./live-card.tsx";
import { ModelCard } from "./model-card.tsx";
import { OfferForm } from "./offer-form.tsx";
import { ResumeCard } from "./resume-card.tsx";

const NEWS_EVERY_MS = 10_000;

const desk = createDesk(openTabSession);

/** Shares this device: looks what it can do, loads a model, and offers it to others for as long as the tab is open. */
export default function Provide() {
  const [device, setDevice] = useState<Device | null>(null);
  useEffect(() => void lookAtDevice().then(setDevice), []);
  useAskBeforeLeaving(desk.live.value.length > 0);
  const isHidden = useHidden() && desk.offering.value;
  return (
    <MarketPage title={isHidden ? t("provide.hiddenTitle") : t("provide.title")}>
      <p>{t("provide.about")}</p>
      <DeviceCard device={device} />
      {device === null || !sessionKnown.value ? null : account.value === null ? (
        <Stranger />
      ) : (
        <Owner device={device} />
      )}
    </MarketPage>
  );
}

function Stranger() {
  return (
    <>
      <Notice kind="info">{t("provide.signIn")}</Notice>
      <p class="actions">
        <a class="button primary" href={signInPath("/provide")}>
          {t("signIn.title")}
        </a>
        <a href="/sign-up">{t("signUp.title")}</a>
      </p>
    </>
  );
}

function Owner({ device }: { device: Device }) {
  const models = useLoaded("tab-models", (signal) => request(TabModelList, "/api/tab-models", { signal }));
  const providers = useLoaded(
    "providers",
    (signal) => request(ProviderList, "/api/providers", { signal }),
    useTicks(NEWS_EVERY_MS),
  );
  const list = providers.loaded.state === "ready" ? providers.loaded.value : null;
  const { engine, limit } = desk.view.value;
  const kept = desk.kept.value;
  const isFree = engine.state === "empty" || engine.state === "failed";
  return (
    <>
      {isFree && kept !== null && models.loaded.state === "ready" ? (
        <ResumeCard desk={desk} offer={kept} models={models.loaded.value.models} />
      ) : null}
      <EngineCard desk={desk} />
      {desk.offering.value ? <LiveCard desk={desk} list={list} /> : null}
      {limit !== null && !desk.offering.value ? (
        <Notice kind="info">{t(`provide.limit.${limit}`)}</Notice>
      ) : null}
      {engine.state === "loaded" && !desk.offering.value ? (
        <OfferForm desk={desk} model={modelOf(desk)} providers={providers} />
      ) : null}
      {isFree ? <ModelCard desk={desk} device={device} models={models} /> : null}
      <JobTable view={desk.view.value} />
      <KeptCard desk={desk} models={models.loaded.state === "ready" ? models.loaded.value.models : []} />
    </>
  );
}

const modelOf = ({ choice }: Desk): string => choice.value?.model.name ?? "";

/** Somebody waits for the answers that are being written: leaving hands them to another provider, which takes its time. */
function useAskBeforeLeaving(isBusy: boolean): void {
  useEffect(() => {
    if (!isBusy) return undefined;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [isBusy]);
}
