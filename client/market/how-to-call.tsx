import { useState } from "preact/hooks";
import type { ListedOffer, ModelOffers } from "../../protocol/market.ts";
import { Task } from "../../protocol/task.ts";
import { t } from "../i18n.ts";
import { readChoice } from "../layout.ts";
import { Copy } from "../parts/copy.tsx";
import { signInPath } from "../parts/signed-in.tsx";
import { account } from "../session.ts";
import { writeItem } from "../storage.ts";
import { Choice } from "./choice.tsx";
import { sampleKinds, sampleNames, sampleOf, type SampleKind } from "./samples.ts";

type ModelToCall = Pick<ModelOffers["models"][number], "model"> & {
  offers: readonly Pick<ListedOffer, "tasks">[];
};

/** The same call in three ways, for one of these models and what it can be asked for, at this site's own address. */
export function HowToCall({ models: offered }: { models: readonly ModelToCall[] }) {
  const [kind, setKind] = useState<SampleKind>(() => readChoice("market-sample", sampleKinds));
  const [chosen, setChosen] = useState("");
  const [wanted, setWanted] = useState<Task>("chat");
  const models = offered.map(({ model }) => model);
  const model = models.includes(chosen) ? chosen : (models[0] ?? "MODEL");
  const base = `${location.origin}/v1`;
  const can = offered.find((each) => each.model === model)?.offers.flatMap((offer) => offer.tasks) ?? [];
  const tasks = Task.options.filter((each) => can.includes(each));
  const task = tasks.includes(wanted) ? wanted : (tasks[0] ?? "chat");
  const text = sampleOf(kind, location.origin, model, task);
  const changeKind = (id: SampleKind): void => {
    setKind(id);
    writeItem("market-sample", id);
  };
  return (
    <section aria-labelledby="how-to-call" class="how-to-call">
      <h2 id="how-to-call">{t("market.howToCall")}</h2>
      <p>{t("market.callAbout")}</p>
      <p class="secret">
        <code>{base}</code> <Copy text={base} label={t("market.copyBase")} />
      </p>
      <p>
        <a href={account.value ? "/market/keys" : signInPath("/market/keys")}>{t("market.toKeys")}</a>
      </p>
      <div class="filters">
        <Choice
          label={t("market.example")}
          value={kind}
          options={sampleKinds}
          choose={changeKind}
          name={sampleName}
        />
        {models.length < 2 ? null : (
          <Choice label={t("market.model")} value={model} options={models} choose={setChosen} />
        )}
        {tasks.length < 2 ? null : (
          <Choice label={t("market.exampleOf")} value={task} options={tasks} choose={setWanted} />
        )}
      </div>
      <pre class="block sample">{text}</pre>
      <p class="actions">
        <Copy text={text} label={t("market.copySample", { name: sampleNames[kind] })} />
      </p>
    </section>
  );
}

const sampleName = (kind: SampleKind): string => sampleNames[kind];
