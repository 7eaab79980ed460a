import { bytes } from "../../format.ts";
import { locale, t } from "../../i18n.ts";
import { speed, tokens } from "../../market/amounts.ts";
import { Icon } from "../../parts/icons.tsx";
import { Notice } from "../../parts/notice.tsx";
import type { FaultCode } from "../engine-fault.ts";
import type { EngineView } from "../tab-view.ts";
import type { Desk } from "./desk.ts";

/** The model that is being loaded, is loaded, or could not be. */
export function EngineCard({ desk }: { desk: Desk }) {
  const { engine } = desk.view.value;
  const name = desk.choice.value?.model.name ?? "";
  switch (engine.state) {
    case "empty":
      return null;
    case "loading":
      return <LoadingCard desk={desk} engine={engine} name={name} />;
    case "loaded":
      return <LoadedCard desk={desk} engine={engine} name={name} />;
    case "failed":
      return <FailedNotice desk={desk} engine={engine} name={name} />;
    default:
      return engine satisfies never;
  }
}

interface Props<State extends EngineView["state"]> {
  desk: Desk;
  engine: EngineView & { state: State };
  name: string;
}

/** Phases by name, with amount, rate and time left where they are known. */
function LoadingCard({ desk, engine, name }: Props<"loading">) {
  const { phase, doneBytes, totalBytes } = engine;
  const known = totalBytes > 0 && phase !== "start";
  return (
    <section class="card panel" aria-labelledby="loading">
      <h2 id="loading">{t("provide.loading", { model: name })}</h2>
      <p class="loading-line">
        <progress
          aria-label={t("provide.loading", { model: name })}
          {...(known ? { value: doneBytes, max: totalBytes } : {})}
        />
        <span>
          {t(`provide.phase.${phase}`)}
          {known ? ` ${t("provide.ofBytes", { done: bytes(doneBytes), total: bytes(totalBytes) })}` : ""}
        </span>
        {phase === "download" ? <Pace desk={desk} /> : null}
      </p>
      <p class="actions">
        <button type="button" onClick={desk.unload}>
          <Icon name="cross" />
          {t("provide.cancel")}
        </button>
        <span class="hint">{t("provide.cancelHint")}</span>
      </p>
    </section>
  );
}

function Pace({ desk }: { desk: Desk }) {
  const { perSecond, left } = desk.pace.value;
  if (perSecond === null) return null;
  const rate = bytes(Math.round(perSecond));
  return (
    <span class="soft">
      {left === null ? t("provide.rate", { rate }) : t("provide.rateLeft", { rate, time: timeLeft(left) })}
    </span>
  );
}

/** `25 sec`, `4 min`. */
function timeLeft(seconds: number): string {
  const [count, unit] = seconds < 100 ? [seconds, "second"] : [Math.ceil(seconds / 60), "minute"];
  return new Intl.NumberFormat(locale.value, { style: "unit", unit, unitDisplay: "short" }).format(count);
}

/** Where it computes is said as it was found out, never as it was asked for. */
function LoadedCard({ desk, engine, name }: Props<"loaded">) {
  const { facts, device, gpu } = engine;
  const rows = [
    [t("provide.runsOn"), device === "cpu" ? t("provide.cpu") : (gpu ?? t("provide.gpuShort"))],
    [
      t("market.speed"),
      facts.tokensPerSecond === null ? t("provide.notMeasured") : speed(facts.tokensPerSecond),
    ],
    [t("market.context"), tokens(facts.contextTokens)],
    [t("market.slots"), tokens(facts.slots)],
    [t("provide.engineName"), `${facts.engine.name} ${facts.engine.build}`],
  ] as const;
  return (
    <section class="card panel" aria-labelledby="loaded">
      <header class="panel-head">
        <h2 id="loaded">{name}</h2>
        <span class="chip chip-ready">
          <Icon name="check" />
          {t("provide.loaded")}
        </span>
        <span class="chip">
          <Icon name={device === "cpu" ? "chip" : "bolt"} />
          {device === "cpu" ? "CPU" : "GPU"}
        </span>
        <span class="panel-acts">
          <button type="button" class="small" disabled={desk.offering.value} onClick={desk.unload}>
            {t("provide.unload")}
          </button>
        </span>
      </header>
      <dl class="facts facts-row">
        {rows.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {device === "cpu" ? <p class="hint">{t("provide.cpuHint")}</p> : null}
    </section>
  );
}

/** What could be downloaded stays, so trying again goes on from there. */
const RESUMED: ReadonlySet<FaultCode> = new Set(["download"]);

function FailedNotice({ desk, engine, name }: Props<"failed">) {
  const choice = desk.choice.value;
  return (
    <Notice kind="error">
      <p>
        {t(engine.when === "loading" ? "provide.couldNotLoad" : "provide.couldNotGoOn", { model: name })}{" "}
        {t(`provide.fault.${engine.fault}`)}
      </p>
      {engine.message === "" ? null : (
        <details>
          <summary>{t("crash.details")}</summary>
          <p>{engine.message}</p>
        </details>
      )}
      {choice === null ? null : (
        <p class="actions">
          <button type="button" class="small" onClick={() => desk.load(choice, choice.model.contextTokens)}>
            {t(RESUMED.has(engine.fault) ? "provide.resumeDownload" : "action.retry")}
          </button>
        </p>
      )}
    </Notice>
  );
}
