import { useState } from "preact/hooks";
import { partCount, type Weights, type WeightsImport, type WeightsList } from "../../protocol/weights.ts";
import { useAct } from "../act.ts";
import { Nothing, request } from "../api.ts";
import { bytes } from "../format.ts";
import { t } from "../i18n.ts";
import { Confirm } from "../parts/confirm.tsx";
import { TableScroll } from "../parts/table-scroll.tsx";
import { When } from "../parts/when.tsx";

/** What the site keeps, and what came of imports that broke off. */
export function WeightsTables({ list, changed }: { list: WeightsList; changed: () => void }) {
  const [chosen, setChosen] = useState<Weights | null>(null);
  const act = useAct();
  const close = (): void => {
    act.forget();
    setChosen(null);
  };
  const remove = async ({ sha256 }: Weights): Promise<void> => {
    await request(Nothing, `/api/weights/${sha256}`, { method: "DELETE" });
    changed();
  };
  return (
    <section class="card panel" aria-labelledby="weights">
      <header class="panel-head">
        <h2 id="weights">{t("weights.title")}</h2>
      </header>
      {list.weights.length === 0 ? <p class="empty">{t("weights.none")}</p> : null}
      {list.weights.length === 0 ? null : <Kept weights={list.weights} remove={setChosen} />}
      {list.imports.length === 0 ? null : <Unfinished imports={list.imports} changed={changed} />}
      {chosen === null ? null : (
        <Confirm
          title={t("weights.deleteOf", { name: chosen.name })}
          label={t("weights.delete")}
          danger
          busy={act.busy}
          error={act.error}
          close={close}
          act={() => void act.run(() => remove(chosen)).then((done) => done && setChosen(null))}
        >
          <p>{t("weights.deleteAbout", { bytes: bytes(chosen.bytes) })}</p>
        </Confirm>
      )}
    </section>
  );
}

function Kept({ weights, remove }: { weights: readonly Weights[]; remove: (one: Weights) => void }) {
  return (
    <TableScroll label={t("weights.title")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("weights.file")}</th>
            <th scope="col" class="number">
              {t("weights.size")}
            </th>
            <th scope="col">{t("weights.brought")}</th>
            <th scope="col">{t("weights.usedBy")}</th>
            <th scope="col">
              <span class="sr-only">{t("weights.actions")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {weights.map((one) => (
            <tr key={one.sha256}>
              <th scope="row" class="named">
                {one.name}
                <code class="under">{one.sha256}</code>
              </th>
              <td class="number">{bytes(one.bytes)}</td>
              <td class="nowrap">
                <When at={one.importedAt} />
                <span class="under">{t("weights.by", { name: one.importedBy })}</span>
              </td>
              <td>{one.models.length === 0 ? t("weights.unused") : one.models.join(", ")}</td>
              <td>
                <button
                  type="button"
                  class="small"
                  aria-label={t("weights.deleteOf", { name: one.name })}
                  onClick={() => remove(one)}
                >
                  {t("weights.delete")}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

function Unfinished({ imports, changed }: { imports: readonly WeightsImport[]; changed: () => void }) {
  const act = useAct();
  const abandon = async ({ sha256 }: WeightsImport): Promise<void> => {
    await request(Nothing, `/api/weights/${sha256}/parts`, { method: "DELETE" });
    changed();
  };
  return (
    <>
      <h3>{t("weights.unfinished")}</h3>
      <ul>
        {imports.map((one) => (
          <li key={one.sha256}>
            {one.name}{" "}
            <span class="soft">
              {t("weights.came", { came: one.parts.length, all: partCount(one.bytes) })}
            </span>{" "}
            <button
              type="button"
              class="small"
              disabled={act.busy}
              aria-label={t("weights.abandonOf", { name: one.name })}
              onClick={() => void act.run(() => abandon(one))}
            >
              {t("weights.abandon")}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
