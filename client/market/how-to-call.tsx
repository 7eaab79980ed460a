import { useState } from "preact/hooks";
import { t } from "../i18n.ts";
import { readChoice } from "../layout.ts";
import { Copy } from "../parts/copy.tsx";
import { signInPath } from "../parts/signed-in.tsx";
import { account } from "../session.ts";
import { writeItem } from "../storage.ts";
import { Choice } from "./choice.tsx";
import { sampleKinds, sampleNames, sampleOf, type SampleKind } from "./samples.ts";

/** The same call in three ways, for one of these models, at this site's own address. */
export function HowToCall({ models }: { models: readonly string[] }) {
  const [kind, setKind] = useState<SampleKind>(() => readChoice("market-sample", sampleKinds));
  const [chosen, setChosen] = useState("");
  const model = models.includes(chosen) ? chosen : (models[0] ?? "MODEL");
  const base = `${location.origin}/v1`;
  const text = sampleOf(kind, location.origin, model);
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
      </div>
      <pre class="block sample">{text}</pre>
      <p class="actions">
        <Copy text={text} label={t("market.copySample", { name: sampleNames[kind] })} />
      </p>
    </section>
  );
}

const sampleName = (kind: SampleKind): string => sampleNames[kind];
