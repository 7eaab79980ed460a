import { TabModelShelf } from "../../protocol/tab-model.ts";
import { WeightsList } from "../../protocol/weights.ts";
import { request } from "../api.ts";
import { t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import "../locales/weights.ts";
import { MarketPage } from "../market/frame.tsx";
import { GgufForm, ManifestForm } from "../market/tab-model-forms.tsx";
import { TabModelTable } from "../market/tab-model-table.tsx";
import { WeightsImportForm } from "../market/weights-import.tsx";
import { WeightsTables } from "../market/weights-table.tsx";
import { Await } from "../parts/await.tsx";
import { SignedIn } from "../parts/signed-in.tsx";

export default function AdminWeights() {
  return (
    <SignedIn title={t("market.tabModels")} only="administrator">
      {() => <Administration />}
    </SignedIn>
  );
}

const load = async (signal: AbortSignal): Promise<{ list: WeightsList; shelf: TabModelShelf }> => {
  const [list, shelf] = await Promise.all([
    request(WeightsList, "/api/weights", { signal }),
    request(TabModelShelf, "/api/organise/tab-models", { signal }),
  ]);
  return { list, shelf };
};

/** Which models tabs may serve, and the bytes that they are made of. */
function Administration() {
  const loading = useLoaded("weights and models", load);
  return (
    <Await loading={loading}>
      {({ list, shelf }) => (
        <MarketPage title={t("market.tabModels")}>
          <p>{t("weights.about")}</p>
          <p class="soft">
            {list.modelHosts.length === 0
              ? t("weights.noHosts")
              : t("weights.hosts", { hosts: list.modelHosts.join(", ") })}
          </p>
          <TabModelTable models={shelf.models} changed={loading.reload} />
          <WeightsTables list={list} changed={loading.reload} />
          <WeightsImportForm changed={loading.reload} />
          <GgufForm weights={list.weights} changed={loading.reload} />
          <ManifestForm changed={loading.reload} />
        </MarketPage>
      )}
    </Await>
  );
}
