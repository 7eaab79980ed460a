import { useState } from "preact/hooks";
import { TabModelShelf, type SetTabModel, type TabModel } from "../../protocol/tab-model.ts";
import { useAct } from "../act.ts";
import { errorText, request } from "../api.ts";
import { bytes } from "../format.ts";
import { t } from "../i18n.ts";
import { Confirm } from "../parts/confirm.tsx";
import { Copy } from "../parts/copy.tsx";
import { Notice } from "../parts/notice.tsx";
import { TableScroll } from "../parts/table-scroll.tsx";

type Entry = TabModelShelf["models"][number];

/** Where a model's own entry is; its slashes are encoded. */
const pathOf = (name: string): string => `/api/tab-models/${encodeURIComponent(name)}`;

/** Says all of a model anew. @throws ApiError */
export const setTabModel = ({ model, ...said }: SetTabModel): Promise<TabModelShelf> =>
  request(TabModelShelf, pathOf(model.name), { method: "PUT", body: { model, ...said } });

/** The models that tabs may serve, and those that were switched off. */
export function TabModelTable({ models, changed }: { models: readonly Entry[]; changed: () => void }) {
  const [chosen, setChosen] = useState<Entry | null>(null);
  const deleting = useAct();
  const switching = useAct();
  const close = (): void => {
    deleting.forget();
    setChosen(null);
  };
  const remove = async ({ model }: Entry): Promise<void> => {
    await request(TabModelShelf, pathOf(model.name), { method: "DELETE" });
    changed();
  };
  const enable = ({ model, position }: Entry, enabled: boolean): void =>
    void switching
      .run(() => setTabModel({ model, enabled, position }).then(() => undefined))
      // After a refusal, too: the box has to show what is so.
      .then(changed);
  return (
    <section class="card panel" aria-labelledby="tab-models">
      <header class="panel-head">
        <h2 id="tab-models">{t("tabModels.title")}</h2>
      </header>
      {switching.error === null ? null : (
        <Notice kind="error">{[errorText(switching.error), ...switching.error.details].join(" ")}</Notice>
      )}
      {models.length === 0 ? (
        <p class="empty">{t("tabModels.none")}</p>
      ) : (
        <TableScroll label={t("tabModels.title")}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t("tabModels.model")}</th>
                <th scope="col">{t("tabModels.engine")}</th>
                <th scope="col">{t("tabModels.context")}</th>
                <th scope="col">{t("tabModels.files")}</th>
                <th scope="col">{t("tabModels.enabled")}</th>
                <th scope="col">
                  <span class="sr-only">{t("weights.actions")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {models.map((entry) => (
                <Row
                  key={entry.model.name}
                  entry={entry}
                  enable={(enabled) => enable(entry, enabled)}
                  remove={() => setChosen(entry)}
                />
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
      {chosen === null ? null : (
        <Confirm
          title={t("tabModels.deleteOf", { name: chosen.model.name })}
          label={t("weights.delete")}
          danger
          busy={deleting.busy}
          error={deleting.error}
          close={close}
          act={() => void deleting.run(() => remove(chosen)).then((done) => done && setChosen(null))}
        >
          <p>{t("tabModels.deleteAbout")}</p>
        </Confirm>
      )}
    </section>
  );
}

interface RowProps {
  entry: Entry;
  enable: (enabled: boolean) => void;
  remove: () => void;
}

function Row({ entry: { model, enabled, forbiddenHosts }, enable, remove }: RowProps) {
  const { name, engine, quantisation, contextTokens, memoryBytes } = model;
  return (
    <tr>
      <th scope="row" class="named">
        {name}
        {forbiddenHosts.length === 0 ? null : (
          <span class="under">{t("tabModels.forbidden", { hosts: forbiddenHosts.join(", ") })}</span>
        )}
      </th>
      <td>
        {engine}
        {quantisation === null ? null : <span class="under">{quantisation}</span>}
      </td>
      <td class="nowrap">
        {t("tabModels.tokens", { count: contextTokens })}
        <span class="under">
          {t("tabModels.memory")}: {bytes(memoryBytes)}
        </span>
      </td>
      <td>
        <Files model={model} />
      </td>
      <td>
        <input
          type="checkbox"
          aria-label={t("tabModels.enabledOf", { name })}
          checked={enabled}
          onChange={(event) => enable(event.currentTarget.checked)}
        />
      </td>
      <td class="nowrap">
        <Copy text={JSON.stringify(model, null, 2)} label={t("tabModels.copyOf", { name })} />{" "}
        <button type="button" class="small" aria-label={t("tabModels.deleteOf", { name })} onClick={remove}>
          {t("weights.delete")}
        </button>
      </td>
    </tr>
  );
}

function Files({ model: { files } }: { model: TabModel }) {
  const size = files.reduce((sum, file) => sum + file.bytes, 0);
  return (
    <details>
      <summary>{t("tabModels.fileCount", { count: files.length, bytes: bytes(size) })}</summary>
      <ul>
        {files.map(({ path, bytes: count, url }) => (
          <li key={path}>
            {path} <span class="soft">{bytes(count)}</span> <code class="under">{url}</code>
          </li>
        ))}
      </ul>
    </details>
  );
}
