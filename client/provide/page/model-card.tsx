import type { TabModel, TabModelList } from "../../../protocol/tab-model.ts";
import { bytes } from "../../format.ts";
import { t } from "../../i18n.ts";
import type { Loading } from "../../load.ts";
import { speed, tokens } from "../../market/amounts.ts";
import { LoadError, Waiting } from "../../parts/await.tsx";
import { Icon } from "../../parts/icons.tsx";
import { TableScroll } from "../../parts/table-scroll.tsx";
import { readSpeed } from "../tab-kept.ts";
import type { Desk } from "./desk.ts";
import { canServe, fitOf, type Device } from "./device.ts";
import { OwnFile } from "./own-file.tsx";

interface Props {
  desk: Desk;
  device: Device;
  models: Loading<TabModelList>;
}

/** What can be loaded: a model of the site's list, or a file of this device. */
export function ModelCard({ desk, device, models }: Props) {
  const { loaded } = models;
  return (
    <section class="card panel" aria-labelledby="choose-model">
      <h2 id="choose-model">{t("provide.chooseModel")}</h2>
      {loaded.state === "loading" ? <Waiting /> : null}
      <LoadError loading={models} />
      {loaded.state === "ready" && loaded.value.models.length === 0 ? (
        <p class="soft">{t("provide.noModels")}</p>
      ) : null}
      {loaded.state === "ready" && loaded.value.models.length > 0 ? (
        <ModelTable desk={desk} device={device} models={loaded.value.models} />
      ) : null}
      <OwnFile desk={desk} device={device} />
    </section>
  );
}

export const sizeOf = ({ files }: TabModel): number => files.reduce((sum, file) => sum + file.bytes, 0);

function ModelTable({ desk, device, models }: { desk: Desk; device: Device; models: readonly TabModel[] }) {
  return (
    <TableScroll label={t("provide.models")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("market.model")}</th>
            <th scope="col" class="number">
              {t("provide.download")}
            </th>
            <th scope="col" class="number">
              {t("market.context")}
            </th>
            <th scope="col">{t("provide.here")}</th>
            <th scope="col" class="number">
              {t("market.speed")}
            </th>
            <th scope="col">
              <span class="sr-only">{t("provide.load")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {models.map((model) => (
            <Row key={model.name} desk={desk} device={device} model={model} />
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

function Row({ desk, device, model }: { desk: Desk; device: Device; model: TabModel }) {
  const fit = fitOf(model, device);
  const known = readSpeed(model.name);
  const isResumed = desk.cancelled.value === model.name;
  return (
    <tr>
      <th scope="row" class="named">
        {model.name}{" "}
        <span class="under">
          {[model.quantisation, t(`provide.engine.${model.engine}`)].filter(Boolean).join(" · ")}
        </span>
      </th>
      <td class="number">{bytes(sizeOf(model))}</td>
      <td class="number">{tokens(model.contextTokens)}</td>
      <td>
        <span class={`chip ${fit === "fits" ? "chip-ready" : "chip-warning"}`}>
          <Icon name={canServe(fit) ? "check" : "cross"} />
          {t(`provide.fit.${fit}`)}
        </span>
      </td>
      <td class="number">{known === null ? t("provide.notMeasured") : speed(known)}</td>
      <td class="number">
        <button
          type="button"
          class="small"
          disabled={!canServe(fit)}
          aria-label={t(isResumed ? "provide.resumeOf" : "provide.loadOf", { model: model.name })}
          onClick={() => desk.load({ model, weights: { from: "network" } }, model.contextTokens)}
        >
          {t(isResumed ? "provide.resumeDownload" : "provide.load")}
        </button>
      </td>
    </tr>
  );
}
